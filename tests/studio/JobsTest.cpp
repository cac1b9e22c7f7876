// SPDX-License-Identifier: GPL-3.0-or-later
// Long work beside the control thread. No time is measured: what has to happen first is waited for.
#include "studio/Jobs.h"

#include <catch2/catch.hpp>
#include <future>
#include <stdexcept>
#include <thread>

using namespace lacquer;
using namespace lacquer::studio;

namespace
{

/// Work that goes on until it is stopped, and tells when it has begun.
struct Endless
{
    std::shared_ptr<std::promise<void>> begun = std::make_shared<std::promise<void>>();

    auto work()
    {
        return [begun = begun] (const Work& w) -> Result<int>
        {
            begun->set_value();
            while (! w.stopped())
                std::this_thread::yield();
            return Problem { "It was stopped." };
        };
    }
    void wait() { begun->get_future().wait(); }
};

} // namespace

TEST_CASE ("A job's result comes by poll on the thread that polls, after all that the job told, once")
{
    Jobs jobs;
    const auto here = std::this_thread::get_id();
    std::vector<int> came;
    std::thread::id worked;
    const auto number = jobs.start (
        { "Counting" },
        [&] (const Work& w) -> Result<int>
        {
            worked = std::this_thread::get_id();
            for (int n = 0; n < 3; ++n)
                w.tell (
                    [&, n]
                    {
                        CHECK (std::this_thread::get_id() == here);
                        came.push_back (n);
                    });
            w.progress.at (0.5);
            return 3;
        },
        [&] (Result<int> result, bool stopped)
        {
            CHECK (std::this_thread::get_id() == here);
            CHECK_FALSE (stopped);
            came.push_back (*result);
        });
    CHECK (came.empty());
    REQUIRE (jobs.states().size() == 1);
    CHECK (jobs.states()[0].name == "Counting");
    jobs.settle();
    CHECK (worked != here);
    CHECK (came == std::vector { 0, 1, 2, 3 });
    CHECK (jobs.states().empty());
    CHECK_FALSE (jobs.running (number));
    jobs.poll();
    CHECK (came.size() == 4);
}

TEST_CASE ("Asking a job to stop returns at once, and the job is delivered as stopped when it has")
{
    // The job ends only after stop() has returned; one that waited for it would wait ten seconds in vain.
    using namespace std::chrono_literals;
    std::promise<void> returned;
    Jobs jobs;
    Endless endless;
    std::string why;
    const auto number = jobs.start (
        { "Endless" },
        [work = endless.work(), after = returned.get_future().share()] (const Work& w) mutable -> Result<int>
        {
            auto result = work (w);
            return after.wait_for (10s) == std::future_status::ready ? result : Problem { "It waited." };
        },
        [&] (Result<int> result, bool stopped)
        {
            CHECK (stopped);
            why = result.ok() ? "" : result.problem().what;
        });
    endless.wait();
    jobs.stop (number + 1); // there is none
    jobs.poll();
    CHECK (why.empty());
    CHECK (jobs.running (number));
    CHECK_FALSE (jobs.states()[0].stopping);
    jobs.stop (number);
    CHECK (jobs.states()[0].stopping);
    returned.set_value();
    jobs.settle();
    CHECK (why == "It was stopped.");
}

TEST_CASE ("Jobs of one line run one after the other in the order they were started, others beside them")
{
    Jobs jobs;
    Endless first, beside;
    std::vector<std::string> ended;
    const auto end = [&] (const char* name)
    { return [&ended, name] (const auto&, bool) { ended.push_back (name); }; };
    const auto one = jobs.start ({ "one", "line" }, first.work(), end ("one"));
    first.wait();
    jobs.start (
        { "two", "line" }, [] (const Work&) -> Result<int> { return 2; }, end ("two"));
    const auto three = jobs.start (
        { "three", "line" }, [] (const Work&) -> Result<int> { return 3; }, end ("three"));
    const auto other = jobs.start ({ "other" }, beside.work(), end ("other"));
    beside.wait(); // though "one" still runs
    jobs.poll();
    REQUIRE (jobs.states().size() == 4);
    CHECK_FALSE (jobs.states()[0].waiting);
    CHECK (jobs.states()[1].waiting);
    CHECK (jobs.states()[2].waiting);
    CHECK_FALSE (jobs.states()[3].waiting);
    jobs.stop (three); // it waits, and is never begun
    jobs.stop (one);
    while (ended.size() < 3)
    {
        jobs.poll();
        std::this_thread::yield();
    }
    CHECK (ended == std::vector<std::string> { "one", "two", "three" });
    jobs.stop (other);
    jobs.settle();
    CHECK (ended.back() == "other");
}

