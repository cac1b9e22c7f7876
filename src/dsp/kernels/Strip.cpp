// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/kernels/Strip.h"

#include "dsp/FastMath.h"
#include "dsp/Halfband.h"
#include "dsp/kernels/Baseline.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "dsp/kernels/Strip.cpp"
#include <hwy/foreach_target.h>
// foreach_target.h must come before highway.h.
#include <hwy/highway.h>

// The build clears local arrays as they come into being; these are written before they are read, and clearing
// them would be 2 % of a strip.
#ifndef LACQUER_ROOM
#define LACQUER_ROOM HWY_ALIGN __attribute__ ((uninitialized))
#endif

HWY_BEFORE_NAMESPACE();
namespace lacquer::dsp::HWY_NAMESPACE
{

namespace hn = hwy::HWY_NAMESPACE;

using D = hn::CappedTag<float, stripLanes>;
using V = hn::Vec<D>;
using DI = hn::RebindToSigned<D>;
constexpr int width = static_cast<int> (hn::MaxLanes (D()));
constexpr int parts = stripLanes / width; // vectors in a row of 16 lanes

HWY_INLINE V load (const float* p)
{
    return hn::Load (D(), p);
}
HWY_INLINE V set (float x)
{
    return hn::Set (D(), x);
}
HWY_INLINE void store (V v, float* p)
{
    hn::Store (v, D(), p);
}

HWY_INLINE V log2Of (V x)
{
    const DI di;
    const auto bits = hn::BitCast (di, x);
    const auto exponent = hn::And (hn::Sub (bits, hn::Set (di, 0x3f400000)),
                                   hn::Set (di, static_cast<std::int32_t> (0xff800000u)));
    const V t = hn::Sub (hn::BitCast (D(), hn::Sub (bits, exponent)), set (1.0f));
    V p = set (log2Terms[0]);
    for (int n = 1; n < 7; ++n)
        p = hn::MulAdd (p, t, set (log2Terms[n]));
    return hn::MulAdd (p, t, hn::ConvertTo (D(), hn::ShiftRight<23> (exponent)));
}

HWY_INLINE V exp2Of (V x)
{
    const DI di;
    x = hn::Min (hn::Max (x, set (-126.0f)), set (126.0f));
    const V shifted = hn::Add (x, set (12582912.0f));
    const V f = hn::Sub (x, hn::Sub (shifted, set (12582912.0f)));
    V p = set (exp2Terms[0]);
    for (int n = 1; n < 5; ++n)
        p = hn::MulAdd (p, f, set (exp2Terms[n]));
    p = hn::MulAdd (p, f, set (1.0f));
    return hn::BitCast (D(), hn::Add (hn::BitCast (di, p), hn::ShiftLeft<23> (hn::BitCast (di, shifted))));
}

/// A ramp's values in a register, while a loop runs.
struct Ramp
{
    V now, step;
    HWY_INLINE Ramp (const StripRamp& r, int lane) : now (load (r.now + lane)), step (load (r.step + lane)) {}
    HWY_INLINE V next()
    {
        now = hn::Add (now, step);
        return now;
    }
    HWY_INLINE void keep (StripRamp& r, int lane) const { store (now, r.now + lane); }
};

/// The louder of a lane and, where linked, its partner.
HWY_INLINE V linked (V x, V mask)
{
    return hn::Max (x, hn::And (hn::Reverse2 (D(), x), mask));
}

/// One step of an envelope with attack and release, compensated: float alone would stall short of the
/// target.
HWY_INLINE V followed (V target, V attack, V release, V& level, V& rest)
{
    const V d = hn::Sub (target, level);
    const V k = hn::IfThenElse (hn::Gt (d, hn::Zero (D())), attack, release);
    const V step = hn::MulAdd (k, d, rest);
    const V sum = hn::Add (level, step);
    rest = hn::Sub (step, hn::Sub (sum, level));
    level = sum;
    return level;
}

// ---------------------------------------------------------------- input

void in (StripGroup& g, const float* const* channels, int frames, float* buffer)
{
    std::memcpy (buffer, g.past, sizeof g.past);
    float* const rows = buffer + stripDelay * stripLanes;
    const hn::FixedTag<float, 4> d4;
    const int whole = frames & ~3;
    for (int lane = 0; lane < stripLanes; lane += 4)
    {
        const float *a = channels[lane], *b = channels[lane + 1], *c = channels[lane + 2],
                    *e = channels[lane + 3];
        float* out = rows + lane;
        for (int n = 0; n < whole; n += 4, out += 4 * stripLanes)
        {
            const auto x = hn::LoadU (d4, a + n), y = hn::LoadU (d4, b + n), z = hn::LoadU (d4, c + n),
                       w = hn::LoadU (d4, e + n);
            const auto xz = hn::InterleaveLower (d4, x, z), yw = hn::InterleaveLower (d4, y, w);
            const auto xzu = hn::InterleaveUpper (d4, x, z), ywu = hn::InterleaveUpper (d4, y, w);
            hn::Store (hn::InterleaveLower (d4, xz, yw), d4, out);
            hn::Store (hn::InterleaveUpper (d4, xz, yw), d4, out + stripLanes);
            hn::Store (hn::InterleaveLower (d4, xzu, ywu), d4, out + 2 * stripLanes);
            hn::Store (hn::InterleaveUpper (d4, xzu, ywu), d4, out + 3 * stripLanes);
        }
        for (int n = whole; n < frames; ++n, out += stripLanes)
        {
            out[0] = a[n];
            out[1] = b[n];
            out[2] = c[n];
            out[3] = e[n];
        }
    }
}

void trim (StripGroup& g, const StripStretch& s, float* rows)
{
    const V limit = set (1e10f), zero = hn::Zero (D());
    for (int lane = 0; lane < stripLanes; lane += width)
    {
        Ramp gain (g.trim, lane);
        for (int n = s.first; n < s.first + s.frames; ++n)
        {
            float* const p = rows + n * stripLanes + lane;
            const V x = load (p), y = s.trimMoves ? gain.next() : gain.now;
            // Adding zero turns -0 into 0, which the sections would do too if they were not left out.
            store (hn::MulAdd (hn::IfThenElseZero (hn::Lt (hn::Abs (x), limit), x), y, zero), p);
        }
        gain.keep (g.trim, lane);
    }
}

// ---------------------------------------------------------------- filters

/// K sections over a stretch. Section k works on frame n - k, so that in one turn all K are independent: one
/// after the other they would wait for each other (1.6 times slower).
template <int K>
HWY_INLINE void sectionPass (StripGroup& g, const int* index, int lane, int frames, float* rows)
{
    V s1[K], s2[K], pipe[K + 1];
    const float* c[K];
    for (int k = 0; k < K; ++k)
    {
        s1[k] = load (g.sectionState[index[k]][0] + lane);
        s2[k] = load (g.sectionState[index[k]][1] + lane);
        c[k] = g.section[index[k]][0].now + lane;
        pipe[k] = hn::Zero (D());
    }
    pipe[K] = hn::Zero (D());
    constexpr int stride = sizeof (StripRamp) / sizeof (float);
    const V two = set (2.0f);

    const auto turn = [&] (int low, int high, int n) HWY_ATTR
    {
#if HWY_COMPILER_GCC && ! HWY_COMPILER_CLANG
#pragma GCC unroll 8
#else
#pragma unroll
#endif
        for (int k = K - 1; k >= 0; --k)
        {
            if (k > high || k < low)
                continue;
            const V x = k == 0 ? load (rows + n * stripLanes) : pipe[k];
            const float* const q = c[k];
            const V v3 = hn::Sub (x, s2[k]), a2 = load (q + stride);
            const V v1 = hn::MulAdd (load (q), s1[k], hn::Mul (a2, v3));
            const V d2 = hn::MulAdd (load (q + 2 * stride), v3, hn::Mul (a2, s1[k]));
            const V v2 = hn::Add (s2[k], d2);
            s1[k] = hn::MulSub (two, v1, s1[k]);
            s2[k] = hn::MulAdd (two, d2, s2[k]);
            pipe[k + 1] =
                hn::MulAdd (load (q + 3 * stride), x,
                            hn::MulAdd (load (q + 4 * stride), v1, hn::Mul (load (q + 5 * stride), v2)));
            if (k == K - 1)
                store (pipe[K], rows + (n - (K - 1)) * stripLanes);
        }
    };
    for (int n = 0; n < K - 1; ++n)
        turn (0, n, n);
    for (int n = K - 1; n < frames; ++n)
        turn (0, K - 1, n);
    for (int n = 1; n < K; ++n)
        turn (n, K - 1, frames - 1 + n);

    for (int k = 0; k < K; ++k)
    {
        store (s1[k], g.sectionState[index[k]][0] + lane);
        store (s2[k], g.sectionState[index[k]][1] + lane);
    }
}

/// One section whose coefficients move; the same arithmetic.
HWY_INLINE void movingSection (StripGroup& g, int index, int lane, int frames, float* rows)
{
    auto& coefficients = g.section[index];
    Ramp a1 (coefficients[0], lane), a2 (coefficients[1], lane), a3 (coefficients[2], lane),
        m0 (coefficients[3], lane), m1 (coefficients[4], lane), m2 (coefficients[5], lane);
    V s1 = load (g.sectionState[index][0] + lane), s2 = load (g.sectionState[index][1] + lane);
    const V two = set (2.0f);
    for (int n = 0; n < frames; ++n)
    {
        const V x = load (rows + n * stripLanes);
        const V v3 = hn::Sub (x, s2), q = a2.next();
        const V v1 = hn::MulAdd (a1.next(), s1, hn::Mul (q, v3));
        const V d2 = hn::MulAdd (a3.next(), v3, hn::Mul (q, s1));
        const V v2 = hn::Add (s2, d2);
        s1 = hn::MulSub (two, v1, s1);
        s2 = hn::MulAdd (two, d2, s2);
        store (hn::MulAdd (m0.next(), x, hn::MulAdd (m1.next(), v1, hn::Mul (m2.next(), v2))),
               rows + n * stripLanes);
    }
    a1.keep (coefficients[0], lane);
    a2.keep (coefficients[1], lane);
    a3.keep (coefficients[2], lane);
    m0.keep (coefficients[3], lane);
    m1.keep (coefficients[4], lane);
    m2.keep (coefficients[5], lane);
    store (s1, g.sectionState[index][0] + lane);
    store (s2, g.sectionState[index][1] + lane);
}

void sections (StripGroup& g, std::uint32_t wanted, std::uint32_t moving, int frames, float* rows)
{
    for (int lane = 0; lane < stripLanes; lane += width)
    {
        float* const p = rows + lane;
        int run[stripSections], count = 0;
        const auto flush = [&]() HWY_ATTR
        {
            int k = 0;
            // A register file of 16 holds four sections.
            constexpr int most = 4;
            if (frames >= most)
                for (; count - k >= most; k += most)
                    sectionPass<most> (g, run + k, lane, frames, p);
            if (frames >= most && count - k == 3)
            {
                sectionPass<3> (g, run + k, lane, frames, p);
                k += 3;
            }
            if (frames >= most && count - k == 2)
            {
                sectionPass<2> (g, run + k, lane, frames, p);
                k += 2;
            }
            for (; k < count; ++k)
                sectionPass<1> (g, run + k, lane, frames, p);
            count = 0;
        };
        for (int k = 0; k < stripSections; ++k)
        {
            if ((wanted >> k & 1) == 0)
                continue;
            if ((moving >> k & 1) != 0)
            {
                flush();
                movingSection (g, k, lane, frames, p);
            }
            else
                run[count++] = k;
        }
        flush();
    }
}

// ---------------------------------------------------------------- dynamics

void gate (StripGroup& g, int frames, float* rows)
{
    for (int lane = 0; lane < stripLanes; lane += width)
    {
        const V open = load (g.gateOpen + lane), close = load (g.gateClose + lane),
                hold = load (g.gateHold + lane), attack = load (g.gateAttack + lane),
                release = load (g.gateRelease + lane), fall = load (g.gateFall + lane);
        const V mask = hn::BitCast (D(), hn::Load (hn::RebindToUnsigned<D>(), g.link + lane));
        const V zero = hn::Zero (D()), one = set (1.0f);
        Ramp range (g.gateRange, lane), weight (g.gateWeight, lane);
        V peak = load (g.gatePeak + lane), left = load (g.gateLeft + lane), level = load (g.gateLevel + lane),
          rest = load (g.gateRest + lane);
        for (int n = 0; n < frames; ++n)
        {
            float* const p = rows + n * stripLanes + lane;
            const V x = load (p);
            peak = hn::Max (linked (hn::Abs (x), mask), hn::Mul (peak, fall));
            const V threshold = hn::IfThenElse (hn::Gt (left, zero), close, open);
            left = hn::IfThenElse (hn::Ge (peak, threshold), hold, hn::Max (hn::Sub (left, one), zero));
            const V target = hn::IfThenElse (hn::Gt (left, zero), zero, hn::Sub (zero, range.next()));
            followed (target, attack, release, level, rest);
            store (hn::Mul (x, exp2Of (hn::Mul (weight.next(), level))), p);
        }
        range.keep (g.gateRange, lane);
        weight.keep (g.gateWeight, lane);
        store (peak, g.gatePeak + lane);
        store (left, g.gateLeft + lane);
        store (level, g.gateLevel + lane);
        store (rest, g.gateRest + lane);
    }
}

void compress (StripGroup& g, int frames, float* rows)
{
    // The level and the gain of a frame need no other frame, the envelope does: in three loops the first and
    // last run at full width, and only the short one in the middle waits.
    LACQUER_ROOM float wanted[stripFrames * stripLanes];
    LACQUER_ROOM float gain[stripFrames * stripLanes];
    const V zero = hn::Zero (D()), floor = set (1e-6f);
    for (int lane = 0; lane < stripLanes; lane += width)
    {
        Ramp offset (g.compOffset, lane), knee (g.compKnee, lane), slope (g.compSlope, lane),
            bend (g.compBend, lane);
        const V mask = hn::BitCast (D(), hn::Load (hn::RebindToUnsigned<D>(), g.link + lane));
        for (int n = 0; n < frames; ++n)
        {
            const int at = n * stripLanes + lane;
            const V x = hn::Max (linked (hn::Abs (load (rows + at)), mask), floor);
            const V u = hn::Max (hn::Add (log2Of (x), offset.next()), zero);
            const V t = hn::Min (u, knee.next());
            store (hn::MulAdd (hn::Mul (t, bend.next()), t, hn::Mul (slope.next(), hn::Sub (u, t))),
                   wanted + at);
        }
        offset.keep (g.compOffset, lane);
        knee.keep (g.compKnee, lane);
        slope.keep (g.compSlope, lane);
        bend.keep (g.compBend, lane);
    }
    {
        V level[parts], rest[parts], attack[parts], release[parts];
        for (int k = 0; k < parts; ++k)
        {
            level[k] = load (g.compLevel + k * width);
            rest[k] = load (g.compRest + k * width);
            attack[k] = load (g.compAttack + k * width);
            release[k] = load (g.compRelease + k * width);
        }
        for (int n = 0; n < frames; ++n)
            for (int k = 0; k < parts; ++k)
            {
                const int at = n * stripLanes + k * width;
                store (followed (load (wanted + at), attack[k], release[k], level[k], rest[k]), gain + at);
            }
        for (int k = 0; k < parts; ++k)
        {
            store (level[k], g.compLevel + k * width);
            store (rest[k], g.compRest + k * width);
        }
    }
    for (int lane = 0; lane < stripLanes; lane += width)
    {
        Ramp makeup (g.compMakeup, lane), weight (g.compWeight, lane);
        for (int n = 0; n < frames; ++n)
        {
            const int at = n * stripLanes + lane;
            const V exponent = hn::Mul (weight.next(), hn::Sub (makeup.next(), load (gain + at)));
            store (hn::Mul (load (rows + at), exp2Of (exponent)), rows + at);
        }
        makeup.keep (g.compMakeup, lane);
        weight.keep (g.compWeight, lane);
    }
}

// ---------------------------------------------------------------- saturation

HWY_INLINE V allpass (V x, float a, float (*state)[stripLanes], int lane)
{
    const V x1 = load (state[0] + lane), y1 = load (state[1] + lane);
    const V y = hn::MulAdd (set (a), hn::Sub (x, y1), x1);
    store (x, state[0] + lane);
    store (y, state[1] + lane);
    return y;
}

/// x / sqrt (1 + x^2) at twice the rate with first-order antiderivative antialiasing. The quotient
/// (F(x1) - F(x0)) / (x1 - x0) of F = sqrt (1 + x^2) equals (x1 + x0) / (sqrt (1 + x1^2) + sqrt (1 + x0^2)),
/// which has no difference to cancel. wet: rows of the input, dry and out: rows `stripDelay` before.
void saturate (StripGroup& g, const StripConstants& c, int frames, float* buffer)
{
    const V one = set (1.0f), half = set (0.5f);
    const V middle = set (c.tilt[0]), near = set (c.tilt[1]), far = set (c.tilt[2]);
    for (int lane = 0; lane < stripLanes; lane += width)
    {
        Ramp drive (g.satDrive, lane), inverse (g.satInverse, lane), mix (g.satMix, lane);
        V t1 = load (g.satTaps[0] + lane), t2 = load (g.satTaps[1] + lane), t3 = load (g.satTaps[2] + lane),
          t4 = load (g.satTaps[3] + lane);
        V last = load (g.satLast + lane), root = load (g.satRoot + lane);
        const auto shape = [&] (V newest) HWY_ATTR
        {
            const V x = hn::MulAdd (middle, t2,
                                    hn::MulAdd (near, hn::Add (t1, t3), hn::Mul (far, hn::Add (newest, t4))));
            t4 = t3;
            t3 = t2;
            t2 = t1;
            t1 = newest;
            const V r = hn::Sqrt (hn::MulAdd (x, x, one));
            const V y = hn::Div (hn::Add (x, last), hn::Add (r, root));
            last = x;
            root = r;
            return y;
        };
        for (int n = 0; n < frames; ++n)
        {
            float* const out = buffer + n * stripLanes + lane;
            V even = hn::Mul (load (out + stripDelay * stripLanes), drive.next()), odd = even;
            for (int k = 0; k < halfbandSize; k += 2)
            {
                even = allpass (even, c.halfband[k], g.satUp[k], lane);
                odd = allpass (odd, c.halfband[k + 1], g.satUp[k + 1], lane);
            }
            V first = shape (even), second = shape (odd);
            for (int k = 0; k < halfbandSize; k += 2)
            {
                second = allpass (second, c.halfband[k], g.satDown[k], lane);
                first = allpass (first, c.halfband[k + 1], g.satDown[k + 1], lane);
            }
            const V wet = hn::Mul (hn::Mul (hn::Add (first, second), half), inverse.next());
            const V dry = load (out);
            store (hn::MulAdd (mix.next(), hn::Sub (wet, dry), dry), out);
        }
        drive.keep (g.satDrive, lane);
        inverse.keep (g.satInverse, lane);
        mix.keep (g.satMix, lane);
        store (t1, g.satTaps[0] + lane);
        store (t2, g.satTaps[1] + lane);
        store (t3, g.satTaps[2] + lane);
        store (t4, g.satTaps[3] + lane);
        store (last, g.satLast + lane);
        store (root, g.satRoot + lane);
    }
}

void run (StripGroup& g, const StripConstants& c, const StripStretch& s, float* buffer)
{
    float* const rows = buffer + stripDelay * stripLanes;
    float* const stretch = rows + s.first * stripLanes;
    trim (g, s, rows);
    constexpr std::uint32_t cuts = 0xff;
    if ((s.sections & cuts) != 0)
        sections (g, s.sections & cuts, s.movingSections, s.frames, stretch);
    if (s.gate)
        gate (g, s.frames, stretch);
    if ((s.sections & ~cuts) != 0)
        sections (g, s.sections & ~cuts, s.movingSections, s.frames, stretch);
    if (s.comp)
        compress (g, s.frames, stretch);
    if (s.sat)
        saturate (g, c, s.frames, buffer + s.first * stripLanes);
}

// ---------------------------------------------------------------- output

using D64 = hn::CappedTag<double, stripLanes>;
using V64 = hn::Vec<D64>;
constexpr int width64 = static_cast<int> (hn::MaxLanes (D64()));

/// 2 to the power of x in double, for |x| < 1000; relative error below 5e-16.
HWY_INLINE V64 exp2Of (V64 x)
{
    const D64 d;
    const hn::RebindToSigned<D64> di;
    // Adding 1.5 * 2^52 leaves the nearest whole number in the low bits.
    const V64 magic = hn::Set (d, 6755399441055744.0);
    const V64 shifted = hn::Add (x, magic);
    const V64 f = hn::Mul (hn::Sub (x, hn::Sub (shifted, magic)), hn::Set (d, 0.693147180559945309417));
    // The power series of e^f for |f| < 0.347.
    constexpr double terms[] { 1.0 / 6227020800,
                               1.0 / 479001600,
                               1.0 / 39916800,
                               1.0 / 3628800,
                               1.0 / 362880,
                               1.0 / 40320,
                               1.0 / 5040,
                               1.0 / 720,
                               1.0 / 120,
                               1.0 / 24,
                               1.0 / 6,
                               0.5,
                               1.0,
                               1.0 };
    V64 p = hn::Set (d, terms[0]);
    for (int n = 1; n < 14; ++n)
        p = hn::MulAdd (p, f, hn::Set (d, terms[n]));
    return hn::BitCast (d, hn::Add (hn::BitCast (di, p), hn::ShiftLeft<52> (hn::BitCast (di, shifted))));
}

/// As many lanes as four vectors hold side by side: one vector alone would wait for its own products.
void follow (const StripLines& lines, std::uint32_t lanes, int phase, int frames, float* table)
{
    const D64 d;
    const hn::Rebind<float, D64> df;
    constexpr int count = std::min (4, stripLanes / width64), block = count * width64;
    for (int first = 0; first < stripLanes; first += block)
    {
        const std::uint32_t own = lanes >> first & ((1u << block) - 1u);
        if (own == 0)
            continue;
        LACQUER_ROOM V64 gain[count];
        LACQUER_ROOM V64 factor[count];
        for (int k = 0; k < count; ++k)
        {
            gain[k] = exp2Of (hn::Load (d, lines.level[0] + first + k * width64));
            factor[k] = exp2Of (hn::Load (d, lines.step[0] + first + k * width64));
        }
        // The lines after the first, and the frames at which any of them begins.
        constexpr int more = StripLines::most - 1;
        LACQUER_ROOM double level[more][block], step[more][block];
        std::uint64_t turns[more] {};
        for (int later = 0; later < more; ++later)
        {
            const double* const turn = lines.turn[later + 1] + first;
            for (int k = 0; k < block; ++k)
                if ((own >> k & 1u) != 0 && turn[k] < stripFrames)
                    turns[later] |= std::uint64_t { 1 } << static_cast<int> (turn[k]);
            if (turns[later] != 0)
                for (int k = 0; k < block; k += width64)
                {
                    const int lane = first + k;
                    hn::Store (exp2Of (hn::Load (d, lines.level[later + 1] + lane)), d, level[later] + k);
                    hn::Store (exp2Of (hn::Load (d, lines.step[later + 1] + lane)), d, step[later] + k);
                }
        }
        // Lanes of others are kept: they may hold gains that were written frame by frame.
        const bool all = own == (1u << block) - 1u;
        HWY_ALIGN float none[block] {};
        HWY_ALIGN std::uint32_t bits[block];
        for (int k = 0; k < block; ++k)
            bits[k] = (own >> k & 1u) != 0 ? ~0u : 0u;
        for (int n = -phase; n < frames; ++n)
        {
            float* const row = n >= 0 ? table + n * stripLanes + first : none;
            for (int later = 0; later < more; ++later)
            {
                if ((turns[later] >> (n + phase) & 1u) == 0)
                    continue;
                const double* const turn = lines.turn[later + 1] + first;
                for (int k = 0; k < count; ++k)
                {
                    const auto begins = hn::Eq (hn::Load (d, turn + k * width64), hn::Set (d, n + phase));
                    gain[k] = hn::IfThenElse (begins, hn::Load (d, level[later] + k * width64), gain[k]);
                    factor[k] = hn::IfThenElse (begins, hn::Load (d, step[later] + k * width64), factor[k]);
                }
            }
            for (int k = 0; k < count; ++k)
            {
                float* const p = row + k * width64;
                auto gains = hn::DemoteTo (df, gain[k]);
                if (! all)
                {
                    const auto mask = hn::Load (hn::RebindToUnsigned<decltype (df)>(), bits + k * width64);
                    gains =
                        hn::IfThenElse (hn::MaskFromVec (hn::BitCast (df, mask)), gains, hn::Load (df, p));
                }
                hn::Store (gains, df, p);
                gain[k] = hn::Mul (gain[k], factor[k]);
            }
        }
    }
}

void spread (const float* rest, std::uint32_t moved, int frames, float* table)
{
    HWY_ALIGN std::uint32_t bits[stripLanes];
    for (int lane = 0; lane < stripLanes; ++lane)
        bits[lane] = (moved >> lane & 1u) != 0 ? ~0u : 0u;
    for (int lane = 0; lane < stripLanes; lane += width)
    {
        const auto mask =
            hn::MaskFromVec (hn::BitCast (D(), hn::Load (hn::RebindToUnsigned<D>(), bits + lane)));
        const V still = load (rest + lane);
        for (int n = 0; n < frames; ++n)
        {
            float* const p = table + n * stripLanes + lane;
            store (hn::IfThenElse (mask, load (p), still), p);
        }
    }
}

template <bool faderMoves, bool panMoves>
void levelled (StripGroup& g, const float* fader, const float* left, const float* right, int frames,
               const float* buffer, float* sides)
{
    for (int lane = 0; lane < stripLanes; lane += width)
    {
        V pl = hn::Zero (D()), pr = pl, el = pl, er = pl;
        V f = load (fader + lane), gl = load (left + lane), gr = load (right + lane);
        for (int n = 0; n < frames; ++n)
        {
            const int at = n * stripLanes + lane;
            if constexpr (faderMoves)
                f = load (fader + at);
            if constexpr (panMoves)
            {
                gl = load (left + at);
                gr = load (right + at);
            }
            const V x = hn::Mul (load (buffer + at), f);
            const V l = hn::Mul (x, gl), r = hn::Mul (x, gr);
            store (l, sides + at);
            store (r, sides + stripFrames * stripLanes + at);
            pl = hn::Max (pl, hn::Abs (l));
            pr = hn::Max (pr, hn::Abs (r));
            el = hn::MulAdd (l, l, el);
            er = hn::MulAdd (r, r, er);
        }
        store (pl, g.peakLeft + lane);
        store (pr, g.peakRight + lane);
        store (el, g.energyLeft + lane);
        store (er, g.energyRight + lane);
    }
}

void levels (StripGroup& g, const StripGains& fader, const StripGains& left, const StripGains& right,
             int frames, const float* buffer, float* sides)
{
    if (fader.moving)
        left.moving ? levelled<true, true> (g, fader.rows, left.rows, right.rows, frames, buffer, sides)
                    : levelled<true, false> (g, fader.rows, left.rows, right.rows, frames, buffer, sides);
    else
        left.moving ? levelled<false, true> (g, fader.rows, left.rows, right.rows, frames, buffer, sides)
                    : levelled<false, false> (g, fader.rows, left.rows, right.rows, frames, buffer, sides);
}

constexpr int columns = 8;
using D8 = hn::CappedTag<float, columns>;
constexpr int width8 = static_cast<int> (hn::MaxLanes (D8()));

/// Products and sums are rounded apart, so that a strip alone is exactly its tap.
HWY_INLINE void addTo (float* bus, hn::Vec<D8> a, hn::Vec<D8> ga, hn::Vec<D8> b, hn::Vec<D8> gb)
{
    const D8 d;
    hn::Store (hn::Add (hn::Add (hn::Load (d, bus), hn::Mul (a, ga)), hn::Mul (b, gb)), d, bus);
}

/// K buses with constant gains in one pass.
template <int K>
void addStill (const StripGains* gains, float* const* buses, int frames, const float* sides)
{
    const D8 d;
    for (int side = 0; side < 2; ++side)
        for (int k = 0; k < columns; k += width8)
        {
            hn::Vec<D8> low[K], high[K];
            float* bus[K];
            for (int j = 0; j < K; ++j)
            {
                low[j] = hn::Load (d, gains[j].rows + k);
                high[j] = hn::Load (d, gains[j].rows + columns + k);
                bus[j] = buses[j] + side * stripFrames * columns + k;
            }
            const float* x = sides + side * stripFrames * stripLanes + k;
            for (int n = 0; n < frames; ++n, x += stripLanes)
            {
                const auto a = hn::Load (d, x), b = hn::Load (d, x + columns);
                for (int j = 0; j < K; ++j)
                    addTo (bus[j] + n * columns, a, low[j], b, high[j]);
            }
        }
}

void addMoving (const float* gains, float* to, int frames, const float* sides)
{
    const D8 d;
    for (int side = 0; side < 2; ++side)
        for (int k = 0; k < columns; k += width8)
            for (int n = 0; n < frames; ++n)
            {
                const float *x = sides + (side * stripFrames + n) * stripLanes + k,
                            *g = gains + n * stripLanes + k;
                addTo (to + (side * stripFrames + n) * columns + k, hn::Load (d, x), hn::Load (d, g),
                       hn::Load (d, x + columns), hn::Load (d, g + columns));
            }
}

void add (const StripGains* gains, float* const* buses, int count, int frames, const float* sides)
{
    // An output and two sends are the usual case.
    StripGains still[3];
    float* to[3];
    int waiting = 0;
    const auto flush = [&]() HWY_ATTR
    {
        if (waiting == 3)
            addStill<3> (still, to, frames, sides);
        else if (waiting == 2)
            addStill<2> (still, to, frames, sides);
        else if (waiting == 1)
            addStill<1> (still, to, frames, sides);
        waiting = 0;
    };
    for (int j = 0; j < count; ++j)
        if (gains[j].moving)
            addMoving (gains[j].rows, buses[j], frames, sides);
        else
        {
            still[waiting] = gains[j];
            to[waiting] = buses[j];
            if (++waiting == 3)
                flush();
        }
    flush();
}

/// What each side hears lies so far apart.
void apart (const StripGains& left, const StripGains& right, int frames, const float* from, int distance,
            float* bus)
{
    const D8 d;
    const int step = left.moving ? stripLanes : 0;
    for (int side = 0; side < 2; ++side)
        for (int k = 0; k < columns; k += width8)
            for (int n = 0; n < frames; ++n)
            {
                const float *x = from + side * distance + n * stripLanes + k,
                            *g = (side == 0 ? left.rows : right.rows) + n * step + k;
                addTo (bus + (side * stripFrames + n) * columns + k, hn::Load (d, x), hn::Load (d, g),
                       hn::Load (d, x + columns), hn::Load (d, g + columns));
            }
}

void sum (const float* bus, int frames, float* left, float* right)
{
    const hn::FixedTag<float, 4> d;
    for (int side = 0; side < 2; ++side)
    {
        const float* const p = bus + side * stripFrames * 8;
        float* const out = side == 0 ? left : right;
        HWY_ALIGN float four[4];
        for (int n = 0; n < frames; ++n)
        {
            hn::Store (hn::Add (hn::Load (d, p + n * 8), hn::Load (d, p + n * 8 + 4)), d, four);
            out[n] = (four[0] + four[2]) + (four[1] + four[3]);
        }
    }
}

} // namespace lacquer::dsp::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace lacquer::dsp
{

HWY_EXPORT (in);
HWY_EXPORT (run);
HWY_EXPORT (follow);
HWY_EXPORT (spread);
HWY_EXPORT (levels);
HWY_EXPORT (add);
HWY_EXPORT (apart);
HWY_EXPORT (sum);

void stripsIn (StripGroup& g, const float* const* channels, int frames, float* buffer)
{
    HWY_DYNAMIC_DISPATCH (in) (g, channels, frames, buffer);
}

void runStrips (StripGroup& g, const StripConstants& c, const StripStretch& s, float* buffer)
{
    HWY_DYNAMIC_DISPATCH (run) (g, c, s, buffer);
}

void stripsOut (StripGroup& g, int frames, const float* buffer)
{
    std::memcpy (g.past, buffer + frames * stripLanes, sizeof g.past);
}

void endTails (StripGroup& g)
{
    float largest[stripLanes] {};
    const auto eachRow = [&g] (auto&& f)
    {
        for (auto& row : g.past)
            f (row);
        for (auto& section : g.sectionState)
            for (auto& row : section)
                f (row);
        for (auto* list : { &g.satUp, &g.satDown })
            for (auto& allpass : *list)
                for (auto& row : allpass)
                    f (row);
        for (auto& row : g.satTaps)
            f (row);
        f (g.satLast);
    };
    eachRow (
        [&] (const float* row)
        {
            for (int lane = 0; lane < stripLanes; ++lane)
                largest[lane] = std::max (largest[lane], std::abs (row[lane]));
        });
    bool any = false;
    for (const float x : largest)
        any = any || (x > 0 && x < 1e-30f);
    if (any)
        eachRow (
            [&] (float* row)
            {
                for (int lane = 0; lane < stripLanes; ++lane)
                    row[lane] = largest[lane] < 1e-30f ? 0 : row[lane];
            });
}

void followLines (const StripLines& lines, std::uint32_t lanes, int phase, int frames, float* table)
{
    HWY_DYNAMIC_DISPATCH (follow) (lines, lanes, phase, frames, table);
}

void spreadGains (const float* rest, std::uint32_t moved, int frames, float* table)
{
    HWY_DYNAMIC_DISPATCH (spread) (rest, moved, frames, table);
}

void levelStrips (StripGroup& g, StripGains fader, StripGains left, StripGains right, int frames,
                  const float* buffer, float* sides)
{
    HWY_DYNAMIC_DISPATCH (levels) (g, fader, left, right, frames, buffer, sides);
}

void addStrips (const StripGains* gains, float* const* buses, int count, int frames, const float* sides)
{
    HWY_DYNAMIC_DISPATCH (add) (gains, buses, count, frames, sides);
}

void addSides (StripGains left, StripGains right, int frames, const float* sides, float* bus)
{
    HWY_DYNAMIC_DISPATCH (apart) (left, right, frames, sides, stripFrames * stripLanes, bus);
}

void addBefore (StripGains left, StripGains right, int frames, const float* buffer, float* bus)
{
    HWY_DYNAMIC_DISPATCH (apart) (left, right, frames, buffer, 0, bus);
}

void sumBus (const float* bus, int frames, float* left, float* right)
{
    HWY_DYNAMIC_DISPATCH (sum) (bus, frames, left, right);
}

const char* stripTarget()
{
    const auto targets = hwy::SupportedTargets() & HWY_TARGETS;
    return hwy::TargetName (targets & -targets);
}

StripConstants stripConstants()
{
    StripConstants c {};
    const auto coefficients = halfbandCoefficients<halfbandSize> (1.0 / 24);
    for (int n = 0; n < halfbandSize; ++n)
        c.halfband[n] = static_cast<float> (coefficients[static_cast<std::size_t> (n)]);
    // Least maximum of |H| / sec (w/2) - 1 over w = 0 ... 5/12 of the double rate, with H (0) = 1: 0.016 dB.
    c.tilt[0] = 1.45784215f;
    c.tilt[1] = -0.26499023f;
    c.tilt[2] = 0.03606916f;
    return c;
}

} // namespace lacquer::dsp

#endif
