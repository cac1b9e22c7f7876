// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Param.h"
#include "core/Result.h"
#include "session/Project.h"

#include <string>
#include <string_view>
#include <vector>

namespace lacquer::session
{

/// An effect of a preset.
struct PresetEffect
{
    Effect effect;
    std::string key {}; ///< its sidechain: the address of a strip without a song; empty: none
};

/// What session must know of the tables in mix and master, which lie beside it. studio fills it in. A null
/// function means "unknown": then any parameter id is taken and its value is a plain number or a text.
struct Catalogue
{
    /// A console parameter of a strip ("eq.band3.gain"), or null.
    const Param* (*console) (StripKind, std::string_view parameter) = nullptr;
    /// A parameter of an effect type ("reverb", "decay"), or null.
    const Param* (*effect) (std::string_view type, std::string_view parameter) = nullptr;
    /// True for an effect type that may be added as an insert.
    bool (*isInsert) (std::string_view type) = nullptr;
    /// True for an effect type that may be added to a mastering chain.
    bool (*isModule) (std::string_view type) = nullptr;
    /// True for an effect type that listens to a sidechain.
    bool (*isKeyed) (std::string_view type) = nullptr;
    /// What a preset of an effect type holds: that one effect; of no type: all effects of a chain.
    Result<std::vector<PresetEffect>> (*preset) (std::string_view type, std::string_view name) = nullptr;
    /// A template of a track or of a song (session/TemplateEdits.h).
    Result<Project> (*templateCalled) (bool ofTrack, std::string_view name) = nullptr;
    /// A setting of a kind of modulator, or null.
    const Param* (*modulator) (ModulatorKind, std::string_view parameter) = nullptr;
};

} // namespace lacquer::session
