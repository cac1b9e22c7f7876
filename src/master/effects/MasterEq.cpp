// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/EqParams.h"
#include "engine/Effect.h"

namespace lacquer::master
{

struct MasterEqMenus
{
    static constexpr std::string_view shapes =
        "Bell|Low shelf|High shelf|Low cut|High cut|Notch|Band-pass|Tilt";
    static constexpr std::string_view slopes =
        "12 dB/oct|24 dB/oct|48 dB/oct|6 dB/oct|18 dB/oct|36 dB/oct|72 dB/oct|96 dB/oct";
    static constexpr int orders[] { 2, 4, 8, 1, 3, 6, 12, 16 };
    static constexpr float slope = 1;
};

/// The equaliser of the mix where a master begins. Its menu of slopes begins with the three it had first, as
/// sessions know them by their places.
struct MasterEq : dsp::EqEffect<MasterEqMenus>
{
    static constexpr std::string_view id = "master-eq", name = "Master EQ",
                                      help = "Shapes the spectrum of the master in eight bands.";

    using Shape = dsp::BandShape;

    template <typename T>
    struct Params
    {
        dsp::EqBandParams<T, MasterEqMenus, "1", Shape::lowCut, 30> band1;
        dsp::EqBandParams<T, MasterEqMenus, "2", Shape::lowShelf, 100> band2;
        dsp::EqBandParams<T, MasterEqMenus, "3", Shape::bell, 250> band3;
        dsp::EqBandParams<T, MasterEqMenus, "4", Shape::bell, 800> band4;
        dsp::EqBandParams<T, MasterEqMenus, "5", Shape::bell, 2500> band5;
        dsp::EqBandParams<T, MasterEqMenus, "6", Shape::bell, 6000> band6;
        dsp::EqBandParams<T, MasterEqMenus, "7", Shape::highShelf, 10000> band7;
        dsp::EqBandParams<T, MasterEqMenus, "8", Shape::highCut, 19000> band8;
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

LACQUER_EFFECT (MasterEq)

} // namespace lacquer::master
