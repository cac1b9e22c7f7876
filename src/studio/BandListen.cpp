// SPDX-License-Identifier: GPL-3.0-or-later
#include "studio/BandListen.h"

#include "dsp/EqDesign.h"

#include <algorithm>
#include <cmath>

namespace lacquer::studio
{

bool BandListen::works() noexcept
{
    return share > 0 || ! chosen().isAll();
}

void BandListen::design (ListenBand band, int frames) noexcept
{
    dsp::Biquad sections[2];
    if (band.low > 0 && band.high > 0)
    {
        // n band-passes of the same Q in a row are 3 dB down where one is 3/n dB down: for two of them the
        // width shrinks by sqrt (sqrt 2 - 1).
        const double low = static_cast<double> (std::min (band.low, band.high)),
                     high = static_cast<double> (std::max (band.low, band.high));
        const double centre = std::sqrt (low * high),
                     q = centre / std::max (high - low, 1e-3 * centre) * std::sqrt (std::sqrt (2.0) - 1);
        for (auto& s : sections)
            s = dsp::eqSection (dsp::EqShape::bandPass, centre, q, 0, rate);
    }
    else
    {
        const auto cut =
            dsp::butterworth (band.low > 0 ? dsp::EqShape::highPass : dsp::EqShape::lowPass,
                              static_cast<double> (band.low > 0 ? band.low : band.high), 4, rate);
        std::copy_n (cut.section.begin(), 2, sections);
    }
    for (int n = 0; n < 2; ++n)
        for (auto& side : filter[n])
            frames > 0 ? side.rampTo (dsp::svfOf (sections[n]), frames) : side.set (dsp::svfOf (sections[n]));
}

void BandListen::begin() noexcept
{
    const auto band = chosen();
    goal = band.isAll() ? 0.0f : 1.0f;
    step = static_cast<float> (1 / (0.005 * rate));
    if (goal > 0 && band != now)
    {
        const bool fresh = share == 0;
        if (fresh)
            for (auto& section : filter)
                for (auto& side : section)
                    side.reset();
        design (band, fresh ? 0 : static_cast<int> (0.005 * rate));
        now = band;
    }
}

void BandListen::frame (float& left, float& right) noexcept
{
    share = share < goal ? std::min (share + step, goal) : std::max (share - step, goal);
    float* const sides[] { &left, &right };
    for (int c = 0; c < 2; ++c)
    {
        const float x = *sides[c];
        *sides[c] = x + share * (filter[1][c](filter[0][c](x)) - x);
    }
    if (share == 0)
        now = {};
}

void BandListen::reset() noexcept
{
    share = chosen().isAll() ? 0.0f : 1.0f;
    now = {};
    for (auto& section : filter)
        for (auto& side : section)
            side.reset();
    if (share > 0)
    {
        now = chosen();
        design (now, 0);
    }
}

} // namespace lacquer::studio
