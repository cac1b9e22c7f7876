// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Result.h"
#include "session/Catalogue.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace lacquer::studio
{

/// The values of one effect, or a whole chain of effects, under a name.
struct Preset
{
    std::string effect; ///< catalogue id; empty for a chain
    std::string name;
    std::string use;     ///< one sentence: for what
    bool level = false;  ///< changing the level is its purpose
    std::string on;      ///< factory: the stem of the demo song it is made for; empty: the whole mix
    bool factory = true; ///< came with the program; else the user's own
    std::vector<session::Effect> effects; ///< one, or those of the chain; ids are none
    /// Of a chain: what each effect listens to, an address of a strip without its song; empty or absent:
    /// none.
    std::vector<std::string> keys {};
    std::filesystem::path file {}; ///< of a user's preset

    bool isChain() const { return effect.empty(); }
    std::string keyOf (std::size_t effectNumber) const
    {
        return effectNumber < keys.size() ? keys[effectNumber] : std::string();
    }
    /// Its effects with what each listens to.
    std::vector<session::PresetEffect> withKeys() const
    {
        std::vector<session::PresetEffect> all;
        for (std::size_t n = 0; n < effects.size(); ++n)
            all.push_back ({ effects[n], keyOf (n) });
        return all;
    }
    const session::Values& values() const { return effects.front().values; } ///< precondition: not a chain
};

/// The file name a preset goes by: letters and digits in lower case, everything else one hyphen. "Vocal
/// plate" and "vocal-plate" are the same preset. Empty when nothing is left. [any thread]
std::string slugOf (std::string_view name);

/// A preset read from its text. effect: the id it must be for, empty for a chain. Nothing in the text is
/// trusted: the Problem is one sentence. [any thread]
Result<Preset> presetFrom (std::string_view text, std::string_view effect);

/// The text of a preset, which presetFrom() reads back as equal. [any thread]
std::string textOf (const Preset&);

/// What there is for an effect (empty: for chains): factory presets, then the user's, each by name. A user's
/// preset takes the place of a factory one of the same name.
struct PresetList
{
    std::vector<Preset> presets;
    std::vector<Problem> unreadable; ///< files of the user that are no presets
};
PresetList presetsOf (std::string_view effect); ///< [control] reads the user's folder

/// The preset of a name, or of its file name. [control]
Result<Preset> presetCalled (std::string_view effect, std::string_view name);

/// The user's presets: $XDG_CONFIG_HOME/lacquer/presets, else ~/.config/lacquer/presets. [any thread]
std::filesystem::path presetFolder();

/// An effect's values, or all effects of a strip or master, as a preset of the user. `place` is the id of the
/// effect, strip or master. [any thread]
Result<Preset> presetOf (const session::Project&, Id place, std::string name, std::string use = {});

/// Writes a preset into the user's folder, whole or not at all. Refused when the user has one of that name,
/// unless `replace`. [control]
Outcome savePreset (const Preset&, bool replace = false);

/// Deletes a preset of the user; a factory preset is refused. [control]
Outcome deletePreset (std::string_view effect, std::string_view name);

} // namespace lacquer::studio
