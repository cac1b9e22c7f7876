// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "studio/Workplace.h"

#include <vector>

namespace lacquer::studio
{

/// Freezes tracks (studio/Freeze.h) beside the control thread, one after the other, each as it is when its
/// turn comes. A track that sounds otherwise when its file is there is not frozen; a notice says so.
/// [control]
class Freezing
{
public:
    explicit Freezing (Workplace& w) : place (w) {}

    void freeze (Id track);

private:
    struct File
    {
        session::Media media;
        Frames lead = 0; ///< session::Track::frozenLead
    };
    void next();
    void rendered (const session::SongPtr&, const session::TrackPtr&, const Result<File>&, bool stopped);

    Workplace& place;
    std::vector<Id> wanted; ///< the first is being rendered
};

} // namespace lacquer::studio
