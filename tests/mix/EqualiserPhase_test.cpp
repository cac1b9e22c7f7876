// SPDX-License-Identifier: GPL-3.0-or-later
// The phases of the equaliser: what comes out against the analog prototypes, level and phase.
#include "conformance/Rig.h"
#include "conformance/Spectrum.h"
#include "mix/Catalogue.h"
#include "support/Scipy.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <complex>

using namespace lacquer;
using namespace lacquer::tests;

namespace
{

enum Phase
{
    zeroLatency,
    natural,
    linear,
    shortLinear
};

const engine::EffectType& equaliser()
{
    const auto& all = mix::catalogue();
    return *std::find_if (all.begin(), all.end(), [] (const auto& t) { return t.id == "equaliser"; });
}

void setBand (Rig& rig, int band, int type, double frequency, double gain, double q, int slope = 0,
              int channel = 0)
{
    const auto set = [&] (const char* what, double value)
    { REQUIRE (rig.set ("band" + std::to_string (band) + what, static_cast<float> (value))); };
    set (".on", 1);
    set (".type", type);
    set (".frequency", frequency);
    set (".gain", gain);
    set (".q", q);
    set (".slope", slope);
    set (".channel", channel);
}

/// A low cut, shelves, bells, a tilt and a high cut: the same bands for the oracle.
void setBands (Rig& rig)
{
    setBand (rig, 1, 3, 40, 0, 1, 3);
    setBand (rig, 2, 1, 120, 6, 0.75);
    setBand (rig, 3, 0, 300, -9, 2);
    setBand (rig, 4, 7, 800, 3, 0.5);
    setBand (rig, 5, 0, 2500, 8, 1);
    setBand (rig, 6, 0, 9000, -12, 4);
    setBand (rig, 7, 2, 11000, 9, 0.75);
    setBand (rig, 8, 4, 17000, 0, 1, 3);
}

/// Prototypes (R. Bristow-Johnson's shapes; Butterworth) at the frequencies x.
const char* const shapesOfOracle =
    "def H (b, a, f): return signal.freqs (b, a, x/f)[1]\n"
    "def A (g): return 10**(g/40)\n"
    "def bell (f, g, q): return H ([1, A (g)/q, 1], [1, 1/(A (g)*q), 1], f)\n"
    "def low (f, g, q):\n"
    " a = A (g); r = a**0.5/q\n"
    " return H ([a, a*r, a*a], [a, r, 1], f)\n"
    "def high (f, g, q):\n"
    " a = A (g); r = a**0.5/q\n"
    " return H ([a*a, a*r, a], [1, r, a], f)\n"
    "def cut (n, f, kind): return signal.freqs (*signal.butter (n, 1, kind, analog=True), x/f)[1]\n";

/// Level in dB and phase in degrees of those bands.
const std::string bandsOfOracle =
    std::string (shapesOfOracle) +
    "h = cut (4, 40, 'high')*low (120, 6, 0.75)*bell (300, -9, 2)*high (800, 6, 0.5)*10**(-3/20)\n"
    "h = h*bell (2500, 8, 1)*bell (9000, -12, 4)*high (11000, 9, 0.75)*cut (4, 17000, 'low')\n"
    "for v in h: print (20*np.log10 (abs (v)), np.degrees (np.angle (v)))\n";

constexpr int size = 1 << 18;

std::vector<double> scale (double from, double to, double rate)
{
    std::vector<double> out;
    for (double f = from; f <= to; f *= 1.05)
        out.push_back (std::round (f * size / rate) * rate / size);
    return out;
}

/// The response at these frequencies, the delay taken away.
std::vector<std::complex<double>> responseOf (Rig& rig, const std::vector<double>& at)
{
    const auto h = spectrumOf (rig.run (impulse (2, size, 0.25f))[0]);
    std::vector<std::complex<double>> out;
    for (double f : at)
    {
        const double bin = f * size / rig.rate;
        out.push_back (4.0 * h[static_cast<std::size_t> (std::lround (bin))] *
                       std::polar (1.0, 2 * std::numbers::pi * bin * rig.latency() / size));
    }
    return out;
}

double degrees (double angle)
{
    return angle * 180 / std::numbers::pi;
}

} // namespace

