// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "session/Project.h"

#include <string>
#include <string_view>

namespace lacquer::session
{

/// Questions to a project. All are const, O(size of the answer's list) and for [any thread].

/// The song with an id, or the one that holds the strip, effect, clip, marker or master with it; or null.
const Song* songOf (const Project&, Id anything);
const Track* trackOf (const Project&, Id);
/// A track's strip, a group, a return or a mix bus; or null.
const Strip* stripOf (const Project&, Id);
const Master* masterOf (const Project&, Id);
const Vca* vcaOf (const Project&, Id);
const MuteGroup* muteGroupOf (const Project&, Id);
/// An insert of any strip or a module of any master; or null.
const Effect* effectOf (const Project&, Id);
/// The strip or master an effect is on; none when there is no such effect.
Id ownerOf (const Project&, Id effect);
const Modulator* modulatorOf (const Project&, Id);
const Media* mediaOf (const Project&, Id);
const Clip* clipOf (const Project&, Id);
const Marker* markerOf (const Project&, Id);
const EditGroup* editGroupOf (const Project&, Id);
const Scene* sceneOf (const Project&, Id);
/// The track a clip is on; none when there is no such clip.
Id trackOfClip (const Project&, Id clip);

/// Calls f (const Strip&) for tracks, groups, returns and the mix bus, in this order.
template <typename F>
void forEachStrip (const Song& s, const F& f)
{
    for (const auto& t : s.tracks)
        f (t->strip);
    for (const auto& g : s.groups)
        f (*g);
    for (const auto& r : s.returns)
        f (*r);
    f (*s.mix);
}

/// Calls f (const Effect&) for every insert and every mastering module.
template <typename F>
void forEachEffect (const Project& p, const F& f)
{
    for (const auto& song : p.songs)
    {
        forEachStrip (*song,
                      [&] (const Strip& s)
                      {
                          for (const auto& e : s.inserts)
                              f (*e);
                      });
        for (const auto& e : song->master->modules)
            f (*e);
    }
}

/// The circle in a song's outputs, sends and sidechains as "Drums -> Echo -> Drums"; empty when there is
/// none.
std::string routingCycle (const Song&);
/// Likewise among the VCA faders of a song.
std::string vcaCycle (const Song&);
/// The VCA faders that a strip or VCA fader follows, each once, those that hold it before those that hold
/// them.
std::vector<const Vca*> vcasAbove (const Song&, Id member);

/// A named stretch of a song: a section, or the range of a marker.
struct Section
{
    Id marker;
    std::string name, colour;
    Frames begin = 0, end = 0;
};
/// The sections in order: each reaches to the next one or as far as its length says, the last to `songEnd`.
std::vector<Section> sectionsOf (const Song&, Frames songEnd);

/// The frame after the last clip, marker and automation point aside.
Frames lastClipEnd (const Song&);

/// A strip in a message: the track "Bass".
std::string nameOf (const Strip&);
/// A name in a message: without control characters and at most 60 bytes.
std::string nameToShow (std::string_view);

/// True for a relative path without "..", empty parts or a leading dot part.
bool staysInside (std::string_view path);

} // namespace lacquer::session
