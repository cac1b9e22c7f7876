// SPDX-License-Identifier: GPL-3.0-or-later
// The effects that run in vectors, against the same arithmetic written plainly in double precision, and one
// instruction set against another.
#include "conformance/Rig.h"
#include "conformance/Spectrum.h"
#include "dsp/Targets.h"
#include "dsp/kernels/Saturator.h"
#include "master/Catalogue.h"

#include <catch2/catch.hpp>
#include <string>

using namespace lacquer;
using namespace lacquer::tests;
using dsp::kernels::Saturator;

namespace
{

const engine::EffectType& effectNamed (std::string_view id)
{
    for (const auto& type : master::catalogue())
        if (type.id == id)
            return type;
    FAIL ("no effect " << id);
    std::abort();
}

/// Power of the difference over power, in dB.
template <typename A, typename B>
double difference (const std::vector<A>& a, const std::vector<B>& b)
{
    double error = 0, power = 0;
    for (std::size_t n = 0; n < a.size(); ++n)
    {
        error += std::pow (static_cast<double> (a[n]) - static_cast<double> (b[n]), 2);
        power += std::pow (static_cast<double> (b[n]), 2);
    }
    return 10 * std::log10 (error / power);
}

/// Tones from the bass to the treble that come and go, with noise: every band and both ways of an envelope.
Sound programme (int frames, double rate, float level)
{
    Sound out = noise (2, frames, 0.1f * level);
    for (std::size_t c = 0; c < 2; ++c)
        for (int n = 0; n < frames; ++n)
        {
            double x = 0;
            for (const double hertz : { 43.0, 310.0, 2900.0, 9100.0 })
                x += std::sin (2 * std::numbers::pi * n / rate * hertz * (c == 0 ? 1 : 1.01)) *
                     std::pow (std::sin (std::numbers::pi * n / rate * (3 + hertz / 2000)), 2);
            out[c][static_cast<std::size_t> (n)] += 0.25f * level * static_cast<float> (x);
        }
    return out;
}

/// A second-order section in transposed direct form II.
struct Section
{
    double b0, b1, b2, a1, a2, s1 = 0, s2 = 0;
    double operator() (double x)
    {
        const double y = b0 * x + s1;
        s1 = b1 * x - a1 * y + s2;
        s2 = b2 * x - a2 * y;
        return y;
    }
};

/// Butterworth low-pass, high-pass and the allpass with their poles, by the bilinear transform with the
/// corner kept.
enum class Shape
{
    low,
    high,
    all
};
Section butterworth (Shape shape, double hertz, double rate)
{
    const double t = std::tan (std::numbers::pi * hertz / rate), r = std::numbers::sqrt2 * t;
    const double a0 = 1 + r + t * t, a1 = (2 * t * t - 2) / a0, a2 = (1 - r + t * t) / a0;
    if (shape == Shape::low)
        return { t * t / a0, 2 * t * t / a0, t * t / a0, a1, a2 };
    if (shape == Shape::high)
        return { 1 / a0, -2 / a0, 1 / a0, a1, a2 };
    return { a2, a1, 1, a1, a2 };
}

} // namespace

