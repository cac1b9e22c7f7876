// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "dsp/EqDesign.h"
#include "mix/StripParams.h"

#include <span>

namespace lacquer::mix
{

/// What the parameters of a strip mean to its signal path, in double. Levels and thresholds in log2 of the
/// gain ("octaves"); times as the share of the way gone per frame.

inline constexpr int cutSections = 4; ///< of each of the two cut filters

using StripValues = std::span<const float, static_cast<std::size_t> (stripParamCount)>;

/// The modules of a strip that are computed anew one by one.
enum StripModule
{
    moduleTrim,
    moduleHighPass,
    moduleLowPass,
    moduleGate,
    moduleBand1, ///< ... moduleBand1 + 5
    moduleComp = moduleBand1 + eqBands,
    moduleSat,
    moduleGain, ///< pan, fader, sends
    moduleCount
};

/// The module that a parameter belongs to; eq.on belongs to moduleBand1 and all after it.
StripModule moduleOf (int parameter) noexcept;

double trimGain (StripValues) noexcept;

struct SectionDesign
{
    dsp::SvfCoefficients coefficients;
    bool on = false;
    bool flat = true; ///< the identity, although it is on: a band of 0 dB
};
/// Section n of the high-pass (0 to 3), the low-pass (4 to 7) and the EQ (8 to 13).
SectionDesign sectionDesign (int n, StripValues, double sampleRate) noexcept;

struct GateDesign
{
    bool on = false;
    double open, close; ///< linear
    double range;       ///< octaves, 0 or more
    double hold;        ///< frames, whole, at least 1
    double attack, release;
    double fall; ///< of the detector per frame
};
GateDesign gateDesign (StripValues, double sampleRate) noexcept;

struct CompDesign
{
    bool on = false;
    double offset, knee, slope, bend, makeup;
    double attack, release;
};
CompDesign compDesign (StripValues, double sampleRate) noexcept;

struct SatDesign
{
    bool on = false;
    double drive, inverse, mix;
};
SatDesign satDesign (StripValues) noexcept;

struct PanGains
{
    double left, right;
};
/// position -100 to 100; law: index of pan.law. A stereo strip is balanced: the far side is turned down and
/// the middle is 1. Sine law at -3 dB, linear at -6, their geometric mean at -4.5; compensated: the same over
/// its level in the middle.
PanGains panGains (double position, int law, int channels) noexcept;

/// What each channel of a strip gives to each side; a mono strip's is the left one.
struct PanMatrix
{
    double leftToLeft, leftToRight, rightToLeft, rightToRight;
};
struct PanValues
{
    int mode = 0; ///< index of pan.mode
    int law = 1;
    double position = 0, left = -100, right = 100, width = 100;
};
/// The width w keeps middle and sides as M + w S and M - w S. In stereo pan, a channel all the way out keeps
/// its level under every law.
PanMatrix panMatrix (const PanValues&, int channels) noexcept;

/// The gains along a straight line of the position, frame by frame: the angle is turned instead of asking for
/// its cosine every time. Differs from panGains() by less than 1e-13.
class PanLine
{
public:
    /// From a position on, so much further in every frame.
    PanLine (double position, double step, int law, int channels) noexcept;

    PanGains next() noexcept;

private:
    double first, step, frame = 0;
    double cosine, sine, turnCosine, turnSine;
    double compensation;
    int law;
    bool balance;
};

} // namespace lacquer::mix
