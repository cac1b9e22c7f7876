// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <map>
#include <numbers>
#include <random>
#include <string>
#include <vector>

namespace lacquer::tests
{

/// Small mixes that are clean by construction, and one conflict to plant in them. Nothing of it knows how
/// hearing works: sounds keep apart because they lie in different octaves, or play at different times, or
/// because one is 18 dB and more weaker in every band; and what is planted is a band of noise of a third of
/// an octave, so many dB over the sum of the squares of the singer's partials that were synthesised there.
class MaskedMix
{
public:
    static constexpr double rate = 48000;
    static constexpr int frames = 48000 * 5;
    using Sound = std::vector<float>;

    struct Planted
    {
        std::string masker;
        int third = 0;    ///< of IEC 61260-1: centre 10^(third / 10) Hz
        double over = 0;  ///< dB over the singer there
        double begin = 0; ///< s
    };

    std::map<std::string, Sound> tracks;
    Planted planted;

    MaskedMix (std::uint32_t seed, bool plant) : random (seed)
    {
        sing();
        drums();
        guitar();
        pad();
        if (plant)
            plantOne();
    }

    static double centre (int third) { return std::pow (10.0, third / 10.0); }

    /// A band of noise a third of an octave wide: white noise through four band-passes side by side.
    static Sound inThird (const Sound& x, int third)
    {
        // Two band-passes of second order at each of two frequencies stagger-tuned around the centre.
        Sound y = x;
        for (const double shift : { -0.04, 0.04, -0.04, 0.04 })
        {
            const double w = 2 * std::numbers::pi * centre (third) * std::pow (10, shift) / rate;
            const double alpha = std::sin (w) / (2 * 6.0); // Q of 6 each
            const double a0 = 1 + alpha, b = alpha / a0, a1 = -2 * std::cos (w) / a0, a2 = (1 - alpha) / a0;
            double s1 = 0, s2 = 0; // transposed direct form II
            for (auto& v : y)
            {
                const double in = static_cast<double> (v), out = b * in + s1;
                s1 = s2 - a1 * out;
                s2 = -b * in - a2 * out;
                v = static_cast<float> (out);
            }
        }
        return y;
    }

    static double meanSquare (const Sound& x, int from = 0, int to = frames)
    {
        double sum = 0;
        for (int n = from; n < to; ++n)
            sum += static_cast<double> (x[static_cast<std::size_t> (n)]) *
                   static_cast<double> (x[static_cast<std::size_t> (n)]);
        return sum / std::max (1, to - from);
    }

    /// Whether the singer sings at a frame.
    bool sings (int n) const { return singing[static_cast<std::size_t> (n)]; }

private:
    double uniform (double low, double high)
    {
        return low + (high - low) * static_cast<double> (random()) / 4294967296.0;
    }
    int below (int n) { return static_cast<int> (random() % static_cast<std::uint32_t> (n)); }

    /// Steady partials with a fade of 15 ms at both ends.
    void tone (Sound& to, int from, int until, double hertz, double level, double vibrato)
    {
        const double phase = uniform (0, 6.28);
        std::complex<double> turn = std::polar (1.0, phase), step;
        const int fade = 720;
        for (int n = from; n < until; ++n)
        {
            if ((n - from) % 32 == 0)
            {
                const double bend = 1 + vibrato * std::sin (2 * std::numbers::pi * 5.5 * n / rate);
                step = std::polar (1.0, 2 * std::numbers::pi * hertz * bend / rate);
                turn /= std::abs (turn);
            }
            turn *= step;
            const double edge = std::min ({ 1.0, (n - from) / double (fade), (until - n) / double (fade) });
            to[static_cast<std::size_t> (n)] += static_cast<float> (level * edge * turn.imag());
        }
    }

    /// Phrases of notes: partials under an envelope of three formants.
    void sing()
    {
        Sound x (frames);
        singing.assign (frames, false);
        const double formants[] { uniform (400, 700), uniform (1000, 1700), uniform (2300, 3000) };
        int at = static_cast<int> (uniform (0.1, 0.4) * rate);
        while (at < frames - 20000)
        {
            const int end = std::min (frames - 1000, at + static_cast<int> (uniform (0.9, 1.5) * rate));
            while (at < end - 6000)
            {
                const int note = std::min (end, at + static_cast<int> (uniform (0.25, 0.5) * rate));
                const double f0 = 130 * std::pow (2, below (13) / 12.0);
                for (int k = 1; k * f0 < 5000; ++k)
                {
                    double level = 0.004;
                    const double widths[] { 120, 160, 250 }, gains[] { 0.12, 0.07, 0.04 };
                    for (int f = 0; f < 3; ++f)
                        level += gains[f] / (1 + std::pow ((k * f0 - formants[f]) / widths[f], 2));
                    level += k == 1 ? 0.06 : 0;
                    tone (x, at, note, k * f0, level, 0.006);
                    const int third = static_cast<int> (std::lround (10 * std::log10 (k * f0)));
                    if (third < 50)
                        sung[static_cast<std::size_t> (third)] += level * level / 2 * (note - at);
                }
                for (int n = at; n < note; ++n)
                    singing[static_cast<std::size_t> (n)] = true;
                sungFrames += note - at;
                at = note;
            }
            at = end + static_cast<int> (uniform (0.35, 0.6) * rate);
        }
        for (auto& s : sung)
            s /= std::max (1, sungFrames);
        tracks["Lead Vox"] = std::move (x);
    }

