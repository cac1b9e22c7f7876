// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "session/Edits.h"
#include "session/Find.h"
#include "session/Json.h"
#include "session/JsonText.h"

#include <algorithm>
#include <utility>

/// What the files of edits share, inside session only: checks with their sentences, and ways to write to one
/// part of a project while the rest stays shared.
namespace lacquer::session::change
{

inline Problem nothing (std::string_view what, Id id)
{
    return { "There is no " + std::string (what) + " with the id " + std::to_string (id.value) + "." };
}

inline Outcome goodText (std::string_view what, std::string_view text, std::size_t most = limit::nameBytes)
{
    if (text.size() > most)
        return Problem { std::string (what) + " is longer than " + std::to_string (most) + " bytes." };
    if (! json::isText (text))
        return Problem { std::string (what) + " is not valid UTF-8." };
    return {};
}

inline Outcome goodName (std::string_view name)
{
    if (name.empty())
        return Problem { "A name cannot be empty." };
    return goodText ("The name", name);
}

inline Outcome goodPosition (std::string_view what, Frames f, Frames least = 0)
{
    if (f < least || f > limit::position)
        return Problem { std::string (what) + " is out of range." };
    return {};
}

inline Id nextId (Project& p)
{
    return { p.nextId++ };
}

// In the helpers below, `change` gets the copy that may be written to and returns an Outcome; the copies of
// what is around it are made only when it succeeds or fails as a whole.

template <typename T, typename F>
Outcome changed (std::shared_ptr<const T>& shared, const F& change)
{
    T copy = *shared;
    if (const auto done = change (copy); ! done)
        return done;
    shared = std::make_shared<const T> (std::move (copy));
    return {};
}

template <typename F>
Edit inSong (const Project& p, Id song, std::string label, const F& change)
{
    Edited e { p, std::move (label) };
    for (auto& s : e.project.songs)
        if (s->id == song)
        {
            if (const auto done = changed (s, [&] (Song& copy) { return change (copy, e); }); ! done)
                return done.problem();
            return e;
        }
    return nothing ("song", song);
}

template <typename F>
Edit inTrack (const Project& p, Id track, std::string label, const F& change)
{
    const auto* song = trackOf (p, track) != nullptr ? songOf (p, track) : nullptr;
    if (song == nullptr)
        return nothing ("track", track);
    return inSong (p, song->id, std::move (label),
                   [&] (Song& s, Edited& e)
                   {
                       for (auto& t : s.tracks)
                           if (t->strip.id == track)
                               return changed (t, [&] (Track& copy) { return change (copy, e); });
                       return Outcome {};
                   });
}

template <typename F>
Edit inClip (const Project& p, Id clip, std::string label, const F& change)
{
    const Id track = trackOfClip (p, clip);
    if (! track)
        return nothing ("clip", clip);
    return inTrack (p, track, std::move (label),
                    [&] (Track& t, Edited&)
                    {
                        for (auto& c : t.clips)
                            if (c->id == clip)
                                return changed (c, change);
                        return Outcome {};
                    });
}

template <typename F>
Edit inModulator (const Project& p, Id modulator, std::string label, const F& change)
{
    const auto* song = modulatorOf (p, modulator) != nullptr ? songOf (p, modulator) : nullptr;
    if (song == nullptr)
        return nothing ("modulator", modulator);
    return inSong (p, song->id, std::move (label),
                   [&] (Song& s, Edited&)
                   {
                       for (auto& m : s.modulators)
                           if (m->id == modulator)
                               return changed (m, change);
                       return Outcome {};
                   });
}

/// Clips lie in order of their start, equal starts in order of their id.
inline void sortClips (Track& t)
{
    std::sort (t.clips.begin(), t.clips.end(),
               [] (const ClipPtr& a, const ClipPtr& b)
               { return std::pair (a->start, a->id) < std::pair (b->start, b->id); });
}

inline void sortMarkers (Song& s)
{
    std::sort (s.markers.begin(), s.markers.end(),
               [] (const Marker& a, const Marker& b)
               { return std::pair (a.position, a.id) < std::pair (b.position, b.id); });
}

inline Outcome goodFades (const Clip& c)
{
    if (c.fadeIn < 0 || c.fadeOut < 0 || c.fadeIn > c.length || c.fadeOut > c.length)
        return Problem { "A fade cannot be longer than its clip." };
    return {};
}

inline std::string quoted (std::string_view name)
{
    return "\"" + nameToShow (name) + "\"";
}

} // namespace lacquer::session::change
