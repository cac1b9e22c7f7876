// SPDX-License-Identifier: GPL-3.0-or-later
#include "mix/StripDesign.h"

#include "core/Units.h"
#include "dsp/FastMath.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace lacquer::mix
{

namespace
{

constexpr int indexHighPass = LACQUER_STRIP_INDEX (hpf), indexLowPass = LACQUER_STRIP_INDEX (lpf),
              indexGate = LACQUER_STRIP_INDEX (gate), indexEq = LACQUER_STRIP_INDEX (eq),
              indexBand = LACQUER_STRIP_INDEX (eq.band1),
              bandSize = LACQUER_STRIP_INDEX (eq.band2) - indexBand, indexComp = LACQUER_STRIP_INDEX (comp),
              indexSat = LACQUER_STRIP_INDEX (sat), indexPan = LACQUER_STRIP_INDEX (pan);

double at (StripValues v, int parameter)
{
    return v[static_cast<std::size_t> (parameter)];
}

bool isOnAt (StripValues v, int parameter)
{
    return isOn (v[static_cast<std::size_t> (parameter)]);
}

/// Share of the way per frame that leads 63 % of it in a time.
double share (double milliseconds, double sampleRate)
{
    return 1 - std::exp (-1000 / (milliseconds * sampleRate));
}

} // namespace

StripModule moduleOf (int p) noexcept
{
    if (p < indexHighPass)
        return moduleTrim;
    if (p < indexLowPass)
        return moduleHighPass;
    if (p < indexGate)
        return moduleLowPass;
    if (p < indexEq)
        return moduleGate;
    if (p < indexBand)
        return moduleBand1;
    if (p < indexComp)
        return static_cast<StripModule> (moduleBand1 + (p - indexBand) / bandSize);
    if (p < indexSat)
        return moduleComp;
    return p < indexPan ? moduleSat : moduleGain;
}

double trimGain (StripValues v) noexcept
{
    const double gain = gainOf (Decibels { at (v, LACQUER_STRIP_INDEX (trim.gain)) });
    return isOnAt (v, LACQUER_STRIP_INDEX (trim.polarity)) ? -gain : gain;
}

SectionDesign sectionDesign (int n, StripValues v, double sampleRate) noexcept
{
    if (n < 2 * cutSections)
    {
        const bool high = n < cutSections;
        const int base = high ? indexHighPass : indexLowPass, k = high ? n : n - cutSections;
        constexpr int countOf[] { 1, 2, 4 };
        const int count = countOf[std::clamp (static_cast<int> (at (v, base + 2) + 0.5), 0, 2)];
        if (! isOnAt (v, base) || k >= count)
            return {};
        return { dsp::svfOf (dsp::eqSection (high ? dsp::EqShape::highPass : dsp::EqShape::lowPass,
                                             at (v, base + 1), dsp::butterworthQ (count, k), 0, sampleRate)),
                 true, false };
    }
    const int base = indexBand + (n - 2 * cutSections) * bandSize;
    if (! isOnAt (v, indexEq) || ! isOnAt (v, base))
        return {};
    constexpr dsp::EqShape shapes[] { dsp::EqShape::bell, dsp::EqShape::lowShelf, dsp::EqShape::highShelf,
                                      dsp::EqShape::notch };
    const auto shape = shapes[std::clamp (static_cast<int> (at (v, base + 1) + 0.5), 0, 3)];
    const double gain = at (v, base + 3);
    // A flat band is no band: most bands of most strips cost nothing.
    if (gain == 0 && shape != dsp::EqShape::notch)
        return { {}, true, true };
    return { dsp::svfOf (dsp::eqSection (shape, at (v, base + 2), at (v, base + 4), gain, sampleRate)), true,
             false };
}

GateDesign gateDesign (StripValues v, double sampleRate) noexcept
{
    const double threshold = at (v, LACQUER_STRIP_INDEX (gate.threshold));
    return { isOnAt (v, LACQUER_STRIP_INDEX (gate.on)),
             std::pow (10, threshold / 20),
             std::pow (10, (threshold - at (v, LACQUER_STRIP_INDEX (gate.hysteresis))) / 20),
             at (v, LACQUER_STRIP_INDEX (gate.range)) * dsp::octavesPerDb,
             std::max (1.0, std::round (at (v, LACQUER_STRIP_INDEX (gate.hold)) * sampleRate / 1000)),
             share (at (v, LACQUER_STRIP_INDEX (gate.attack)), sampleRate),
             share (at (v, LACQUER_STRIP_INDEX (gate.release)), sampleRate),
             1 - share (10, sampleRate) }; // bridges the half periods of low notes
}

CompDesign compDesign (StripValues v, double sampleRate) noexcept
{
    const double knee = std::max (at (v, LACQUER_STRIP_INDEX (comp.knee)), 0.01) * dsp::octavesPerDb;
    const double slope = 1 - 1 / at (v, LACQUER_STRIP_INDEX (comp.ratio));
    return { isOnAt (v, LACQUER_STRIP_INDEX (comp.on)),
             knee / 2 - at (v, LACQUER_STRIP_INDEX (comp.threshold)) * dsp::octavesPerDb,
             knee,
             slope,
             slope / (2 * knee),
             at (v, LACQUER_STRIP_INDEX (comp.makeup)) * dsp::octavesPerDb,
             share (at (v, LACQUER_STRIP_INDEX (comp.attack)), sampleRate),
             share (at (v, LACQUER_STRIP_INDEX (comp.release)), sampleRate) };
}

SatDesign satDesign (StripValues v) noexcept
{
    const double drive = std::pow (10, at (v, LACQUER_STRIP_INDEX (sat.drive)) / 20);
    return { isOnAt (v, LACQUER_STRIP_INDEX (sat.on)), drive, 1 / drive,
             at (v, LACQUER_STRIP_INDEX (sat.mix)) / 100 };
}

namespace
{

/// A law without its compensation, and that.
struct Law
{
    int base;
    double compensation;
};

Law lawOf (int index)
{
    constexpr int compensated = 4;
    const double most[] { std::numbers::sqrt2, std::pow (2, 0.75), 2 };
    return index < compensated ? Law { index, 1 }
                               : Law { index - compensated + 1, most[std::min (index - compensated, 2)] };
}

} // namespace

PanGains panGains (double position, int law, int channels) noexcept
{
    constexpr double quarter = std::numbers::pi / 2;
    const double p = std::clamp (position / 100, -1.0, 1.0);
    // cos (pi / 2) is 6e-17 in double, and a side that is off must be silent.
    const auto side = [&] (double x) { return x >= 1 ? 0.0 : std::cos (x * quarter); };
    if (channels == 2 || law == 0)
        return { p > 0 ? side (p) : 1.0, p < 0 ? side (-p) : 1.0 };
    const double right = (p + 1) / 2, left = 1 - right;
    const auto [base, k] = lawOf (law);
    switch (base)
    {
        case 1: return { k * side (right), k * side (left) };
        case 2: return { k * std::sqrt (left * side (right)), k * std::sqrt (right * side (left)) };
        default: return { k * left, k * right };
    }
}

PanMatrix panMatrix (const PanValues& v, int channels) noexcept
{
    if (channels == 1)
    {
        const auto g = panGains (v.position, v.law, 1);
        return { g.left, g.right, 0, 0 };
    }
    if (v.mode == 1)
    {
        const int law = lawOf (v.law).base;
        const auto l = panGains (v.left, law, 1), r = panGains (v.right, law, 1);
        return { l.left, l.right, r.left, r.right };
    }
    const auto g = panGains (v.position, v.law, 2);
    if (v.mode == 0)
        return { g.left, 0, 0, g.right };
    const double w = std::clamp (v.width / 100, -1.0, 1.0), own = (1 + w) / 2, other = (1 - w) / 2;
    return { g.left * own, g.right * other, g.left * other, g.right * own };
}

PanLine::PanLine (double position, double perFrame, int panLaw, int channels) noexcept
    : first (position / 100), step (perFrame / 100), compensation (lawOf (panLaw).compensation),
      law (lawOf (panLaw).base), balance (channels == 2 || panLaw == 0)
{
    constexpr double quarter = std::numbers::pi / 2;
    const double angle = (balance ? first : (first + 1) / 2) * quarter,
                 turn = (balance ? step : step / 2) * quarter;
    cosine = std::cos (angle);
    sine = std::sin (angle);
    turnCosine = std::cos (turn);
    turnSine = std::sin (turn);
}

PanGains PanLine::next() noexcept
{
    const double p = std::clamp (first + step * frame, -1.0, 1.0), c = cosine, s = sine;
    frame += 1;
    cosine = c * turnCosine - s * turnSine;
    sine = s * turnCosine + c * turnSine;
    if (balance)
        return { p <= 0 ? 1 : p < 1 ? c : 0, p >= 0 ? 1 : p > -1 ? c : 0 };
    const double right = (p + 1) / 2, left = 1 - right;
    const double toLeft = p >= 1 ? 0 : p <= -1 ? 1 : c, toRight = p <= -1 ? 0 : p >= 1 ? 1 : s;
    switch (law)
    {
        case 1: return { compensation * toLeft, compensation * toRight };
        case 2:
            return { compensation * std::sqrt (left * toLeft), compensation * std::sqrt (right * toRight) };
        default: return { compensation * left, compensation * right };
    }
}

} // namespace lacquer::mix
