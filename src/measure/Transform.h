// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <complex>
#include <cstddef>
#include <fftw3.h>
#include <memory>
#include <mutex>
#include <type_traits>
#include <vector>

namespace lacquer::measure
{

/// A real Fourier transform of `count` samples and its way back, for measuring. [control] Not scaled.
class Transform
{
public:
    explicit Transform (std::size_t count) : time (count), bins (count / 2 + 1)
    {
        auto* const out = reinterpret_cast<fftw_complex*> (bins.data());
        const std::lock_guard lock (planning);
        // Estimated plans are the same on every run.
        forward.reset (fftw_plan_dft_r2c_1d (static_cast<int> (count), time.data(), out, FFTW_ESTIMATE));
        back.reset (fftw_plan_dft_c2r_1d (static_cast<int> (count), out, time.data(), FFTW_ESTIMATE));
    }
    Transform (const Transform&) = delete;
    Transform& operator= (const Transform&) = delete;

    void toBins() { fftw_execute (forward.get()); }
    void toTime() { fftw_execute (back.get()); } ///< overwrites the bins

    std::vector<double> time;
    std::vector<std::complex<double>> bins;

private:
    static inline std::mutex planning; // FFTW plans one at a time
    struct Done
    {
        void operator() (fftw_plan plan) const
        {
            const std::lock_guard lock (planning);
            fftw_destroy_plan (plan);
        }
    };
    std::unique_ptr<std::remove_pointer_t<fftw_plan>, Done> forward, back;
};

/// A Hann window for overlapping by half.
std::vector<double> hannWindow (std::size_t count);

} // namespace lacquer::measure
