// SPDX-License-Identifier: GPL-3.0-or-later
// What every effect of both catalogues promises (engine/Effect.h), checked on each of them.
#include "conformance/Rig.h"
#include "master/Catalogue.h"
#include "mix/Catalogue.h"
#include "support/RtGuard.h"

#include <catch2/catch.hpp>
#include <complex>
#include <limits>
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
    if (! test::realTimeGuardIsActive())
        return;
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

TEST_CASE ("a broken sample is forgotten")
{
    inEveryFormat (
        [] (const engine::EffectType& type, double rate, int channels)
        {
            Rig rig (type, rate, channels);
            auto in = noise (channels, static_cast<int> (rate / 10), 0.5f);
            for (auto& c : in)
            {
                c[100] = std::numeric_limits<float>::quiet_NaN();
                c[200] = std::numeric_limits<float>::infinity();
                c[300] = -3e38f;
            }
            rig.run (in);
            const auto after = rig.run (noise (channels, static_cast<int> (rate / 2), 0.5f));
            CHECK (isFinite (after));
            CHECK (peakOf (after) < 10);
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
    onEvery (
        [] (const engine::EffectType& type)
        {
            for (std::uint64_t seed : { 0, 1, 2, 3 })
            {
                Rig rig (type, 48000, 2);
                if (seed > 0)
                    disturb (rig, seed + 20);
                const Frames tail = rig.tail();
                if (tail < 0)
                    continue;
                INFO ("seed " << seed << ", tail " << tail);
                rig.run (noise (2, 24000, 0.5f));
                rig.run (silence (2, static_cast<int> (tail)));
                // -100 dBFS
                CHECK (peakOf (rig.run (silence (2, 4800))) < 1e-5f);
            }
        });
}

TEST_CASE ("a parameter that moves does not click")
{
    // 200 Hz at -12 dBFS. The largest bend of the output, x[n] - 2x[n-1] + x[n-2]: an unsmoothed switch from
    // full level to none or to its opposite makes 0.25 and 0.5; a straight ramp over 64 frames makes 0.008.
    static constexpr float allowed = 0.05f;
    onEvery (
        [] (const engine::EffectType& type)
        {
            for (std::size_t p = 0; p < type.params.size(); ++p)
            {
                const auto& param = type.params[p];
                INFO (param.id);
                Rig rig (type, 48000, 2);
                rig.values[p] = param.min;
                const int latency = rig.latency();
                rig.values[p] = param.max;
                if (rig.latency() != latency)
                    continue; // moves the sound in time: the engine compiles a new plan for it
                rig.values[p] = param.initial;
                const auto out = rig.run (
                    sine (2, 24000, 200, 48000, 0.25f), [] (Frames) { return engine::quantum; },
                    [&] (Frames at, std::vector<float>& values)
                    {
                        if (at < 9600)
                            return; // the start of the tone is no movement
                        const double turn = static_cast<double> (at) * 20 / 48000;
                        const double travel = std::abs (2 * (turn - std::floor (turn)) - 1);
                        values[p] = static_cast<float> (valueAtTravel (param, travel));
                    });
                float bend = 0;
                for (const auto& c : out)
                    for (std::size_t n = 9602; n < c.size(); ++n)
                        bend = std::max (bend, std::abs (c[n] - 2 * c[n - 1] + c[n - 2]));
                CHECK (bend < allowed * std::max (1.0f, peakOf (out)));
            }
        });
}
