// SPDX-License-Identifier: GPL-3.0-or-later
#include "studio/Freezing.h"

#include "session/Find.h"
#include "session/RoutingEdits.h"
#include "studio/Freeze.h"

#include <algorithm>
#include <filesystem>

namespace lacquer::studio
{

namespace
{

bool isBehindFader (std::string_view parameter)
{
    return parameter.starts_with ("fader.") || parameter.starts_with ("pan.") ||
           parameter.starts_with ("send");
}

/// A track as far as it is heard before its fader.
session::Track beforeFader (session::Track t)
{
    auto& s = t.strip;
    s.name = s.colour = s.label = s.notes = {};
    s.tags.clear();
    s.soloSafe = false;
    s.sends = {};
    s.output = {};
    s.extras = {};
    t.extras = {};
    t.priority = session::Priority::guessed;
    std::erase_if (s.values, [] (const auto& v) { return isBehindFader (v.first); });
    std::erase_if (s.lanes, [&] (const session::Lane& lane)
                   { return lane.target == s.id && isBehindFader (lane.parameter); });
    return t;
}

/// Keys are other strips: any change there may be heard.
bool hasKey (const session::Track& t)
{
    return std::any_of (t.strip.inserts.begin(), t.strip.inserts.end(),
                        [] (const session::EffectPtr& e) { return static_cast<bool> (e->sidechain); });
}

bool soundsSame (const session::Song& then, const session::Track& a, const session::Song& now,
                 const session::Track& b)
{
    return then.tempi == now.tempi && then.metres == now.metres && then.modulators == now.modulators &&
           beforeFader (a) == beforeFader (b) &&
           (! hasKey (a) || (then.tracks == now.tracks && then.groups == now.groups &&
                             then.returns == now.returns && then.mix == now.mix));
}

} // namespace

void Freezing::freeze (Id track)
{
    if (std::find (wanted.begin(), wanted.end(), track) != wanted.end())
        return;
    wanted.push_back (track);
    if (wanted.size() == 1)
        next();
}

void Freezing::next()
{
    const auto& tracks = place.song().tracks;
    auto found = tracks.end();
    while (! wanted.empty() && (found = std::find_if (tracks.begin(), tracks.end(),
                                                      [&] (const auto& t) {
                                                          return t->strip.id == wanted.front();
                                                      })) == tracks.end())
        wanted.erase (wanted.begin());
    if (wanted.empty())
        return;
    place.tell (Notice::Kind::note, "Freezing " + (*found)->strip.name, "Playback and edits go on.");
    place.jobs().start (
        { "Freezing " + (*found)->strip.name },
        [project = place.shared(), folder = place.folder(),
         id = wanted.front()] (const Work& w) -> Result<File>
        {
            const auto made = studio::freeze (*project, folder, id, w.progress);
            if (! made)
                return made.problem();
            const auto* track = session::trackOf (made->project, id);
            return File { *session::mediaOf (made->project, track->frozen), track->frozenLead };
        },
        [this, song = place.project().songs.front(), as = *found] (const Result<File>& file, bool stopped)
        { rendered (song, as, file, stopped); });
}

void Freezing::rendered (const session::SongPtr& song, const session::TrackPtr& as, const Result<File>& file,
                         bool stopped)
{
    const Id track = as->strip.id;
    std::erase (wanted, track);
    const auto* now = session::trackOf (place.project(), track);
    const auto title = as->strip.name + " was not frozen";
    if (! file && ! stopped)
        place.tell (Notice::Kind::look, title, file.problem().sentence());
    if (file)
    {
        bool used = false;
        if (now == nullptr || ! soundsSame (*song, *as, place.song(), *now))
            place.tell (Notice::Kind::look, title, "It was changed meanwhile. Freeze it again.");
        else if (auto added = session::addedMedia (place.project(), file->media))
            used = place.edit (session::frozen (added->project, track, added->made, file->lead), 0);
        std::error_code error; // a file that nothing plays and that stays is among the unused ones
        if (! used)
            std::filesystem::remove (std::filesystem::path (place.folder()) / file->media.path, error);
    }
    next();
}

} // namespace lacquer::studio
