// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <array>
#include <complex>

namespace lacquer::dsp
{

/// A second-order section b0 + b1 z^-1 + b2 z^-2 over 1 + a1 z^-1 + a2 z^-2.
struct Biquad
{
    double b0 = 1, b1 = 0, b2 = 0, a1 = 0, a2 = 0;

    /// Level of the response at a frequency in Hz, in dB; -400 for a true zero. [any thread]
    double responseDb (double frequency, double sampleRate) const noexcept;

    /// The response itself, at radians per frame. [any thread]
    std::complex<double> response (double radians) const noexcept;
};

/// The same section as the coefficients of a trapezoidal state variable filter (dsp/Svf.h). The default lets
/// sound through unchanged and keeps the filter's state at zero.
struct SvfCoefficients
{
    double a1 = 0, a2 = 0, a3 = 0, m0 = 1, m1 = 0, m2 = 0;
};

enum class EqShape
{
    bell,
    lowShelf,
    highShelf,
    lowPass,
    highPass,
    notch,
    bandPass
};

/// A stable section whose magnitude follows the analog prototype up to the Nyquist frequency, where the
/// bilinear transform would cramp it: M. Vicanek, "Matched Second Order Digital Filters" (2016); shelves by
/// the same method, matched at 0 Hz, at the corner and at the prototype's zero frequency.
/// frequency in Hz (kept below 0.49 of the rate), q > 0, gain in dB (bell and shelves only). A bell or shelf
/// of 0 dB is exactly the identity. [any thread]
Biquad eqSection (EqShape, double frequency, double q, double gainDb, double sampleRate) noexcept;

/// Level in dB of the analog prototype that eqSection() follows, at a frequency in Hz. [any thread]
double analogDb (EqShape, double centre, double q, double gainDb, double frequency) noexcept;

/// Its response, level and phase, at a frequency in units of the centre. [any thread]
std::complex<double> analogResponse (EqShape, double q, double gainDb, double ratio) noexcept;

/// Q of section n of a Butterworth filter of `sections` second-order sections. [any thread]
double butterworthQ (int sections, int n) noexcept;

inline constexpr int maxCutSections = 8;

/// A Butterworth high- or low-pass, 6 dB per octave and order. Only the first `count` sections count; the
/// others are the identity.
struct CutFilter
{
    std::array<Biquad, maxCutSections> section {};
    int count = 0;

    double responseDb (double frequency, double sampleRate) const noexcept;
};

/// shape: highPass or lowPass; order: 1 to 16. A section of an odd order is of first order, matched to its
/// prototype at 0 Hz and at the corner. [any thread]
CutFilter butterworth (EqShape shape, double frequency, int order, double sampleRate) noexcept;

/// The same by its number of second-order sections, 1 to 8. [any thread]
CutFilter cutFilter (EqShape shape, double frequency, int sections, double sampleRate) noexcept;

/// The state variable filter with the transfer function of a stable section. Exact: Zavalishin, "The Art of
/// VA Filter Design", and A. Simper, "Solving the continuous SVF equations using trapezoidal integration and
/// equivalent currents" (2013). [any thread]
SvfCoefficients svfOf (const Biquad&) noexcept;

} // namespace lacquer::dsp
