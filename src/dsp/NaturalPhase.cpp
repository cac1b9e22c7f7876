// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/NaturalPhase.h"

#include "dsp/EqCurve.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <mutex>
#include <numbers>

namespace lacquer::dsp
{

namespace
{

constexpr double pi = std::numbers::pi;
constexpr int points = 128;    // frequencies at which the taps are fitted
constexpr double above = 1e-3; // weight of those above the edge
constexpr int pause = 512;     // frames

double radiansOf (int point) noexcept
{
    return pi * (point + 0.5) / points;
}

} // namespace

/// Taps of least squares from a response at all points: a matrix that depends on the edge only.
struct NaturalPhase::Fit
{
    /// For each tap, what the real parts count, then the imaginary ones.
    std::vector<double> matrix;

    explicit Fit (double edge) : matrix (static_cast<std::size_t> (taps * 2 * points))
    {
        const auto weight = [&] (int k) { return radiansOf (k) < edge ? 1 : above; };
        const auto at = [] (int row, int column, int columns)
        { return static_cast<std::size_t> (row * columns + column); };
        std::vector<double> normal (taps * taps);
        for (int n = 0; n < taps; ++n)
        {
            double sum = 0;
            for (int k = 0; k < points; ++k)
                sum += weight (k) * std::cos (radiansOf (k) * n);
            for (int m = 0; m + n < taps; ++m)
                normal[at (m, m + n, taps)] = normal[at (m + n, m, taps)] = sum;
        }
        for (int n = 0; n < taps; ++n)
            normal[at (n, n, taps)] *= 1 + 1e-9;
        for (int n = 0; n < taps; ++n)
            for (int k = 0; k < points; ++k)
            {
                const double angle = radiansOf (k) * (n - latency);
                matrix[at (n, k, 2 * points)] = weight (k) * std::cos (angle);
                matrix[at (n, points + k, 2 * points)] = -weight (k) * std::sin (angle);
            }
        // Gauss; the normal matrix is positive definite and needs no pivots.
        for (int n = 0; n < taps; ++n)
            for (int m = 0; m < taps; ++m)
            {
                if (m == n)
                    continue;
                const double part = normal[at (m, n, taps)] / normal[at (n, n, taps)];
                for (int k = n; k < taps; ++k)
                    normal[at (m, k, taps)] -= part * normal[at (n, k, taps)];
                for (int k = 0; k < 2 * points; ++k)
                    matrix[at (m, k, 2 * points)] -= part * matrix[at (n, k, 2 * points)];
            }
        for (int n = 0; n < taps; ++n)
            for (int k = 0; k < 2 * points; ++k)
                matrix[at (n, k, 2 * points)] /= normal[at (n, n, taps)];
    }
};

/// One for all of a rate, as it never changes.
std::shared_ptr<const NaturalPhase::Fit> NaturalPhase::fitOf (double edge)
{
    static std::mutex mutex;
    static std::map<double, std::shared_ptr<const Fit>> all;
    const std::lock_guard lock (mutex);
    auto& f = all[edge];
    if (! f)
        f = std::make_shared<const Fit> (edge);
    return f;
}

void NaturalPhase::prepare (double sampleRate)
{
    rate = sampleRate;
    fit = fitOf (2 * pi * std::min (20000 / rate, 0.45));
    reset();
}

void NaturalPhase::reset() noexcept
{
    for (auto& r : recent)
        r.fill (0);
    fade.left = 0;
    since = 0;
    fresh = true;
}

void NaturalPhase::design (std::span<const EqBand, EqBands::count> bands) noexcept
{
    kernel[0] = kernel[1];
    std::copy (bands.begin(), bands.end(), known.begin());
    std::array<std::array<std::complex<double>, points>, 2> wanted;
    for (auto& w : wanted)
        w.fill (1.0);
    for (const auto& b : bands)
    {
        const auto row = sectionsOf (b, rate);
        if (row.count == 0)
            continue;
        for (int k = 0; k < points; ++k)
        {
            const auto at = static_cast<std::size_t> (k);
            std::complex<double> is = 1.0;
            for (int s = 0; s < row.count; ++s)
                is *= row.section[static_cast<std::size_t> (s)].response (radiansOf (k));
            const auto shouldBe = analogResponse (b, radiansOf (k) * rate / (2 * pi));
            if (std::norm (is) < 1e-200)
                continue;
            const auto ratio = shouldBe / is;
            if (b.part != BandPart::side)
                wanted[0][at] *= ratio;
            if (b.part != BandPart::mid)
                wanted[1][at] *= ratio;
        }
    }
    for (std::size_t c = 0; c < 2; ++c)
        for (std::size_t n = 0; n < taps; ++n)
        {
            const double* const row = fit->matrix.data() + n * 2 * points;
            double sum = 0;
            for (int k = 0; k < points; ++k)
            {
                const auto w = wanted[c][static_cast<std::size_t> (k)];
                sum += row[k] * w.real() + row[points + k] * w.imag();
            }
            kernel[1][c][n] = static_cast<float> (sum);
        }
    since = 0;
}

void NaturalPhase::process (std::span<float* const> channels, int frames,
                            std::span<const EqBand, EqBands::count> bands) noexcept
{
    if (fresh || (since >= pause && ! std::equal (bands.begin(), bands.end(), known.begin())))
    {
        design (bands);
        if (! fresh)
            fade.start();
        fresh = false;
    }
    since += frames < pause - since ? frames : pause - since;

    const std::size_t parts = channels.size();
    float* const left = channels.front();
    float* const right = channels.back();
    for (int n = 0; n < frames; ++n)
    {
        const auto at = static_cast<std::size_t> (taps + n);
        recent[0][at] = parts == 1 ? left[n] : 0.5f * (left[n] + right[n]);
        recent[1][at] = 0.5f * (left[n] - right[n]);
    }
    alignas (64) float out[2][taps];
    for (std::size_t c = 0; c < parts; ++c)
    {
        auto& x = recent[c];
        kernels::convolveDirectly (kernel[1][c].data(), x.data() + taps, out[c], frames);
        if (fade.active())
        {
            alignas (64) float old[taps];
            kernels::convolveDirectly (kernel[0][c].data(), x.data() + taps, old, frames);
            for (int n = 0; n < frames; ++n)
                out[c][n] = old[n] + fade.share (n) * (out[c][n] - old[n]);
        }
        std::copy_n (x.data() + frames, taps, x.data());
    }
    fade.advance (frames);
    for (int n = 0; n < frames; ++n)
    {
        left[n] = parts == 1 ? out[0][n] : out[0][n] + out[1][n];
        if (parts > 1)
            right[n] = out[0][n] - out[1][n];
    }
}

} // namespace lacquer::dsp
