// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Units.h"

#include <array>
#include <cstdint>
#include <string_view>

namespace lacquer::dsp
{

/// What is added, or done, when samples are cut to whole numbers. Only where resolution is lost, and last.
enum class DitherKind
{
    none,      ///< rounding alone: distorts what is quiet
    tpdf,      ///< triangular noise, 2 LSB peak to peak: error without relation to the sound
    lipshitz,  ///< tpdf, shaped by 5 taps (Lipshitz, Vanderkooy, Wannamaker 1991)
    fWeighted, ///< tpdf, shaped by 9 taps after the F curve (Wannamaker 1992)
    improvedE  ///< tpdf, shaped by 9 taps after the improved E curve (Lipshitz et al. 1991)
};

/// The kind's name for settings and menus, and back; nothing for unknown names is reported by `found`.
std::string_view nameOf (DitherKind) noexcept;
bool found (std::string_view name, DitherKind& kind) noexcept;

/// Cuts one channel to whole numbers of 16 to 24 bits. The noise is a function of seed, channel and absolute
/// frame, so it does not depend on threads or blocks; shaped kinds remember their last errors and need the
/// frames in order, from reset().
class Dither
{
public:
    /// bits: 2 to 24. The shaping curves are made for 44.1 and 48 kHz.
    Dither (DitherKind, int bits, std::uint64_t seed, int channel) noexcept;

    void reset() noexcept;

    /// out[n] = whole number for in[n] in -2^(bits-1) to 2^(bits-1) - 1, where 1.0 is 2^(bits-1): nearest,
    /// halves to even; beyond full scale clipped, and a clip is not fed into the shaping. NaN is 0.
    /// position: absolute frame of in[0]. [any thread]
    void process (const float* in, std::int32_t* out, Frames frames, Frames position) noexcept;
    void process (const double* in, std::int32_t* out, Frames frames, Frames position) noexcept;

private:
    template <typename T>
    void cut (const T* in, std::int32_t* out, Frames frames, Frames position) noexcept;

    static constexpr int longest = 9;

    DitherKind kind;
    double scale;
    std::uint64_t stream; // seed and channel
    std::array<double, longest> errors {};
    int newest = 0; // index of the newest error
};

} // namespace lacquer::dsp
