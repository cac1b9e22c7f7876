// SPDX-License-Identifier: GPL-3.0-or-later
#include "mix/ReferenceStrip.h"

#include "core/Units.h"
#include "dsp/FastMath.h"

#include <algorithm>
#include <cmath>

namespace lacquer::mix
{

ReferenceStrip::ReferenceStrip (StripValues v, double sampleRate, int channelCount)
    : channels (channelCount), trim (trimGain (v)), gate (gateDesign (v, sampleRate)),
      comp (compDesign (v, sampleRate)), sat (satDesign (v))
{
    std::ranges::copy (v, values.begin());
    const auto halfband = dsp::halfbandCoefficients<6> (1.0 / 24);
    for (auto& c : side)
    {
        for (int k = 0; k < 14; ++k)
            if (const auto d = sectionDesign (k, v, sampleRate); d.on)
                c.sections[static_cast<std::size_t> (k)].set (d.coefficients);
        c.up.set (halfband);
        c.down.set (halfband);
    }
    gateLeft = gate.hold;
}

double ReferenceStrip::reduction() const noexcept
{
    return compLevel / dsp::octavesPerDb;
}

double ReferenceStrip::saturated (Channel& c, double x) const noexcept
{
    const auto shaped = [&] (double newest)
    {
        // The same taps as dsp::stripConstants(), whose reason is given there.
        const double driven =
            1.45784215 * c.taps[1] - 0.26499023 * (c.taps[0] + c.taps[2]) + 0.03606916 * (newest + c.taps[3]);
        std::rotate (c.taps.begin(), c.taps.end() - 1, c.taps.end());
        c.taps[0] = newest;
        const double y =
            (driven + c.last) / (std::sqrt (1 + driven * driven) + std::sqrt (1 + c.last * c.last));
        c.last = driven;
        return y;
    };
    double first, second;
    c.up.process (x * sat.drive, first, second);
    first = shaped (first);
    second = shaped (second);
    return c.down.process (first, second) * sat.inverse;
}

ReferenceStrip::Output ReferenceStrip::operator() (Frame in) noexcept
{
    std::array<double, 2> x { in.left, in.right };
    const auto used = static_cast<std::size_t> (channels);
    const auto loudest = [&]
    { return used == 2 ? std::max (std::abs (x[0]), std::abs (x[1])) : std::abs (x[0]); };

    for (std::size_t c = 0; c < used; ++c)
    {
        x[c] = std::abs (x[c]) < 1e10 ? x[c] * trim : 0;
        for (std::size_t k = 0; k < 8; ++k)
            x[c] = side[c].sections[k](x[c]);
    }
    if (gate.on)
    {
        gatePeak = std::max (loudest(), gatePeak * gate.fall);
        gateLeft =
            gatePeak >= (gateLeft > 0 ? gate.close : gate.open) ? gate.hold : std::max (gateLeft - 1, 0.0);
        const double target = gateLeft > 0 ? 0 : -gate.range;
        gateLevel += (target > gateLevel ? gate.attack : gate.release) * (target - gateLevel);
        for (auto& s : x)
            s *= std::exp2 (gateLevel);
    }
    for (std::size_t c = 0; c < used; ++c)
        for (std::size_t k = 8; k < 14; ++k)
            x[c] = side[c].sections[k](x[c]);
    if (comp.on)
    {
        const double u = std::max (std::log2 (std::max (loudest(), 1e-6)) + comp.offset, 0.0);
        const double t = std::min (u, comp.knee);
        const double target = comp.bend * t * t + comp.slope * (u - t);
        compLevel += (target > compLevel ? comp.attack : comp.release) * (target - compLevel);
        for (auto& s : x)
            s *= std::exp2 (comp.makeup - compLevel);
    }

    Output out;
    for (std::size_t c = 0; c < used; ++c)
    {
        auto& past = side[c].past;
        const double dry = past.back();
        std::rotate (past.begin(), past.end() - 1, past.end());
        past[0] = x[c];
        x[c] = sat.on ? dry + sat.mix * (saturated (side[c], x[c]) - dry) : dry;
    }
    out.preFader = { x[0], x[1] };
    if (used == 1)
        x[1] = x[0];

    const auto at = [&] (int p) { return values[static_cast<std::size_t> (p)]; };
    const int law = static_cast<int> (at (LACQUER_STRIP_INDEX (pan.law)));
    const double heard = isOn (at (LACQUER_STRIP_INDEX (fader.mute))) ? 0 : 1;
    const double fader = heard * gainOf (Decibels { at (LACQUER_STRIP_INDEX (fader.level)) });
    const auto pan =
        panMatrix ({ static_cast<int> (at (LACQUER_STRIP_INDEX (stereo.mode))), law,
                     at (LACQUER_STRIP_INDEX (pan.position)), at (LACQUER_STRIP_INDEX (stereo.left)),
                     at (LACQUER_STRIP_INDEX (stereo.right)), at (LACQUER_STRIP_INDEX (stereo.width)) },
                   channels);
    const double right = used == 1 ? 0 : x[1];
    out.direct = { (x[0] * pan.leftToLeft + right * pan.rightToLeft) * fader,
                   (x[0] * pan.leftToRight + right * pan.rightToRight) * fader };
    constexpr int first = LACQUER_STRIP_INDEX (send1), size = LACQUER_STRIP_INDEX (send2) - first;
    for (int k = 0; k < stripSends; ++k)
    {
        const int base = first + k * size;
        const double level = isOn (at (base + 1)) ? gainOf (Decibels { at (base) }) : 0;
        const double place = at (LACQUER_STRIP_INDEX (send1Pan) + k);
        const auto before = panGains (place, law, channels), after = panGains (place, law, 2);
        out.sends[static_cast<std::size_t> (k)] =
            isOn (at (base + 2))
                ? Frame { x[0] * level * heard * before.left, x[1] * level * heard * before.right }
                : Frame { out.direct.left * level * after.left, out.direct.right * level * after.right };
    }
    return out;
}

} // namespace lacquer::mix
