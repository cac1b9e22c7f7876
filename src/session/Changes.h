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

template <typename T>
Id idOf (const T& part)
{
    return part.id;
}
inline Id idOf (const Track& track)
{
    return track.strip.id;
}

template <typename T, typename F>
Outcome changed (T& value, const F& change)
{
    return change (value);
}

/// Writes to the part of a song that has an id in one of its lists, of shared parts or of values.
/// `change` wants the part, and if it likes the song around it or the edit after that.
template <typename T, typename F>
Edit inList (const Project& p, std::vector<T> Song::*list, std::string_view kind, Id id, std::string label,
             const F& change)
{
    const auto is = [id] (const T& part)
    {
        if constexpr (requires { *part; })
            return idOf (*part) == id;
        else
            return idOf (part) == id;
    };
    for (const auto& song : p.songs)
        if (const auto& all = (*song).*list; std::any_of (all.begin(), all.end(), is))
            return inSong (p, song->id, std::move (label),
                           [&] (Song& s, Edited& e)
                           {
                               auto& parts = s.*list;
                               return changed (*std::find_if (parts.begin(), parts.end(), is),
                                               [&] (auto& part) -> Outcome
                                               {
                                                   if constexpr (requires { change (part, e); })
                                                       return change (part, e);
                                                   else if constexpr (requires { change (part, s); })
                                                       return change (part, s);
                                                   else
                                                       return change (part);
                                               });
                           });
    return nothing (kind, id);
}

template <typename F>
Edit inTrack (const Project& p, Id track, std::string label, const F& change)
{
    return inList (p, &Song::tracks, "track", track, std::move (label), change);
}

template <typename F>
Edit inVca (const Project& p, Id vca, std::string label, const F& change)
{
    return inList (p, &Song::vcas, "VCA fader", vca, std::move (label), change);
}

template <typename F>
Edit inModulator (const Project& p, Id modulator, std::string label, const F& change)
{
    return inList (p, &Song::modulators, "modulator", modulator, std::move (label), change);
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

/// Refuses a follower that would hear what it moves.
Outcome notHeard (const Song&, const Modulator&);

inline std::string quoted (std::string_view name)
{
    return "\"" + nameToShow (name) + "\"";
}

} // namespace lacquer::session::change
