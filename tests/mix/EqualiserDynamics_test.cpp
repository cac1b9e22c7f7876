// SPDX-License-Identifier: GPL-3.0-or-later
// The dynamic bands of the equaliser.
#include "conformance/Rig.h"
#include "conformance/Spectrum.h"
#include "dsp/EqDesign.h"
#include "mix/Catalogue.h"

#include <algorithm>
#include <catch2/catch.hpp>

using namespace lacquer;
using namespace lacquer::tests;

namespace
{

const engine::EffectType& equaliser()
{
    const auto& all = mix::catalogue();
    return *std::find_if (all.begin(), all.end(), [] (const auto& t) { return t.id == "equaliser"; });
}

/// An equaliser with a sidechain.
struct Keyed
{
    explicit Keyed (double rate = 48000) : rig (equaliser(), rate, 2) {}

    void set (int band, std::initializer_list<std::pair<const char*, double>> values)
    {
        for (const auto& [what, value] : values)
            REQUIRE (rig.set ("band" + std::to_string (band) + "." + what, static_cast<float> (value)));
    }

    /// moved: what reduction() told after each block.
    Sound run (Sound io, const Sound& key, const std::function<int (Frames)>& cut = {},
               std::vector<double>* moved = nullptr)
    {
        const auto frames = static_cast<Frames> (io[0].size());
        for (Frames at = 0; at < frames;)
        {
            const int count =
                static_cast<int> (std::min<Frames> (cut ? cut (at) : engine::quantum, frames - at));
            float* channels[2] { io[0].data() + at, io[1].data() + at };
            const float* side[2] { key.front().data() + at, key.back().data() + at };
            engine::Block block { channels, {}, count, {} };
            if (! key[0].empty())
                block.sidechain = side;
            {
                const RealTimeScope scope;
                rig.effect->process (block, rig.values);
            }
            if (moved != nullptr)
                moved->push_back (static_cast<double> (rig.effect->reduction()));
            at += count;
        }
        return io;
    }
    Rig rig;
};

const Sound noKey (1);

} // namespace

TEST_CASE ("a dynamic band at rest is the static band")
{
    // Noise at -46 dBFS under a threshold of -30 dBFS; asked for are -100 dB. Flat, it changes no bit.
    for (int phase : { 0, 1, 2 })
        for (double gain : { 4.0, 0.0 })
        {
            Keyed moving, still;
            for (auto* k : { &moving, &still })
            {
                k->set (2, { { "on", 1 }, { "type", 1 }, { "frequency", 150 }, { "gain", gain } });
                k->set (5,
                        { { "on", 1 }, { "type", 0 }, { "frequency", 2000 }, { "gain", -gain }, { "q", 2 } });
                k->rig.set ("phase", static_cast<float> (phase));
            }
            moving.set (2, { { "dynamic", 1 }, { "ratio", 4 } });
            moving.set (5, { { "dynamic", 1 }, { "range", 12 } });
            const auto in = noise (2, 48000, 0.005f);
            const auto a = moving.run (in, noKey), b = still.run (in, noKey);
            double worst = 0;
            for (std::size_t n = 0; n < a[0].size(); ++n)
                worst = std::max (worst, std::abs (static_cast<double> (a[0][n]) - b[0][n]));
            INFO ("phase " << phase << ", gain " << gain);
            CHECK (peakOf (b) > 0.003f);
            CHECK (worst < 5e-8);
            if (gain == 0 && phase == 0)
                CHECK (a == in);
        }
}