TEST_CASE ("A job that is stopped while it waits is told so and does not run")
{
    Jobs jobs;
    Endless first;
    const auto one = jobs.start ({ "one", "line" }, first.work(), [] (const auto&, bool) {});
    std::atomic<bool> ran { false };
    std::string why;
    const auto two = jobs.start (
        { "two", "line" },
        [&ran] (const Work&) -> Outcome
        {
            ran.store (true);
            return {};
        },
        [&] (Outcome outcome, bool stopped)
        {
            CHECK (stopped);
            why = outcome.problem().what;
        });
    jobs.stop (two);
    jobs.stop (one);
    jobs.settle();
    CHECK (why == "It was stopped before it began.");
    CHECK_FALSE (ran.load());
}

TEST_CASE ("Of jobs that were dropped nothing is delivered, neither what they told nor their result")
{
    Jobs jobs;
    Endless endless;
    auto told = std::make_shared<std::promise<void>>();
    int delivered = 0;
    jobs.start (
        { "told" },
        [&delivered, told] (const Work& w) -> Result<int>
        {
            w.tell ([&delivered] { ++delivered; });
            told->set_value();
            return 1;
        },
        [&] (const auto&, bool) { ++delivered; });
    jobs.start ({ "endless" }, endless.work(), [&] (const auto&, bool) { ++delivered; });
    jobs.start (
        { "waits", "line" }, [] (const Work&) -> Result<int> { return 1; },
        [&] (const auto&, bool) { ++delivered; });
    told->get_future().wait();
    endless.wait();
    jobs.drop();
    CHECK (jobs.states().empty());
    jobs.settle();
    CHECK (delivered == 0);
    // What comes after them is delivered as ever.
    jobs.start (
        { "next" }, [] (const Work&) -> Result<int> { return 1; }, [&] (const auto&, bool) { ++delivered; });
    jobs.settle();
    CHECK (delivered == 1);
    jobs.close();
}

TEST_CASE ("A delivery may start jobs, drop jobs and poll")
{
    Jobs jobs;
    std::vector<std::string> ended;
    const auto quick = [] (const Work&) -> Result<int> { return 1; };
    jobs.start ({ "a" }, quick,
                [&] (const auto&, bool)
                {
                    ended.push_back ("a");
                    jobs.start ({ "c" }, quick, [&] (const auto&, bool) { ended.push_back ("c"); });
                    jobs.settle();
                    Endless endless;
                    jobs.start ({ "d" }, endless.work(), [&] (const auto&, bool) { ended.push_back ("d"); });
                    endless.wait();
                    jobs.drop();
                });
    jobs.settle();
    CHECK (ended == std::vector<std::string> { "a", "c" });
}

TEST_CASE ("What one job tells may deliver another one, or drop it")
{
    for (const bool drops : { false, true })
    {
        Jobs jobs;
        Jobs::Number other = 0;
        std::vector<std::string> came;
        std::promise<void> told[2];
        jobs.start (
            { "one" },
            [&] (const Work& w) -> Result<int>
            {
                w.tell (
                    [&]
                    {
                        came.push_back ("one");
                        if (drops)
                            jobs.drop();
                        while (jobs.running (other))
                            jobs.poll();
                    });
                told[0].set_value();
                return 1;
            },
            [] (const auto&, bool) {});
        other = jobs.start (
            { "other" },
            [&] (const Work& w) -> Result<int>
            {
                w.tell ([&] { came.push_back ("told"); });
                told[1].set_value();
                return 2;
            },
            [&] (const auto&, bool) { came.push_back ("other"); });
        for (auto& one : told)
            one.get_future().wait(); // both have something before the first poll
        jobs.settle();
        if (drops)
            CHECK (came == std::vector<std::string> { "one" });
        else
            CHECK (came == std::vector<std::string> { "one", "told", "other" });
    }
}

TEST_CASE ("What a job throws is its problem, in a sentence")
{
    Jobs jobs;
    std::vector<std::string> why;
    const auto keep = [&] (Result<int> result, bool) { why.push_back (result.problem().what); };
    jobs.start (
        { "a", "line" }, [] (const Work&) -> Result<int> { throw std::bad_alloc(); }, keep);
    jobs.start (
        { "b", "line" }, [] (const Work&) -> Result<int> { throw std::runtime_error ("no luck"); }, keep);
    jobs.settle();
    CHECK (why ==
           std::vector<std::string> { "The computer's memory is full.", "It could not be done: no luck." });
}

TEST_CASE ("Jobs that run when they are closed have ended when close returns")
{
    std::atomic<int> ended { 0 };
    std::vector<Endless> all (4);
    {
        Jobs jobs;
        for (auto& one : all)
            jobs.start (
                { "endless" },
                [work = one.work(), &ended] (const Work& w)
                {
                    auto result = work (w);
                    ended.fetch_add (1);
                    return result;
                },
                [] (const auto&, bool) { FAIL ("delivered"); });
        for (auto& one : all)
            one.wait();
    }
    CHECK (ended.load() == 4);
}
