// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/Random.h"
#include "measure/Offset.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

using namespace lacquer;
using measure::offsetBetween;

namespace
{

constexpr double rate = 48000;
using Sound = std::vector<float>;

double noise (std::uint64_t seed, Frames n)
{
    return 2 * uniform (seed * 7919003 + static_cast<std::uint64_t> (n + 1'000'000)) - 1;
}

/// A player: strokes of many partials that ring out, at irregular times, computed at any fraction of a frame;
/// a delay is exact. Up to 9 kHz.
struct Player
{
    struct Partial
    {
        double start, frequency, phase, level, decay;
    };
    std::vector<Partial> partials;

    Player (std::uint64_t seed, double seconds)
    {
        std::uint64_t dice = seed * 104729;
        const auto next = [&] { return uniform (++dice); };
        for (double t = 0.1; t < seconds - 0.2; t += 0.15 + 0.5 * next())
            for (int k = 0; k < 16; ++k)
                partials.push_back ({ t, 60 * std::pow (150, next()), 2 * M_PI * next(), 0.02 + 0.1 * next(),
                                      15 + 60 * next() });
    }
    Sound sound (double seconds, double delayFrames = 0, double gain = 1, double low = 0,
                 double high = 1e9) const
    {
        Sound s (static_cast<std::size_t> (seconds * rate));
        for (const auto& p : partials)
        {
            if (p.frequency < low || p.frequency > high)
                continue;
            const double start = p.start * rate + delayFrames;
            const auto first = static_cast<Frames> (std::ceil (start));
            for (Frames n = std::max<Frames> (0, first);
                 n < std::min<Frames> (static_cast<Frames> (s.size()), first + 9600); ++n)
            {
                const double t = (static_cast<double> (n) - start) / rate;
                // A stroke of 1 ms keeps the onset within the band.
                s[static_cast<std::size_t> (n)] += static_cast<float> (
                    gain * p.level * (1 - std::exp (-t * 1000)) * std::exp (-t * p.decay) *
                    std::sin (2 * M_PI * p.frequency * t + p.phase));
            }
        }
        return s;
    }
};

void add (Sound& to, const Sound& s, double gain = 1)
{
    for (std::size_t n = 0; n < std::min (to.size(), s.size()); ++n)
        to[n] += static_cast<float> (gain) * s[n];
}

double rms (const Sound& s)
{
    double sum = 0;
    for (float x : s)
        sum += static_cast<double> (x) * static_cast<double> (x);
    return std::sqrt (sum / static_cast<double> (s.size()));
}

Sound hiss (std::uint64_t seed, std::size_t frames, double level)
{
    Sound s (frames);
    for (std::size_t n = 0; n < frames; ++n)
        s[n] = static_cast<float> (level * std::sqrt (3.0) * noise (seed, static_cast<Frames> (n)));
    return s;
}

constexpr double seconds = 8;

} // namespace

TEST_CASE ("planted delays of either sign are found to a tenth of a frame with their polarity")
{
    const Player player (1, seconds);
    const auto reference = player.sound (seconds);
    // 2400 frames are 50 ms.
    for (const double delay : { 0.0, 1.0, -1.0, 0.37, -0.5, 17.25, -431.6, 1200.5, 2399.9, -2400.0 })
        for (const double sign : { 1.0, -1.0 })
        {
            const auto found = offsetBetween (reference, player.sound (seconds, delay, 0.6 * sign), rate);
            INFO ("delay " << delay << ", sign " << sign);
            REQUIRE (found);
            CHECK (found->frames == Approx (delay).margin (0.1));
            CHECK (found->inverted == (sign < 0));
            CHECK (found->related());
            CHECK (found->confidence() > 0.5);
        }
}

TEST_CASE ("delays are found through noise and spill and in a part of the band")
{
    const Player player (2, seconds), other (3, seconds), third (4, seconds);
    const double delay = 613.4;
    const auto reference = player.sound (seconds);
    const auto plain = player.sound (seconds, delay, -1);

    auto noisy = plain;
    add (noisy, hiss (5, noisy.size(), rms (plain))); // as loud as the sound
    auto spilt = plain;
    add (spilt, other.sound (seconds), 0.7); // another player, 3 dB below
    auto bothSpilt = plain, referenceSpilt = reference;
    add (bothSpilt, other.sound (seconds, 300), 0.4); // the same third sound in both, at another delay
    add (referenceSpilt, other.sound (seconds, 1000), 0.4);
    struct Case
    {
        const char* name;
        Sound first, second;
        double margin;
    };
    for (const auto& c : { Case { "noise", reference, noisy, 0.5 }, Case { "spill", reference, spilt, 0.3 },
                           Case { "spill in both", referenceSpilt, bothSpilt, 0.5 },
                           Case { "lows only", reference, player.sound (seconds, delay, -1, 0, 600), 0.5 },
                           Case { "highs only", reference, player.sound (seconds, delay, -1, 2500), 0.3 } })
    {
        const auto found = offsetBetween (c.first, c.second, rate);
        INFO (c.name);
        REQUIRE (found);
        CHECK (found->frames == Approx (delay).margin (c.margin));
        CHECK (found->inverted);
        CHECK (found->related());
    }
}

TEST_CASE ("sounds that have nothing in common are not called related")
{
    for (std::uint64_t seed = 10; seed < 18; ++seed)
    {
        const auto a = Player (seed, seconds).sound (seconds);
        const auto b = Player (seed + 100, seconds).sound (seconds);
        const auto found = offsetBetween (a, b, rate);
        INFO ("seed " << seed << (found ? ", confidence " : ", nothing ")
                      << (found ? found->confidence() : 0.0));
        CHECK_FALSE ((found && found->related()));
        const auto hisses = offsetBetween (hiss (seed, a.size(), 0.1), hiss (seed + 50, a.size(), 0.1), rate);
        CHECK_FALSE ((hisses && hisses->related()));
    }
    // The same strokes at the same times by two instruments that share no partial: a beat on a grid.
    const auto reference = Player (7, seconds).sound (seconds, 0, 1, 0, 700);
    const auto other = Player (7, seconds).sound (seconds, 0, 1, 900);
    const auto found = offsetBetween (reference, other, rate);
    INFO ((found ? found->confidence() : 0.0));
    CHECK_FALSE ((found && found->related()));
}

TEST_CASE ("silence and snippets have no offset and a held tone no certain one")
{
    const auto sound = Player (8, seconds).sound (seconds);
    CHECK_FALSE (offsetBetween (sound, Sound (sound.size()), rate));
    CHECK_FALSE (offsetBetween (Sound (100), Sound (100), rate));
    CHECK_FALSE (offsetBetween ({}, {}, rate));
    Sound tone (sound.size());
    for (std::size_t n = 0; n < tone.size(); ++n)
        tone[n] = static_cast<float> (0.5 * std::sin (2 * M_PI * 440 / rate * static_cast<double> (n)));
    const auto held = offsetBetween (tone, tone, rate);
    // Any period fits a tone as well.
    CHECK_FALSE ((held && held->related()));
}
