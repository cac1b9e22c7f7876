// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <array>
#include <vector>

/// Fast convolution of real blocks in single precision.
///
/// A real sequence of 2N samples is folded to N complex ones, z[n] = (x[n] + i x[N + n]) e^(i pi n/(2N)),
/// whose products of spectra are those of the real sequences modulo t^2N + 1 (H. J. Nussbaumer, Fast Fourier
/// Transform and Convolution Algorithms, 1981, right-angle circular convolution): no symmetry to untangle,
/// no odd bin. Overlap-save drops what wraps round. Bins stay in the order in which radix 4 leaves them, as
/// only products are taken. Every pass can be done piece by piece, so that a long transform is spread over
/// many blocks, which a library's cannot. Each value's order of operations is fixed: every instruction set
/// with fused multiply-add gives the same bits.
namespace lacquer::dsp::kernels
{

/// Taps that are convolved directly, and frames of a block.
inline constexpr int directTaps = 64;

/// Factors of a folded transform of `size` points: a power of four from 64.
struct FoldedTransform
{
    explicit FoldedTransform (int size);
    int size = 0, passes = 0;   ///< fold, the splits, and the one that ends in tiles of 16
    std::vector<float> weight;  ///< e^(i pi n/(2 size)): real parts, then imaginary ones
    std::vector<float> twiddle; ///< per pass that splits spans of 4q: w, w^2, w^3 for n = 0 to q - 1
};

/// One piece of pass `pass` forward: butterflies from to - 1 of size/4. Spectra: `size` real parts, then
/// `size` imaginary ones. first and second: the halves of the real block; second null for zeros. [audio]
void transformForward (const FoldedTransform&, int pass, const float* first, const float* second,
                       float* spectrum, int from, int to) noexcept;

/// One piece of pass `pass` back; the last one writes the second half of the real block to `out`. [audio]
void transformBack (const FoldedTransform&, int pass, float* spectrum, float* out, int from, int to) noexcept;

/// sum += the products of `count` pairs of spectra, in their order, for bins from to - 1; begin: sum = the
/// products. [audio]
void multiplySpectra (const float* const* a, const float* const* b, int count, int size, bool begin,
                      float* sum, int from, int to) noexcept;

/// out[n] = sum of taps[k] x[n - k] over directTaps taps, for frames up to directTaps; out and x hold
/// directTaps. [audio]
void convolveDirectly (const float* taps, const float* x, float* out, int frames) noexcept;

} // namespace lacquer::dsp::kernels
