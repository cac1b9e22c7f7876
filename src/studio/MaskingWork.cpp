// SPDX-License-Identifier: GPL-3.0-or-later
#include "studio/MaskingWork.h"

#include "session/Find.h"

#include <cmath>
#include <cstdio>

namespace lacquer::studio
{

namespace
{

/// Two songs that sound the same; which pairs are let alone is not heard.
bool soundsSame (const session::Song& a, const session::Song& b)
{
    return a.id == b.id && a.tracks == b.tracks && a.groups == b.groups && a.returns == b.returns &&
           a.vcas == b.vcas && a.muteGroups == b.muteGroups && a.mix == b.mix && a.tempi == b.tempi &&
           a.metres == b.metres && a.end == b.end;
}

std::string percent (double share)
{
    return std::to_string (std::lround (100 * share)) + " %";
}

} // namespace

void MaskingWork::look()
{
    stop();
    mending = false;
    const auto song = place.project().songs.front();
    job = place.jobs().start (
        { "Looking for masking", "masking", Jobs::Shown::bar },
        [project = place.shared(), folder = place.folder(), song] (const Work& w)
        { return masking (*project, folder, *song, {}, w.progress); },
        [this, song] (Result<Masking> result, bool stopped)
        {
            if (! stopped)
                looked (song, std::move (result));
        });
}

void MaskingWork::looked (const session::SongPtr& song, Result<Masking> result)
{
    if (! result)
    {
        trouble = result.problem().sentence();
        return;
    }
    found = std::make_shared<const Masking> (*std::move (result));
    foundIn = song;
    trouble.clear();
}

void MaskingWork::mend (const Conflict& conflict)
{
    stop();
    mending = true;
    job = place.jobs().start (
        { "Making room", "masking" },
        [project = place.shared(), folder = place.folder(), conflict] (const Work& w)
        { return studio::mended (*project, folder, *project->songs.front(), conflict, {}, w.progress); },
        [this] (const Result<Mended>& result, bool stopped)
        {
            if (! stopped)
                mended (result);
        });
}

void MaskingWork::mended (const Result<Mended>& result)
{
    if (! result)
        return place.tell (Notice::Kind::look, "No cut was made", result.problem().sentence());
    // On the project as it is now: it may have changed while the cut was sought.
    if (! place.edit (session::cutMasking (place.project(), result->cut), 0))
        return;
    const auto name = [this] (Id id) { return session::stripOf (place.project(), id)->name; };
    char depth[32];
    std::snprintf (depth, sizeof depth, "%.1f", result->cut.depth);
    place.tell (Notice::Kind::passed, "Room made for " + name (result->cut.lead),
                name (result->cut.masker) + " gives way by up to " + depth + " dB. Hidden " +
                    percent (result->shareBefore) + " of the time before, " + percent (result->shareAfter) +
                    " now, at equal loudness. Undo takes it back.");
    look();
}

MaskingReport MaskingWork::report() const
{
    MaskingReport r;
    for (const auto& state : place.jobs().states())
        if (state.number == job && ! state.stopping)
        {
            (mending ? r.mending : r.looking) = true;
            r.share = state.share;
        }
    r.found = found;
    r.current = foundIn != nullptr && soundsSame (*foundIn, place.song());
    r.trouble = trouble;
    return r;
}

} // namespace lacquer::studio
