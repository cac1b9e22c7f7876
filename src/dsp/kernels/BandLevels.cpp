// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/kernels/BandLevels.h"

#include <hwy/detect_compiler_arch.h>
#if HWY_ARCH_X86
#define HWY_BASELINE_TARGETS HWY_SSE4
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_AVX3_DL)
#endif

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "dsp/kernels/BandLevels.cpp"
#include <hwy/foreach_target.h>
// foreach_target.h must come before highway.h.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace lacquer::dsp::levels::HWY_NAMESPACE
{

namespace hn = hwy::HWY_NAMESPACE;

void Hear (Filters& f, unsigned groups, const float (*frame)[lanes], int frames)
{
    const hn::FixedTag<float, group> d;
    using V = hn::Vec<decltype (d)>;
    for (int lane = 0; lane < lanes; lane += group)
    {
        if ((groups >> (lane / group) & 1u) == 0)
            continue;
        const auto k = [&] (int n) HWY_ATTR { return hn::Load (d, f.value[n] + lane); };
        const V a1 = k (0), a2 = k (1), a3 = k (2), m0 = k (3), m1 = k (4), m2 = k (5), share = k (6);
        V s1 = hn::Load (d, f.state[0] + lane), s2 = hn::Load (d, f.state[1] + lane),
          energy = hn::Load (d, f.energy + lane);
        for (int n = 0; n < frames; ++n)
        {
            const V x = hn::LoadU (d, frame[n] + lane), v3 = hn::Sub (x, s2);
            const V v1 = hn::MulAdd (a2, v3, hn::Mul (a1, s1)), d2 = hn::MulAdd (a3, v3, hn::Mul (a2, s1));
            const V v2 = hn::Add (s2, d2);
            s1 = hn::Sub (hn::Add (v1, v1), s1);
            s2 = hn::Add (v2, d2);
            const V y = hn::MulAdd (m2, v2, hn::MulAdd (m1, v1, hn::Mul (m0, x)));
            energy = hn::MulAdd (share, hn::Sub (hn::Mul (y, y), energy), energy);
        }
        hn::Store (s1, d, f.state[0] + lane);
        hn::Store (s2, d, f.state[1] + lane);
        hn::Store (energy, d, f.energy + lane);
    }
}

} // namespace lacquer::dsp::levels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace lacquer::dsp::levels
{

HWY_EXPORT (Hear);

void hear (Filters& f, unsigned groups, const float (*frame)[lanes], int frames) noexcept
{
    HWY_DYNAMIC_DISPATCH (Hear) (f, groups, frame, frames);
}

} // namespace lacquer::dsp::levels

#endif
