// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/DampedLines.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace lacquer::dsp
{

namespace
{

// Long enough that no line jumps audibly when the size moves, short enough that a turn of the knob is heard.
constexpr double fadeSeconds = 0.04;

bool isPrime (int n) noexcept
{
    if (n % 2 == 0)
        return n == 2;
    for (int d = 3; d * d <= n; d += 2)
        if (n % d == 0)
            return false;
    return n > 1;
}

/// gain (s + zero)/(s + pole), both as tan (pi f/fs).
void set (kernels::FdnShelf& shelf, std::size_t i, double gain, double zero, double pole) noexcept
{
    const double b0 = gain * (1 + zero) / (1 + pole), b1 = gain * (zero - 1) / (1 + pole),
                 a1 = (pole - 1) / (1 + pole);
    shelf.b[i] = static_cast<float> (b0);
    shelf.c[i] = static_cast<float> (b1 - a1 * b0);
    shelf.a[i] = static_cast<float> (a1);
}

} // namespace

int primeFrom (int n) noexcept
{
    while (! isPrime (n))
        ++n;
    return n;
}

void DampedLines::prepare (double sampleRate, const LineLengths& longest,
                           const std::array<std::size_t, 2>& wandering)
{
    rate = sampleRate;
    wanderers = wandering;
    for (used = fdnLines; used > 0 && longest.of[used - 1] == 0;)
        --used;
    // What wandering adds, and its taps.
    lines.prepare ({ longest.of, used }, static_cast<int> (0.001 * rate) + 8);
    fade.length = static_cast<int> (fadeSeconds * rate);
    reset();
}

void DampedLines::reset() noexcept
{
    lines.clear();
    std::fill_n (damping.lowState, fdnLines, 0.0f);
    std::fill_n (damping.highState, fdnLines, 0.0f);
    fade.left = 0;
    fresh = true;
    moved = false;
    decay.mid = -1; // no decay yet: the next setDecay() designs
    begun = false;
}

void DampedLines::setWander (double share, std::int64_t position) noexcept
{
    // Incommensurable and slow: 0.37 and 0.61 Hz.
    const double hertz[2] { 0.37, 0.61 };
    for (std::size_t k = 0; k < 2; ++k)
    {
        wander[k].step = static_cast<std::uint32_t> (std::lround (share * hertz[k] / rate * 0x1p32));
        if (! begun)
            wander[k].phase = 0x40000000u // half way
                              + static_cast<std::uint32_t> (position) * wander[k].step;
    }
    begun = true;
}

void DampedLines::setLengths (const LineLengths& wanted) noexcept
{
    if (fade.active())
        return;
    before = now;
    now = wanted;
    if (! fresh)
        fade.start();
    if (decay.mid > 0)
        design();
}

void DampedLines::setDecay (const FdnDecay& wanted) noexcept
{
    if (wanted == decay)
        return;
    decay = wanted;
    design();
}

void DampedLines::design() noexcept
{
    auto &low = damping.low, &high = damping.high;
    if (! moved) // twice in one block: the way starts where the block before ended
    {
        damping.lowBefore = low;
        damping.highBefore = high;
    }
    moved = ! fresh;
    fresh = false;

    // First-order shelf by the bilinear transform, half its dB at the corner: with t = tan (pi f/fs) and G
    // the gain of the shelf, low: (s + sqrt (G) t)/(s + t/sqrt (G)), high: G (s + t/sqrt (G))/(s + sqrt (G)
    // t).
    const double nyquistGuard = 0.45 * rate;
    const double tl = std::tan (std::numbers::pi * std::min (decay.lowHz, nyquistGuard) / rate);
    const double th = std::tan (std::numbers::pi * std::min (decay.highHz, nyquistGuard) / rate);
    for (std::size_t i = 0; i < used; ++i)
    {
        const double seconds = now.of[i] / rate; // gain of T60 over one pass: 10^(-3 seconds/T60)
        const double mid = std::pow (10.0, -3 * seconds / decay.mid);
        const double rootLow = std::pow (10.0, -1.5 * seconds * (1 / decay.low - 1 / decay.mid));
        const double rootHigh = std::pow (10.0, -1.5 * seconds * (1 / decay.high - 1 / decay.mid));
        squares[i] = static_cast<float> (mid * mid);

        set (low, i, mid, tl * rootLow, tl / rootLow);
        set (high, i, rootHigh * rootHigh, th / rootHigh, th * rootHigh);
    }
}

const float* const* DampedLines::leaving (int frames, const Ramp& depth) noexcept
{
    lines.past (now.of, 0, from);
    const auto fadeIn = [&] (const float* old, const float* x, float* to)
    {
        for (int n = 0; n < frames; ++n)
            to[n] = old[n] + (x[n] - old[n]) * fade.share (n);
    };
    if (fade.active())
        for (std::size_t i = 0; i < used; ++i)
        {
            fadeIn (lines.past (i, before.of[i]), from[i], faded[i]);
            from[i] = faded[i];
        }

    for (std::size_t m = 0; m < 2; ++m)
    {
        auto& w = wander[m];
        if (depth.moves() || depth.target() != 0.0f)
        {
            w.depth = depth.from();
            w.perFrame = depth.perFrame();
            const std::size_t i = wanderers[m];
            float* const y = strayed[m];
            kernels::readMoving (lines.past (i, now.of[i]), w, y, frames);
            if (fade.active())
            {
                float old[fdnFrames];
                kernels::readMoving (lines.past (i, before.of[i]), w, old, frames);
                fadeIn (old, y, y);
            }
            from[i] = y;
        }
        w.phase += static_cast<std::uint32_t> (frames) * w.step;
    }
    fade.advance (frames);
    return from;
}

void DampedLines::tap (std::size_t i, double share, float gain, float* sum, int frames) const noexcept
{
    const auto at = [&] (const LineLengths& lengths)
    { return lines.past (i, std::max (fdnFrames, static_cast<int> (share * lengths.of[i]))); };
    const float* const x = at (now);
    if (! fade.active())
    {
        for (int n = 0; n < frames; ++n)
            sum[n] += gain * x[n];
        return;
    }
    const float* const old = at (before);
    for (int n = 0; n < frames; ++n)
        sum[n] += gain * (old[n] + (x[n] - old[n]) * fade.share (n));
}

void DampedLines::wrote (int frames) noexcept
{
    moved = false;
    lines.wrote (frames);
}

} // namespace lacquer::dsp
