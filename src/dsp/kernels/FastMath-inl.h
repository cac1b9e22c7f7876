// SPDX-License-Identifier: GPL-3.0-or-later
// dsp/FastMath.h in registers; included by kernels, once for each instruction set.
#if defined(LACQUER_DSP_FAST_MATH_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef LACQUER_DSP_FAST_MATH_INL_H
#undef LACQUER_DSP_FAST_MATH_INL_H
#else
#define LACQUER_DSP_FAST_MATH_INL_H
#endif

#include "dsp/FastMath.h"

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace lacquer::dsp::HWY_NAMESPACE
{

/// log2 of normal positive numbers; error below 6e-7 + rounding, log2 (1) == 0.
template <typename D, typename V = hwy::HWY_NAMESPACE::Vec<D>>
HWY_INLINE V fastLog2 (D d, V x)
{
    namespace hn = hwy::HWY_NAMESPACE;
    const hn::RebindToSigned<D> di;
    const auto bits = hn::BitCast (di, x);
    const auto exponent = hn::And (hn::Sub (bits, hn::Set (di, 0x3f400000)),
                                   hn::Set (di, static_cast<std::int32_t> (0xff800000u)));
    const V t = hn::Sub (hn::BitCast (d, hn::Sub (bits, exponent)), hn::Set (d, 1.0f));
    V p = hn::Set (d, log2Terms[0]);
    for (int n = 1; n < 7; ++n)
        p = hn::MulAdd (p, t, hn::Set (d, log2Terms[n]));
    return hn::MulAdd (p, t, hn::ConvertTo (d, hn::ShiftRight<23> (exponent)));
}

/// 2 to the power of x, for |x| < 126; relative error below 2.5e-7, exp2 (0) == 1.
template <typename D, typename V = hwy::HWY_NAMESPACE::Vec<D>>
HWY_INLINE V fastExp2 (D d, V x)
{
    namespace hn = hwy::HWY_NAMESPACE;
    const hn::RebindToSigned<D> di;
    x = hn::Min (hn::Max (x, hn::Set (d, -126.0f)), hn::Set (d, 126.0f));
    const V shifted = hn::Add (x, hn::Set (d, 12582912.0f));
    const V f = hn::Sub (x, hn::Sub (shifted, hn::Set (d, 12582912.0f)));
    V p = hn::Set (d, exp2Terms[0]);
    for (int n = 1; n < 5; ++n)
        p = hn::MulAdd (p, f, hn::Set (d, exp2Terms[n]));
    p = hn::MulAdd (p, f, hn::Set (d, 1.0f));
    return hn::BitCast (d, hn::Add (hn::BitCast (di, p), hn::ShiftLeft<23> (hn::BitCast (di, shifted))));
}

} // namespace lacquer::dsp::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
