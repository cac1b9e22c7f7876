// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/Fdn.h"

#include "core/Random.h"

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

} // namespace

void BlockDelay::prepare (int longest)
{
    memory.assign (std::bit_ceil (static_cast<std::size_t> (longest + 2 * fdnFrames)), 0.0f);
    mask = memory.size() - 1;
    head = 0;
}

void BlockDelay::clear() noexcept
{
    std::fill (memory.begin(), memory.end(), 0.0f);
    head = 0;
}

void BlockDelay::write (const float* x, int frames) noexcept
{
    const auto at = static_cast<std::size_t> (head), count = static_cast<std::size_t> (frames);
    const auto first = std::min (count, memory.size() - at);
    std::memcpy (memory.data() + at, x, first * sizeof (float));
    std::memcpy (memory.data(), x + first, (count - first) * sizeof (float));
    head = static_cast<int> ((at + count) & mask);
}

void BlockDelay::read (float* out, int delay, int frames) const noexcept
{
    const auto at = static_cast<std::size_t> (head - delay - frames) & mask;
    const auto count = static_cast<std::size_t> (frames), first = std::min (count, memory.size() - at);
    std::memcpy (out, memory.data() + at, first * sizeof (float));
    std::memcpy (out + first, memory.data(), (count - first) * sizeof (float));
}

void LineBank::prepare (int lines, int longest, int reach)
{
    // One block is read or written behind the delay, and the kernels write whole vectors behind that.
    margin = reach;
    length = (longest + reach + 3 * fdnFrames) & ~(fdnFrames - 1);
    count = static_cast<std::size_t> (lines);
    // Lines 320 bytes apart within a page: blocks of all lines at one place of their rings lie in different
    // cache sets.
    constexpr std::size_t page = 4096 / sizeof (float), apart = 320 / sizeof (float);
    const auto used = static_cast<std::size_t> (length + reach + 2 * fdnFrames);
    stride = (used + page - 1) / page * page + apart;
    memory.assign (count * stride, 0.0f);
    head = 0;
}

void LineBank::clear() noexcept
{
    std::fill (memory.begin(), memory.end(), 0.0f);
    head = 0;
}

void LineBank::wrote (int frames) noexcept
{
    const int repeated = margin + fdnFrames, end = head + frames;
    for (std::size_t i = 0; i < count; ++i)
    {
        float* const ring = memory.data() + i * stride;
        if (end > length)
            std::copy (ring + length, ring + end, ring);
        if (head < repeated)
            std::copy (ring + head, ring + std::min (end, repeated), ring + length + head);
    }
    head = end >= length ? end - length : end;
}

void Diffuser::prepare (double sampleRate, double total)
{
    rate = sampleRate;
    longest = total;
    for (std::size_t s = 0; s < steps; ++s)
    {
        // What comes in is one signal per side, which its lines share.
        step[s].lines.prepare (s == 0 ? 2 : fdnLines,
                               static_cast<int> (total * sampleRate * (1 << s) / 15) + 1);
        for (std::size_t i = 0; i < fdnLines; ++i)
            step[s].gain[i] = hashed (1000 + 16 * s + i) & 1 ? -0.25f : 0.25f;
    }
    fade.length = static_cast<int> (fadeSeconds * sampleRate);
    reset();
}