TEST_CASE ("the multiband compressor sounds as the same written plainly in double precision")
{
    // Linkwitz-Riley crossovers from direct-form sections, each band a chain of its own; Giannoulis et al.
    // (2012), eq. 4 with std::log10 and std::pow. -110 dB as for the strips.
    const double rate = 48000, splits[] { 120, 1200, 6000 };
    const float thresholds[] { -30, -35, -24, -40 }, ratios[] { 2, 4, 1.5f, 8 },
        attacks[] { 20, 5, 200, 0.5f }, releases[] { 150, 400, 10, 80 }, gains[] { 3, -2, 0, 6 };
    Rig rig (effectNamed ("multiband"), rate, 2);
    rig.set ("knee", 8);
    for (std::size_t b = 0; b < 4; ++b)
    {
        const auto name = "band" + std::to_string (b + 1) + ".";
        REQUIRE (rig.set (name + "threshold", thresholds[b]));
        rig.set (name + "ratio", ratios[b]);
        rig.set (name + "attack", attacks[b]);
        rig.set (name + "release", releases[b]);
        rig.set (name + "gain", gains[b]);
    }
    const auto in = programme (96000, rate, 1);
    const auto out = rig.run (in);

    std::vector<Section> chains[2][4];
    for (auto& channel : chains)
        for (std::size_t b = 0; b < 4; ++b)
            for (std::size_t s = 0; s < 3; ++s)
                if (s < b)
                    channel[b].insert (channel[b].end(), 2, butterworth (Shape::high, splits[s], rate));
                else if (s == b)
                    channel[b].insert (channel[b].end(), 2, butterworth (Shape::low, splits[s], rate));
                else
                    channel[b].push_back (butterworth (Shape::all, splits[s], rate));
    std::vector<double> want[2] { std::vector<double> (96000), std::vector<double> (96000) };
    double reduction[4] {}, most = 0;
    for (std::size_t n = 0; n < 96000; ++n)
        for (std::size_t b = 0; b < 4; ++b)
        {
            double x[2];
            for (std::size_t c = 0; c < 2; ++c)
            {
                x[c] = static_cast<double> (in[c][n]);
                for (auto& section : chains[c][b])
                    x[c] = section (x[c]);
            }
            const double peak = std::max (std::abs (x[0]), std::abs (x[1]));
            const double over = 20 * std::log10 (std::max (peak, 1e-9)) - static_cast<double> (thresholds[b]);
            const double slope = 1 - 1 / static_cast<double> (ratios[b]);
            const double wanted = over <= -4  ? 0
                                  : over >= 4 ? slope * over
                                              : slope * (over + 4) * (over + 4) / 16;
            const float way = wanted > reduction[b] ? attacks[b] : releases[b];
            reduction[b] +=
                (1 - std::exp (-1000 / (static_cast<double> (way) * rate))) * (wanted - reduction[b]);
            most = std::max (most, reduction[b]);
            const double gain = std::pow (10, (static_cast<double> (gains[b]) - reduction[b]) / 20);
            for (std::size_t c = 0; c < 2; ++c)
                want[c][n] += gain * x[c];
        }
    CHECK (most > 6);
    for (std::size_t c = 0; c < 2; ++c)
        CHECK (difference (out[c], want[c]) < -110);
}

TEST_CASE ("the half-band filters of saturation pass and stop what they say")
{
    // The Fourier sum of the taps themselves: 1/2 + 2 sum tap cos ((2k + 1) w) over one half of the even
    // taps.
    const auto& t = dsp::kernels::saturatorTaps();
    const auto worst = [] (const auto& taps, double edge)
    {
        double most = 0;
        for (int n = 0; n <= 20000; ++n)
        {
            const double w = std::numbers::pi * edge * n / 20000;
            double sum = 0;
            for (std::size_t k = 0; k < taps.size() / 2; ++k)
                sum += 2 * static_cast<double> (taps[taps.size() / 2 + k]) *
                       std::cos (w * static_cast<double> (2 * k + 1));
            most = std::max (most, std::abs (sum - 0.5)); // of the passband, and by symmetry of the stopband
        }
        return decibels (most);
    };
    CHECK (worst (t.outerDown, 0.4535) < -124);
    CHECK (worst (t.innerDown, 0.4535 / 2) < -132);
    for (std::size_t k = 0; k < t.outerUp.size(); ++k)
    {
        CHECK (t.outerUp[k] == 2 * t.outerDown[k]);
        CHECK (t.outerDown[k] == t.outerDown[t.outerDown.size() - 1 - k]);
    }
}

