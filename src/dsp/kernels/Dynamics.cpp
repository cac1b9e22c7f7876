// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/kernels/Dynamics.h"

#include "dsp/kernels/Baseline.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "dsp/kernels/Dynamics.cpp"
#include <hwy/foreach_target.h>
// foreach_target.h must come before highway.h.
#include "dsp/kernels/FastMath-inl.h"

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace lacquer::dsp::dynamics::HWY_NAMESPACE
{

namespace hn = hwy::HWY_NAMESPACE;
namespace fast = lacquer::dsp::HWY_NAMESPACE;

// Floats of half a register, so that their doubles fill one.
using DD = hn::CappedTag<double, 8>;
using D = hn::Rebind<float, DD>;
using V = hn::Vec<D>;
constexpr int width = static_cast<int> (hn::MaxLanes (D()));

struct Ramp
{
    V start, step;
    HWY_INLINE explicit Ramp (Line l) : start (hn::Set (D(), l.start)), step (hn::Set (D(), l.step)) {}
    HWY_INLINE V at (V count) const { return hn::MulAdd (step, count, start); }
};

HWY_INLINE V sound (const float* p)
{
    const D d;
    const V x = hn::Load (d, p);
    return hn::IfThenElseZero (hn::Lt (hn::Abs (x), hn::Set (d, 1.0e6f)), x);
}

void Wanted (const Sound& key, const Curve& c, Line linking, int frames, Levels& out)
{
    const D d;
    const DD dd;
    const V zero = hn::Zero (d), floor = hn::Set (d, 1e-9f);
    const Ramp offset (c.offset), knee (c.knee), slope (c.slope), bend (c.bend), link (linking);
    for (int n = 0; n < frames; n += width)
    {
        const V count = hn::Iota (d, static_cast<float> (n + 1));
        const auto asked = [&] (const float* p) HWY_ATTR
        {
            const V level = fast::fastLog2 (d, hn::Max (hn::Abs (sound (p)), floor));
            const V u = hn::Max (hn::Add (level, offset.at (count)), zero);
            const V t = hn::Min (u, knee.at (count));
            return hn::MulAdd (hn::Mul (t, bend.at (count)), t, hn::Mul (slope.at (count), hn::Sub (u, t)));
        };
        const V a = asked (key.value[0] + n), b = asked (key.value[1] + n);
        const V most = hn::Max (a, b), share = link.at (count);
        hn::StoreInterleaved2 (hn::PromoteTo (dd, hn::MulAdd (share, hn::Sub (most, a), a)),
                               hn::PromoteTo (dd, hn::MulAdd (share, hn::Sub (most, b), b)), dd,
                               out.value[n]);
    }
}

void Follow (Envelope& e, int frames, Levels& levels)
{
    // Both answers are computed before it is known which one holds: that leaves one product, one sum and one
    // choice to wait for. In double precision: the coefficients of single precision miss the target by 0.1 %.
    const hn::FixedTag<double, 2> d;
    const auto attack = hn::Set (d, e.attack), release = hn::Set (d, e.release);
    const auto attackShare = hn::Set (d, 1 - e.attack), releaseShare = hn::Set (d, 1 - e.release);
    auto level = hn::LoadU (d, e.level);
    for (int n = 0; n < frames; ++n)
    {
        const auto target = hn::Load (d, levels.value[n]);
        const auto up = hn::MulAdd (attack, level, hn::Mul (attackShare, target));
        const auto down = hn::MulAdd (release, level, hn::Mul (releaseShare, target));
        level = hn::IfThenElse (hn::Gt (target, level), up, down);
        hn::Store (level, d, levels.value[n]);
    }
    hn::StoreU (level, d, e.level);
}

float Apply (const Levels& reduction, Line makeupLine, Line mixLine, int channels, int frames, Sound& io)
{
    const D d;
    const DD dd;
    const V one = hn::Set (d, 1.0f), last = hn::Set (d, static_cast<float> (frames));
    const Ramp makeup (makeupLine), mix (mixLine);
    V most = hn::Zero (d);
    for (int n = 0; n < frames; n += width)
    {
        const V count = hn::Iota (d, static_cast<float> (n + 1));
        hn::Vec<DD> a, b;
        hn::LoadInterleaved2 (dd, reduction.value[n], a, b);
        const V lift = makeup.at (count), share = mix.at (count);
        const auto reduced = [&] (float* p, V r) HWY_ATTR
        {
            const V gain = fast::fastExp2 (d, hn::Sub (lift, r));
            hn::Store (hn::Mul (sound (p), hn::MulAdd (share, hn::Sub (gain, one), one)), d, p);
            most = hn::Max (most, hn::IfThenElseZero (hn::Le (count, last), r));
        };
        reduced (io.value[0] + n, hn::DemoteTo (d, a));
        if (channels > 1)
            reduced (io.value[1] + n, hn::DemoteTo (d, b));
    }
    return hn::GetLane (hn::MaxOfLanes (d, most));
}

} // namespace lacquer::dsp::dynamics::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace lacquer::dsp::dynamics
{

HWY_EXPORT (Wanted);
HWY_EXPORT (Follow);
HWY_EXPORT (Apply);

void wanted (const Sound& key, const Curve& c, Line link, int frames, Levels& out) noexcept
{
    HWY_DYNAMIC_DISPATCH (Wanted) (key, c, link, frames, out);
}

void Envelope::follow (int frames, Levels& levels) noexcept
{
    HWY_DYNAMIC_DISPATCH (Follow) (*this, frames, levels);
}

float apply (const Levels& reduction, Line makeup, Line mix, int channels, int frames, Sound& io) noexcept
{
    return HWY_DYNAMIC_DISPATCH (Apply) (reduction, makeup, mix, channels, frames, io);
}

} // namespace lacquer::dsp::dynamics

#endif
