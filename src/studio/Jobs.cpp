// SPDX-License-Identifier: GPL-3.0-or-later
#include "studio/Jobs.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <new>
#include <system_error>
#include <thread>

namespace lacquer::studio
{

/// Rings when a job has something to deliver.
struct Jobs::Bell
{
    void ring()
    {
        {
            const std::lock_guard lock (mutex);
            rung = true;
        }
        heard.notify_one();
    }
    void wait()
    {
        std::unique_lock lock (mutex);
        heard.wait (lock, [this] { return rung; });
        rung = false;
    }

private:
    std::mutex mutex; // guards rung
    std::condition_variable heard;
    bool rung = false;
};

struct Jobs::Job
{
    About about;
    Number number = 0;
    Run run;
    Deliver deliver;
    std::chrono::steady_clock::time_point begun {};
    std::thread thread;
    bool dropped = false;

    std::atomic<bool> cancelled { false };
    std::atomic<double> share { 0 };
    std::optional<Problem> trouble;       // written by the worker before `finished`
    std::atomic<bool> finished { false }; // last thing it sets
    std::mutex mutex;                     // guards told
    std::vector<std::function<void()>> told;

    bool waits() const { return ! thread.joinable() && ! finished.load (std::memory_order_relaxed); }
    void work (Bell& ringing)
    {
        const Work w { { [this] (double s) { share.store (s, std::memory_order_relaxed); }, &cancelled },
                       [this, &ringing] (std::function<void()> what)
                       {
                           {
                               const std::lock_guard lock (mutex);
                               told.push_back (std::move (what));
                           }
                           ringing.ring();
                       } };
        try
        {
            run (w);
        }
        catch (const std::bad_alloc&)
        {
            trouble = Problem { "The computer's memory is full.", {}, "Nothing was changed." };
        }
        catch (const std::exception& e)
        {
            trouble = Problem { std::string ("It could not be done: ") + e.what() + ".",
                                {},
                                "Nothing was changed." };
        }
        run = nullptr; // what it held goes here, not on the control thread
        finished.store (true, std::memory_order_release);
        ringing.ring();
    }
};

Jobs::Jobs() : bell (std::make_shared<Bell>()) {}

Jobs::~Jobs()
{
    close();
}

Jobs::Number Jobs::begin (About about, Run run, Deliver deliver)
{
    auto job = std::make_shared<Job>();
    job->about = std::move (about);
    job->number = ++last;
    job->run = std::move (run);
    job->deliver = std::move (deliver);
    jobs.push_back (std::move (job));
    beginWaiting();
    return last;
}

void Jobs::beginWaiting()
{
    for (std::size_t n = 0; n < jobs.size(); ++n)
    {
        auto& job = *jobs[n];
        const bool behind = ! job.about.line.empty() &&
                            std::any_of (jobs.begin(), jobs.begin() + static_cast<std::ptrdiff_t> (n),
                                         [&] (const auto& j) { return j->about.line == job.about.line; });
        if (job.waits() && ! behind)
            launch (job);
    }
}

void Jobs::launch (Job& job)
{
    job.begun = std::chrono::steady_clock::now();
    if (job.cancelled.load())
        job.trouble = Problem { "It was stopped before it began." };
    else
        try
        {
            job.thread = std::thread ([&job, b = bell] { job.work (*b); });
            return;
        }
        catch (const std::system_error&)
        {
            job.trouble = Problem { "The computer is too busy to begin this.", {}, "Try again." };
        }
    job.finished.store (true);
    bell->ring();
}

void Jobs::stop (Number number)
{
    for (auto& job : jobs)
        if (job->number == number)
            job->cancelled.store (true);
}

void Jobs::drop()
{
    for (auto& job : jobs)
    {
        job->cancelled.store (true);
        job->dropped = true;
        if (job->thread.joinable())
            dropped.push_back (job);
    }
    jobs.clear();
}

void Jobs::close()
{
    drop();
    for (auto& job : dropped)
        job->thread.join();
    dropped.clear();
}

void Jobs::poll()
{
    // What is delivered may start, stop and drop jobs.
    for (const auto& job : std::vector (jobs))
    {
        const bool finished = job->finished.load (std::memory_order_acquire);
        std::vector<std::function<void()>> told;
        {
            const std::lock_guard lock (job->mutex);
            told.swap (job->told);
        }
        for (const auto& what : told)
            if (! job->dropped)
                what();
        if (! finished || job->dropped)
            continue;
        if (std::erase (jobs, job) == 0)
            continue; // something delivered has polled
        if (job->thread.joinable())
            job->thread.join(); // it has nothing left to do
        job->deliver (std::move (job->trouble), job->cancelled.load());
    }
    std::erase_if (dropped,
                   [] (const auto& job)
                   {
                       if (! job->finished.load (std::memory_order_acquire))
                           return false;
                       job->thread.join();
                       return true;
                   });
    beginWaiting();
}

void Jobs::settle()
{
    for (poll(); ! jobs.empty(); poll())
        bell->wait();
}

std::vector<Jobs::State> Jobs::states() const
{
    std::vector<State> all;
    for (const auto& job : jobs)
    {
        const bool waits = job->waits();
        const std::chrono::duration<double> since = std::chrono::steady_clock::now() - job->begun;
        all.push_back ({ job->number, job->about.name, job->share.load (std::memory_order_relaxed),
                         waits ? 0 : since.count(), waits, job->cancelled.load(), job->about.shown });
    }
    return all;
}

bool Jobs::running (Number number) const
{
    return std::any_of (jobs.begin(), jobs.end(), [&] (const auto& job) { return job->number == number; });
}

} // namespace lacquer::studio