TEST_CASE ("linear phase is within 0.02 dB of the design however steep it is, from 20 Hz down to -60 dB")
{
    // SciPy's signal.freqs of one band each: what rings longest of what dsp/LinearPhase.h promises. The short
    // one promises it from four times the frequency.
    struct Steep
    {
        int type;
        double hertz, gain, q;
        int slope;
        const char* oracle;
    };
    const Steep all[] = {
        { 3, 20, 0, 1, 5, "cut (8, 20*k, 'high')" },
        { 3, 30, 0, 1, 5, "cut (8, 30*k, 'high')" },
        { 3, 30, 0, 1, 7, "cut (16, 30*k, 'high')" },
        { 4, 30, 0, 1, 7, "cut (16, 30*k, 'low')" },
        { 0, 20, 12, 4, 0, "bell (20*k, 12, 4)" },
        { 0, 30, 12, 4, 0, "bell (30*k, 12, 4)" },
        { 0, 50, -12, 10, 0, "bell (50*k, -12, 10)" },
        { 0, 90, 12, 18, 0, "bell (90*k, 12, 18)" },
        { 1, 20, 12, 4, 0, "low (20*k, 12, 4)" },
        { 2, 20, -12, 4, 0, "high (20*k, -12, 4)" },
        { 7, 20, 12, 0.71, 0, "high (20*k, 24, 0.71)*10**(-12/20)" },
    };
    for (double rate : { 44100.0, 48000.0, 96000.0 })
        for (Phase phase : { linear, shortLinear })
        {
            const double times = phase == linear ? 1 : 4;
            std::vector<double> at;
            for (double f = 20; f < 400; f *= 1.02)
                at.push_back (std::round (f * size / rate) * rate / (size));
            std::string program =
                std::string (shapesOfOracle) + "k = " + std::to_string (times) + "\nfor h in [";
            for (const auto& s : all)
                program += std::string (s.oracle) + ", ";
            const auto want = scipy (program + "]:\n for v in h: print (20*np.log10 (abs (v)))\n", at);
            REQUIRE (want.size() == at.size() * std::size (all));
            for (std::size_t k = 0; k < std::size (all); ++k)
            {
                const auto& s = all[k];
                Rig rig (equaliser(), rate, 1);
                setBand (rig, 1, s.type, s.hertz * times, s.gain, s.q, s.slope);
                rig.set ("phase", static_cast<float> (phase));
                const auto h = spectrumOf (rig.run (impulse (1, size, 0.25f))[0]);
                double level = 0, where = 0;
                for (std::size_t n = 0; n < at.size(); ++n)
                {
                    const double wanted = want[k * at.size() + n];
                    const auto bin = static_cast<std::size_t> (std::lround (at[n] * size / rate));
                    const double off = std::abs (decibels (4 * std::abs (h[bin])) - wanted);
                    if (wanted > -60 && off > level)
                        level = off, where = at[n];
                }
                INFO (s.oracle << ", k = " << times << ", " << rate << " Hz: " << level << " dB off at "
                               << where << " Hz");
                CHECK (level < 0.02);
            }
        }
}

TEST_CASE ("linear phase is within 0.02 dB of the analog prototypes, and turns no phase")
{
    // SciPy's signal.freqs of the prototypes. From 20 Hz; where they are above -60 dB. The phase that is left
    // is what single precision leaves: the impulse is the same forwards and backwards to 1e-6.
    for (double rate : { 44100.0, 48000.0, 96000.0 })
        for (Phase phase : { linear, shortLinear })
        {
            const auto at = scale (20, 20000, rate);
            const auto want = scipy (bandsOfOracle, at);
            REQUIRE (want.size() == 2 * at.size());
            Rig rig (equaliser(), rate, 2);
            setBands (rig);
            rig.set ("phase", static_cast<float> (phase));
            const auto got = responseOf (rig, at);
            double level = 0, angle = 0;
            for (std::size_t n = 0; n < at.size(); ++n)
                if (want[2 * n] > -60)
                {
                    level = std::max (level, std::abs (20 * std::log10 (std::abs (got[n])) - want[2 * n]));
                    angle = std::max (angle, std::abs (degrees (std::arg (got[n]))));
                }
            INFO (rate << " Hz: " << level << " dB, " << angle << " degrees");
            CHECK (level < 0.02);
            CHECK (angle < 0.1);

            rig.reset();
            const auto h = rig.run (impulse (2, size, 0.25f))[0];
            const int middle = rig.latency();
            double uneven = 0;
            for (int n = 1; n < middle; ++n)
                uneven = std::max (uneven,
                                   std::abs (static_cast<double> (h[static_cast<std::size_t> (middle - n)]) -
                                             h[static_cast<std::size_t> (middle + n)]));
            CHECK (uneven < 1e-6);
            CHECK (std::abs (h[static_cast<std::size_t> (middle)]) == peakOf ({ h }));
        }
}

TEST_CASE ("natural phase follows the analog prototypes in level and phase up to 20 kHz")
{
    // The same oracle. Without it the phase of these bands is up to 200 degrees off at 20 kHz.
    for (double rate : { 44100.0, 48000.0, 96000.0, 192000.0 })
    {
        const auto at = scale (20, rate < 48000 ? 19500 : 20000, rate);
        const auto want = scipy (bandsOfOracle, at);
        double off[2][2] {};
        for (Phase phase : { zeroLatency, natural })
        {
            Rig rig (equaliser(), rate, 2);
            setBands (rig);
            rig.set ("phase", static_cast<float> (phase));
            const auto got = responseOf (rig, at);
            for (std::size_t n = 0; n < at.size(); ++n)
            {
                const auto ideal =
                    std::polar (std::pow (10, want[2 * n] / 20), want[2 * n + 1] * std::numbers::pi / 180);
                off[phase][0] = std::max (off[phase][0], std::abs (decibels (std::abs (got[n] / ideal))));
                off[phase][1] = std::max (off[phase][1], std::abs (degrees (std::arg (got[n] / ideal))));
            }
        }
        INFO (rate << " Hz: " << off[1][0] << " dB, " << off[1][1] << " degrees; without " << off[0][0]
                   << " dB, " << off[0][1] << " degrees");
        CHECK (off[natural][0] < 0.1);
        CHECK (off[natural][1] < 1);
    }
}

