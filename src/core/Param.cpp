// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/Param.h"

#include "core/Units.h"

#include <cctype>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <optional>

namespace lacquer
{

namespace
{

// The console fader: level in dB to travel, straight lines between points (design: UI, 6.1).
constexpr std::array<std::array<double, 2>, 11> faderLaw { { { -100, 0 },
                                                             { -60, .035 },
                                                             { -50, .075 },
                                                             { -40, .130 },
                                                             { -30, .210 },
                                                             { -20, .340 },
                                                             { -10, .535 },
                                                             { -5, .650 },
                                                             { 0, .770 },
                                                             { 5, .885 },
                                                             { 10, 1.0 } } };

std::string fixed (double value, int decimals)
{
    char text[64];
    // Adding 0.0 turns a rounded negative zero into zero.
    const double scale = std::pow (10.0, decimals);
    const double rounded = std::round (value * scale) / scale + 0.0;
    // std::to_chars, not printf: the decimal point must not follow the user's locale.
    const auto end =
        std::to_chars (text, text + sizeof text, rounded, std::chars_format::fixed, decimals).ptr;
    return { text, end };
}

std::string threeDigits (double value)
{
    const double size = std::abs (value);
    return fixed (value, size < 10 ? 2 : size < 100 ? 1 : 0);
}

std::string lowered (std::string_view text)
{
    std::string out;
    for (std::size_t n = 0; n < text.size(); ++n)
    {
        if (text.substr (n, 3) == "\u2212") // the real minus sign
        {
            out += '-';
            n += 2;
        }
        else if (text.substr (n, 3) == "\u221e")
        {
            out += "inf";
            n += 2;
        }
        else if (! std::isspace (static_cast<unsigned char> (text[n])))
            out += static_cast<char> (std::tolower (static_cast<unsigned char> (text[n])));
    }
    return out;
}

/// The number at the head of a text; removes it.
std::optional<double> takeNumber (std::string_view& text)
{
    if (! text.empty() && text.front() == '+')
        text.remove_prefix (1);
    double value = 0;
    const auto [end, error] = std::from_chars (text.data(), text.data() + text.size(), value);
    if (error != std::errc {} || ! std::isfinite (value))
        return std::nullopt;
    text.remove_prefix (static_cast<std::size_t> (end - text.data()));
    return value;
}

Problem noValue (const Param& p, std::string_view text)
{
    return { "\"" + std::string (text) + "\" is not a value of " + std::string (p.name) + ".",
             {},
             p.isChoice() ? "Use one of: " + std::string (p.choices) + "."
                          : "Use a number from " + textOf (p, p.min) + " to " + textOf (p, p.max) + "." };
}

std::optional<double> numberWithUnit (const Param& p, std::string_view t)
{
    if (p.unit == "pan")
    {
        if (t == "c" || t == "center" || t == "centre")
            return 0.0;
        const char side = t.empty() ? ' ' : t.front();
        if (side == 'l' || side == 'r')
        {
            t.remove_prefix (1);
            const auto n = takeNumber (t);
            if (! n || *n < 0 || ! t.empty())
                return std::nullopt;
            return side == 'l' ? -*n : *n;
        }
    }
    if (p.unit == "dB" && (t == "-inf" || t == "-infdb" || t == "off"))
        return p.min;
    if (p.unit == ":1" && t.starts_with ("1:"))
        t.remove_prefix (2);

    auto n = takeNumber (t);
    if (! n)
        return std::nullopt;
    if (p.unit == "Hz" && t.starts_with ('k'))
    {
        t.remove_prefix (1);
        if (t != "hz" && ! t.empty()) // 3k2
        {
            const std::string fraction = "0." + std::string (t);
            std::string_view rest = fraction;
            if (! std::isdigit (static_cast<unsigned char> (t.front())))
                return std::nullopt;
            const auto f = takeNumber (rest);
            if (! f || ! rest.empty())
                return std::nullopt;
            return (*n + *f) * 1000;
        }
        return *n * 1000;
    }
    if (p.unit == "ms" && t == "s")
        return *n * 1000;
    if (p.unit == "s" && t == "ms")
        return *n / 1000;
    if ((p.unit == "ms" || p.unit == "s") && t.starts_with (':') && *n >= 0 && *n == std::floor (*n))
    {
        t.remove_prefix (1); // 1:07.5
        if (t.empty() || ! std::isdigit (static_cast<unsigned char> (t.front())))
            return std::nullopt;
        const auto s = takeNumber (t);
        if (! s || *s >= 60 || ! t.empty())
            return std::nullopt;
        return (*n * 60 + *s) * (p.unit == "ms" ? 1000 : 1);
    }
    if (p.unit == "dB" && t == "%" && *n >= 0) // of the amplitude
        return *n > 0 ? decibelsOf (*n / 100).value : static_cast<double> (p.min);
    if (t.empty() || t == lowered (p.unit) || (p.unit == ":1" && t == ":1") ||
        (p.unit == "dB" && t == "dbtp"))
        return n;
    return std::nullopt;
}

} // namespace

std::string_view choiceText (const Param& p, int n)
{
    std::string_view rest = p.choices;
    for (; n > 0; --n)
    {
        const auto bar = rest.find ('|');
        if (bar == std::string_view::npos)
            return {};
        rest.remove_prefix (bar + 1);
    }
    return n < 0 ? std::string_view {} : rest.substr (0, rest.find ('|'));
}

std::string textOf (const Param& p, double value)
{
    if (p.isChoice())
        return std::string (choiceText (p, static_cast<int> (std::lround (value))));
    if (p.unit == "dB")
        return p.min <= silenceDb && value < -90 ? "-inf dB" : fixed (value, 1) + " dB";
    if (p.unit == "Hz")
        return value < 999.5 ? threeDigits (value) + " Hz" : threeDigits (value / 1000) + " kHz";
    if (p.unit == "ms")
        return value < 999.5 ? threeDigits (value) + " ms" : threeDigits (value / 1000) + " s";
    if (p.unit == "s")
        return threeDigits (value) + " s";
    if (p.unit == ":1")
        return fixed (value, value < 10 ? 2 : 1) + ":1";
    if (p.unit == "%")
        return fixed (value, 1) + "%";
    if (p.unit == "pan")
    {
        const auto n = fixed (std::abs (value), 1);
        if (n == "0.0")
            return "C";
        return (value < 0 ? "L " : "R ") + (n.ends_with (".0") ? n.substr (0, n.size() - 2) : n);
    }
    return fixed (value, 2) + (p.unit.empty() ? "" : " " + std::string (p.unit));
}

Result<double> valueOf (const Param& p, std::string_view text)
{
    if (p.isChoice())
    {
        const auto wanted = lowered (text);
        for (int n = 0; ! choiceText (p, n).empty(); ++n)
            if (lowered (choiceText (p, n)) == wanted)
                return static_cast<double> (n);
        return noValue (p, text);
    }
    const auto t = lowered (text);
    const auto n = numberWithUnit (p, t);
    // A text may be rounded past an end of the range: "20.0 kHz" for 19999.6. Allow what textOf would print
    // for the end itself.
    if (n && *n < p.min && textOf (p, *n) == textOf (p, p.min))
        return static_cast<double> (p.min);
    if (n && *n > p.max && textOf (p, *n) == textOf (p, p.max))
        return static_cast<double> (p.max);
    if (! n || *n < p.min || *n > p.max)
        return noValue (p, text);
    return *n;
}

double travelOf (const Param& p, double value)
{
    const double v = std::clamp (value, static_cast<double> (p.min), static_cast<double> (p.max));
    if (p.taper == Taper::logarithmic)
        return std::log (v / p.min) / std::log (static_cast<double> (p.max) / p.min);
    if (p.taper == Taper::fader)
    {
        std::size_t k = 1;
        while (k + 1 < faderLaw.size() && v > faderLaw[k][0])
            ++k;
        const auto &a = faderLaw[k - 1], &b = faderLaw[k];
        const double at = a[1] + (v - a[0]) / (b[0] - a[0]) * (b[1] - a[1]);
        // A level that ends at +6 uses the same law with its own end at the top.
        return std::min (1.0, at / (p.max >= 10 ? 1.0 : 0.770 + 0.023 * p.max));
    }
    return (v - p.min) / (static_cast<double> (p.max) - p.min);
}

double valueAtTravel (const Param& p, double travel)
{
    const double t = std::clamp (travel, 0.0, 1.0);
    if (p.taper == Taper::logarithmic)
        return std::clamp (p.min * std::pow (static_cast<double> (p.max) / p.min, t),
                           static_cast<double> (p.min), static_cast<double> (p.max));
    if (p.taper == Taper::fader)
    {
        const double at = t * (p.max >= 10 ? 1.0 : 0.770 + 0.023 * p.max);
        std::size_t k = 1;
        while (k + 1 < faderLaw.size() && at > faderLaw[k][1])
            ++k;
        const auto &a = faderLaw[k - 1], &b = faderLaw[k];
        return std::clamp (a[0] + (at - a[1]) / (b[1] - a[1]) * (b[0] - a[0]), static_cast<double> (p.min),
                           static_cast<double> (p.max));
    }
    const double v = p.min + t * (static_cast<double> (p.max) - p.min);
    return p.isChoice() ? std::round (v) : v;
}

} // namespace lacquer
