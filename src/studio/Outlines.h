// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "files/Peaks.h"
#include "studio/Workplace.h"

#include <map>
#include <memory>
#include <set>

namespace lacquer::studio
{

/// The outlines of the project's audio, made beside the control thread as audio comes in. [control]
class Outlines
{
public:
    explicit Outlines (Workplace& w) : place (w) {}

    /// Begins with what has none yet.
    void follow();
    /// Null while it is being made.
    std::shared_ptr<const files::Peaks> of (Id media) const;
    /// Goes up when there are more than before.
    std::uint64_t count() const { return made; }

private:
    Workplace& place;
    std::set<Id> begun;
    std::map<Id, std::shared_ptr<const files::Peaks>> known;
    std::uint64_t made = 0;
};

} // namespace lacquer::studio
