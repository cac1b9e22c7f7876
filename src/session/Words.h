// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "session/Project.h"
#include "session/RoutingEdits.h"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace lacquer::session
{

template <typename E>
struct Words;

template <>
struct Words<Curve>
{
    static constexpr std::array<std::pair<Curve, std::string_view>, 4> all { {
        { Curve::linear, "linear" },
        { Curve::smooth, "smooth" },
        { Curve::exponential, "exponential" },
        { Curve::hold, "hold" },
    } };
};

template <>
struct Words<LaneMode>
{
    static constexpr std::array<std::pair<LaneMode, std::string_view>, 5> all { {
        { LaneMode::read, "read" },
        { LaneMode::touch, "touch" },
        { LaneMode::latch, "latch" },
        { LaneMode::write, "write" },
        { LaneMode::trim, "trim" },
    } };
};

template <>
struct Words<ModulatorKind>
{
    static constexpr std::array<std::pair<ModulatorKind, std::string_view>, 5> all { {
        { ModulatorKind::lfo, "lfo" },
        { ModulatorKind::follower, "follower" },
        { ModulatorKind::steps, "steps" },
        { ModulatorKind::random, "random" },
        { ModulatorKind::macro, "macro" },
    } };
};

template <>
struct Words<Fade>
{
    static constexpr std::array<std::pair<Fade, std::string_view>, 4> all { {
        { Fade::linear, "linear" },
        { Fade::equalPower, "equal-power" },
        { Fade::sCurve, "s-curve" },
        { Fade::exponential, "exponential" },
    } };
};

template <>
struct Words<Crossfades>
{
    static constexpr std::array<std::pair<Crossfades, std::string_view>, 3> all { {
        { Crossfades::off, "off" },
        { Crossfades::linear, "linear" },
        { Crossfades::equalPower, "equal-power" },
    } };
};

template <>
struct Words<SongKind>
{
    static constexpr std::array<std::pair<SongKind, std::string_view>, 2> all { {
        { SongKind::mix, "mix" },
        { SongKind::stereo, "stereo" },
    } };
};

template <>
struct Words<TrackForm>
{
    static constexpr std::array<std::pair<TrackForm, std::string_view>, 3> all { {
        { TrackForm::mono, "mono" },
        { TrackForm::stereo, "stereo" },
        { TrackForm::dualMono, "dual-mono" },
    } };
};

template <>
struct Words<Priority>
{
    static constexpr std::array<std::pair<Priority, std::string_view>, 4> all { {
        { Priority::guessed, "guessed" },
        { Priority::lead, "lead" },
        { Priority::support, "support" },
        { Priority::background, "background" },
    } };
};

/// The word that stands for a choice in files and on the command line.
template <typename E>
std::string_view wordOf (E value)
{
    for (const auto& [v, word] : Words<E>::all)
        if (v == value)
            return word;
    return Words<E>::all.front().second;
}

template <typename E>
std::optional<E> fromWord (std::string_view word)
{
    for (const auto& [v, w] : Words<E>::all)
        if (w == word)
            return v;
    return std::nullopt;
}

/// "linear, smooth, exponential or hold"
template <typename E>
std::string wordList()
{
    std::string text;
    const auto& all = Words<E>::all;
    for (std::size_t n = 0; n < all.size(); ++n)
    {
        if (n > 0)
            text += n + 1 == all.size() ? " or " : ", ";
        text += all[n].second;
    }
    return text;
}

/// Bytes as text: all but letters, digits and -_./~ and space become %XX. Reversible.
std::string percentEscaped (std::string_view bytes);
/// The inverse; nothing when a % is not followed by two hexadecimal digits.
std::optional<std::string> percentUnescaped (std::string_view text);
/// Bytes from outside as a name to show and store: what is not UTF-8 becomes %XX, the rest stays.
std::string readableName (std::string_view bytes);

} // namespace lacquer::session
