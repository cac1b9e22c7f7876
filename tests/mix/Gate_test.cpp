// SPDX-License-Identifier: GPL-3.0-or-later
#include "mix/Programmes.h"

#include <catch2/catch.hpp>

using namespace lacquer;
using namespace lacquer::tests;

namespace
{

Rig gate (std::initializer_list<std::pair<std::string_view, float>> values, int channels = 1)
{
    Rig rig (mixEffect ("gate"), 48000, channels);
    for (auto [id, value] : values)
        REQUIRE (rig.set (id, value));
    return rig;
}

/// Levels one after the other, of so many frames each.
std::vector<float> levels (std::initializer_list<std::pair<int, double>> parts)
{
    std::vector<float> out;
    for (auto [frames, level] : parts)
    {
        const auto part = steadyLevel (frames, level);
        out.insert (out.end(), part.begin(), part.end());
    }
    return out;
}

double gainAt (const std::vector<float>& out, const std::vector<float>& in, std::size_t n)
{
    return inDb (std::abs (static_cast<double> (out[n] / in[n])));
}

/// How often the gain begins to fall after having been open.
int closings (const std::vector<float>& out, const std::vector<float>& in)
{
    int count = 0;
    bool open = false;
    for (std::size_t n = 0; n < in.size(); ++n)
        if (std::abs (in[n]) > 1e-5f)
        {
            const float g = std::abs (out[n] / in[n]);
            if (g > 0.99f)
                open = true;
            else if (open && g < 0.9f)
            {
                open = false;
                ++count;
            }
        }
    return count;
}

} // namespace

TEST_CASE ("a gate opens at its threshold, closes below the hysteresis, and takes the times it tells")
{
    // The detector falls by 20 lg e/40 ms: 6 dB below -36 dB are reached 27.6 ms after the sound has gone.
    const auto in = levels ({ { 9600, -41 }, { 9600, -30 }, { 9600, -43 }, { 48000, -50 } });
    auto rig = gate ({ { "threshold", -40 },
                       { "hysteresis", 4 },
                       { "range", 40 },
                       { "attack", 10 },
                       { "hold", 0 },
                       { "release", 200 } });
    const auto out = rig.run ({ in })[0];
    CHECK (gainAt (out, in, 9599) == Approx (-40).margin (0.01)); // below the threshold
    CHECK (gainAt (out, in, 9600 + 239) == Approx (inDb (0.01 + 0.99 / 2)).margin (0.1)); // half of 10 ms
    CHECK (gainAt (out, in, 9600 + 480) == 0);
    CHECK (gainAt (out, in, 28799) == 0);                                           // -43 is above -44
    const double start = 28800 + 48000 * 0.04 * std::log (std::pow (10, 1 / 20.0)); // from -43 to -44 dB
    CHECK (gainAt (out, in, static_cast<std::size_t> (start + 4800)) == Approx (-20).margin (0.1));
    CHECK (gainAt (out, in, static_cast<std::size_t> (start + 9650)) == Approx (-40).margin (0.01));
}

TEST_CASE ("a gate does not chatter on a decaying sine")
{
    // DSP.md 2.3. Falling by 12 dB per second through the threshold, at the lowest note of a bass too.
    for (double hertz : { 30.0, 100.0 })
    {
        auto in = sine (1, 5 * 48000, hertz, 48000, 1)[0];
        for (std::size_t n = 0; n < in.size(); ++n)
            in[n] *= static_cast<float> (std::pow (10, (-30 - 12 * static_cast<double> (n) / 48000) / 20));
        INFO (hertz << " Hz");
        auto steady = gate ({ { "threshold", -40 } });
        CHECK (closings (steady.run ({ in })[0], in) == 1);
        auto nervous = gate ({ { "threshold", -40 }, { "hysteresis", 0 }, { "hold", 0 }, { "release", 5 } });
        CHECK (closings (nervous.run ({ in })[0], in) > 1); // what hysteresis and hold are for
    }
}

