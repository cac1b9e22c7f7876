// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Progress.h"
#include "core/Result.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace lacquer::studio
{

/// What long work is handed. [the working thread]
class Work
{
public:
    Work (Progress p, std::function<void (std::function<void()>)> t)
        : progress (std::move (p)), post (std::move (t))
    {
    }

    const Progress progress;
    bool stopped() const noexcept { return progress.stopped(); }
    /// Something that is to happen on the control thread, in the order told, before the result is delivered.
    void tell (std::function<void()> what) const { post (std::move (what)); }

private:
    std::function<void (std::function<void()>)> post;
};

/// Long work beside the control thread: export, freezing, looking for masking, reading and writing files. A
/// job works on values it was given, of which a project is one, so that edits do not reach it; it tells how
/// far it is, can be stopped, and what it brings is delivered by poll(). Nothing here waits but settle(),
/// close() and the destructor. [control]
class Jobs
{
public:
    using Number = std::uint64_t; ///< of a job, 0: of none

    enum class Shown
    {
        card, ///< with Stop, when it takes long
        bar,  ///< it has a page or panel of its own
        no    ///< nobody asked for it
    };
    struct About
    {
        std::string name;    ///< "Freezing Lead Vox"
        std::string line {}; ///< jobs of the same line run one after the other; empty: at once
        Shown shown = Shown::card;
    };
    struct State
    {
        Number number = 0;
        std::string name;
        double share = 0;   ///< 0 to 1
        double seconds = 0; ///< since it began
        bool waiting = false, stopping = false;
        Shown shown = Shown::card;
    };

    Jobs();
    ~Jobs(); ///< as close()
    Jobs (const Jobs&) = delete;
    Jobs& operator= (const Jobs&) = delete;

    /// work: Result<T> (const Work&) on a thread of its own; it holds nothing that the control thread
    /// changes. done: void (Result<T>, bool stopped) by poll(), once, unless the job is dropped. What the
    /// work throws is its Problem.
    template <typename Do, typename Done>
    Number start (About about, Do work, Done done)
    {
        using T = std::invoke_result_t<Do&, const Work&>;
        auto result = std::make_shared<std::optional<T>>();
        return begin (
            std::move (about),
            [result, work = std::move (work)] (const Work& w) mutable { result->emplace (work (w)); },
            [result, done = std::move (done)] (std::optional<Problem> trouble, bool stopped) mutable
            { done (trouble ? T (*std::move (trouble)) : *std::move (*result), stopped); });
    }

    /// Asks a job to stop. It is delivered all the same, when it has.
    void stop (Number);
    /// Asks all to stop and delivers nothing of them any more: the project they belong to is left.
    void drop();
    /// As drop(), and waits for all: last before what they write to goes.
    void close();

    /// Delivers, and begins what waits in line. The window calls it on its frame timer.
    void poll();
    /// Polls until no job is left.
    void settle();

    /// In the order they were started; without dropped ones.
    std::vector<State> states() const;
    bool running (Number) const;

private:
    struct Bell;
    struct Job;
    using Run = std::function<void (const Work&)>;
    using Deliver = std::function<void (std::optional<Problem>, bool stopped)>;
    Number begin (About, Run, Deliver);
    void launch (Job&);
    void beginWaiting();

    std::shared_ptr<Bell> bell;
    std::vector<std::shared_ptr<Job>> jobs, dropped;
    Number last = 0;
};

} // namespace lacquer::studio
