// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "session/JsonObject.h"
#include "session/Scene.h"

/// The parts of a project as text, inside session only: a file for each topic, which writes and reads it.
/// put() appends a whole value to `out`, whose line starts at `depth`; putX() writes members and leaves out
/// what has its initial value. The readers throw Refusal.
namespace lacquer::session::json
{

// JsonLanes.cpp
void putValues (Members&, const Values&);
void putLanes (Members&, const std::vector<Lane>&);
Values valuesOf (Object&);
std::vector<Lane> lanesOf (Object&);

// JsonStrips.cpp
void putEffects (Members&, std::string_view key, const std::vector<EffectPtr>&);
void putSends (Members&, const std::array<Id, Strip::sendSlots>&);
void put (std::string& out, int depth, const Strip&);
void put (std::string& out, int depth, const Vca&);
void put (std::string& out, int depth, const MuteGroup&);
void put (std::string& out, int depth, const Master&);
std::vector<EffectPtr> effectsOf (Object&, std::string_view key);
std::array<Id, Strip::sendSlots> sendsOf (Object&);
Strip stripOf (const Node&, const std::string& where, StripKind);
Vca vcaOf (const Node&, const std::string& where);
MuteGroup muteGroupOf (const Node&, const std::string& where);
Master masterOf (const Node&, const std::string& where);

// JsonScenes.cpp
void putScenes (Members& song, const std::vector<ScenePtr>&);
std::vector<ScenePtr> scenesOf (Object& song);

// JsonClips.cpp
void put (std::string& out, int depth, const Track&);
void put (std::string& out, int depth, const EditGroup&);
Track trackOf (const Node&, const std::string& where);
EditGroup editGroupOf (const Node&, const std::string& where);

// JsonModulators.cpp
void put (std::string& out, int depth, const Modulator&);
Modulator modulatorOf (const Node&, const std::string& where);

// JsonSongs.cpp
void put (std::string& out, int depth, const Song&);
Song songOf (const Node&, const std::string& where);

// JsonMedia.cpp
void put (std::string& out, int depth, const Media&);
void put (std::string& out, int depth, const Album&);
Media mediaOf (const Node&, const std::string& where);
Album albumOf (const Node&, const std::string& where);

/// A list of parts, each as its put() writes it, left out when there are none.
template <typename Items>
void putParts (Members& m, std::string& out, std::string_view key, const Items& items)
{
    unlessEmpty (m, key, items,
                 [&] (const auto& item)
                 {
                     if constexpr (requires { *item; })
                         put (out, m.inner() + 1, *item);
                     else
                         put (out, m.inner() + 1, item);
                 });
}

/// A list of ids on one line.
void putIds (Members&, std::string_view key, std::span<const Id>);
std::vector<Id> idsOf (Object&, std::string_view key, std::size_t most, Presence = Presence::optional);

} // namespace lacquer::session::json
