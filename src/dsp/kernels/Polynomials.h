// SPDX-License-Identifier: GPL-3.0-or-later
// Vectors of the functions in dsp/FastMath.h, for kernels. Included once per instruction set.
#if defined(LACQUER_KERNEL_POLYNOMIALS) == defined(HWY_TARGET_TOGGLE)
#ifdef LACQUER_KERNEL_POLYNOMIALS
#undef LACQUER_KERNEL_POLYNOMIALS
#else
#define LACQUER_KERNEL_POLYNOMIALS
#endif

#include "dsp/FastMath.h"

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace lacquer::dsp::kernels::HWY_NAMESPACE
{

/// log2 of normal positive numbers, with the error of fastLog2.
template <typename D, typename V = hwy::HWY_NAMESPACE::Vec<D>>
HWY_INLINE V log2Of (D d, V x)
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

/// 2 to the power of x, with the range and error of fastExp2.
template <typename D, typename V = hwy::HWY_NAMESPACE::Vec<D>>
HWY_INLINE V exp2Of (D d, V x)
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

} // namespace lacquer::dsp::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