TEST_CASE ("hold keeps a gate open for its time")
{
    const auto in = levels ({ { 4800, -10 }, { 48000, -90 } });
    for (int hold : { 100, 300 })
    {
        auto rig =
            gate ({ { "threshold", -40 }, { "hysteresis", 0 }, { "hold", static_cast<float> (hold) } });
        const auto out = rig.run ({ in })[0];
        // 30 dB of the detector's fall, then the hold.
        const double closes = 4800 + 48000 * 0.04 * std::log (std::pow (10, 1.5)) + 48.0 * hold;
        CHECK (gainAt (out, in, static_cast<std::size_t> (closes - 50)) == 0);
        CHECK (gainAt (out, in, static_cast<std::size_t> (closes + 50)) < -0.1);
    }
}

TEST_CASE ("the expander keeps its curve within 0.05 dB and its range")
{
    for (double ratio : { 1.5, 4.0 })
        for (double knee : { 0.0, 12.0 })
            for (double level : { -20.0, -38.0, -40.0, -42.0, -50.0, -75.0 })
            {
                auto rig = gate ({ { "mode", 1 },
                                   { "threshold", -40 },
                                   { "ratio", static_cast<float> (ratio) },
                                   { "knee", static_cast<float> (knee) },
                                   { "range", 30 },
                                   { "hold", 0 } });
                const auto in = steadyLevel (48000, level);
                const auto out = rig.run ({ in })[0];
                // Giannoulis, Massberg, Reiss (2012), eq. 4, with below for over.
                const double below = -40 - level;
                double want = 0;
                if (2 * below >= knee)
                    want = (ratio - 1) * below;
                else if (2 * below > -knee)
                    want = (ratio - 1) * (below + knee / 2) * (below + knee / 2) / (2 * knee);
                INFO (ratio << ":1, knee " << knee << ", " << level << " dB");
                CHECK (gainAt (out, in, 47999) == Approx (-std::min (want, 30.0)).margin (0.05));
            }
}

TEST_CASE ("a gate with lookahead lets the first frame of a hit through whole")
{
    auto in = std::vector<float> (9600);
    const auto hit = steadyLevel (4800, -6);
    in.insert (in.end(), hit.begin(), hit.end());
    auto now = gate ({ { "attack", 1 } }), ahead = gate ({ { "attack", 1 }, { "lookahead", 2 } });
    CHECK (ahead.latency() == 96);
    const auto a = now.run ({ in })[0], b = ahead.run ({ in })[0];
    CHECK (std::abs (a[9600]) < 0.1f * std::abs (in[9600]));
    CHECK (b[9600 + 96] == in[9600]);
}

TEST_CASE ("a gate hears its key only: a sidechain opens it, a filter keeps the cymbals from doing so")
{
    auto rig = gate ({ { "threshold", -30 } }, 2);
    auto io = noise (2, 9600, 0.5f);
    const auto key = silence (2, 64);
    const auto runKeyed = [&] (const Sound& side)
    {
        auto sound = io;
        for (std::size_t at = 0; at < 9600; at += 64)
        {
            float* channels[2] { sound[0].data() + at, sound[1].data() + at };
            const float* keys[2] { side[0].data(), side[1].data() };
            rig.effect->process ({ channels, keys, 64, {} }, rig.values);
        }
        return sound;
    };
    CHECK (peakOf (runKeyed (key), 4800) < 0.001f);
    CHECK (runKeyed (noise (2, 64, 0.5f))[0][9599] == io[0][9599]);

    auto cymbal = sine (1, 48000, 9000, 48000, 0.5f);
    auto filtered = gate ({ { "threshold", -30 }, { "key.filter", 1 }, { "key.high-cut", 500 } });
    CHECK (peakOf (filtered.run (cymbal), 24000) < 0.001f);
    auto open = gate ({ { "threshold", -30 } });
    CHECK (peakOf (open.run (cymbal), 24000) > 0.49f);
}

TEST_CASE ("a ducker closes on what is loud and comes back after hold and release")
{
    const auto in = levels ({ { 9600, -60 }, { 4800, -10 }, { 48000, -60 } });
    auto rig = gate ({ { "mode", 2 },
                       { "threshold", -30 },
                       { "range", 12 },
                       { "attack", 5 },
                       { "hold", 50 },
                       { "release", 100 } });
    const auto out = rig.run ({ in })[0];
    CHECK (gainAt (out, in, 9000) == 0);
    CHECK (gainAt (out, in, 14399) == Approx (-12).margin (0.01));
    CHECK (gainAt (out, in, 60000) == 0);
}
