// SPDX-License-Identifier: GPL-3.0-or-later
#include "master/LoudnessMatch.h"

#include "core/Random.h"
#include "engine/Effect.h"
#include "master/Targets.h"
#include "measure/Meter.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <numbers>
#include <set>

namespace lacquer::master
{
engine::EffectType describeLimiter();
}

namespace
{
using namespace lacquer;

constexpr double rate = 48000;

/// Eight seconds of pulses over a held chord, -20 LUFS or so with peaks 14 dB above.
std::vector<float> song()
{
    std::vector<float> x (static_cast<size_t> (8 * rate));
    for (size_t n = 0; n < x.size(); ++n)
    {
        const double t = static_cast<double> (n) / rate, beat = std::fmod (t, 0.5);
        double v = 0.7 * std::exp (-beat * 25) *
                   std::sin (2 * std::numbers::pi * 60 * beat * (1 + 2 * std::exp (-beat * 50)));
        v += 0.3 * std::exp (-beat * 80) * (2 * uniform (n) - 1);
        for (const double f : { 220.0, 277.2, 329.6, 440.0, 1318.5 })
            v += 0.035 * std::sin (2 * std::numbers::pi * f * t);
        x[n] = static_cast<float> (v);
    }
    return x;
}

/// The song through the limiter with a gain.
measure::Reading limited (const std::vector<float>& x, Decibels gain)
{
    const auto type = master::describeLimiter();
    std::vector<float> values;
    for (const auto& p : type.params)
        values.push_back (p.id == "gain" ? static_cast<float> (gain.value) : p.initial);
    const auto limiter = type.create();
    limiter->prepare ({ rate, 1 });
    const measure::Role mono[] = { measure::Role::centre };
    measure::Meter meter (rate, mono);
    for (size_t n = 0; n + 64 <= x.size(); n += 64)
    {
        std::array<float, 64> block;
        std::copy_n (x.begin() + static_cast<std::ptrdiff_t> (n), 64, block.begin());
        float* channel = block.data();
        limiter->process ({ { &channel, 1 }, {}, 64, {} }, values);
        const float* out = channel;
        meter.add ({ &out, 1 }, 64);
    }
    return meter.result();
}

} // namespace

TEST_CASE ("the loudness of a limited song is set within 0.05 LU in few renders")
{
    // DSP 2.7: +-0.1 LU in at most 3 passes after the first guess.
    const auto x = song();
    const auto plain = limited (x, Decibels { 0 });
    for (const double lufs : { -23.0, -18.0, -14.0 })
    {
        master::LoudnessGoal goal;
        goal.lufs = lufs;
        const auto match = master::matchedLoudness (goal, Decibels { lufs - *plain.integrated },
                                                    [&] (Decibels gain) -> Result<std::optional<double>>
                                                    { return limited (x, gain).integrated; });
        INFO ((match ? "found" : match.problem().what));
        REQUIRE (match);
        const auto after = limited (x, match->gain);
        INFO ("goal " << lufs << ", gain " << match->gain.value << ", " << match->passes << " renders");
        CHECK (*after.integrated == Approx (lufs).margin (0.05));
        CHECK (*after.truePeak <= -1);
        CHECK (match->passes <= 4);
    }
}

TEST_CASE ("a loudness that the range cannot give is told with the nearest")
{
    // Model: an output that saturates at -9 LUFS.
    const auto model = [] (Decibels g) -> Result<std::optional<double>>
    { return std::optional (-9 - 8 * std::exp (-g.value / 8)); };
    master::LoudnessGoal goal;
    goal.lufs = -6;
    goal.passes = 20;
    const auto match = master::matchedLoudness (goal, Decibels { 0 }, model);
    REQUIRE_FALSE (match);
    CHECK (match.problem().what ==
           "A loudness of -6.0 LUFS cannot be reached: with a gain of 24.0 dB it is -9.4 LUFS.");
}

TEST_CASE ("the loudness search converges on bent curves too")
{
    // Slope from 1 down to 0.1 LU a dB: the inverse is known by construction.
    const auto model = [] (Decibels g) -> Result<std::optional<double>>
    { return std::optional (-20 + 12 * (1 - std::exp (-g.value / 12))); };
    for (const double want : { -2.0, 3.0, 9.0, 15.0, 20.0 })
    {
        master::LoudnessGoal goal;
        goal.lufs = **model (Decibels { want });
        goal.passes = 12;
        const auto match = master::matchedLoudness (goal, Decibels { 0 }, model);
        REQUIRE (match);
        CHECK (match->lufs == Approx (goal.lufs).margin (0.05));
    }
}

TEST_CASE ("silence and a failing render end the search in one sentence")
{
    const auto silent = master::matchedLoudness ({}, Decibels { 0 },
                                                 [] (Decibels) -> Result<std::optional<double>>
                                                 { return std::optional<double> {}; });
    REQUIRE_FALSE (silent);
    CHECK (silent.problem().what == "There is no sound whose loudness could be set.");
    const auto broken = master::matchedLoudness ({}, Decibels { 0 },
                                                 [] (Decibels) -> Result<std::optional<double>>
                                                 { return Problem { "The disk is full." }; });
    REQUIRE_FALSE (broken);
    CHECK (broken.problem().what == "The disk is full.");
}

TEST_CASE ("targets are found by their id, which is there once")
{
    // Tech 3343 for R 128; the services' own pages for the others.
    std::set<std::string_view> ids;
    for (const auto& t : master::targets())
    {
        CHECK (ids.insert (t.id).second);
        CHECK (master::targetOf (t.id) == &t);
        CHECK (t.help.back() == '.');
        CHECK (t.ceiling <= 0);
    }
    for (const auto id : { "spotify", "apple", "youtube", "tidal", "amazon", "deezer", "r128", "a85",
                           "podcast", "cd", "club", "vinyl" })
        CHECK (ids.count (id) == 1);
    CHECK (master::targetOf ("r128")->lufs == -23.0);
    CHECK (master::targetOf ("spotify")->ceiling == -1.0);
    CHECK_FALSE (master::targetOf ("cd")->lufs);
    CHECK (master::targetOf ("nowhere") == nullptr);
}
