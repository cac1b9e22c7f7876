// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/FixedString.h"
#include "core/Param.h"
#include "dsp/Equaliser.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <span>
#include <string_view>

namespace lacquer::dsp
{

// What the equalisers of the mix and of the master have in common: everything but their names, the order of
// their menus and where their bands open.

/// Menus: the texts `shapes` (in the order of BandShape) and `slopes`, and `orders`, those of the slopes.
template <typename T, typename Menus, FixedString n, BandShape shape, int hertz>
struct EqBandParams
{
    T on = onOff<T> (joined<"band", n, ".on">, joined<"Band ", n>, false, "Turns the band on.");
    T type = oneOf<T> (joined<"band", n, ".type">, joined<"Band ", n, " type">, Menus::shapes,
                       static_cast<float> (shape), "Shape of the band.");
    T frequency = inHertz<T> (joined<"band", n, ".frequency">, joined<"Band ", n, " frequency">,
                              { 10, 22000 }, static_cast<float> (hertz), "Centre or corner of the band.");
    T gain = inDecibels<T> (joined<"band", n, ".gain">, joined<"Band ", n, " gain">, { -18, 18 }, 0,
                            "Boost or cut of a bell, shelf or tilt.");
    T q = asNumber<T> (joined<"band", n, ".q">, joined<"Band ", n, " Q">, { 0.1f, 18 }, 0.71f,
                       Taper::logarithmic,
                       "How narrow a bell, notch or band-pass or how steep a shelf or tilt is.");
    T slope = oneOf<T> (joined<"band", n, ".slope">, joined<"Band ", n, " slope">, Menus::slopes,
                        Menus::slope, "Steepness of a low or high cut.");
    T channel = oneOf<T> (joined<"band", n, ".channel">, joined<"Band ", n, " channel">, "Stereo|Mid|Side", 0,
                          "Part of the stereo sound that the band works on.");
};

template <typename T, FixedString n>
struct EqMotionParams
{
    T dynamic = onOff<T> (joined<"band", n, ".dynamic">, joined<"Band ", n, " dynamic">, false,
                          "Lets the level in a bell or shelf move its gain.");
    T threshold = inDecibels<T> (joined<"band", n, ".threshold">, joined<"Band ", n, " threshold">,
                                 { -80, 0 }, -30, "Level in the band above which its gain moves.");
    T ratio = asRatio<T> (joined<"band", n, ".ratio">, joined<"Band ", n, " ratio">, { 1, 20 }, 2,
                          "How far the gain moves, as the ratio of a compressor.");
    T attack = inMilliseconds<T> (joined<"band", n, ".attack">, joined<"Band ", n, " attack">, { 0.5f, 500 },
                                  10, "Time in which 63% of a movement arrives.");
    T release = inMilliseconds<T> (joined<"band", n, ".release">, joined<"Band ", n, " release">,
                                   { 10, 3000 }, 120, "Time in which 63% of a movement goes away.");
    T range = inDecibels<T> (joined<"band", n, ".range">, joined<"Band ", n, " range">, { -24, 24 }, -6,
                             "Farthest movement of the gain, down or up.");
    T key = oneOf<T> (joined<"band", n, ".key">, joined<"Band ", n, " key">, "Inside|Sidechain", 0,
                      "What the band listens to; without a sidechain connected, its own sound.");
};

template <typename T>
constexpr T eqPhaseParam()
{
    return oneOf<T> (
        "phase", "Phase", "Zero latency|Natural|Linear|Short linear", 0,
        "Without latency, with the phase of analog filters, or without any turn of phase: exact to "
        "the lowest bass, or a quarter as late.");
}

/// An effect but for its id, name, help and Params, which hold eight EqBandParams, eight EqMotionParams and
/// the phase, in this order.
template <typename Menus>
class EqEffect
{
public:
    static constexpr bool keyed = true;

    void prepare (const auto& format)
    {
        core.prepare (format.sampleRate, format.channels);
        fresh = true;
    }

    void reset() noexcept
    {
        core.reset();
        fresh = true;
    }

    /// values: of the Params, in their order.
    void process (const auto& io, std::span<const float> values) noexcept
    {
        if (fresh)
            core.begin (io.time.playing ? io.time.position : 0);
        if (fresh || std::memcmp (values.data(), told.data(), sizeof told) != 0)
        {
            std::copy_n (values.begin(), told.size(), told.begin());
            core.set (settingsOf (told), io.frames);
            fresh = false;
        }
        core.process (io.channels, io.sidechain, io.frames);
    }

    void ready (const auto& p) { core.ready (settingsOf (p).phase); }
    int latency (const auto& p) const noexcept { return core.latency (settingsOf (p).phase); }
    Frames tail (const auto& p) const noexcept { return core.tail (settingsOf (p)); }
    Frames rest (const auto& p) const noexcept { return core.rest (settingsOf (p)); }
    float reduction() const noexcept { return core.reduction(); }

private:
    struct Values // the members of the Params of floats
    {
        struct Band
        {
            float on, type, frequency, gain, q, slope, channel;
        };
        struct Motion
        {
            float dynamic, threshold, ratio, attack, release, range, key;
        };
        std::array<Band, EqBands::count> band;
        std::array<Motion, EqBands::count> motion;
        float phase;
    };
    static EqSettings settingsOf (const auto& params) noexcept
    {
        const auto all = std::bit_cast<Values> (params);
        const auto choice = [] (float value) { return static_cast<int> (std::lround (value)); };
        EqSettings s;
        for (std::size_t n = 0; n < EqBands::count; ++n)
        {
            const auto& b = all.band[n];
            const auto& m = all.motion[n];
            const auto slope = std::clamp<std::size_t> (static_cast<std::size_t> (choice (b.slope)), 0,
                                                        std::size (Menus::orders) - 1);
            s.band[n] = {
                isOn (b.on),          static_cast<BandShape> (choice (b.type)),  b.frequency, b.gain, b.q,
                Menus::orders[slope], static_cast<BandPart> (choice (b.channel))
            };
            s.motion[n] = {
                isOn (m.dynamic), m.threshold, m.ratio, m.attack, m.release, m.range, isOn (m.key)
            };
        }
        s.phase = static_cast<EqPhase> (choice (all.phase));
        return s;
    }

    Equaliser core;
    std::array<float, sizeof (Values) / sizeof (float)> told {};
    bool fresh = true;
};

} // namespace lacquer::dsp
