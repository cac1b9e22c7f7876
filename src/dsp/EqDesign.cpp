// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/EqDesign.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>

namespace lacquer::dsp
{

namespace
{

constexpr double pi = std::numbers::pi;

/// The squared magnitude of a polynomial c0 + c1 z^-1 + c2 z^-2 is C0 p0 + C1 p1 + C2 p2, with p1 = sin^2
/// (w/2), p0 = 1 - p1, p2 = 4 p0 p1.
struct Phi
{
    double p0, p1, p2;
    explicit Phi (double w)
    {
        const double s = std::sin (w / 2);
        p1 = s * s;
        p0 = 1 - p1;
        p2 = 4 * p0 * p1;
    }
    double of (double c0, double c1, double c2) const { return c0 * p0 + c1 * p1 + c2 * p2; }
};

struct Poles
{
    double a1, a2;
    double squared0, squared1, squared2;

    /// Analog poles of frequency w (radians per sample) and damping 1/(2Q), mapped by z = exp (s).
    Poles (double w, double damping)
    {
        const double decay = std::exp (-damping * w);
        a2 = decay * decay;
        a1 = damping <= 1 ? -2 * decay * std::cos (std::sqrt (1 - damping * damping) * w)
                          : -2 * decay * std::cosh (std::sqrt (damping * damping - 1) * w);
        squared0 = (1 + a1 + a2) * (1 + a1 + a2);
        squared1 = (1 - a1 + a2) * (1 - a1 + a2);
        squared2 = -4 * a2;
    }
    double squared (const Phi& phi) const { return phi.of (squared0, squared1, squared2); }
};

/// The minimum-phase numerator with the squared magnitude B0 p0 + B1 p1 + B2 p2.
Biquad section (const Poles& poles, double squared0, double squared1, double squared2)
{
    const double r0 = std::sqrt (std::max (squared0, 0.0)), r1 = std::sqrt (std::max (squared1, 0.0));
    const double w = (r0 + r1) / 2;
    const double b0 = (w + std::sqrt (std::max (w * w + squared2, 0.0))) / 2;
    return { b0, (r0 - r1) / 2, b0 > 0 ? -squared2 / (4 * b0) : 0, poles.a1, poles.a2 };
}

/// One over the section; its zeros must lie inside the unit circle.
Biquad inverse (const Biquad& s)
{
    return { 1 / s.b0, s.a1 / s.b0, s.a2 / s.b0, s.b1 / s.b0, s.b2 / s.b0 };
}

using Complex = std::complex<double>;

double analogSquared (EqShape shape, double q, double gainDb, double ratio)
{
    return std::norm (analogResponse (shape, q, gainDb, ratio));
}

/// Gain of at least 0 dB.
Biquad boostedBell (double w, double q, double gainDb)
{
    const double G = std::pow (10.0, gainDb / 20);
    const Poles poles (w, 1 / (2 * std::sqrt (G) * q));
    const Phi phi (w);
    const double r1 = poles.squared (phi) * G * G;
    const double r2 = (-poles.squared0 + poles.squared1 + 4 * (phi.p0 - phi.p1) * poles.squared2) * G * G;
    const double c0 = poles.squared0;
    const double c2 = (r1 - r2 * phi.p1 - c0) / (4 * phi.p1 * phi.p1);
    const double c1 = r2 + c0 + 4 * (phi.p1 - phi.p0) * c2;
    return section (poles, c0, c1, c2);
}

/// A shelf whose poles lie below the corner: a low shelf that boosts, a high shelf that cuts. Matched the
/// other way round, the error at 16 kHz is 5 dB.
Biquad shelfWithLowPoles (EqShape shape, double w, double q, double gainDb)
{
    const double A = std::pow (10.0, gainDb / 40);
    const double low = shape == EqShape::lowShelf ? 1 / std::sqrt (A) : std::sqrt (A);
    const Poles poles (w * low, 1 / (2 * q));
    const double c0 = poles.squared0 * analogSquared (shape, q, gainDb, 0);

    // With |H|^2 given at 0, two more points give two linear equations for B1 and B2.
    const auto through = [&] (double first, double second)
    {
        const Phi f (first), g (second);
        const double x = analogSquared (shape, q, gainDb, first / w) * poles.squared (f) - c0 * f.p0;
        const double y = analogSquared (shape, q, gainDb, second / w) * poles.squared (g) - c0 * g.p0;
        const double det = f.p1 * g.p2 - g.p1 * f.p2;
        return std::array { (x * g.p2 - y * f.p2) / det, (f.p1 * y - g.p1 * x) / det };
    };
    auto c = through (w, std::min (w / low, pi));
    const double sum = (std::sqrt (c0) + std::sqrt (std::max (c[0], 0.0))) / 2;
    if (c[0] < 0 || sum * sum + c[1] < 0)
        c = through (w, pi);
    return section (poles, c0, c[0], c[1]);
}

/// The squared magnitude is A0 p0 + A1 p1 over and under, and 1/2 at the corner.
Biquad firstOrder (EqShape shape, double frequency, double sampleRate)
{
    const double w = 2 * pi * std::min (frequency / sampleRate, 0.49);
    const double a1 = -std::exp (-w);
    const Phi phi (w);
    const double low = (1 + a1) * (1 + a1) * phi.p0, high = (1 - a1) * (1 - a1) * phi.p1;
    if (shape == EqShape::highPass)
    {
        const double b0 = std::sqrt ((low + high) / (2 * phi.p1)) / 2;
        return { b0, -b0, 0, a1, 0 };
    }
    const double r0 = 1 + a1, r1 = std::sqrt (std::max (high - low, 0.0) / (2 * phi.p1));
    return { (r0 + r1) / 2, (r0 - r1) / 2, 0, a1, 0 };
}

} // namespace

/// R. Bristow-Johnson's shapes at s = j frequency / centre; A = 10^(dB/40).
Complex analogResponse (EqShape shape, double q, double gainDb, double ratio) noexcept
{
    const double A = std::pow (10.0, gainDb / 40);
    const Complex s (0, ratio), ss = s * s;
    switch (shape)
    {
        case EqShape::bell: return (ss + s * (A / q) + 1.0) / (ss + s / (A * q) + 1.0);
        case EqShape::lowShelf:
            return A * (ss + s * (std::sqrt (A) / q) + A) / (A * ss + s * (std::sqrt (A) / q) + 1.0);
        case EqShape::highShelf:
            return A * (A * ss + s * (std::sqrt (A) / q) + 1.0) / (ss + s * (std::sqrt (A) / q) + A);
        case EqShape::lowPass: return 1.0 / (ss + s / q + 1.0);
        case EqShape::highPass: return ss / (ss + s / q + 1.0);
        case EqShape::notch: return (ss + 1.0) / (ss + s / q + 1.0);
        case EqShape::bandPass: return (s / q) / (ss + s / q + 1.0);
    }
    return 1.0;
}

Complex Biquad::response (double radians) const noexcept
{
    const Complex z = std::polar (1.0, -radians);
    return (b0 + z * (b1 + z * b2)) / (1.0 + z * (a1 + z * a2));
}

double Biquad::responseDb (double frequency, double sampleRate) const noexcept
{
    const Complex z = std::polar (1.0, -2 * pi * frequency / sampleRate);
    const double squared = std::norm (b0 + z * (b1 + z * b2)) / std::norm (1.0 + z * (a1 + z * a2));
    return squared > 0 ? std::max (10 * std::log10 (squared), -400.0) : -400.0;
}

double CutFilter::responseDb (double frequency, double sampleRate) const noexcept
{
    double sum = 0;
    for (int n = 0; n < count; ++n)
        sum += section[static_cast<size_t> (n)].responseDb (frequency, sampleRate);
    return sum;
}

double analogDb (EqShape shape, double centre, double q, double gainDb, double frequency) noexcept
{
    const double squared = analogSquared (shape, q, gainDb, frequency / centre);
    return squared > 0 ? 10 * std::log10 (squared) : -400.0;
}

Biquad eqSection (EqShape shape, double frequency, double q, double gainDb, double sampleRate) noexcept
{
    const double w = 2 * pi * std::min (frequency / sampleRate, 0.49);
    const Phi phi (w);
    switch (shape)
    {
        case EqShape::bell:
            if (gainDb == 0)
                return {};
            return gainDb > 0 ? boostedBell (w, q, gainDb) : inverse (boostedBell (w, q, -gainDb));

        case EqShape::lowShelf:
            if (gainDb == 0)
                return {};
            return gainDb > 0 ? shelfWithLowPoles (shape, w, q, gainDb)
                              : inverse (shelfWithLowPoles (shape, w, q, -gainDb));

        case EqShape::highShelf:
            if (gainDb == 0)
                return {};
            return gainDb < 0 ? shelfWithLowPoles (shape, w, q, gainDb)
                              : inverse (shelfWithLowPoles (shape, w, q, -gainDb));

        case EqShape::lowPass:
        {
            const Poles poles (w, 1 / (2 * q));
            const double squared1 = (poles.squared (phi) * q * q - poles.squared0 * phi.p0) / phi.p1;
            return section (poles, poles.squared0, squared1, 0);
        }
        case EqShape::highPass:
        {
            const Poles poles (w, 1 / (2 * q));
            const double b0 = q * std::sqrt (poles.squared (phi)) / (4 * phi.p1);
            return { b0, -2 * b0, b0, poles.a1, poles.a2 };
        }
        case EqShape::notch:
        {
            const Poles poles (w, 1 / (2 * q));
            const double b0 = (1 + poles.a1 + poles.a2) / (4 * phi.p1);
            return { b0, -2 * std::cos (w) * b0, b0, poles.a1, poles.a2 };
        }
        case EqShape::bandPass:
        {
            const Poles poles (w, 1 / (2 * q));
            const double r1 = poles.squared (phi);
            const double r2 = -poles.squared0 + poles.squared1 + 4 * (phi.p0 - phi.p1) * poles.squared2;
            const double c2 = (r1 - r2 * phi.p1) / (4 * phi.p1 * phi.p1);
            const double c1 = std::max (r2 + 4 * (phi.p1 - phi.p0) * c2, 0.0);
            const double b1 = -std::sqrt (c1) / 2;
            const double b0 = (std::sqrt (std::max (c2 + b1 * b1, 0.0)) - b1) / 2;
            return { b0, b1, -b0 - b1, poles.a1, poles.a2 };
        }
    }
    return {};
}

double butterworthQ (int sections, int n) noexcept
{
    return 1 / (2 * std::sin ((2 * n + 1) * pi / (4 * sections)));
}

CutFilter butterworth (EqShape shape, double frequency, int order, double sampleRate) noexcept
{
    CutFilter filter;
    for (int n = 0; n < order / 2; ++n)
        filter.section[static_cast<size_t> (filter.count++)] =
            eqSection (shape, frequency, 1 / (2 * std::sin ((2 * n + 1) * pi / (2 * order))), 0, sampleRate);
    if (order % 2 != 0)
        filter.section[static_cast<size_t> (filter.count++)] = firstOrder (shape, frequency, sampleRate);
    return filter;
}

CutFilter cutFilter (EqShape shape, double frequency, int sections, double sampleRate) noexcept
{
    return butterworth (shape, frequency, 2 * sections, sampleRate);
}

SvfCoefficients svfOf (const Biquad& s) noexcept
{
    if (s.a1 == 0 && s.a2 == 0 && s.b1 == 0 && s.b2 == 0)
        return { 0, 0, 0, s.b0, 0, 0 };
    const double s0 = 1 + s.a1 + s.a2, s1 = 1 - s.a1 + s.a2;
    const double g = std::sqrt (s0 / s1), k = 2 * (1 - s.a2) / (s1 * g);
    const double a1 = 1 / (1 + g * (g + k));
    const double m0 = (s.b0 - s.b1 + s.b2) / s1; // gain at the Nyquist frequency
    return {
        a1, g * a1, g * g * a1, m0, 2 * (s.b0 - s.b2) / (g * s1) - m0 * k, (s.b0 + s.b1 + s.b2) / s0 - m0
    };
}

} // namespace lacquer::dsp
