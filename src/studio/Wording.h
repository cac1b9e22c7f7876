// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Param.h"
#include "session/Project.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lacquer::studio
{

/// What people read about a mix, for comparisons and sheets. [any thread]

/// A console parameter's whole name: "EQ band 3 gain", "Compressor threshold", "Send 2 level".
std::string consoleName (const Param&);

/// The names of effects in their order: "Delay", "Delay 2"; of a type that this version does not know its id.
std::vector<std::string> namesOf (const std::vector<session::EffectPtr>&);

/// What setting a parameter is called as a step: "Fader, Lead Vox", "Reverb decay, Lead Vox", "Limiter
/// ceiling, master".
std::string settingOf (const session::Project&, Id target, const Param&);

/// A value that differs from the initial one, or from another set of values.
struct Differing
{
    std::string name; ///< of the parameter
    std::string before, after;
};
/// Where two sets of values of a table differ; `console`: with consoleName().
std::vector<Differing> differing (std::span<const Param>, const session::Values& before,
                                  const session::Values& after, bool console);

/// The name of a strip with an id, or "nothing": "the return \"Echo\"".
std::string stripName (const session::Song&, Id);

/// "1 file", "3 files".
std::string counted (std::size_t, std::string_view what);

/// "3.2 ms" of frames.
std::string milliseconds (Frames, double rate);

} // namespace lacquer::studio
