// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <hwy/detect_compiler_arch.h>

// The instruction sets that every kernel is compiled for: to be included before <hwy/foreach_target.h>. SSE4
// is the least we run on, and SSSE3 and the second AVX-512 would gain nothing. On ARM it is NEON: the vectors
// of SVE have no size the compiler knows, so that they cannot stand in arrays and structs.
#if HWY_ARCH_X86
#define HWY_BASELINE_TARGETS HWY_SSE4
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_AVX3_DL)
#elif HWY_ARCH_ARM
#define HWY_DISABLED_TARGETS (HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128)
#endif