TEST_CASE ("a band that has moved is the static band with that gain")
{
    // A key of -12 dBFS in the middle of the band, 18 dB above the threshold, at 3:1: 12 dB of movement, held
    // by the range in the last case. Measured with an impulse, against the prototype's level
    // (dsp::analogDb, which eq_design_test checks against SciPy); asked for are 0.1 dB of the static bell,
    // which is itself up to 0.02 dB off its prototype here.
    struct Case
    {
        int type;
        dsp::EqShape shape;
        double gain, range, moved;
    };
    for (const auto& c :
         { Case { 0, dsp::EqShape::bell, 3, -24, -12 }, Case { 0, dsp::EqShape::bell, -6, 24, 12 },
           Case { 1, dsp::EqShape::lowShelf, 0, -24, -12 }, Case { 2, dsp::EqShape::highShelf, 0, 24, 12 },
           Case { 0, dsp::EqShape::bell, 0, -5.3, -5.3 } })
    {
        Keyed eq;
        eq.set (4, { { "on", 1 },
                     { "type", static_cast<double> (c.type) },
                     { "frequency", 1000 },
                     { "gain", c.gain },
                     { "q", 0.75 },
                     { "dynamic", 1 },
                     { "threshold", -30 },
                     { "ratio", 3 },
                     { "range", c.range },
                     { "key", 1 },
                     { "attack", 20 } });
        // A shelf hears what is above or below its corner.
        const double tone = c.type == 0 ? 1000 : c.type == 1 ? 200 : 10000;
        constexpr int before = 48000, size = 16384;
        const auto key = sine (2, before + size, tone, 48000, 0.2511886f);
        auto in = silence (2, before + size);
        in[0][before] = in[1][before] = 0.5f;
        const auto out = eq.run (in, key);
        const auto h = spectrumOf (std::vector<float> (out[0].begin() + before, out[0].end()));
        double worst = 0;
        for (double f = 30; f < 12000; f *= 1.1)
        {
            const auto bin = static_cast<std::size_t> (std::round (f * size / 48000));
            const double got = decibels (std::abs (h[bin]) / 0.5);
            worst =
                std::max (worst, std::abs (got - dsp::analogDb (c.shape, 1000, 0.75, c.gain + c.moved,
                                                                static_cast<double> (bin) * 48000 / size)));
        }
        INFO ("type " << c.type << ", " << c.gain << " dB moved by " << c.moved << " dB: " << worst
                      << " dB off");
        CHECK (worst < 0.1);
        CHECK (eq.rig.effect->reduction() == Approx (std::max (0.0, -c.moved)).margin (0.1));
    }
}

TEST_CASE ("attack and release of a dynamic band take the time they say")
{
    // 63 % (1 - 1/e) of the movement; the smoothing of the energy, two periods, adds 2 ms to the attack, and
    // to the release the time in which 18 dB of energy go at 4.3 dB per 2 ms.
    for (double attack : { 20.0, 100.0 })
        for (double release : { 80.0, 400.0 })
        {
            Keyed eq;
            eq.set (4, { { "on", 1 },
                         { "type", 0 },
                         { "frequency", 1000 },
                         { "q", 1 },
                         { "dynamic", 1 },
                         { "threshold", -30 },
                         { "ratio", 3 },
                         { "range", -24 },
                         { "attack", attack },
                         { "release", release } });
            auto in = sine (2, 192000, 1000, 48000, 0.2511886f);
            for (auto& c : in)
                std::fill (c.begin() + 96000, c.end(), 0.0f);
            std::vector<double> moved;
            eq.run (in, noKey, {}, &moved);
            const double full = moved[1499];
            CHECK (full == Approx (12).margin (0.1));
            const auto up =
                std::find_if (moved.begin(), moved.end(), [&] (double x) { return x > 0.632 * full; });
            const auto down =
                std::find_if (moved.begin() + 1500, moved.end(), [&] (double x) { return x < 0.368 * full; });
            const auto ms = [] (auto blocks) { return static_cast<double> (blocks) * 64 / 48; };
            CHECK (ms (up - moved.begin()) == Approx (attack + 2).epsilon (0.1));
            CHECK (ms (down - moved.begin() - 1500) == Approx (release + 8).epsilon (0.1));
            CHECK (moved.back() < full * std::exp (-1900 / release) + 1e-6);
        }
}

