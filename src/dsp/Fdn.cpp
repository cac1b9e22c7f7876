// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/Fdn.h"

#include "core/Random.h"
#include "dsp/Transpose.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <numbers>

namespace lacquer::dsp
{

namespace
{

// Long enough that no line jumps audibly when the size moves, short enough that a turn of the knob is heard.
constexpr double fadeSeconds = 0.04;

// No line may be shorter than a block plus the reach of modulation and interpolation: 4 blocks leave room.
constexpr int shortestLine = 4 * fdnFrames;

bool isPrime (int n) noexcept
{
    if (n % 2 == 0)
        return n == 2;
    for (int d = 3; d * d <= n; d += 2)
        if (n % d == 0)
            return false;
    return n > 1;
}

/// Prime lengths share no period, so no two lines ring together.
int primeFrom (int n) noexcept
{
    while (! isPrime (n))
        ++n;
    return n;
}

/// The 16-point Hadamard transform across the lines, two stages of butterflies a pass. Works on whole groups
/// of 8 frames: what lies behind the last frame is computed and ignored.
void hadamard (FdnRows& rows, int frames) noexcept
{
    const int whole = (frames + 7) & ~7;
    for (std::size_t h : { 1, 4 })
        for (std::size_t g = 0; g < fdnLines; g += 4 * h)
            for (std::size_t k = g; k < g + h; ++k)
            {
                float* __restrict const a = rows[k];
                float* __restrict const b = rows[k + h];
                float* __restrict const c = rows[k + 2 * h];
                float* __restrict const d = rows[k + 3 * h];
                for (int n = 0; n < whole; ++n)
                {
                    const float p = a[n] + b[n], q = a[n] - b[n], r = c[n] + d[n], s = c[n] - d[n];
                    a[n] = p + r;
                    b[n] = q + s;
                    c[n] = p - r;
                    d[n] = q - s;
                }
            }
}

float sumOf (const float* t) noexcept
{
    // A fixed tree: the same order of additions for every compiler.
    const float a = (t[0] + t[8]) + (t[4] + t[12]), b = (t[1] + t[9]) + (t[5] + t[13]);
    const float c = (t[2] + t[10]) + (t[6] + t[14]), d = (t[3] + t[11]) + (t[7] + t[15]);
    return (a + c) + (b + d);
}

} // namespace

void BlockDelay::prepare (int longest, std::size_t stagger)
{
    memory.assign (std::bit_ceil (static_cast<std::size_t> (longest + 2 * fdnFrames)), 0.0f);
    mask = memory.size() - 1;
    start = static_cast<int> (stagger * 4 * fdnFrames / 3 & mask);
    head = start;
}

void BlockDelay::clear() noexcept
{
    std::fill (memory.begin(), memory.end(), 0.0f);
    head = start;
}

void BlockDelay::write (const float* x, int frames) noexcept
{
    const auto at = static_cast<std::size_t> (head), count = static_cast<std::size_t> (frames);
    const auto first = std::min (count, memory.size() - at);
    std::memcpy (memory.data() + at, x, first * sizeof (float));
    std::memcpy (memory.data(), x + first, (count - first) * sizeof (float));
    head = static_cast<int> ((at + count) & mask);
}

void BlockDelay::read (float* out, int delay, int frames, bool written) const noexcept
{
    const auto at = static_cast<std::size_t> (head - delay - (written ? frames : 0)) & mask;
    const auto count = static_cast<std::size_t> (frames), first = std::min (count, memory.size() - at);
    std::memcpy (out, memory.data() + at, first * sizeof (float));
    std::memcpy (out + first, memory.data(), (count - first) * sizeof (float));
}

void BlockDelay::readScaled (float* __restrict out, int delay, int frames, float gain) const noexcept
{
    const auto at = static_cast<std::size_t> (head - delay - frames) & mask;
    const int first = static_cast<int> (std::min (static_cast<std::size_t> (frames), memory.size() - at));
    const float* const from = memory.data() + at;
    for (int n = 0; n < first; ++n)
        out[n] = gain * from[n];
    const float* const rest = memory.data();
    for (int n = first; n < frames; ++n)
        out[n] = gain * rest[n - first];
}

void Diffuser::prepare (double sampleRate, double total)
{
    rate = sampleRate;
    longest = total;
    for (std::size_t s = 0; s < steps; ++s)
        for (std::size_t i = 0; i < fdnLines; ++i)
        {
            step[s].lines[i].prepare (static_cast<int> (total * sampleRate * (1 << s) / 15) + 1, 16 * s + i);
            step[s].polarity[i] = hashed (1000 + 16 * s + i) & 1 ? -1.0f : 1.0f;
        }
    fade.length = static_cast<int> (fadeSeconds * sampleRate);
    reset();
}

void Diffuser::reset() noexcept
{
    for (auto& s : step)
        for (auto& line : s.lines)
            line.clear();
    fade.left = 0;
    size = -1;
    fresh = true;
}

void Diffuser::setSize (float wanted) noexcept
{
    if (wanted == size || fade.active())
        return;
    size = wanted;
    for (std::size_t s = 0; s < steps; ++s)
    {
        // 8 : 4 : 2 : 1 of the whole, the shortest first so that the first echoes are close together.
        const double slot = longest * size * rate * (1 << s) / 15.0 / fdnLines;
        for (std::size_t i = 0; i < fdnLines; ++i)
        {
            const double place = static_cast<double> (i) + uniform (64 * s + i);
            step[s].before[i] = step[s].now[i];
            step[s].now[i] = static_cast<int> (slot * place);
        }
    }
    if (! fresh)
        fade.start();
    fresh = false;
}

void Diffuser::process (FdnRows& rows, int frames, const std::array<Ramp, steps>& amount) noexcept
{
    for (std::size_t s = 0; s < steps; ++s)
    {
        auto& stage = step[s];
        for (std::size_t i = 0; i < fdnLines; ++i)
        {
            float* const x = rows[i];
            const float g = stage.polarity[i] * 0.25f; // 1/sqrt (16): the mix keeps the energy
            stage.lines[i].write (x, frames);
            stage.lines[i].readScaled (x, stage.now[i], frames, g);
            if (fade.active())
            {
                float old[fdnFrames];
                stage.lines[i].readScaled (old, stage.before[i], frames, g);
                for (int n = 0; n < frames; ++n)
                    x[n] = old[n] + (x[n] - old[n]) * fade.share (n);
            }
        }
        const auto& w = amount[s];
        if (w.target() == 1.0f && ! w.moves())
        {
            hadamard (rows, frames);
            continue;
        }
        const FdnRows delayed = rows;
        hadamard (rows, frames);
        for (std::size_t i = 0; i < fdnLines; ++i)
            for (int n = 0; n < frames; ++n)
            {
                const float plain = 4.0f * delayed[i][n];
                rows[i][n] = plain + (rows[i][n] - plain) * w[n];
            }
    }
    fade.advance (frames);
}

int Diffuser::span() const noexcept
{
    int sum = 0;
    for (const auto& s : step)
        sum += *std::max_element (s.now.begin(), s.now.end());
    return sum;
}

void Fdn::prepare (double sampleRate, double longestLine)
{
    rate = sampleRate;
    longest = longestLine;
    // The search for a prime and the modulation go a little further than the nominal length.
    const int room = static_cast<int> (longest * rate) + static_cast<int> (0.01 * rate) + shortestLine + 200;
    for (std::size_t i = 0; i < fdnLines; ++i)
        lines[i].prepare (room, i);
    fade.length = static_cast<int> (fadeSeconds * rate);

    // Incommensurable and slow: 0.37 and 0.61 Hz.
    const double hertz[2] { 0.37, 0.61 };
    for (int k = 0; k < 2; ++k)
    {
        const double w = 2 * std::numbers::pi * hertz[k] / rate;
        turn[k][0] = std::cos (w);
        turn[k][1] = std::sin (w);
    }
    reset();
}

void Fdn::reset() noexcept
{
    for (auto& line : lines)
        line.clear();
    std::fill_n (lowState, fdnLines, 0.0f);
    std::fill_n (highState, fdnLines, 0.0f);
    fade.left = 0;
    size = -1;
    fresh = true;
    moved = false;
    decay.mid = -1; // no decay yet: the next setDecay() designs
    for (auto& r : rotor)
    {
        r[0] = 1;
        r[1] = 0;
    }
}

void Fdn::setSize (float wanted) noexcept
{
    if (wanted == size || fade.active())
        return;
    size = wanted;
    for (std::size_t i = 0; i < fdnLines; ++i)
    {
        // Spread exponentially over a little more than an octave: 1 to 1/2.3 of the longest.
        const double share = std::pow (2.3, (static_cast<double> (i) + 0.5 * uniform (500 + i)) / 16.0 - 1.0);
        before[i] = now[i];
        now[i] = primeFrom (std::max (shortestLine + 16 * static_cast<int> (i),
                                      static_cast<int> (longest * size * rate * share)));
    }
    if (! fresh)
        fade.start();
    if (decay.mid > 0)
        design();
}

void Fdn::setDecay (const FdnDecay& wanted) noexcept
{
    if (wanted == decay)
        return;
    decay = wanted;
    design();
}

void Fdn::design() noexcept
{
    if (! moved) // twice in one block: the way starts where the block before ended
    {
        lowBefore = low;
        highBefore = high;
    }
    moved = ! fresh;
    fresh = false;

    // First-order shelf by the bilinear transform, half its dB at the corner: with t = tan (pi f/fs) and G
    // the gain of the shelf, low: (s + sqrt (G) t)/(s + t/sqrt (G)), high: G (s + t/sqrt (G))/(s + sqrt (G)
    // t).
    const double nyquistGuard = 0.45 * rate;
    const double tl = std::tan (std::numbers::pi * std::min (decay.lowHz, nyquistGuard) / rate);
    const double th = std::tan (std::numbers::pi * std::min (decay.highHz, nyquistGuard) / rate);
    double sum = 0;
    for (std::size_t i = 0; i < fdnLines; ++i)
    {
        const double seconds = now[i] / rate; // gain of T60 over one pass: 10^(-3 seconds/T60)
        const double mid = std::pow (10.0, -3 * seconds / decay.mid);
        const double rootLow = std::pow (10.0, -1.5 * seconds * (1 / decay.low - 1 / decay.mid));
        const double rootHigh = std::pow (10.0, -1.5 * seconds * (1 / decay.high - 1 / decay.mid));
        sum += mid * mid;

        const double pl = tl / rootLow, zl = tl * rootLow;
        low.b0[i] = static_cast<float> (mid * (1 + zl) / (1 + pl));
        low.b1[i] = static_cast<float> (mid * (zl - 1) / (1 + pl));
        low.a1[i] = static_cast<float> ((pl - 1) / (1 + pl));

        const double ph = th * rootHigh, zh = th / rootHigh, gain = rootHigh * rootHigh;
        high.b0[i] = static_cast<float> (gain * (1 + zh) / (1 + ph));
        high.b1[i] = static_cast<float> (gain * (zh - 1) / (1 + ph));
        high.a1[i] = static_cast<float> ((ph - 1) / (1 + ph));
    }
    energy = static_cast<float> (sum / fdnLines);
}

void Fdn::process (const FdnRows& in, FdnRows& out, int frames, const Ramp& depth) noexcept
{
    for (std::size_t i = 0; i < fdnLines; ++i)
    {
        float* const y = out[i];
        lines[i].read (y, now[i], frames, false);
        if (fade.active())
        {
            float old[fdnFrames];
            lines[i].read (old, before[i], frames, false);
            for (int n = 0; n < frames; ++n)
                y[n] = old[n] + (y[n] - old[n]) * fade.share (n);
        }
    }

    // Lines 5 and 10, one of each side, breathe: cubic Lagrange interpolation around the moving place.
    float wave[2][fdnFrames];
    for (int k = 0; k < 2; ++k)
        for (int n = 0; n < frames; ++n)
        {
            const double c = rotor[k][0], s = rotor[k][1];
            rotor[k][0] = c * turn[k][0] - s * turn[k][1];
            rotor[k][1] = s * turn[k][0] + c * turn[k][1];
            wave[k][n] = static_cast<float> (s);
        }
    if (depth.moves() || depth.target() != 0.0f)
        for (std::size_t m = 0; m < 2; ++m)
        {
            const std::size_t i = 5 * m + 5;
            const auto& line = lines[i];
            for (int n = 0; n < frames; ++n)
            {
                const float offset = depth[n] * (1.0f + wave[m][n]);
                const int whole = static_cast<int> (offset);
                const float d = offset - static_cast<float> (whole) + 1.0f; // 1 to 2, of taps 0 to 3
                const float w0 = (d - 1) * (d - 2) * (3 - d) * (1.0f / 6), w1 = d * (d - 2) * (d - 3) * 0.5f;
                const float w2 = d * (d - 1) * (3 - d) * 0.5f, w3 = d * (d - 1) * (d - 2) * (1.0f / 6);
                const auto tap = [&] (int length)
                {
                    const int at = length + whole - 1;
                    return (w0 * line.at (n, at) + w1 * line.at (n, at + 1)) +
                           (w2 * line.at (n, at + 2) + w3 * line.at (n, at + 3));
                };
                float y = tap (now[i]);
                if (fade.active())
                {
                    const float old = tap (before[i]);
                    y = old + (y - old) * fade.share (n);
                }
                out[i][n] = y;
            }
        }
    fade.advance (frames);

    // Damping frame by frame, all lines side by side. Everything lies in local arrays, so that the compiler
    // knows them apart and keeps the lines in vectors; frames behind the last are never read.
    alignas (64) float across[fdnFrames][fdnLines];
    alignas (64) float share[fdnFrames], ls[fdnLines], hs[fdnLines];
    const int whole = (frames + 3) & ~3;
    for (int n = 0; n < whole; n += 4)
        for (std::size_t i = 0; i < fdnLines; i += 4)
            transpose4 (out[i] + n, fdnFrames, across[n] + i, fdnLines);
    std::copy_n (lowState, fdnLines, ls);
    std::copy_n (highState, fdnLines, hs);
    Shelf a = low, b = high;
    for (int n = 0; n < frames; ++n)
    {
        if (moved)
        {
            const float w = static_cast<float> (n + 1) / static_cast<float> (frames);
            for (std::size_t i = 0; i < fdnLines; ++i)
            {
                a.b0[i] = lowBefore.b0[i] + (low.b0[i] - lowBefore.b0[i]) * w;
                a.b1[i] = lowBefore.b1[i] + (low.b1[i] - lowBefore.b1[i]) * w;
                a.a1[i] = lowBefore.a1[i] + (low.a1[i] - lowBefore.a1[i]) * w;
                b.b0[i] = highBefore.b0[i] + (high.b0[i] - highBefore.b0[i]) * w;
                b.b1[i] = highBefore.b1[i] + (high.b1[i] - highBefore.b1[i]) * w;
                b.a1[i] = highBefore.a1[i] + (high.a1[i] - highBefore.a1[i]) * w;
            }
        }
        float* const t = across[n];
        for (std::size_t i = 0; i < fdnLines; ++i)
        {
            const float x = t[i], u = a.b0[i] * x + ls[i];
            ls[i] = a.b1[i] * x - a.a1[i] * u;
            const float y = b.b0[i] * u + hs[i];
            hs[i] = b.b1[i] * u - b.a1[i] * y;
            t[i] = y;
        }
        share[n] = sumOf (t) * (2.0f / fdnLines);
    }
    moved = false;
    std::copy_n (ls, fdnLines, lowState);
    std::copy_n (hs, fdnLines, highState);
    for (int n = 0; n < whole; n += 4)
        for (std::size_t i = 0; i < fdnLines; i += 4)
            transpose4 (across[n] + i, fdnLines, out[i] + n, fdnFrames);

    // The Householder reflection x - 2/N sum (x), and what comes in.
    for (std::size_t i = 0; i < fdnLines; ++i)
    {
        float back[fdnFrames];
        for (int n = 0; n < frames; ++n)
            back[n] = out[i][n] - share[n] + in[i][n];
        lines[i].write (back, frames);
    }
}

int Fdn::longestLine() const noexcept
{
    return *std::max_element (now.begin(), now.end());
}

} // namespace lacquer::dsp
