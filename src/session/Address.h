// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Result.h"
#include "session/Catalogue.h"
#include "session/Project.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace lacquer::session
{

/// A name with its number among equal names: "Vox#2" is the second "Vox".
struct Name
{
    std::string text;
    int number = 1;
    bool operator== (const Name&) const = default;
};

/// What a user writes to point at something:
///   [song:NAME/]track:NAME[/module.parameter]    likewise group:, return:, bus: (a group or a return), vca:
///   [song:NAME/]modulator:NAME[/setting]
///   [song:NAME/]mix, master, album, project
/// In names \/ \: \# and \\ stand for the characters themselves. Without a song: the first one.
struct Address
{
    enum class Kind
    {
        song,
        track,
        group,
        effectReturn,
        bus,
        vca,
        mix,
        master,
        modulator,
        album,
        project
    };
    std::optional<Name> song;
    Kind kind = Kind::song;
    Name name;             ///< of a track, group, return, bus or modulator
    std::string parameter; ///< "eq.band3.gain", "reverb#2.decay", "limiter" or empty
    bool operator== (const Address&) const = default;
};

/// [any thread]
Result<Address> parsedAddress (std::string_view text);
std::string text (const Address&);

/// What an address points at.
struct Place
{
    Address::Kind kind = Address::Kind::song;
    Id song;
    Id owner;              ///< the strip, VCA fader, master or modulator; none for song, album and project
    Id effect;             ///< when the parameter part names an effect
    std::string parameter; ///< within the effect, or of the strip's console part; may be empty
    const Param* param = nullptr; ///< from the catalogue; null when it does not know

    /// Where a value or an automation lane belongs: the effect, else the strip.
    Id target() const { return effect ? effect : owner; }
};

/// Looks an address up. The Problem names what is missing and what there is. [any thread]
Result<Place> found (const Project&, const Address&, const Catalogue& = {});
Result<Place> found (const Project&, std::string_view address, const Catalogue& = {});

/// The shortest address of a strip, master, song or effect; of a strip's or effect's parameter when given.
/// Empty when the project has no such id.
std::string addressOf (const Project&, Id, std::string_view parameter = {});

/// "ADDRESS=VALUE" cut at the last '='.
Result<std::pair<std::string, std::string>> assignment (std::string_view text);

/// A text as a value of a parameter, and the other way. Without a Param: a number, or the text as it is.
Result<Value> valueFrom (const Param*, std::string_view text);
std::string textOfValue (const Param*, const Value&);
/// The number a value stands for: a choice's index. Problem when it is a text the parameter does not know.
Result<double> numberOfValue (const Param*, const Value&);

} // namespace lacquer::session
