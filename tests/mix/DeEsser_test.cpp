// SPDX-License-Identifier: GPL-3.0-or-later
#include "conformance/Spectrum.h"
#include "mix/Programmes.h"

#include <catch2/catch.hpp>

using namespace lacquer;
using namespace lacquer::tests;

namespace
{

constexpr double rate = 48000;

Rig deEsser (std::initializer_list<std::pair<std::string_view, float>> values)
{
    Rig rig (mixEffect ("de-esser"), rate, 1);
    for (auto [id, value] : values)
        REQUIRE (rig.set (id, value));
    return rig;
}

/// A sung vowel: a pulse's harmonics, 12 dB down per octave, with three formants (Peterson, Barney, JASA
/// 24(2), 1952, table II: the averages of men).
std::vector<float> vowel (double pitch, std::array<double, 3> formants, int frames)
{
    std::vector<float> out (static_cast<std::size_t> (frames));
    for (int k = 1; k * pitch < 16000; ++k)
    {
        const double f = k * pitch;
        double level = 1.0 / (k * k);
        for (double centre : formants)
            level *= 1 + 6 / (1 + std::pow ((f - centre) / 60, 2));
        for (std::size_t n = 0; n < out.size(); ++n)
            out[n] += static_cast<float> (
                level * std::sin (2 * std::numbers::pi * f / rate * static_cast<double> (n) + k * k));
    }
    const float peak = peakOf ({ out });
    for (auto& x : out)
        x *= 0.5f / peak;
    return out;
}

/// Noise from 5 to 10 kHz, as an s.
std::vector<float> hiss (int frames, float level)
{
    auto bins = spectrumOf (noise (1, frames, 1)[0]);
    for (std::size_t k = 0; k < bins.size(); ++k)
    {
        const double f = static_cast<double> (k) * rate / frames;
        if (f < 5000 || f > 10000)
            bins[k] = 0;
    }
    std::vector<float> out;
    for (double x : signalOf (bins, frames))
        out.push_back (level * static_cast<float> (x));
    return out;
}

double power (const std::vector<float>& x, std::size_t from = 4800)
{
    double sum = 0;
    for (std::size_t n = from; n < x.size(); ++n)
        sum += static_cast<double> (x[n]) * static_cast<double> (x[n]);
    return 10 * std::log10 (sum / static_cast<double> (x.size() - from));
}

} // namespace

TEST_CASE ("the de-esser takes 6 dB and more off an s and leaves vowels alone, in both modes")
{
    const std::array vowels { std::array { 270.0, 2290.0, 3010.0 }, std::array { 730.0, 1090.0, 2440.0 },
                              std::array { 300.0, 870.0, 2240.0 }, std::array { 530.0, 1840.0, 2480.0 } };
    for (float mode : { 0.0f, 1.0f })
    {
        auto rig = deEsser ({ { "mode", mode } });
        const auto s = hiss (24000, 0.3f);
        CHECK (power (s) - power (rig.run ({ s })[0]) >= 6);
        for (double pitch : { 98.0, 220.0, 440.0 })
            for (const auto& formants : vowels)
            {
                rig.reset();
                const auto v = vowel (pitch, formants, 24000);
                INFO (pitch << " Hz, formant at " << formants[0]);
                CHECK (std::abs (power (v) - power (rig.run ({ v })[0])) < 0.2);
            }
    }
}

TEST_CASE ("the de-esser does the same at any level")
{
    auto rig = deEsser ({});
    const auto s = hiss (24000, 0.3f);
    auto soft = s;
    for (auto& x : soft)
        x /= 10;
    const double loud = power (s) - power (rig.run ({ s })[0]);
    rig.reset();
    CHECK (power (soft) - power (rig.run ({ soft })[0]) == Approx (loud).margin (0.1));
}

TEST_CASE ("a de-esser at rest is the sound itself, to the bit")
{
    const auto v = vowel (220, { 730, 1090, 2440 }, 24000);
    for (float mode : { 0.0f, 1.0f })
    {
        auto rig = deEsser ({ { "mode", mode }, { "threshold", 0 } });
        CHECK (rig.run ({ v })[0] == v);
    }
}

TEST_CASE ("a split de-esser turns the highs down by its shelf and leaves the lows")
{
    // An s over a tone at 200 Hz: the tone is where it was, the s 10 dB down but for the shelf's slope.
    auto in = hiss (48000, 0.3f);
    const auto s = in;
    for (std::size_t n = 0; n < in.size(); ++n)
        in[n] += 0.02f *
                 static_cast<float> (std::sin (2 * std::numbers::pi * 200 / rate * static_cast<double> (n)));
    auto split = deEsser ({ { "range", 12 }, { "threshold", -20 } });
    auto wide = deEsser ({ { "range", 12 }, { "threshold", -20 }, { "mode", 1 } });
    const auto a = split.run ({ in })[0], b = wide.run ({ in })[0];
    const auto tone = [] (const std::vector<float>& x)
    { return inDb (toneIn (std::span (x).subspan (24000), 200, rate)); };
    CHECK (tone (a) == Approx (tone (in)).margin (0.1));
    CHECK (tone (b) == Approx (tone (in) - 12).margin (0.5));
    // (g s^2 + sqrt (2 g) s + 1)/(s^2 + sqrt (2) s + 1) at 9.5 kHz with poles half an octave below 5.5 kHz,
    // warped by tan, g = -12 dB
    const double w = std::tan (std::numbers::pi * 9500 / rate) /
                     std::tan (std::numbers::pi * 5500 / std::numbers::sqrt2 / rate),
                 g = std::pow (10, -0.6);
    const std::complex<double> z (0, w);
    const double shelf =
        inDb (std::abs ((g * z * z + std::sqrt (2 * g) * z + 1.0) / (z * z + std::sqrt (2.0) * z + 1.0)));
    const auto at = [] (const std::vector<float>& x)
    {
        const auto bins = spectrumOf (std::vector<float> (x.begin() + 24000, x.end()));
        double sum = 0;
        for (std::size_t k = 4650; k < 4850; ++k) // 9.3 to 9.7 kHz
            sum += std::norm (bins[k]);
        return 10 * std::log10 (sum);
    };
    CHECK (at (a) - at (s) == Approx (shelf).margin (0.3));
}

TEST_CASE ("the de-esser's lookahead is the delay it tells, and reduces the first of an s")
{
    auto rig = deEsser ({ { "lookahead", 5 }, { "mode", 1 } });
    CHECK (rig.latency() == 240);
    const auto s = hiss (9600, 0.3f);
    auto in = std::vector<float> (9600);
    in.insert (in.end(), s.begin(), s.end());
    const auto out = rig.run ({ in })[0];
    const auto first = [] (const std::vector<float>& x, std::size_t from)
    {
        double sum = 0;
        for (std::size_t n = from; n < from + 96; ++n)
            sum += static_cast<double> (x[n]) * static_cast<double> (x[n]);
        return 10 * std::log10 (sum);
    };
    CHECK (first (out, 9840) < first (in, 9600) - 6);
}
