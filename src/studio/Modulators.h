// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "engine/FollowerNode.h"
#include "session/Project.h"

#include <map>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace lacquer::studio
{

/// The settings of a kind of modulator. [any thread]
std::span<const Param> modulatorTable (session::ModulatorKind);

/// An LFO, a sequence or a random walk: what its settings alone determine; null for a follower and a macro.
/// [control]
engine::ModulatorPtr courseOf (const session::Modulator&, const engine::TempoMapPtr&);

/// Hands values to the sound: what is not among them is initial. [control]
void push (engine::Controls&, const session::Values&);
void push (engine::Controls&, const session::Effect&); ///< its switch too

/// A song's lane for the engine.
std::vector<engine::Point> pointsOf (const session::Lane&);

/// The modulators of a song, made for the engine; what is turned or heard live outlives graphs. [control]
class Modulators
{
public:
    explicit Modulators (double sampleRate) : rate (sampleRate) {}

    /// A follower that is to be in the graph.
    struct Following
    {
        Id modulator, source;
        std::shared_ptr<engine::FollowerNode> node;
    };
    /// What moves what, in one song.
    struct Moves
    {
        std::map<std::pair<Id, std::string>, std::vector<engine::Modulation>> all; ///< by target, parameter
        std::vector<Following> followers;
        std::map<Id, std::vector<Id>> heardBy; ///< followers, by the target that they move
    };
    /// A follower that would hear what it moves, or whose source is disabled, rests.
    Moves moves (const session::Song&);

    /// Hands over what is live: the knobs of macros, the settings of followers.
    void control (const session::Song&);

    /// True when only what is live differs.
    static bool sameStructure (const session::Song&, const session::Song&);

private:
    double rate;
    std::map<Id, std::shared_ptr<engine::Controls>> macros;
    std::map<Id, std::shared_ptr<engine::FollowerNode>> followers;
};

} // namespace lacquer::studio
