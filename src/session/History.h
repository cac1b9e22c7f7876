// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "session/Project.h"

#include <deque>
#include <memory>
#include <string>
#include <utility>

namespace lacquer::session
{

/// The states a project went through, for undo and redo. A state shares with its neighbours what did not
/// change, so a step costs what it changed. [control]
class History
{
public:
    static constexpr std::size_t leastSteps = 1000; ///< undo steps kept

    explicit History (Project first);

    const ProjectPtr& current() const { return states[at].project; }

    /// Makes a new state current and forgets what was undone. Steps of one gesture (a fader being moved)
    /// become one: a step whose non-empty gesture key equals that of the step before replaces its state,
    /// until endGesture().
    void add (Project, std::string label, std::string gesture = {});

    /// The next step starts a new undo step even with the same gesture key.
    void endGesture() { open = false; }

    /// Changes the current state without a step: for what is not an edit, such as a loop flag while playing.
    void replaceCurrent (Project);

    /// Changes every state alike by f (Project&), without a step: the name of a project that moves.
    template <typename F>
    void changeAll (const F& f)
    {
        for (auto& s : states)
        {
            auto changed = std::make_shared<Project> (*s.project);
            f (*changed);
            s.project = std::move (changed);
        }
    }

    bool canUndo() const { return at > 0; }
    bool canRedo() const { return at + 1 < states.size(); }
    /// What undo() would take back: "Move fader"; empty when there is nothing.
    std::string undoLabel() const { return canUndo() ? states[at].label : std::string {}; }
    std::string redoLabel() const { return canRedo() ? states[at + 1].label : std::string {}; }

    /// Goes a step back or forward and returns what is current then; stays where there is no step.
    const ProjectPtr& undo();
    const ProjectPtr& redo();

    /// Calls f (const Project&) for every state that undo or redo can reach, and the current one.
    template <typename F>
    void forEachState (const F& f) const
    {
        for (const auto& s : states)
            f (*s.project);
    }

    /// Steps that can be undone.
    std::size_t steps() const { return at; }

private:
    struct State
    {
        ProjectPtr project;
        std::string label;
        std::string gesture;
    };
    std::deque<State> states;
    std::size_t at = 0;
    bool open = false; // the last step may still grow
};

} // namespace lacquer::session
