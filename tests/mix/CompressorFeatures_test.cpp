// SPDX-License-Identifier: GPL-3.0-or-later
#include "mix/Programmes.h"

#include <catch2/catch.hpp>

using namespace lacquer;
using namespace lacquer::tests;

namespace
{

double lufs (const Sound& s, double rate = 48000)
{
    const measure::Role roles[] { measure::Role::left, measure::Role::right };
    measure::Meter meter (rate, roles);
    const float* const channels[] { s[0].data(), s[1].data() };
    meter.add (channels, static_cast<Frames> (s[0].size()));
    return *meter.result().integrated;
}

Rig compressor (std::initializer_list<std::pair<std::string_view, float>> values, int channels = 2)
{
    Rig rig (mixEffect ("compressor"), 48000, channels);
    for (auto [id, value] : values)
        REQUIRE (rig.set (id, value));
    return rig;
}

} // namespace

TEST_CASE ("the compressor's auto gain gives back the loudness within 0.5 LU, in every character")
{
    for (int kind = 0; kind < 4; ++kind)
    {
        const auto in = programme (kind, (kind == 3 ? 20 : 10) * 48000, 48000);
        const double before = lufs (in);
        for (int character = 0; character < 4; ++character)
            for (float mix : { 100.0f, 40.0f })
            {
                if (mix < 100 && character != kind)
                    continue;
                auto rig = compressor ({ { "threshold", -32 },
                                         { "ratio", 6 },
                                         { "attack", 3 },
                                         { "character", static_cast<float> (character) },
                                         { "auto-gain", 1 },
                                         { "mix", mix } });
                const double after = lufs (rig.run (in));
                INFO ("programme " << kind << ", character " << character << ", mix " << mix
                                   << " %: " << before << " and " << after << " LUFS");
                CHECK (std::abs (after - before) < 0.5);
                if (mix == 100.0f && character == 0)
                {
                    rig.set ("auto-gain", 0);
                    rig.reset();
                    CHECK (lufs (rig.run (in)) < before - 2); // it had something to give back
                }
            }
    }
}

TEST_CASE ("lookahead delays the sound by what it tells, and the reduction comes so much before it")
{
    auto now = compressor ({ { "threshold", -20 }, { "attack", 2 } }, 1);
    auto ahead = compressor ({ { "threshold", -20 }, { "attack", 2 }, { "lookahead", 5 } }, 1);
    CHECK (ahead.latency() == 240);
    auto in = steadyLevel (9600, -60);
    const auto loud = steadyLevel (9600, 0);
    in.insert (in.end(), loud.begin(), loud.end());
    const auto a = now.run ({ in })[0], b = ahead.run ({ in })[0];
    for (std::size_t n = 9600; n < 19000; ++n)
    {
        // The gain at a moment of the key is that of the sound 5 ms earlier.
        const double late = static_cast<double> (b[n] / in[n - 240]),
                     same = static_cast<double> (a[n] / in[n]);
        if (std::abs (late - same) > 1e-5)
            FAIL ("frame " << n);
    }
    CHECK (std::abs (b[9600 + 240]) < 0.5f * std::abs (a[9600])); // the first loud frame is reduced already
}

TEST_CASE ("with the RMS detector the level is the power of the key")
{
    // A sine's is 3.01 dB below its peak; 3:1 and no knee take 2/3 of what lies above the threshold.
    auto rig = compressor ({ { "detector", 1 },
                             { "window", 50 },
                             { "threshold", -30 },
                             { "ratio", 3 },
                             { "knee", 0 },
                             { "attack", 20 },
                             { "release", 20 } },
                           1);
    const auto out = rig.run (sine (1, 96000, 1000, 48000, 0.5f))[0];
    const double level = toneIn (std::span (out).subspan (48000), 1000, 48000);
    CHECK (inDb (level / 0.5) == Approx (-2.0 / 3 * (-9.0309 + 30)).margin (0.05));
}

TEST_CASE ("hold keeps the reduction as long as it tells, in every character")
{
    for (int character = 0; character < 4; ++character)
    {
        auto rig = compressor ({ { "threshold", -30 },
                                 { "hold", 200 },
                                 { "release", 20 },
                                 { "attack", 1 },
                                 { "character", static_cast<float> (character) } },
                               1);
        auto in = steadyLevel (24000, -10);
        const auto low = steadyLevel (48000, -60);
        in.insert (in.end(), low.begin(), low.end());
        const auto out = rig.run ({ in })[0];
        const auto reduction = [&] (std::size_t n)
        { return -inDb (std::abs (static_cast<double> (out[n] / in[n]))); };
        INFO ("character " << character);
        const double held = reduction (23999);
        // The VCA's mean square first falls below the level: 10 ms at the most.
        CHECK (reduction (24000 + 9500) == Approx (held).margin (0.02));
        CHECK (reduction (24000 + 9600 + 960 + 480) < 0.75 * held);
    }
}

TEST_CASE ("auto release lets go of a short peak as set, of what lasts eight times as slowly")
{
    for (bool lasts : { false, true })
    {
        auto rig = compressor (
            { { "threshold", -30 }, { "release", 100 }, { "attack", 1 }, { "auto-release", 1 } }, 1);
        auto in = steadyLevel (lasts ? 96000 : 480, -10);
        const std::size_t end = in.size();
        const auto low = steadyLevel (48000, -60);
        in.insert (in.end(), low.begin(), low.end());
        const auto out = rig.run ({ in })[0];
        const auto reduction = [&] (std::size_t n)
        { return -inDb (std::abs (static_cast<double> (out[n] / in[n]))); };
        // After 300 ms: exp (-3) by the release itself, exp (-300/800) by the slow one. That one, charged in
        // 300 ms by a short peak that falls in 100, meets it after 165 ms at exp (-1.65): solving (exp
        // (-t/0.3) - exp (-t/0.1))/2 = exp (-t/0.1); 135 ms later exp (-135/800) of that are left.
        const double left = reduction (end + 14400) / reduction (end - 1);
        if (lasts)
            CHECK (left == Approx (std::exp (-0.375)).margin (0.01));
        else
            CHECK (left == Approx (std::exp (-1.65 - 0.169)).margin (0.03));
    }
}

TEST_CASE ("the key filter keeps a bass from being heard by the compressor, and listening plays the key")
{
    const auto bass = sine (2, 48000, 50, 48000, 0.8f);
    auto open = compressor ({ { "threshold", -30 } });
    auto cut = compressor ({ { "threshold", -30 }, { "key.filter", 1 }, { "key.low-cut", 500 } });
    open.run (bass);
    CHECK (open.effect->reduction() > 10);
    cut.run (bass);
    // 40 dB down: Butterworth, second order, 3.3 octaves below its corner.
    CHECK (cut.effect->reduction() < 0.01f);
    auto heard = compressor (
        { { "threshold", -30 }, { "key.filter", 1 }, { "key.low-cut", 500 }, { "key.listen", 1 } });
    const auto out = heard.run (bass);
    CHECK (inDb (toneIn (std::span (out[0]).subspan (24000), 50, 48000) / 0.8) == Approx (-40).margin (0.1));
}

TEST_CASE ("a compressor at ratio 1 is the sound itself, to the bit")
{
    auto rig = compressor ({ { "ratio", 1 }, { "threshold", -50 } });
    const auto in = noise (2, 9600, 0.7f);
    CHECK (rig.run (in) == in);
}