TEST_CASE ("a dynamic band hears its part of the sound, and the sidechain only when told to")
{
    const auto tone = sine (2, 24000, 1000, 48000, 0.5f);
    auto side = tone;
    for (auto& x : side[1])
        x = -x;
    const auto still = silence (2, 24000);
    const auto movementOf = [&] (int channel, int key, const Sound& in, const Sound& chain)
    {
        Keyed eq;
        eq.set (4, { { "on", 1 },
                     { "type", 0 },
                     { "frequency", 1000 },
                     { "dynamic", 1 },
                     { "range", -12 },
                     { "channel", static_cast<double> (channel) },
                     { "key", static_cast<double> (key) } });
        eq.run (in, chain);
        return eq.rig.effect->reduction();
    };
    CHECK (movementOf (0, 0, tone, noKey) > 10);
    CHECK (movementOf (1, 0, tone, noKey) > 10);
    CHECK (movementOf (2, 0, tone, noKey) == 0);
    CHECK (movementOf (1, 0, side, noKey) == 0);
    CHECK (movementOf (2, 0, side, noKey) > 10);
    CHECK (movementOf (0, 0, still, tone) == 0);
    CHECK (movementOf (0, 1, still, tone) > 10);
    CHECK (movementOf (0, 1, tone, still) == 0);
    CHECK (movementOf (0, 1, tone, noKey) > 10); // nothing connected
}

TEST_CASE ("bands that move do not depend on how the sound is cut, in any phase")
{
    for (int phase : { 0, 1, 2 })
    {
        const auto play = [&] (const std::function<int (Frames)>& cut)
        {
            Keyed eq;
            eq.set (3, { { "on", 1 },
                         { "type", 0 },
                         { "frequency", 300 },
                         { "gain", 3 },
                         { "dynamic", 1 },
                         { "attack", 1 },
                         { "release", 20 },
                         { "range", -18 },
                         { "key", 1 } });
            eq.set (7, { { "on", 1 },
                         { "dynamic", 1 },
                         { "attack", 5 },
                         { "threshold", -40 },
                         { "channel", 2 },
                         { "range", 9 } });
            eq.set (1, { { "on", 1 } });
            eq.rig.set ("phase", static_cast<float> (phase));
            auto key = noise (2, 40000, 0.8f, 5);
            for (auto& c : key)
                for (std::size_t n = 0; n < c.size(); ++n)
                    c[n] *= n / 3000 % 2 == 0 ? 1.0f : 0.001f;
            return eq.run (noise (2, 40000, 0.5f), key, cut);
        };
        const auto whole = play ({});
        CHECK (whole == play ([] (Frames) { return 1; }));
        CHECK (whole == play ([] (Frames at) { return 1 + static_cast<int> (at * 7 % 64); }));
    }
}

TEST_CASE ("a dynamic band moves without a click")
{
    // A key that comes and goes at once, the shortest attack, 24 dB. The sound is a tone of 200 Hz at a
    // quarter of full scale: switched, it would bend by 0.23; falling by 24 dB in 24 frames, by up to 0.25 x
    // 0.115.
    Keyed eq;
    eq.set (4, { { "on", 1 },
                 { "type", 0 },
                 { "frequency", 200 },
                 { "q", 0.5 },
                 { "dynamic", 1 },
                 { "attack", 0.5 },
                 { "release", 10 },
                 { "range", -24 },
                 { "ratio", 20 },
                 { "key", 1 } });
    auto key = sine (2, 96000, 200, 48000, 0.9f);
    for (auto& c : key)
        for (std::size_t n = 0; n < c.size(); ++n)
            c[n] *= n / 6000 % 2 == 0 ? 0.0f : 1.0f;
    const auto out = eq.run (sine (2, 96000, 200, 48000, 0.25f), key);
    double bend = 0;
    for (std::size_t n = 2; n < out[0].size(); ++n)
        bend = std::max (bend,
                         std::abs (static_cast<double> (out[0][n]) - 2 * static_cast<double> (out[0][n - 1]) +
                                   static_cast<double> (out[0][n - 2])));
    CHECK (bend < 0.01);
}
