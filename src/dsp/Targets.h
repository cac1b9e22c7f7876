// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <string_view>

namespace lacquer::dsp
{

/// The instruction set that the kernels run with: "AVX-512", "AVX2", "SSE4" or "NEON". [any thread]
std::string_view target() noexcept;

/// True when the kernels run with less than AVX2 on a machine of that family: without fused multiply-add the
/// bits differ from those of all others, by less than -110 dB. [any thread]
bool isFallbackTarget() noexcept;

/// From now on the kernels use nothing better than this: "avx512", "avx2", "sse4" in any case, with or
/// without a hyphen; an empty name ends the limit. False, and nothing changes, when there is no such set or
/// the machine does not have it. [control] For benchmarks and tests: not while anything plays.
bool limitTargets (std::string_view name);

} // namespace lacquer::dsp
