// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Result.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>

namespace lacquer
{

/// How a control's travel maps to its values.
enum class Taper
{
    linear,
    logarithmic,
    fader ///< the console fader law (docs: UI, fader); dB, silence at the bottom
};

/// What everyone needs to know about one parameter: UI, automation, JSON, command line, manual. Values are in
/// natural units.
struct Param
{
    std::string_view id {}; ///< stable: saved in sessions, never renamed
    std::string_view name {};
    std::string_view unit {}; ///< "dB", "Hz", "ms", "s", ":1", "%", "pan", "beats" or empty
    float min = 0, max = 1, initial = 0;
    Taper taper = Taper::linear;
    std::string_view choices {}; ///< "Peak|RMS" for a menu, else empty; the value is the index
    std::string_view help {};    ///< one sentence with a full stop: tooltip and manual

    bool isChoice() const noexcept { return ! choices.empty(); }
};

/// The interval of values a parameter may take, ends included.
struct Range
{
    float min, max;
};

/// The initialiser of a parameter field: the whole spec where T is Param, else its initial value.
template <typename T>
constexpr T field (const Param& p)
{
    if constexpr (std::is_same_v<T, Param>)
        return p;
    else
        return T { p.initial };
}

template <typename T>
constexpr T inDecibels (std::string_view id, std::string_view name, Range r, float initial,
                        std::string_view help)
{
    return field<T> ({ id, name, "dB", r.min, r.max, initial, Taper::linear, {}, help });
}

/// A level from silence (-100, shown as minus infinity) to r.max, with the console fader law.
template <typename T>
constexpr T asLevel (std::string_view id, std::string_view name, float max, float initial,
                     std::string_view help)
{
    return field<T> ({ id, name, "dB", -100, max, initial, Taper::fader, {}, help });
}

template <typename T>
constexpr T inHertz (std::string_view id, std::string_view name, Range r, float initial,
                     std::string_view help)
{
    return field<T> ({ id, name, "Hz", r.min, r.max, initial, Taper::logarithmic, {}, help });
}

template <typename T>
constexpr T inMilliseconds (std::string_view id, std::string_view name, Range r, float initial,
                            std::string_view help)
{
    return field<T> (
        { id, name, "ms", r.min, r.max, initial, r.min > 0 ? Taper::logarithmic : Taper::linear, {}, help });
}

template <typename T>
constexpr T inSeconds (std::string_view id, std::string_view name, Range r, float initial,
                       std::string_view help)
{
    return field<T> (
        { id, name, "s", r.min, r.max, initial, r.min > 0 ? Taper::logarithmic : Taper::linear, {}, help });
}

template <typename T>
constexpr T asRatio (std::string_view id, std::string_view name, Range r, float initial,
                     std::string_view help)
{
    return field<T> ({ id, name, ":1", r.min, r.max, initial, Taper::logarithmic, {}, help });
}

template <typename T>
constexpr T inPercent (std::string_view id, std::string_view name, Range r, float initial,
                       std::string_view help)
{
    return field<T> ({ id, name, "%", r.min, r.max, initial, Taper::linear, {}, help });
}

/// A number without a unit, such as Q.
template <typename T>
constexpr T asNumber (std::string_view id, std::string_view name, Range r, float initial, Taper taper,
                      std::string_view help)
{
    return field<T> ({ id, name, {}, r.min, r.max, initial, taper, {}, help });
}

/// Position between left (-100) and right (100); shown as L 24, C, R 28.
template <typename T>
constexpr T asPan (std::string_view id, std::string_view name, std::string_view help)
{
    return field<T> ({ id, name, "pan", -100, 100, 0, Taper::linear, {}, help });
}

/// choices: menu entries separated by '|'. The value is the index of the entry.
template <typename T>
constexpr T oneOf (std::string_view id, std::string_view name, std::string_view choices, float initial,
                   std::string_view help)
{
    const auto last = static_cast<float> (std::count (choices.begin(), choices.end(), '|'));
    return field<T> ({ id, name, {}, 0, last, initial, Taper::linear, choices, help });
}

/// A switch: choices "Off|On".
template <typename T>
constexpr T onOff (std::string_view id, std::string_view name, bool initial, std::string_view help)
{
    return oneOf<T> (id, name, "Off|On", initial ? 1.0f : 0.0f, help);
}

/// True for the value of an onOff parameter that is on.
constexpr bool isOn (float value) noexcept
{
    return value >= 0.5f;
}

template <template <typename> class P>
inline constexpr std::size_t paramCount = sizeof (P<float>) / sizeof (float);

/// The table of a parameter struct, in declaration order.
template <template <typename> class P>
std::array<Param, paramCount<P>> specs()
{
    static_assert (sizeof (P<Param>) == paramCount<P> * sizeof (Param),
                   "every member of a Params struct has type T");
    return std::bit_cast<std::array<Param, paramCount<P>>> (P<Param> {});
}

template <template <typename> class P>
constexpr P<float> unpack (const std::array<float, paramCount<P>>& a)
{
    return std::bit_cast<P<float>> (a);
}

template <template <typename> class P>
constexpr std::array<float, paramCount<P>> pack (const P<float>& v)
{
    return std::bit_cast<std::array<float, paramCount<P>>> (v);
}

/// The text of entry n of a choice; empty when there is none.
std::string_view choiceText (const Param&, int n);

/// The value as a musician reads it: "-3.0 dB", "3.20 kHz", "250 ms", "L 24", "Peak". ASCII minus, so that it
/// can be typed back.
std::string textOf (const Param&, double value);

/// The value of a text: everything textOf writes, and "-6", "3k2", "3.2 kHz", "50%" (for dB of the
/// amplitude), "L20", "1:4", "-inf", "1.5 s" for ms, "1:07.5" for a time, in any case, with either minus
/// sign. A Problem when it is no value of this parameter or outside its range.
Result<double> valueOf (const Param&, std::string_view text);

/// Position 0 to 1 on the control's travel of a value, after the taper; and back.
double travelOf (const Param&, double value);
double valueAtTravel (const Param&, double travel);

} // namespace lacquer
