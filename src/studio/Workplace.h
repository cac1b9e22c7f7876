// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "session/Edits.h"
#include "studio/Jobs.h"
#include "studio/Studio.h"

#include <algorithm>
#include <cstdint>
#include <string>

namespace lacquer::studio
{

/// A message for the user.
struct Notice
{
    enum class Kind
    {
        note,
        passed,
        look,
        error ///< stays until closed
    };
    Kind kind = Kind::note;
    std::string title, text;
};

/// Names one gesture: all edits with the same key are one step of undo. 0: a step of its own.
using Gesture = std::uint64_t;

/// What work beside the control thread is started from and comes back to. [control]
class Workplace
{
public:
    virtual ~Workplace() = default;
    /// The project as it is now; its first song is the one worked on.
    virtual const session::ProjectPtr& shared() const = 0;
    virtual const std::string& folder() const = 0;
    /// Takes an edit as a step of history. A refusal is told, and changes nothing.
    virtual bool edit (session::Edit, Gesture) = 0;
    virtual void tell (Notice::Kind, std::string title, std::string text) = 0;
    virtual Jobs& jobs() = 0;
    virtual const Studio& studio() const = 0;

    /// True while there is work that a user sees.
    bool busy()
    {
        const auto states = jobs().states();
        return std::any_of (states.begin(), states.end(),
                            [] (const Jobs::State& s) { return s.shown != Jobs::Shown::no; });
    }
    const session::Project& project() const { return *shared(); }
    const session::Song& song() const { return *project().songs.front(); }
};

} // namespace lacquer::studio