TEST_CASE ("saturation sounds as the same written plainly in double precision")
{
    // Zeros between the samples, whole filters instead of half of one, the curve on one row of values.
    const auto whole = [] (const auto& even)
    {
        std::vector<double> h (2 * even.size() - 1);
        for (std::size_t k = 0; k < even.size(); ++k)
            h[2 * k] = static_cast<double> (even[k]);
        h[even.size() - 1] = 0.5;
        return h;
    };
    const auto filtered = [] (const std::vector<double>& x, const std::vector<double>& h)
    {
        std::vector<double> y (x.size());
        for (std::size_t n = 0; n < x.size(); ++n)
            for (std::size_t k = 0; k < std::min (h.size(), n + 1); ++k)
                y[n] += h[k] * x[n - k];
        return y;
    };
    const auto doubled = [&] (const std::vector<double>& x, const std::vector<double>& h)
    {
        std::vector<double> y (2 * x.size());
        for (std::size_t n = 0; n < x.size(); ++n)
            y[2 * n] = 2 * x[n];
        return filtered (y, h);
    };
    const auto halved = [&] (const std::vector<double>& x, const std::vector<double>& h)
    {
        const auto y = filtered (x, h);
        std::vector<double> z (x.size() / 2);
        for (std::size_t n = 0; n < z.size(); ++n)
            z[n] = y[2 * n];
        return z;
    };
    const auto& t = dsp::kernels::saturatorTaps();
    const auto outer = whole (t.outerDown), inner = whole (t.innerDown);

    Rig rig (effectNamed ("master-saturation"), 48000, 2);
    rig.set ("drive", 12);
    rig.set ("auto-level", 0);
    rig.set ("output", -3);
    rig.set ("mix", 70);
    const auto in = programme (4800, 48000, 1);
    const auto out = rig.run (in);
    for (std::size_t c = 0; c < 2; ++c)
    {
        std::vector<double> x (in[c].begin(), in[c].end());
        for (auto& v : x)
            v *= std::pow (10, 12 / 20.0);
        x = doubled (doubled (x, outer), inner);
        std::vector<double> y (x.size()), z (x.size());
        for (std::size_t n = 0; n < x.size(); ++n)
        {
            const double before = n > 0 ? x[n - 1] : 0;
            y[n] = (x[n] + before) / (std::sqrt (1 + x[n] * x[n]) + std::sqrt (1 + before * before));
            const auto at = [&] (std::size_t back) { return n >= back ? y[n - back] : 0; };
            z[n] = -0.1395 * (at (0) + at (3)) + (0.5 + 0.1395) * (at (1) + at (2));
        }
        const auto wet = halved (halved (z, inner), outer);
        std::vector<double> want (wet.size());
        for (std::size_t n = 0; n < wet.size(); ++n)
            want[n] = 0.7 * std::pow (10, -3 / 20.0) * wet[n] +
                      0.3 * (n >= Saturator::delay ? static_cast<double> (in[c][n - Saturator::delay]) : 0);
        CHECK (difference (out[c], want) < -110);
    }
}

TEST_CASE ("AVX2 and AVX-512 give the same bits of every master effect, SSE4 the same sound")
{
    // Only correctly rounded operations in one order; SSE4 has no fused multiply-add, -110 dB as the issue
    // allows.
    for (const auto& type : master::catalogue())
    {
        const auto with = [&] (const char* target) -> Sound
        {
            if (! dsp::limitTargets (target))
                return {};
            Rig rig (type, 48000, 2);
            rig.set ("gain", 9);
            rig.set ("drive", 12);
            rig.set ("bass-mono", 1);
            rig.set ("band4.on", 1);
            rig.set ("band4.gain", 6);
            std::uint64_t block = 0;
            auto out = rig.run (
                programme (48000, 48000, 1),
                [&] (Frames) { return block++ % 5 == 4 ? 1 + static_cast<int> (hashed (block) % 64) : 64; },
                [&] (Frames at, std::vector<float>& values)
                {
                    // Steady, then everything that has a scale moves.
                    for (std::size_t p = 0; p < values.size() && at > 30000; ++p)
                        if (const auto& param = type.params[p]; ! param.isChoice())
                        {
                            const double turn =
                                static_cast<double> (at) / (2000 + 100 * static_cast<double> (p));
                            values[p] =
                                static_cast<float> (valueAtTravel (param, 0.6 + 0.2 * std::sin (turn)));
                        }
                });
            dsp::limitTargets ("");
            return out;
        };
        INFO (type.id);
        const auto sse4 = with ("SSE4"), avx2 = with ("AVX2"), avx512 = with ("AVX-512");
        if (avx2.empty())
            continue;
        for (std::size_t c = 0; c < 2; ++c)
        {
            CHECK (difference (sse4[c], avx2[c]) < -110);
            if (! avx512.empty())
                CHECK (avx512[c] == avx2[c]);
        }
        if (type.id == "multiband" || type.id == "master-saturation" || type.id == "limiter")
            CHECK (sse4 != avx2); // or AVX2 was never chosen
    }
}