void Diffuser::reset() noexcept
{
    for (auto& s : step)
        s.lines.clear();
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

void Diffuser::process (const float* const* in, int sides, FdnRows& out, int frames,
                        const std::array<Ramp, steps>& amount) noexcept
{
    const auto count = static_cast<std::size_t> (sides);
    for (std::size_t i = 0; i < count; ++i)
        std::copy_n (in[i], frames, step[0].lines.coming (i));
    for (std::size_t s = 0; s < steps; ++s)
    {
        auto& stage = step[s];
        stage.lines.wrote (frames);
        const float* from[fdnLines];
        float* to[fdnLines];
        for (std::size_t i = 0; i < fdnLines; ++i)
        {
            from[i] = stage.lines.past (s == 0 ? i % count : i, stage.now[i] + frames);
            to[i] = s + 1 < steps ? step[s + 1].lines.coming (i) : out[i];
        }

        const float* gain = stage.gain.data();
        static constexpr std::array<float, fdnLines> unity { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 };
        if (fade.active())
        {
            for (std::size_t i = 0; i < fdnLines; ++i)
            {
                const float* const before =
                    stage.lines.past (s == 0 ? i % count : i, stage.before[i] + frames);
                for (int n = 0; n < frames; ++n)
                {
                    const float x = gain[i] * from[i][n], old = gain[i] * before[n];
                    faded[i][n] = old + (x - old) * fade.share (n);
                }
                from[i] = faded[i];
            }
            gain = unity.data();
        }

        const auto& w = amount[s];
        alignas (64) float part[fdnFrames];
        const bool whole = w.target() == 1.0f && ! w.moves();
        if (! whole)
            for (int n = 0; n < fdnFrames; ++n)
                part[n] = w[n];
        kernels::diffuse (from, gain, whole ? nullptr : part, to, frames);
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
    lines.prepare (fdnLines, room, static_cast<int> (0.001 * rate) + 8); // what modulation adds, and its taps
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
    lines.clear();
    std::fill_n (damping.lowState, fdnLines, 0.0f);
    std::fill_n (damping.highState, fdnLines, 0.0f);
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

void Fdn::move (const Ramp& depth, int frames, float (&offset)[2][fdnFrames]) noexcept
{
    double c[2] { rotor[0][0], rotor[1][0] }, s[2] { rotor[0][1], rotor[1][1] };
    for (int n = 0; n < frames; ++n)
        for (int k = 0; k < 2; ++k) // side by side: each waits for itself
        {
            offset[k][n] = depth[n] * (1.0f + static_cast<float> (s[k]));
            const double next = c[k] * turn[k][0] - s[k] * turn[k][1];
            s[k] = s[k] * turn[k][0] + c[k] * turn[k][1];
            c[k] = next;
        }
    for (int k = 0; k < 2; ++k)
    {
        rotor[k][0] = c[k];
        rotor[k][1] = s[k];
        std::fill (offset[k] + frames, offset[k] + fdnFrames, 0.0f);
    }
}

void Fdn::process (const FdnRows& in, FdnRows& out, int frames, const Ramp& depth) noexcept
{
    const float* from[fdnLines];
    float* back[fdnLines];
    for (std::size_t i = 0; i < fdnLines; ++i)
    {
        from[i] = lines.past (i, now[i]);
        back[i] = lines.coming (i);
    }
    if (fade.active())
        for (std::size_t i = 0; i < fdnLines; ++i)
        {
            const float* const old = lines.past (i, before[i]);
            for (int n = 0; n < frames; ++n)
                faded[i][n] = old[n] + (from[i][n] - old[n]) * fade.share (n);
            from[i] = faded[i];
        }

    // Lines 5 and 10, one of each side, breathe: cubic Lagrange interpolation around the moving place.
    float offset[2][fdnFrames];
    move (depth, frames, offset);
    float moved5And10[2][fdnFrames];
    if (depth.moves() || depth.target() != 0.0f)
        for (std::size_t m = 0; m < 2; ++m)
        {
            const std::size_t i = 5 * m + 5;
            float* const y = moved5And10[m];
            kernels::readMoving (lines.past (i, now[i]), offset[m], y, frames);
            if (fade.active())
            {
                float old[fdnFrames];
                kernels::readMoving (lines.past (i, before[i]), offset[m], old, frames);
                for (int n = 0; n < frames; ++n)
                    y[n] = old[n] + (y[n] - old[n]) * fade.share (n);
            }
            from[i] = y;
        }
    fade.advance (frames);

    kernels::circulate (damping, moved, from, in, out, back, frames);
    moved = false;
    lines.wrote (frames);
}

int Fdn::longestLine() const noexcept
{
    return *std::max_element (now.begin(), now.end());
}

} // namespace lacquer::dsp
