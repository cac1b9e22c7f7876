// SPDX-License-Identifier: GPL-3.0-or-later
#include "studio/Monitor.h"

#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <vector>

using namespace lacquer;
using studio::Monitor;

namespace
{

/// Three constant sounds through a monitor, frame by frame, in blocks of 64.
struct Chain
{
    Monitor monitor { 48000 };
    std::array<std::array<std::array<float, 64>, 2>, 3> sounds {};

    Chain()
    {
        constexpr float levels[3][2] { { 0.5f, -0.25f }, { 0.125f, 0.0625f }, { -0.75f, 0.375f } };
        for (std::size_t s = 0; s < 3; ++s)
            for (std::size_t c = 0; c < 2; ++c)
                sounds[s][c].fill (levels[s][c]);
    }
    std::array<std::vector<float>, 2> play (int blocks)
    {
        std::array<std::vector<float>, 2> all;
        for (int b = 0; b < blocks; ++b)
        {
            std::array<engine::Signal, 3> in;
            for (std::size_t s = 0; s < 3; ++s)
                in[s] = { { sounds[s][0].data(), sounds[s][1].data() }, 2, false };
            std::array<std::array<float, 64>, 2> room {};
            engine::Signal out { { room[0].data(), room[1].data() }, 2, false };
            monitor.process (in[0], in[1], in[2], 64, out);
            for (std::size_t c = 0; c < 2; ++c)
                all[c].insert (all[c].end(), room[c].begin(), room[c].end());
        }
        return all;
    }
};

} // namespace

TEST_CASE ("a monitor at 0 dB passes every bit")
{
    Chain chain;
    const auto out = chain.play (10);
    CHECK (std::all_of (out[0].begin(), out[0].end(), [] (float x) { return x == 0.5f; }));
    CHECK (std::all_of (out[1].begin(), out[1].end(), [] (float x) { return x == -0.25f; }));
}

TEST_CASE ("every switch of a monitor is there after 10 ms, without a step on the way")
{
    // Song (0.5, -0.25), listened to (0.125, 0.0625), reference (-0.75, 0.375); gains of 10 ^ (dB / 20).
    struct Case
    {
        const char* name;
        std::function<void (Monitor&)> turn;
        float left, right;
    };
    const float six = static_cast<float> (std::pow (10, -6.0 / 20)), ten = 0.1f;
    const Case cases[] {
        { "level", [] (Monitor& m) { m.setLevel (-6); }, 0.5f * six, -0.25f * six },
        { "dim", [] (Monitor& m) { m.setDim (true); }, 0.5f * ten, -0.25f * ten },
        { "mute", [] (Monitor& m) { m.setMute (true); }, 0, 0 },
        { "mono", [] (Monitor& m) { m.setMono (true); }, 0.125f, 0.125f },
        { "swap", [] (Monitor& m) { m.setSwap (true); }, -0.25f, 0.5f },
        { "reference", [] (Monitor& m) { m.hearReference (true); }, -0.75f, 0.375f },
        { "listen", [] (Monitor& m) { m.hearListened (true); }, 0.125f, 0.0625f },
    };
    for (const auto& one : cases)
    {
        INFO (one.name);
        Chain chain;
        chain.play (3);
        one.turn (chain.monitor);
        const auto out = chain.play (12);
        const float ends[] { one.left, one.right };
        for (std::size_t c = 0; c < 2; ++c)
        {
            float last = c == 0 ? 0.5f : -0.25f;
            for (std::size_t n = 0; n < out[c].size(); ++n)
            {
                // 1.25 is the longest way there is; it takes 480 frames or fewer. The reference comes in 240,
                // where the root of the smooth share begins with a slope of root 3.
                const float most =
                    one.name == std::string ("reference") ? 1.25f * 1.7321f / 240 : 1.25f / 480;
                REQUIRE (std::abs (out[c][n] - last) < most * 1.01f);
                last = out[c][n];
                if (n >= 480)
                    REQUIRE (out[c][n] == Approx (ends[c]).margin (1e-7));
            }
        }
    }
}

TEST_CASE ("a monitor that starts anew is at once where its switches are")
{
    Chain chain;
    chain.play (1);
    chain.monitor.setSwap (true);
    chain.monitor.reset();
    CHECK (chain.play (1)[0][1] == -0.25f);
    // And moves again afterwards.
    chain.play (1);
    chain.monitor.setSwap (false);
    CHECK (chain.play (1)[0][0] != 0.5f);
}

TEST_CASE ("song and reference change places in 5 ms at equal power and the reference's level moves smoothly")
{
    // Left and right carry one of the two each, so that a side is a gain.
    Chain chain;
    chain.sounds[0][0].fill (1);
    chain.sounds[0][1].fill (0);
    chain.sounds[2][0].fill (0);
    chain.sounds[2][1].fill (1);
    chain.play (1);
    chain.monitor.hearReference (true);
    const auto out = chain.play (8);
    for (std::size_t n = 0; n < out[0].size(); ++n)
        REQUIRE (out[0][n] * out[0][n] + out[1][n] * out[1][n] == Approx (1).margin (1e-6));
    CHECK (out[1][120] == Approx (std::sqrt (0.5)).margin (0.01)); // half way after 2.5 ms
    CHECK (out[1][200] < 1);
    CHECK (out[1][240] == 1);
    CHECK (out[0][240] == 0);
    chain.monitor.setReferenceLevel (-6);
    const auto turned = chain.play (8);
    for (std::size_t n = 1; n < turned[1].size(); ++n)
        REQUIRE (std::abs (turned[1][n] - turned[1][n - 1]) < 1.01f / 480);
    CHECK (turned[1].back() == Approx (std::pow (10, -6.0 / 20)));
}
