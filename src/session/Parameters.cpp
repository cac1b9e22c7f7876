// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/Parameters.h"

#include "session/Find.h"

#include <algorithm>
#include <array>

namespace lacquer::session
{

namespace
{

struct Refused
{
    std::string_view parameter, what, why, instead;
};

constexpr std::string_view heard = "it says what is heard while mixing";
constexpr std::array<Refused, 4> refused { {
    { "fader.solo", "Solo", heard, "Automate fader.mute." },
    { "sidechain.listen", "Listening to the sidechain", heard, "" },
    { "key.listen", "Listening to the key", heard, "" },
    { "pan.law", "The pan law", "it is the scale on which the pan is read", "" },
} };

const Refused* refusedCalled (std::string_view parameter)
{
    const auto found = std::find_if (refused.begin(), refused.end(),
                                     [&] (const Refused& r) { return r.parameter == parameter; });
    return found != refused.end() ? &*found : nullptr;
}

Problem problemOf (const Refused& r, std::string_view verb)
{
    return { std::string (r.what) + " cannot be " + std::string (verb) + ": " + std::string (r.why) + ".",
             {},
             std::string (r.instead) };
}

struct Setting
{
    std::string_view name, what, edit;
};

constexpr std::array<Setting, 9> settings { {
    { "delay", "A track's delay is the same for the whole song", "set-delay track:NAME 12.5ms" },
    { "form", "Mono, stereo or dual mono is how a track is built", "set-form track:NAME dual-mono" },
    { "output", "Where a track or bus goes is how the mixer is built", "set-output track:NAME group:NAME" },
    { "sends", "Where a send goes is how the mixer is built", "set-send track:NAME 1 return:NAME" },
    { "solo-safe", "Solo-safe says what is heard while mixing", "solo-safe track:NAME on" },
    { "disabled", "A disabled track or bus takes no part in the song at all", "disable track:NAME on" },
    { "frozen", "A frozen track plays a file in place of its clips and inserts", "unfreeze track:NAME" },
    { "sidechain", "What an effect listens to is how the mixer is built",
      "set-sidechain track:NAME/compressor track:NAME" },
    { "post-console", "Where an insert lies is how the strip is built",
      "place-effect track:NAME/compressor on" },
} };

} // namespace

std::optional<Value> valueOf (const Effect& effect, std::string_view parameter)
{
    if (parameter == effectSwitch)
        return effect.on ? std::optional<Value> {} : Value { std::string ("Off") };
    const auto found = effect.values.find (std::string (parameter));
    return found != effect.values.end() ? std::optional (found->second) : std::nullopt;
}

std::optional<Value> valueOf (const Project& p, Id target, std::string_view parameter)
{
    if (const auto* effect = effectOf (p, target))
        return valueOf (*effect, parameter);
    const auto* strip = stripOf (p, target);
    const auto* vca = vcaOf (p, target);
    const auto* modulator = modulatorOf (p, target);
    const auto* values = strip != nullptr       ? &strip->values
                         : vca != nullptr       ? &vca->values
                         : modulator != nullptr ? &modulator->values
                                                : nullptr;
    if (values == nullptr)
        return {};
    const auto found = values->find (std::string (parameter));
    return found != values->end() ? std::optional (found->second) : std::nullopt;
}

Outcome mayBeAutomated (const Project& p, Id target, std::string_view parameter)
{
    if (const auto* m = modulatorOf (p, target); m != nullptr && m->kind != ModulatorKind::macro)
        return Problem { "Only the knob of a macro is automated, not the settings of other modulators.",
                         {},
                         "Automate the parameter that it moves, or switch it with `lacquer edit PROJECT "
                         "switch-modulator`." };
    if (const auto* r = refusedCalled (parameter))
        return problemOf (*r, "automated");
    return {};
}

Outcome mayBeModulated (const Project& p, Id target, std::string_view parameter)
{
    if (const auto* r = refusedCalled (parameter))
        return problemOf (*r, "modulated");
    if (parameter == effectSwitch && effectOf (p, target) != nullptr)
        return Problem { "The switch of an effect cannot be modulated: it begins afresh each time it is "
                         "switched on.",
                         {},
                         "Draw its automation, or modulate its mix." };
    return {};
}

std::optional<Problem> settingCalled (std::string_view name)
{
    if (name == "monitor")
        return Problem { "The monitor section is behind the song and in no export: it has no automation and "
                         "is not saved in the song.",
                         {},
                         "The window sets it." };
    const auto found =
        std::find_if (settings.begin(), settings.end(), [&] (const Setting& s) { return s.name == name; });
    if (found == settings.end())
        return {};
    return Problem { std::string (found->what) + ": it is no parameter and has no automation.",
                     {},
                     "Set it with `lacquer edit PROJECT " + std::string (found->edit) + "`." };
}

} // namespace lacquer::session
