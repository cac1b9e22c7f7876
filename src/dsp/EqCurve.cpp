// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/EqCurve.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace lacquer::dsp
{

std::complex<double> analogResponse (const EqBand& b, double frequency) noexcept
{
    const double ratio = frequency / static_cast<double> (b.frequency);
    if (! b.on || (b.hasGain() && b.gain == 0))
        return 1.0;
    switch (b.shape)
    {
        case BandShape::bell: return analogResponse (EqShape::bell, b.q, b.gain, ratio);
        case BandShape::lowShelf: return analogResponse (EqShape::lowShelf, b.q, b.gain, ratio);
        case BandShape::highShelf: return analogResponse (EqShape::highShelf, b.q, b.gain, ratio);
        case BandShape::notch: return analogResponse (EqShape::notch, b.q, 0, ratio);
        case BandShape::bandPass: return analogResponse (EqShape::bandPass, b.q, 0, ratio);
        case BandShape::tilt:
            return std::pow (10.0, -b.gain / 20.0) *
                   analogResponse (EqShape::highShelf, b.q, 2.0 * b.gain, ratio);
        case BandShape::lowCut:
        case BandShape::highCut: break;
    }
    const auto shape = b.shape == BandShape::lowCut ? EqShape::highPass : EqShape::lowPass;
    std::complex<double> all = 1.0;
    for (int n = 0; n < b.order / 2; ++n)
        all *= analogResponse (shape, 1 / (2 * std::sin ((2 * n + 1) * std::numbers::pi / (2 * b.order))), 0,
                               ratio);
    if (b.order % 2 != 0)
    {
        const std::complex<double> s (0, ratio);
        all *= (shape == EqShape::highPass ? s : 1.0) / (1.0 + s);
    }
    return all;
}

EqCurve::EqCurve (std::span<const EqBand, EqBands::count> all, BandPart part) noexcept
{
    for (const auto& b : all)
    {
        if (! b.on || (b.hasGain() && b.gain == 0) || (b.part != BandPart::stereo && b.part != part))
            continue;
        const double squared = static_cast<double> (b.frequency) * b.frequency;
        if (b.isCut())
        {
            cut[static_cast<std::size_t> (cuts++)] = { squared, b.order, b.shape == BandShape::lowCut };
            continue;
        }
        const double turned = b.shape == BandShape::tilt ? 2.0 * b.gain : b.gain;
        const double A = std::pow (10.0, turned / 40), q2 = static_cast<double> (b.q) * b.q;
        Band out { squared, 1, 1, 1, 0, 1, 1, 1 / q2 }; // a notch
        switch (b.shape)
        {
            case BandShape::bell:
                out.a = A * A / q2;
                out.b = 1 / (A * A * q2);
                break;
            case BandShape::lowShelf: out = { squared, A * A, A, 1, A / q2, 1, A, A / q2 }; break;
            case BandShape::highShelf: out = { squared, A * A, 1, A, A / q2, A, 1, A / q2 }; break;
            case BandShape::tilt: // level A^2 of the shelf, and down by half its gain: A^-2
                out = { squared, 1, 1, A, A / q2, A, 1, A / q2 };
                break;
            case BandShape::bandPass:
                out.p = out.q = 0;
                out.a = 1 / q2;
                break;
            default: break;
        }
        band[static_cast<std::size_t> (bands++)] = out;
    }
}

void EqCurve::gains (const float* squares, float* out, int count) const noexcept
{
    // Eight fractions of (2,200^2)^2 each stay far below what a double holds.
    double over[longest], under[longest];
    std::fill_n (over, count, 1.0);
    std::fill_n (under, count, 1.0);
    for (int k = 0; k < bands; ++k)
    {
        const auto& b = band[static_cast<std::size_t> (k)];
        const double scale = 1 / b.centre;
        for (int n = 0; n < count; ++n)
        {
            const double r = scale * static_cast<double> (squares[n]), x = b.p - b.q * r, y = b.u - b.v * r;
            over[n] *= b.level * (x * x + b.a * r);
            under[n] *= y * y + b.b * r;
        }
    }
    for (int n = 0; n < count; ++n)
        over[n] /= under[n];
    for (int k = 0; k < cuts; ++k)
    {
        const auto& c = cut[static_cast<std::size_t> (k)];
        for (int n = 0; n < count; ++n)
        {
            const double f = static_cast<double> (squares[n]);
            double r = c.low ? c.centre / f : f / c.centre, power = 1;
            for (int left = c.order; left > 0; left >>= 1, r *= r)
                if (left & 1)
                    power *= r;
            over[n] /= 1 + power;
        }
    }
    for (int n = 0; n < count; ++n)
        out[n] = static_cast<float> (std::sqrt (over[n]));
}

} // namespace lacquer::dsp
