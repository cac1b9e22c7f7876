// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <cmath>
#include <complex>
#include <fftw3.h>
#include <memory>
#include <numbers>
#include <vector>

namespace lacquer::tests
{

/// The first half of the discrete Fourier transform of a signal: bins 0 to size/2.
template <typename T>
std::vector<std::complex<double>> spectrumOf (const std::vector<T>& x)
{
    const int size = static_cast<int> (x.size());
    std::vector<double> in (x.size());
    std::vector<std::complex<double>> out (x.size() / 2 + 1);
    fftw_plan plan =
        fftw_plan_dft_r2c_1d (size, in.data(), reinterpret_cast<fftw_complex*> (out.data()), FFTW_ESTIMATE);
    for (std::size_t n = 0; n < x.size(); ++n)
        in[n] = static_cast<double> (x[n]);
    fftw_execute (plan);
    fftw_destroy_plan (plan);
    return out;
}

/// The real signal of `size` samples with that spectrum.
inline std::vector<double> signalOf (std::vector<std::complex<double>> spectrum, int size)
{
    std::vector<double> out (static_cast<std::size_t> (size));
    fftw_plan plan = fftw_plan_dft_c2r_1d (size, reinterpret_cast<fftw_complex*> (spectrum.data()),
                                           out.data(), FFTW_ESTIMATE);
    fftw_execute (plan);
    fftw_destroy_plan (plan);
    for (auto& x : out)
        x /= size;
    return out;
}

inline double decibels (double gain)
{
    return 20 * std::log10 (gain + 1e-300);
}

} // namespace lacquer::tests