TEST_CASE ("mid and side keep to themselves in every phase")
{
    // A bell on the mid leaves a sound of side alone as it came, later; to what single precision rounds.
    for (Phase phase : { zeroLatency, natural, linear, shortLinear })
        for (int channel : { 1, 2 })
        {
            Rig rig (equaliser(), 48000, 2);
            setBand (rig, 4, 0, 1000, 12, 1, 0, channel);
            rig.set ("phase", static_cast<float> (phase));
            auto in = noise (2, 60000, 0.5f);
            for (std::size_t n = 0; n < in[0].size(); ++n)
                in[1][n] = channel == 2 ? in[0][n] : -in[0][n];
            const auto out = rig.run (in);
            const auto late = static_cast<std::size_t> (rig.latency());
            double worst = 0;
            for (std::size_t c = 0; c < 2; ++c)
                for (std::size_t n = late; n < out[c].size(); ++n)
                    worst = std::max (worst, std::abs (static_cast<double> (out[c][n]) - in[c][n - late]));
            INFO (phase);
            CHECK (worst < 1e-5);
        }
}

TEST_CASE ("another phase crosses over without a click and ends as if it had always been set")
{
    // A tone at 200 Hz and a quarter of full scale bends by 1.7e-4 from frame to frame; a cut between two
    // sounds that do not meet by up to 0.5, and a line of 20 ms between two that are opposite by 0.7/960.
    for (Phase from : { zeroLatency, natural, linear, shortLinear })
        for (Phase to : { zeroLatency, natural, linear, shortLinear })
        {
            Rig rig (equaliser(), 48000, 2), always (equaliser(), 48000, 2);
            for (auto* r : { &rig, &always })
            {
                setBand (*r, 1, 3, 60, 0, 1, 3);
                setBand (*r, 5, 0, 1000, 6, 1);
            }
            rig.set ("phase", static_cast<float> (from));
            always.set ("phase", static_cast<float> (to));
            const auto in = sine (2, 240000, 200, 48000, 0.25f);
            const auto want = always.run (in);
            const auto out = rig.run (
                in, [] (Frames) { return engine::quantum; },
                [&] (Frames at, std::vector<float>&)
                {
                    if (at >= 90000)
                        rig.set ("phase", static_cast<float> (to));
                });
            double bend = 0, apart = 0;
            for (std::size_t n = 80000; n < in[0].size(); ++n)
            {
                const auto y = [&] (std::size_t k) { return static_cast<double> (out[0][k]); };
                bend = std::max (bend, std::abs (y (n) - 2 * y (n - 1) + y (n - 2)));
                if (n > 200000)
                    apart = std::max (apart, std::abs (y (n) - static_cast<double> (want[0][n])));
            }
            INFO ("from " << from << " to " << to);
            CHECK (bend < 1e-3);
            CHECK (apart < 1e-5);
        }
}

TEST_CASE ("a band that moves with linear phase moves without a click")
{
    for (Phase phase : { linear, shortLinear })
    {
        const int longer = phase == linear ? 4 : 1; // the impulse
        Rig rig (equaliser(), 48000, 2);
        setBand (rig, 5, 0, 400, 0, 1);
        rig.set ("phase", static_cast<float> (phase));
        const auto in = sine (2, 192000 * longer, 200, 48000, 0.25f);
        const auto out = rig.run (
            in, [] (Frames) { return engine::quantum; },
            [&] (Frames at, std::vector<float>&)
            {
                setBand (rig, 5, 0, 400,
                         at < 30000 * longer || at > 100000 * longer
                             ? 0
                             : 12.0 * static_cast<double> (at % 20000) / 20000,
                         1);
            });
        double bend = 0, apart = 0;
        for (auto n = static_cast<std::size_t> (25000 * longer); n < in[0].size(); ++n)
        {
            const auto y = [&] (std::size_t k) { return static_cast<double> (out[0][k]); };
            bend = std::max (bend, std::abs (y (n) - 2 * y (n - 1) + y (n - 2)));
            if (n > static_cast<std::size_t> (170000 * longer))
                apart = std::max (
                    apart, std::abs (y (n) - static_cast<double> (
                                                 in[0][n - static_cast<std::size_t> (rig.latency())])));
        }
        CHECK (bend < 1e-3);
        CHECK (apart < 1e-6); // flat again
    }
}
