// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Param.h"
#include "session/Project.h"
#include "studio/Modulators.h"

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace lacquer::studio
{

/// Who in a song has which parameter and what it is worth, noted once for a song, so that a window of
/// hundreds of controls is refreshed at once. [control]
class Parameters
{
public:
    using Modulations = decltype (Modulators::Moves::all);
    /// The song is kept. modulated: what moves what in it, by the sources that are heard.
    void index (session::SongPtr, Modulations modulated = {});

    bool has (Id id) const { return owners.contains (id.value); }
    /// Of a strip, effect, VCA fader or modulator; the console's for anything else.
    std::span<const Param> table (Id) const;
    const Param* find (Id, std::string_view param) const;
    /// What its lane says at a position, or else what it is set to; its initial value when nobody has it.
    double value (Id, std::string_view param, Frames position) const;
    /// That with what modulators add to it.
    double sounding (Id, std::string_view param, Frames position) const;
    /// A lane plays it.
    bool hasLane (Id, std::string_view param) const;
    /// A lane or a modulator moves it.
    bool moves (Id, std::string_view param) const;
    /// As moves(), of any parameter whose name begins so.
    bool movesAny (Id, std::string_view prefix) const;
    /// Between which values; nothing when neither does.
    std::optional<std::pair<double, double>> movesBetween (Id, std::string_view param, Frames position) const;
    /// Silent though its own mute is off: something else is soloed, or a mute group or VCA fader mutes it.
    bool silenced (Id strip) const { return silent.contains (strip); }

private:
    struct Owner
    {
        const session::Values* values = nullptr;
        std::span<const Param> table;
        bool on = true; ///< an effect's switch
    };
    struct Driven
    {
        const session::Lane* lane = nullptr; ///< that plays
        bool modulated = false;
    };
    const Driven* drivenAt (Id, std::string_view param) const;

    session::SongPtr song; ///< what the rest points into
    std::unordered_map<std::uint64_t, Owner> owners;
    std::map<std::pair<Id, std::string>, Driven> driven;
    Modulations modulations;
    std::set<Id> silent;
};

} // namespace lacquer::studio
