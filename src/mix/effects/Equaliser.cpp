// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/FixedString.h"
#include "dsp/EqBands.h"
#include "engine/Effect.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>

namespace lacquer::mix
{

/// Eight bands in double precision, matched to their analog prototypes, without latency (dsp/EqBands.h).
/// Flat, it is the identity, bit for bit.
struct Equaliser
{
    static constexpr std::string_view id = "equaliser", name = "Equaliser",
                                      help = "Shapes the spectrum in eight bands.";

    using Type = dsp::BandShape;

    template <typename T, FixedString n, Type initialType, int hertz>
    struct Band
    {
        T on = onOff<T> (joined<"band", n, ".on">, joined<"Band ", n>, false, "Turns the band on.");
        T type = oneOf<T> (joined<"band", n, ".type">, joined<"Band ", n, " type">,
                           "Bell|Low shelf|High shelf|Low cut|High cut|Notch|Band-pass|Tilt",
                           static_cast<float> (initialType), "Shape of the band.");
        T frequency = inHertz<T> (joined<"band", n, ".frequency">, joined<"Band ", n, " frequency">,
                                  { 10, 22000 }, static_cast<float> (hertz), "Centre or corner of the band.");
        T gain = inDecibels<T> (joined<"band", n, ".gain">, joined<"Band ", n, " gain">, { -18, 18 }, 0,
                                "Boost or cut of a bell, shelf or tilt.");
        T q = asNumber<T> (joined<"band", n, ".q">, joined<"Band ", n, " Q">, { 0.1f, 18 }, 0.71f,
                           Taper::logarithmic,
                           "How narrow a bell, notch or band-pass or how steep a shelf or tilt is.");
        T slope = oneOf<T> (joined<"band", n, ".slope">, joined<"Band ", n, " slope">,
                            "6 dB/oct|12 dB/oct|18 dB/oct|24 dB/oct|36 dB/oct|48 dB/oct|72 dB/oct|96 dB/oct",
                            3, "Steepness of a low or high cut.");
        T channel = oneOf<T> (joined<"band", n, ".channel">, joined<"Band ", n, " channel">,
                              "Stereo|Mid|Side", 0, "Part of the stereo sound that the band works on.");
    };

    template <typename T>
    struct Params
    {
        Band<T, "1", Type::lowCut, 30> band1;
        Band<T, "2", Type::lowShelf, 100> band2;
        Band<T, "3", Type::bell, 250> band3;
        Band<T, "4", Type::bell, 700> band4;
        Band<T, "5", Type::bell, 2000> band5;
        Band<T, "6", Type::bell, 5000> band6;
        Band<T, "7", Type::highShelf, 10000> band7;
        Band<T, "8", Type::highCut, 18000> band8;
    };

    void prepare (const engine::Format& f)
    {
        rate = f.sampleRate;
        bands.prepare (rate);
        reset();
    }

    void reset() noexcept
    {
        bands.reset();
        fresh = true;
    }

    void process (const engine::Block& io, const Params<float>& p) noexcept
    {
        if (fresh || std::memcmp (&p, &told, sizeof p) != 0)
        {
            bands.set (bandsOf (p));
            told = p;
            fresh = false;
        }
        bands.process (io.channels, io.frames);
    }

    /// The ringing of every band, one after the other.
    Frames tail (const Params<float>& p) const noexcept
    {
        Seconds sum { 0 };
        for (const auto& b : bandsOf (p))
            sum.value += dsp::ringing (b).value;
        return framesIn (sum, rate);
    }

private:
    static std::array<dsp::EqBand, 8> bandsOf (const Params<float>& p) noexcept
    {
        struct Values // the members of Band<float, ...>
        {
            float on, type, frequency, gain, q, slope, channel;
        };
        std::array<dsp::EqBand, 8> bands;
        std::size_t n = 0;
        for (const auto& v : std::bit_cast<std::array<Values, 8>> (p))
        {
            constexpr int orders[] { 1, 2, 3, 4, 6, 8, 12, 16 };
            bands[n++] = { isOn (v.on),
                           static_cast<Type> (std::lround (v.type)),
                           v.frequency,
                           v.gain,
                           v.q,
                           orders[std::clamp (static_cast<int> (std::lround (v.slope)), 0, 7)],
                           static_cast<dsp::BandPart> (std::lround (v.channel)) };
        }
        return bands;
    }

    double rate = 48000;
    dsp::EqBands bands;
    Params<float> told {};
    bool fresh = true;
};

LACQUER_EFFECT (Equaliser)

} // namespace lacquer::mix