    /// A kick on the beat, a bass between the kicks, hats far above all.
    void drums()
    {
        Sound kick (frames), bass (frames), hats (frames);
        const double bassNote = uniform (42, 62);
        for (int beat = 0; beat < 10; ++beat)
        {
            const int start = beat * 24000;
            for (int n = 0; n < 6000; ++n)
                kick[static_cast<std::size_t> (start + n)] = static_cast<float> (
                    0.5 * std::exp (-n / 1200.0) * std::sin (2 * std::numbers::pi * 52 * n / rate));
            for (int k = 1; k <= 2; ++k)
                tone (bass, start + 9600, start + 22500, k * bassNote, 0.2 / (k * k), 0);
            for (int half = 0; half < 2; ++half)
                for (int n = 0; n < 2400; ++n)
                    hats[static_cast<std::size_t> (start + 12000 * half + n)] =
                        static_cast<float> (0.1 * std::exp (-n / 500.0) * uniform (-1, 1));
        }
        for (int pass = 0; pass < 3; ++pass) // 18 dB per octave under 9 kHz
        {
            double last = 0, out = 0;
            for (auto& v : hats)
            {
                const double in = static_cast<double> (v);
                out = 0.31 * (out + in - last);
                last = in;
                v = static_cast<float> (out);
            }
        }
        tracks["Kick"] = std::move (kick);
        tracks["Bass"] = std::move (bass);
        tracks["Hats"] = std::move (hats);
    }

    /// Chords in the gaps of the singer, as full as they come, and none while they sing.
    void guitar()
    {
        Sound x (frames);
        for (int n = 0; n < frames;)
        {
            if (sings (n))
            {
                ++n;
                continue;
            }
            int end = n;
            while (end < frames && ! sings (end))
                ++end;
            if (end - n > 6000)
                for (const double ratio : { 1.0, 1.26, 1.5 })
                    for (int k = 1; k <= 8; ++k)
                        tone (x, n + 1500, end - 1500, 165 * ratio * k, 0.05 / k, 0);
            n = end;
        }
        tracks["Guitar"] = std::move (x);
    }

    /// Noise through all the song, in every third octave 18 to 24 dB under what the singer has there, or that
    /// far under the weakest that they have.
    void pad()
    {
        Sound x (frames);
        Sound white (frames);
        for (auto& v : white)
            v = static_cast<float> (uniform (-1, 1));
        const double strongest = *std::max_element (sung.begin(), sung.end());
        for (int third = 22; third <= 36; ++third)
        {
            const auto band = inThird (white, third);
            const double here = std::max (sung[static_cast<std::size_t> (third)], 1e-4 * strongest);
            const double gain = std::sqrt (here * std::pow (10, -uniform (1.8, 2.4)) / meanSquare (band));
            for (std::size_t n = 0; n < x.size(); ++n)
                x[n] += static_cast<float> (gain) * band[n];
        }
        tracks["Pad"] = std::move (x);
    }

    void plantOne()
    {
        const double strongest = *std::max_element (sung.begin(), sung.end());
        std::vector<int> candidates;
        for (int third = 24; third <= 35; ++third) // 250 Hz to 3.15 kHz
            if (sung[static_cast<std::size_t> (third)] > 0.05 * strongest)
                candidates.push_back (third);
        planted.third = candidates[static_cast<std::size_t> (below (static_cast<int> (candidates.size())))];
        planted.masker = below (2) == 0 ? "Guitar" : "Pad";
        planted.over = uniform (3, 9);
        planted.begin = uniform (0, 2);
        Sound white (frames);
        for (auto& v : white)
            v = static_cast<float> (uniform (-1, 1));
        const auto band = inThird (white, planted.third);
        const double gain = std::sqrt (sung[static_cast<std::size_t> (planted.third)] *
                                       std::pow (10, planted.over / 10) / meanSquare (band));
        auto& x = tracks[planted.masker];
        for (auto n = static_cast<std::size_t> (planted.begin * rate); n < x.size(); ++n)
            x[n] += static_cast<float> (gain) * band[n];
    }

    std::mt19937 random;
    std::vector<bool> singing;
    std::array<double, 50> sung {}; ///< mean square of the singer's partials by third octave, while they sing
    int sungFrames = 0;
};

} // namespace lacquer::tests
