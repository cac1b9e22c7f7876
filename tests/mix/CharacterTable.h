// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "mix/Programmes.h"

#include <array>
#include <cstdio>
#include <string>

namespace lacquer::tests
{

inline constexpr std::array characterNames { "Clean", "Opto", "FET", "VCA" };

/// What docs/characters/compressor.md tells of one character of the compressor.
struct CharacterFigures
{
    static constexpr std::array depths { 3.0, 10.0, 20.0 };   // dB of reduction
    static constexpr std::array levels { -20.0, -10.0, 0.0 }; // dBFS, peak

    std::array<double, 3> attack {};                                 // ms to 63 %
    std::array<double, 3> release63 {}, release90 {}, afterBurst {}; // ms, back by so much
    std::array<double, 3> distortion {}, distortionAtRest {};        // % of 1 kHz
    double bassDistortion = 0;                                       // % of 50 Hz
    std::array<double, 4> harmonics {};                              // 2 to 5, dB below the tone
};

/// Times of a step to a reduction that lasts, and back, frame by frame. Ratio 20:1, hard knee, attack 10 ms,
/// release 120 ms, threshold -40 dB; from and to silence.
inline void measureTimes (int character, std::size_t depth, double seconds, double rate, double& attack,
                          double& release63, double& release90)
{
    Rig rig (mixEffect ("compressor"), rate, 1);
    rig.set ("character", static_cast<float> (character));
    rig.set ("threshold", -40);
    rig.set ("ratio", 20);
    rig.set ("knee", 0);
    rig.set ("attack", 10);
    rig.set ("release", 120);
    const int before = static_cast<int> (rate / 10), loud = static_cast<int> (seconds * rate),
              after = static_cast<int> (6 * rate);
    const double wanted = CharacterFigures::depths[depth];
    auto in = steadyLevel (before, -80);
    for (auto [frames, level] : { std::pair (loud, -40 + wanted * 20 / 19), std::pair (after, -80.0) })
    {
        const auto part = steadyLevel (frames, level);
        in.insert (in.end(), part.begin(), part.end());
    }
    const auto out = rig.run ({ in })[0];
    const auto reduction = [&] (int n)
    {
        const auto at = static_cast<std::size_t> (n);
        return -inDb (static_cast<double> (out[at]) / static_cast<double> (in[at]));
    };
    // Between two frames by a straight line.
    const auto crossing = [&] (int from, int until, double level, bool falls)
    {
        for (int n = from; n < until; ++n)
            if (falls ? reduction (n) <= level : reduction (n) >= level)
            {
                const double a = reduction (n - 1), b = reduction (n);
                const double share = n == from || a == b ? 1 : (level - a) / (b - a);
                return (n - from + std::clamp (share, 0.0, 1.0)) * 1000 / rate;
            }
        return -1.0;
    };
    const double share = 1 - std::exp (-1.0);
    attack = crossing (before, before + loud, share * wanted, false);
    const double reached = reduction (before + loud - 1);
    release63 = crossing (before + loud, before + loud + after, (1 - share) * reached, true);
    release90 = crossing (before + loud, before + loud + after, 0.1 * reached, true);
}

/// Harmonics of a sine after two seconds, as shares of the tone. over: how far the sine's peak lies above the
/// threshold; ratio 4:1.
inline std::array<double, 9> harmonicsOf (int character, double hertz, double level, double over)
{
    constexpr int rate = 48000;
    Rig rig (mixEffect ("compressor"), rate, 1);
    rig.set ("character", static_cast<float> (character));
    rig.set ("threshold", static_cast<float> (level - over));
    rig.set ("knee", 0);
    rig.set ("attack", 10);
    rig.set ("release", 100);
    const auto out =
        rig.run (sine (1, 3 * rate, hertz, rate, static_cast<float> (std::pow (10, level / 20))))[0];
    const std::span<const float> settled (out.data() + 2 * rate, rate);
    std::array<double, 9> shares {};
    const double tone = toneIn (settled, hertz, rate);
    for (std::size_t k = 0; k < shares.size(); ++k)
        shares[k] = toneIn (settled, hertz * static_cast<double> (k + 2), rate) / tone;
    return shares;
}

inline double distortionOf (int character, double hertz, double level, double over)
{
    double sum = 0;
    for (double h : harmonicsOf (character, hertz, level, over))
        sum += h * h;
    return 100 * std::sqrt (sum);
}

inline CharacterFigures measuredCharacter (int character)
{
    CharacterFigures f;
    for (std::size_t d = 0; d < 3; ++d)
    {
        double unused, late;
        measureTimes (character, d, 2, 48000, f.attack[d], f.release63[d], f.release90[d]);
        measureTimes (character, d, 0.1, 48000, unused, late, f.afterBurst[d]);
        f.distortion[d] = distortionOf (character, 1000, CharacterFigures::levels[d], 40.0 / 3);
        // A threshold below 0 dBFS cannot lie above a tone at 0 dBFS: there the ratio's curve only begins.
        f.distortionAtRest[d] = distortionOf (character, 1000, CharacterFigures::levels[d], 0);
    }
    f.bassDistortion = distortionOf (character, 50, -10, 40.0 / 3);
    const auto h = harmonicsOf (character, 1000, -10, 40.0 / 3);
    for (std::size_t k = 0; k < 4; ++k)
        f.harmonics[k] = inDb (h[k]);
    return f;
}

/// The page that docs/characters/compressor.md has to be.
inline std::string characterPage (const std::array<CharacterFigures, 4>& figures)
{
    std::string out =
        "# Characters of the compressor\n\n"
        "Measured by `mix_tests \"[characters]\"` and checked by it; `LACQUER_WRITE=1` in its environment "
        "writes this page anew.\n"
        "The static curve is the same in all four. 48 kHz; attack 10 ms, where not told otherwise.\n\n"
        "- **Clean** follows Giannoulis, Massberg, Reiss, \"Digital Dynamic Range Compressor Design\", JAES "
        "60(6), 2012: one pole each\n"
        "  way on the reduction in dB, whatever its depth.\n"
        "- **Opto** follows the data published for the Teletronix LA-2A (attack 10 ms, half of the release "
        "in 60 ms, the rest in 0.5 to\n"
        "  5 s after what was before), which it meets at an attack of 10 and a release of 120 ms; other "
        "values scale them. A lasting\n"
        "  reduction lets go in two steps, a short one in one; the second harmonic leads.\n"
        "- **FET** follows the Urei 1176LN: a conductance as shunt, charged through a diode. Deep reductions "
        "come sooner and go later.\n"
        "  Its attacks are 0.02 to 0.8 ms, its releases 50 to 1100 ms. The third harmonic grows with the "
        "reduction.\n"
        "- **VCA** follows the dbx 160: mean square, then a fixed number of dB per second (its attack of 15, "
        "5 and 3 ms for 10, 20 and\n"
        "  30 dB, and 125 dB/s, are those of attack 15 and release 50 ms). Nearly no harmonics but those of "
        "the detector's ripple.\n\n";
    char text[200];
    const auto row = [&] (const char* name, const auto& values, const char* form)
    {
        out += "| " + std::string (name) + " |";
        for (double v : values)
        {
            std::snprintf (text, sizeof text, form, v);
            out += text;
        }
        out += "\n";
    };
    const auto three = [&] (const char* title, const char* head, auto member, const char* form)
    {
        out += "## " + std::string (title) + "\n\n| |" + head + "\n|---|---|---|---|\n";
        for (std::size_t c = 0; c < 4; ++c)
            row (characterNames[c], figures[c].*member, form);
        out += "\n";
    };
    const char* const byDepth = " 3 dB | 10 dB | 20 dB |";
    const char* const byLevel = " -20 dBFS | -10 dBFS | 0 dBFS |";
    using F = CharacterFigures;
    three ("Attack: ms to 63 % of the reduction", byDepth, &F::attack, " %.2f |");
    three ("Release 120 ms: ms until 63 % of the reduction is gone, after 2 s", byDepth, &F::release63,
           " %.1f |");
    three ("The same until 90 % is gone", byDepth, &F::release90, " %.1f |");
    three ("The same until 90 % is gone, after 0.1 s", byDepth, &F::afterBurst, " %.1f |");
    three ("Distortion of 1 kHz in %, 10 dB reduced, release 100 ms", byLevel, &F::distortion, " %.4f |");
    three ("Distortion of 1 kHz in %, not reduced", byLevel, &F::distortionAtRest, " %.4f |");
    out += "## Spectrum: harmonics of 1 kHz at -10 dBFS, 10 dB reduced, in dB below the tone; distortion of "
           "50 Hz in %\n\n"
           "| | 2nd | 3rd | 4th | 5th | 50 Hz |\n|---|---|---|---|---|---|\n";
    for (std::size_t c = 0; c < 4; ++c)
    {
        row (characterNames[c], figures[c].harmonics, " %.1f |");
        out.pop_back();
        std::snprintf (text, sizeof text, " %.3f |\n", figures[c].bassDistortion);
        out += text;
    }
    return out;
}

} // namespace lacquer::tests
