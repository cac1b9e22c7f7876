// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <cmath>
#include <numbers>

namespace lacquer::dsp
{

/// A first-order section (b0 + b1 z^-1)/(1 + a1 z^-1), of the bilinear transform with its corner in place.
struct FirstOrder
{
    double b0 = 1, b1 = 0, a1 = 0;

    /// (high s + low w)/(s + w): the gain is `low` far under the corner, `high` far above. [any thread]
    static FirstOrder shelf (double hertz, double low, double high, double sampleRate) noexcept
    {
        const double g = warped (hertz, sampleRate), d = 1 / (1 + g);
        return { (high + low * g) * d, (low * g - high) * d, (g - 1) * d };
    }

    /// (gain s + w)/(s + gain w): 1/gain far under the frequency, 1 at it, gain far above. [any thread]
    static FirstOrder tilt (double hertz, double gain, double sampleRate) noexcept
    {
        const double g = warped (hertz, sampleRate), d = 1 / (1 + gain * g);
        return { (gain + g) * d, (g - gain) * d, (gain * g - 1) * d };
    }

    /// What undoes this one; for shelves and tilts with gains above 0. [any thread]
    FirstOrder inverse() const noexcept { return { 1 / b0, a1 / b0, b1 / b0 }; }

private:
    static double warped (double hertz, double sampleRate) noexcept
    {
        return std::tan (std::numbers::pi * std::fmin (hertz, 0.45 * sampleRate) / sampleRate);
    }
};

/// Such a section at work on one or two channels; its coefficients move in straight lines over a block.
class FirstOrderFilter
{
public:
    void reset() noexcept ///< [audio] The next towards() jumps.
    {
        memory[0] = memory[1] = 0;
        known = false;
    }

    /// Begins a block at whose end the section is `to`. [audio]
    void towards (const FirstOrder& to, int frames) noexcept
    {
        from = known ? end : to;
        end = to;
        part = 1.0 / frames;
        moves = from.b0 != end.b0 || from.b1 != end.b1 || from.a1 != end.a1;
        known = true;
    }

    /// One channel's block, in place. [audio]
    void process (int channel, float* x, int frames) noexcept
    {
        double s = memory[channel];
        FirstOrder c = end;
        for (int n = 0; n < frames; ++n)
        {
            if (moves)
            {
                const double w = (n + 1) * part;
                c = { from.b0 + w * (end.b0 - from.b0), from.b1 + w * (end.b1 - from.b1),
                      from.a1 + w * (end.a1 - from.a1) };
            }
            const double in = static_cast<double> (x[n]), out = c.b0 * in + s;
            s = c.b1 * in - c.a1 * out;
            x[n] = static_cast<float> (out);
        }
        memory[channel] = s;
    }

private:
    FirstOrder from, end;
    double memory[2] {}, part = 0;
    bool known = false, moves = false;
};

/// Takes a constant offset out: a high-pass of 6 dB per octave at 5 Hz, 0.3 dB down at 20 Hz. One channel.
class DcBlock
{
public:
    static constexpr double corner = 5;
    static constexpr double settled = 13.8 / (2 * std::numbers::pi * corner); ///< seconds to fall by 120 dB

    void prepare (double sampleRate) noexcept
    {
        pull = 1 - std::exp (-2 * std::numbers::pi * corner / sampleRate);
        reset();
    }
    void reset() noexcept { offset = 0; } ///< [audio]

    /// The offset at this frame, to be taken from it. [audio]
    float operator() (float x) noexcept
    {
        offset += pull * (static_cast<double> (x) - offset);
        return static_cast<float> (offset);
    }

private:
    double pull = 0, offset = 0;
};

} // namespace lacquer::dsp
