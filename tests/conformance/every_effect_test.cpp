// SPDX-License-Identifier: GPL-3.0-or-later
// What every effect of both catalogues promises (engine/Effect.h), checked on each of them.
#include "conformance/Rig.h"
#include "conformance/Spectrum.h"
#include "master/Catalogue.h"
#include "mix/Catalogue.h"
#include "support/RtGuard.h"

#include <atomic>
#include <bit>
#include <catch2/catch.hpp>
#include <complex>
#include <limits>
#include <map>
#include <memory>
#include <set>
#include <xmmintrin.h>

namespace lacquer::mix
{
engine::EffectType describeWarmth(); // the example of docs/ADDING-AN-EFFECT.md
}

using namespace lacquer;
using namespace lacquer::tests;

namespace
{

std::vector<engine::EffectType> everyEffect()
{
    auto all = mix::catalogue();
    all.insert (all.end(), master::catalogue().begin(), master::catalogue().end());
    all.push_back (mix::describeWarmth());
    return all;
}

/// Calls what (type, rate, channels) for every effect in every format, the way the engine does: with
/// denormals flushed.
template <typename F>
void inEveryFormat (F what)
{
    const auto before = _mm_getcsr();
    _mm_setcsr (before | 0x8040); // flush to zero, denormals are zero
    for (const auto& type : everyEffect())
        for (double rate : { 44100.0, 48000.0, 96000.0, 192000.0 })
            for (int channels : { 1, 2 })
            {
                INFO (type.id << " at " << rate << " Hz, " << channels << " channels");
                what (type, rate, channels);
            }
    _mm_setcsr (before);
}

template <typename F>
void onEvery (F what)
{
    const auto before = _mm_getcsr();
    _mm_setcsr (before | 0x8040);
    for (const auto& type : everyEffect())
    {
        INFO (type.id);
        what (type);
    }
    _mm_setcsr (before);
}

bool isKebab (std::string_view id)
{
    if (id.empty() || id.front() == '-' || id.back() == '-')
        return false;
    return std::all_of (id.begin(), id.end(),
                        [] (char c)
                        { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.'; });
}

bool isSentence (std::string_view text)
{
    return text.size() > 8 && text.back() == '.' && (text.front() < 'a' || text.front() > 'z') &&
           text.substr (0, text.size() - 1).find (". ") == std::string_view::npos;
}

/// Block lengths that never fit the grid.
int unevenCut (Frames at)
{
    return 1 + static_cast<int> (hashed (static_cast<std::uint64_t> (at)) % engine::quantum);
}

/// Sets every parameter to something between its ends that is not its initial value, the same every time.
void disturb (Rig& rig, std::uint64_t seed)
{
    for (std::size_t n = 0; n < rig.values.size(); ++n)
        rig.values[n] = static_cast<float> (valueAtTravel (rig.type.params[n], uniform (seed * 1000 + n)));
}

/// 200 Hz at -12 dBFS and a weak 3 kHz, not the same on both sides.
Sound tones (int channels, int frames, double rate)
{
    auto sound = sine (channels, frames, 200, rate, 0.25f);
    const auto high = sine (channels, frames, 3000, rate, 0.05f);
    for (std::size_t c = 0; c < sound.size(); ++c)
        for (std::size_t n = 0; n < sound[c].size(); ++n)
            sound[c][n] = (c == 0 ? 1.0f : 0.7f) * sound[c][n] + (c == 0 ? 0.6f : 1.0f) * high[c][n];
    return sound;
}

/// Settings of all parameters in which one of them makes a difference.
struct Setting
{
    std::uint64_t seed = 0; ///< 0: the initial ones
    float difference = 0;

    void take (Rig& rig) const
    {
        if (seed == 0)
            return;
        disturb (rig, seed);
        if (seed % 2 == 0) // with a note value, time and rate are not heard
            rig.set ("note", 0);
    }
};

/// The first setting in which the ends of a parameter lie 0.03 apart, else the one where they lie farthest.
Setting whereItMatters (const engine::EffectType& type, std::size_t p)
{
    // Loud for a while, dying away, a short peak; the sidechain of two settings in three at other times and
    // unlike on both sides.
    const int frames = type.id == "delay" || type.id == "gate" ? 48000 : 16000;
    auto in = tones (2, frames, 48000), key = noise (2, frames, 0.3f, 9);
    for (std::size_t c = 0; c < 2; ++c)
        for (std::size_t n = 0; n < in[c].size(); ++n)
        {
            const auto away =
                std::pow (10.0f, -3 * std::clamp ((static_cast<float> (n) - 8000) / 4000, 0.0f, 1.0f));
            in[c][n] *= n / 500 == 27 ? 1 : away;
            key[c][n] *= (n % 4800 < 2400 ? 1.0f : 0.03f) * (c == 0 ? 1.0f : 0.2f);
        }
    Setting best;
    for (std::uint64_t seed = 0; seed <= 120 && best.difference < 0.03f; ++seed)
    {
        const Setting one { seed };
        Sound out[2];
        for (int end : { 0, 1 })
        {
            Rig rig (type, 48000, 2);
            one.take (rig);
            if (type.keyed && seed % 3 != 0)
                rig.key = key;
            rig.values[p] = end == 0 ? type.params[p].min : type.params[p].max;
            out[end] = rig.run (in);
        }
        float most = 0;
        for (std::size_t c = 0; c < 2; ++c)
            for (std::size_t n = 0; n < in[c].size(); ++n)
                most = std::max (most, std::abs (out[0][c][n] - out[1][c][n]));
        if (most > best.difference)
            best = { seed, most };
    }
    return best;
}

/// The largest x[n] - 2x[n-1] + x[n-2] from a frame on.
float bendOf (const Sound& sound, std::size_t from)
{
    float bend = 0;
    for (const auto& c : sound)
        for (std::size_t n = std::max<std::size_t> (from, 2); n < c.size(); ++n)
            bend = std::max (bend, std::abs (c[n] - 2 * c[n - 1] + c[n - 2]));
    return bend;
}

} // namespace

TEST_CASE ("ids are unique and in kebab case")
{
    std::set<std::string_view> effects;
    onEvery (
        [&] (const engine::EffectType& type)
        {
            CHECK (isKebab (type.id));
            CHECK (effects.insert (type.id).second);
            std::set<std::string_view> params;
            for (const auto& p : type.params)
            {
                INFO (p.id);
                CHECK (isKebab (p.id));
                CHECK (params.insert (p.id).second);
            }
        });
    REQUIRE (effects.size() >= 8);
}

TEST_CASE ("every help text is one sentence with a full stop")
{
    onEvery (
        [] (const engine::EffectType& type)
        {
            CHECK (isSentence (type.help));
            CHECK (! type.name.empty());
            for (const auto& p : type.params)
            {
                INFO (p.id << ": " << p.help);
                CHECK (isSentence (p.help));
                CHECK (! p.name.empty());
            }
        });
}

TEST_CASE ("every initial value lies inside its range")
{
    onEvery (
        [] (const engine::EffectType& type)
        {
            for (const auto& p : type.params)
            {
                INFO (p.id);
                CHECK (p.min < p.max);
                CHECK (p.initial >= p.min);
                CHECK (p.initial <= p.max);
                CHECK ((p.taper != Taper::logarithmic || p.min > 0));
            }
        });
}

TEST_CASE ("what a value reads can be typed back")
{
    onEvery (
        [] (const engine::EffectType& type)
        {
            for (const auto& p : type.params)
                for (int n = 0; n <= 100; ++n)
                {
                    const auto text = textOf (p, valueAtTravel (p, n / 100.0));
                    INFO (p.id << " = " << text);
                    const auto value = valueOf (p, text);
                    REQUIRE (value);
                    REQUIRE (textOf (p, *value) == text);
                }
        });
}

TEST_CASE ("the sound does not depend on how it is cut into blocks")
{
    inEveryFormat (
        [] (const engine::EffectType& type, double rate, int channels)
        {
            for (std::uint64_t seed : { 0, 1, 2 })
            {
                Rig rig (type, rate, channels);
                if (seed > 0)
                    disturb (rig, seed);
                const auto in = noise (channels, static_cast<int> (rate / 4), 0.5f, seed + 7);
                const auto whole = rig.run (in);
                for (int cut : { 1, 7, 0 })
                {
                    INFO ("seed " << seed << ", blocks of " << cut << " (0: uneven)");
                    rig.reset();
                    CHECK (whole == rig.run (in, [&] (Frames at) { return cut > 0 ? cut : unevenCut (at); }));
                    if (cut > 0 && seed > 0)
                        break;
                }
            }
        });
}

TEST_CASE ("after a reset the same sound comes out again")
{
    inEveryFormat (
        [] (const engine::EffectType& type, double rate, int channels)
        {
            // Long enough that an echo of the initial delay has gone round once.
            const int frames = static_cast<int> (rate * (rate < 50000 ? 0.8 : 0.2));
            for (std::uint64_t seed : { 0, 3 })
            {
                Rig rig (type, rate, channels);
                if (seed > 0)
                    disturb (rig, seed);
                const auto in = noise (channels, frames, 0.5f);
                const auto first = rig.run (in);
                rig.run (noise (channels, frames, 0.9f, 99));
                rig.reset();
                CHECK (first == rig.run (in));
            }
        });
}

TEST_CASE ("the output is finite whatever comes in")
{
    inEveryFormat (
        [] (const engine::EffectType& type, double rate, int channels)
        {
            const int frames = static_cast<int> (rate / 20);
            const Sound inputs[] { silence (channels, frames),
                                   noise (channels, frames, 1),
                                   noise (channels, frames, 15.85f), // +24 dBFS
                                   Sound (static_cast<std::size_t> (channels),
                                          std::vector<float> (static_cast<std::size_t> (frames), 1.0f)), // DC
                                   impulse (channels, frames),
                                   noise (channels, frames, 1e-39f) }; // denormals
            for (std::uint64_t seed : { 0, 4, 5 })
            {
                Rig rig (type, rate, channels);
                if (seed > 0)
                    disturb (rig, seed);
                for (const auto& in : inputs)
                {
                    const auto out = rig.run (in);
                    CHECK (isFinite (out));
                    CHECK (peakOf (out) < 1000);
                }
            }
        });
}

TEST_CASE ("process and reset never allocate, lock or touch a file")
{
    // The guard counts inside every RealTimeScope; Rig::run() and this test open one around each call.
    if (! test::realTimeGuardIsActive()) // sanitizer builds
        return;
    test::clearRealTimeViolations();
    test::muteRealTimeGuard (true);
    {
        const RealTimeScope scope;
        const auto planted = std::make_unique<std::atomic<int>> (1);
        planted->store (2);
    }
    test::muteRealTimeGuard (false);
    REQUIRE (test::realTimeViolations() > 0);
    inEveryFormat (
        [] (const engine::EffectType& type, double rate, int channels)
        {
            Rig rig (type, rate, channels);
            test::clearRealTimeViolations();
            rig.run (noise (channels, 2000, 0.5f), unevenCut,
                     [&] (Frames at, std::vector<float>& values)
                     {
                         for (std::size_t p = 0; p < values.size(); ++p)
                             values[p] = static_cast<float> (valueAtTravel (
                                 type.params[p], uniform (static_cast<std::uint64_t> (at) * 100 + p)));
                     });
            {
                const RealTimeScope scope;
                rig.effect->reset();
            }
            CHECK (test::realTimeViolations() == 0);
        });
}

TEST_CASE ("each parameter works at both of its ends")
{
    onEvery (
        [] (const engine::EffectType& type)
        {
            for (std::size_t p = 0; p < type.params.size(); ++p)
                for (float value : { type.params[p].min, type.params[p].max })
                {
                    INFO (type.params[p].id << " = " << value);
                    Rig rig (type, 48000, 2);
                    rig.values[p] = value;
                    const auto out = rig.run (noise (2, 4800, 0.5f));
                    CHECK (isFinite (out));
                    CHECK (peakOf (out) < 100);
                }
        });
}

TEST_CASE ("a broken sample is silence, in the sound and in the sidechain, and leaves nothing behind")
{
    // The same effect that got zeros in its place: bit for bit the same from the next block on.
    inEveryFormat (
        [] (const engine::EffectType& type, double rate, int channels)
        {
            for (std::uint64_t seed : { 0, 8 })
            {
                Sound after[2];
                for (bool broken : { false, true })
                {
                    Rig rig (type, rate, channels);
                    if (seed > 0)
                        disturb (rig, seed);
                    const int frames = static_cast<int> (rate / 20);
                    auto in = noise (channels, frames, 0.5f), key = noise (channels, frames, 0.4f, 2);
                    for (auto* sound : { &in, &key })
                        for (auto& c : *sound)
                        {
                            c[100] = broken ? std::numeric_limits<float>::quiet_NaN() : 0.0f;
                            c[200] = broken ? std::numeric_limits<float>::infinity() : 0.0f;
                            c[300] = broken ? -3e38f : 0.0f;
                        }
                    if (type.keyed)
                        rig.key = key;
                    rig.run (in);
                    if (type.keyed)
                        rig.key = noise (channels, 4 * frames, 0.4f, 3);
                    after[broken] = rig.run (noise (channels, 4 * frames, 0.5f, 5));
                }
                INFO ("seed " << seed);
                CHECK (isFinite (after[1]));
                CHECK ((after[1] == after[0])); // not printed
                CHECK (peakOf (after[0]) < 1000);
            }
        });
}

TEST_CASE ("silence in, from the start, is silence out")
{
    inEveryFormat (
        [] (const engine::EffectType& type, double rate, int channels)
        {
            Rig rig (type, rate, channels);
            disturb (rig, 6);
            CHECK (peakOf (rig.run (silence (channels, 5000))) == 0);
        });
}

TEST_CASE ("the latency told is the latency measured")
{
    inEveryFormat (
        [] (const engine::EffectType& type, double rate, int channels)
        {
            Rig rig (type, rate, channels);
            if (rig.set ("mix", 0)) // the dry way is a pure delay
            {
                const int frames = static_cast<int> (rate / 10), delay = rig.latency();
                const auto in = noise (channels, frames, 0.5f), out = rig.run (in);
                bool same = true;
                for (std::size_t c = 0; c < in.size(); ++c)
                    for (int n = delay; n < frames; ++n)
                        same = same && out[c][static_cast<std::size_t> (n)] ==
                                           in[c][static_cast<std::size_t> (n - delay)];
                CHECK (same);
                return;
            }
            // Group delay at 0.4 of the rate, where the phase of minimum-phase filters has settled:
            // Re (sum n h z^-n / sum h z^-n).
            const auto h = rig.run (impulse (channels, 16384, 0.1f))[0];
            std::complex<double> sum, moment;
            for (std::size_t n = 0; n < h.size(); ++n)
            {
                const auto z = static_cast<double> (h[n]) *
                               std::polar (1.0, -2 * std::numbers::pi * 0.4 * static_cast<double> (n));
                sum += z;
                moment += static_cast<double> (n) * z;
            }
            CHECK ((moment / sum).real() == Approx (rig.latency()).margin (1.0));
        });
}

TEST_CASE ("with every value that changes it, the latency told is the latency measured")
{
    // Of the dry sound, to the bit, and of the effect itself: where the input correlates most with the
    // output.
    int changing = 0;
    inEveryFormat (
        [&] (const engine::EffectType& type, double rate, int channels)
        {
            for (std::size_t p = 0; p < type.params.size(); ++p)
            {
                const auto& param = type.params[p];
                Rig told (type, rate, channels);
                std::map<int, float> valueOfLatency;
                const int steps = param.isChoice() ? static_cast<int> (param.max) : 4;
                for (int k = 0; k <= steps; ++k)
                {
                    told.values[p] =
                        static_cast<float> (valueAtTravel (param, static_cast<double> (k) / steps));
                    valueOfLatency[told.latency()] = told.values[p];
                }
                if (valueOfLatency.size() < 2)
                    continue;
                ++changing;
                for (const auto& [latency, value] : valueOfLatency)
                {
                    INFO (param.id << " = " << value << ", " << latency << " frames");
                    const int frames = 1 << (std::bit_width (static_cast<unsigned> (latency)) + 1 < 14
                                                 ? 14
                                                 : std::bit_width (static_cast<unsigned> (latency)) + 1);
                    const auto in = noise (channels, frames, 0.1f);
                    Rig wet (type, rate, channels);
                    wet.values[p] = value;
                    const auto out = wet.run (in);
                    auto spectrum = spectrumOf (out[0]);
                    const auto original = spectrumOf (in[0]);
                    for (std::size_t k = 0; k < spectrum.size(); ++k)
                        spectrum[k] *= std::conj (original[k]);
                    const auto correlation = signalOf (spectrum, frames);
                    const auto most =
                        std::max_element (correlation.begin(), correlation.end(),
                                          [] (double a, double b) { return std::abs (a) < std::abs (b); });
                    if (type.id != "flanger") // whose effect is another delay
                        CHECK (std::abs (most - correlation.begin() - latency) <= 1);
                    Rig dry (type, rate, channels);
                    dry.values[p] = value;
                    if (! dry.set ("mix", 0))
                        continue;
                    const auto same = dry.run (in);
                    for (std::size_t c = 0; c < in.size(); ++c)
                        CHECK (std::equal (same[c].begin() + latency, same[c].end(), in[c].begin()));
                }
            }
        });
    CHECK (changing >= 8 * 9);
}

TEST_CASE ("only what is said to listen to a sidechain does")
{
    // A quiet sound and a loud key, and all kinds of settings until one of them makes a difference.
    std::size_t keyed = 0;
    onEvery (
        [&] (const engine::EffectType& type)
        {
            const auto in = noise (2, 3000, 0.01f, 3), key = noise (2, 3000, 0.9f, 4);
            bool listens = false;
            for (std::uint64_t seed = 1; seed <= 40 && ! listens; ++seed)
            {
                Rig rig (type, 48000, 2);
                disturb (rig, seed + 100);
                const auto alone = rig.run (in);
                rig.reset();
                rig.key = key;
                listens = rig.run (in) != alone;
            }
            CHECK (listens == type.keyed);
            keyed += type.keyed ? 1 : 0;
        });
    CHECK (keyed >= 7);
}

TEST_CASE ("the tail ends when it was told to")
{
    int known = 0;
    inEveryFormat (
        [&] (const engine::EffectType& type, double rate, int channels)
        {
            for (std::uint64_t seed : { 0, 1, 2, 3 })
            {
                if (seed > 1 && (rate != 48000 || channels == 1))
                    break;
                Rig rig (type, rate, channels);
                if (seed > 0)
                    disturb (rig, seed + 20);
                const Frames tail = rig.tail();
                if (tail < 0)
                    continue;
                ++known;
                INFO ("seed " << seed << ", tail " << tail);
                rig.run (noise (channels, static_cast<int> (rate / 2), 0.5f));
                rig.run (silence (channels, static_cast<int> (tail)));
                // -100 dBFS
                CHECK (peakOf (rig.run (silence (channels, static_cast<int> (rate / 10)))) < 1e-5f);
            }
        });
    CHECK (known > 300); // of 18 times every effect
}

TEST_CASE ("every parameter is heard, and moves without a click")
{
    // Each in a setting of the others where it makes a difference, found by trying: a band that is off tells
    // nothing of its frequency. What bends, x[n] - 2x[n-1] + x[n-2]: an unsmoothed switch of the tone makes
    // 0.25, a straight ramp over 64 frames 0.008; besides what the sound itself bends while nothing moves.
    // Swept from end to end and back 20 times a second: 5 % of the way in a block, or a choice further. Then
    // from one end to the other at once, where up to 48 dB over 64 frames may bend more, in proportion to the
    // sound.
    int formats = 0;
    onEvery (
        [&] (const engine::EffectType& type)
        {
            for (std::size_t p = 0; p < type.params.size(); ++p)
            {
                const auto& param = type.params[p];
                INFO (param.id);
                const auto setting = whereItMatters (type, p);
                CHECK (setting.difference > 1e-5f);
                const std::pair<double, int> every[] { { 44100, 1 }, { 44100, 2 }, { 48000, 1 },
                                                       { 96000, 2 }, { 96000, 1 }, { 192000, 2 },
                                                       { 192000, 1 } };
                for (const auto& [rate, channels] : { std::pair (48000.0, 2), every[formats++ % 7] })
                {
                    INFO (rate << " Hz, " << channels << " channels, setting " << setting.seed);
                    const auto from = static_cast<Frames> (rate / 5), length = 2 * from;
                    const auto play = [&, rate = rate, channels = channels] (auto&& travelAt)
                    {
                        Rig rig (type, rate, channels);
                        setting.take (rig);
                        if (type.keyed)
                            rig.key = tones (channels, static_cast<int> (length), rate);
                        return rig.run (
                            tones (channels, static_cast<int> (length), rate),
                            [] (Frames) { return engine::quantum; },
                            [&] (Frames at, std::vector<float>& values)
                            { values[p] = static_cast<float> (valueAtTravel (param, travelAt (at))); });
                    };
                    float still = 0, peak = 0;
                    const int steps = param.isChoice() ? static_cast<int> (param.max) : 4;
                    for (int k = 0; k <= steps; ++k)
                    {
                        const auto out = play ([&] (Frames) { return static_cast<double> (k) / steps; });
                        still = std::max (still, bendOf (out, static_cast<std::size_t> (from)));
                        peak = std::max (peak, peakOf (out));
                    }
                    const auto swept = play (
                        [&, second = rate] (Frames at)
                        {
                            const double turn =
                                static_cast<double> (std::max<Frames> (0, at - from)) * 20 / second;
                            return 1 - std::abs (2 * (turn - std::floor (turn)) - 1);
                        });
                    CHECK (bendOf (swept, static_cast<std::size_t> (from)) <
                           (param.isChoice() ? 0.035f : 0.012f) * std::max ({ 1.0f, peak, peakOf (swept) }) +
                               2 * still);
                    const auto leaping =
                        play ([&] (Frames at) { return at < from || at > from * 3 / 2 ? 0 : 1; });
                    CHECK (bendOf (leaping, static_cast<std::size_t> (from)) <
                           0.1f * std::max (0.3f, peak) + 2 * still);
                }
            }
        });
}
