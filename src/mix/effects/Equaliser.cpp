// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/EqParams.h"
#include "engine/Effect.h"

namespace lacquer::mix
{

struct EqualiserMenus
{
    static constexpr std::string_view shapes =
        "Bell|Low shelf|High shelf|Low cut|High cut|Notch|Band-pass|Tilt";
    static constexpr std::string_view slopes =
        "6 dB/oct|12 dB/oct|18 dB/oct|24 dB/oct|36 dB/oct|48 dB/oct|72 dB/oct|96 dB/oct";
    static constexpr int orders[] { 1, 2, 3, 4, 6, 8, 12, 16 };
    static constexpr float slope = 3;
};

/// Eight bands, static or dynamic, matched to their analog prototypes (dsp/Equaliser.h). Without latency it
/// is in double precision throughout and, flat, the identity, bit for bit.
struct Equaliser : dsp::EqEffect<EqualiserMenus>
{
    static constexpr std::string_view id = "equaliser", name = "Equaliser",
                                      help = "Shapes the spectrum in eight bands.";

    using Shape = dsp::BandShape;

    template <typename T>
    struct Params
    {
        dsp::EqBandParams<T, EqualiserMenus, "1", Shape::lowCut, 30> band1;
        dsp::EqBandParams<T, EqualiserMenus, "2", Shape::lowShelf, 100> band2;
        dsp::EqBandParams<T, EqualiserMenus, "3", Shape::bell, 250> band3;
        dsp::EqBandParams<T, EqualiserMenus, "4", Shape::bell, 700> band4;
        dsp::EqBandParams<T, EqualiserMenus, "5", Shape::bell, 2000> band5;
        dsp::EqBandParams<T, EqualiserMenus, "6", Shape::bell, 5000> band6;
        dsp::EqBandParams<T, EqualiserMenus, "7", Shape::highShelf, 10000> band7;
        dsp::EqBandParams<T, EqualiserMenus, "8", Shape::highCut, 18000> band8;
        dsp::EqMotionParams<T, "1"> motion1;
        dsp::EqMotionParams<T, "2"> motion2;
        dsp::EqMotionParams<T, "3"> motion3;
        dsp::EqMotionParams<T, "4"> motion4;
        dsp::EqMotionParams<T, "5"> motion5;
        dsp::EqMotionParams<T, "6"> motion6;
        dsp::EqMotionParams<T, "7"> motion7;
        dsp::EqMotionParams<T, "8"> motion8;
        T phase = dsp::eqPhaseParam<T>();
    };
};

LACQUER_EFFECT (Equaliser)

} // namespace lacquer::mix
