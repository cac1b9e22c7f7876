// SPDX-License-Identifier: GPL-3.0-or-later
#include "measure/PartialLoudness.h"

#include <algorithm>
#include <cmath>
#include <fftw3.h>
#include <mutex>
#include <numbers>

namespace lacquer::measure
{

namespace
{

struct Pair
{
    double x, y;
};

/// Straight lines between points, level outside.
double between (std::span<const Pair> points, double x)
{
    if (x <= points.front().x)
        return points.front().y;
    for (std::size_t n = 1; n < points.size(); ++n)
        if (x <= points[n].x)
        {
            const auto [x0, y0] = points[n - 1];
            return y0 + (points[n].y - y0) * (x - x0) / (points[n].x - x0);
        }
    return points.back().y;
}

// Sound from in front to the eardrum, and from there to the cochlea, in dB by Hz: ANSI S3.4-2007, tables 1
// and 3.
constexpr Pair outerEar[] { { 100, 0 },     { 125, 0.1 },    { 160, 0.3 },   { 200, 0.5 },   { 250, 0.9 },
                            { 315, 1.4 },   { 400, 1.6 },    { 500, 1.7 },   { 630, 2.5 },   { 800, 2.6 },
                            { 1000, 2.6 },  { 1250, 3.2 },   { 1600, 6.6 },  { 2000, 12 },   { 2500, 16.8 },
                            { 3150, 15.2 }, { 4000, 14.2 },  { 5000, 10.7 }, { 6300, 6.4 },  { 8000, 1.8 },
                            { 9000, -0.9 }, { 10000, -1.6 }, { 11200, 1.9 }, { 12500, 4.9 }, { 14000, 2 } };
constexpr Pair middleEar[] {
    { 40, -21.4 },   { 50, -18.5 },    { 63, -15.9 },    { 80, -14.1 },  { 100, -12.4 },  { 125, -11 },
    { 160, -9.6 },   { 200, -8.3 },    { 250, -7.4 },    { 315, -6.2 },  { 400, -4.8 },   { 500, -3.8 },
    { 630, -3.3 },   { 800, -2.6 },    { 1000, -2.6 },   { 1250, -4.5 }, { 1600, -6.1 },  { 2000, -8.5 },
    { 2500, -10.4 }, { 3150, -7 },     { 4000, -6.6 },   { 5000, -7 },   { 6300, -10.2 }, { 8000, -12.2 },
    { 9000, -10.8 }, { 10000, -10.1 }, { 11200, -12.7 }, { 12500, -15 }, { 14000, -18.2 }
};
// Excitation at the threshold in quiet, in dB by Hz: the same, 3.5.
constexpr Pair quiet[] { { 50, 28.2 }, { 63, 23.7 }, { 80, 19.3 }, { 100, 15.7 }, { 125, 12.7 }, { 160, 10 },
                         { 200, 8 },   { 250, 6.5 }, { 315, 5.3 }, { 400, 4.4 },  { 500, 3.7 } };
// Signal to noise ratio at the output of an auditory filter at which a signal is just heard, in dB by Hz:
// Moore, Glasberg, Baer 1997, figure 9.
constexpr Pair heardInNoise[] { { 50, 13.5 },  { 63, 10 },    { 80, 7.1 },   { 100, 4.9 },  { 125, 3.1 },
                                { 160, 1.5 },  { 200, 0.4 },  { 250, -0.5 }, { 315, -1.3 }, { 400, -1.9 },
                                { 500, -2.3 }, { 630, -2.7 }, { 800, -2.9 }, { 1000, -3 } };
// The constant A and the exponent of the growth of loudness by the gain of the cochlea in dB: there, figures
// 6 and 7.
constexpr Pair constantA[] { { -25, 9 },     { -20, 7.72 }, { -15, 6.77 },  { -10, 5.92 },
                             { -7.5, 5.56 }, { -5, 5.25 },  { -2.5, 4.98 }, { 0, 4.72 } };
constexpr Pair exponent[] { { -25, 0.267 },   { -20, 0.2507 }, { -15, 0.236 },   { -10, 0.2226 },
                            { -7.5, 0.2165 }, { -5, 0.2106 },  { -2.5, 0.2051 }, { 0, 0.2 } };

constexpr double soneScale = 0.046871; // C of ANSI S3.4-2007, 3.6

double power (double decibels)
{
    return std::pow (10, decibels / 10);
}

/// Equivalent rectangular bandwidth of the auditory filter at a frequency, and its number in Cam (B. R.
/// Glasberg, B. C. J. Moore, Hearing Research 47, 1990, equations 3 and 4).
double erb (double hertz)
{
    return 24.673 * (0.004368 * hertz + 1);
}
double cam (double hertz)
{
    return 21.366 * std::log10 (0.004368 * hertz + 1);
}

/// A side of an auditory filter: rounded exponential of the distance from its centre, as a share of it.
double roex (double slope, double distance)
{
    const double x = slope * std::abs (distance);
    return (1 + x) * std::exp (-x);
}

} // namespace

double EarBands::edge (int band) noexcept
{
    return std::pow (10, (17 + band / 2.0 - 0.5) / 10); // 10^1.7 Hz is the third octave named 50
}

double EarBands::centre (int band) noexcept
{
    return std::pow (10, (17 + band / 2.0 - 0.25) / 10);
}

double EarBands::third (int third) noexcept
{
    return std::pow (10, (17 + third) / 10.0);
}

struct BandPowers::Transform
{
    explicit Transform (int n)
    {
        const auto size = static_cast<std::size_t> (n);
        in = fftwf_alloc_real (size);
        out = fftwf_alloc_complex (size / 2 + 1);
        // FFTW plans one at a time. Estimated plans are the same on every run.
        static std::mutex planning;
        const std::lock_guard lock (planning);
        plan = fftwf_plan_dft_r2c_1d (n, in, out, FFTW_ESTIMATE);
    }
    ~Transform()
    {
        fftwf_destroy_plan (plan);
        fftwf_free (in);
        fftwf_free (out);
    }
    Transform (const Transform&) = delete;
    Transform& operator= (const Transform&) = delete;

    float* in;
    fftwf_complex* out;
    fftwf_plan plan;
};

BandPowers::BandPowers (BandPowers&&) noexcept = default;
BandPowers& BandPowers::operator= (BandPowers&&) noexcept = default;
BandPowers::~BandPowers() = default;

int BandPowers::windowOf (double sampleRate) noexcept
{
    int n = 256;
    while (n * 12 < sampleRate) // 85 ms at 48 kHz, 93 ms at 44.1 kHz
        n *= 2;
    return n;
}

BandPowers::BandPowers (double sampleRate)
    : transform (std::make_unique<Transform> (windowOf (sampleRate))), length (windowOf (sampleRate)),
      held (length / 2), window (static_cast<std::size_t> (length)), piece (static_cast<std::size_t> (length))
{
    double energy = 0;
    for (int k = 0; k < length; ++k)
    {
        const double w = 0.5 - 0.5 * std::cos (2 * std::numbers::pi * k / length);
        window[static_cast<std::size_t> (k)] = static_cast<float> (w);
        energy += w * w;
    }
    // Parseval: the mean square of the windowed piece, as if the window had no effect on noise.
    const double scale = 2 / (energy * length), width = sampleRate / length;
    for (int b = 0; b < EarBands::count; ++b)
        for (int k = 1; k < length / 2; ++k)
        {
            const double low = std::max ((k - 0.5) * width, EarBands::edge (b)),
                         high = std::min ((k + 0.5) * width, EarBands::edge (b + 1));
            if (high > low)
                shares[static_cast<std::size_t> (b)].push_back (
                    { k, static_cast<float> (scale * (high - low) / width) });
        }
}

void BandPowers::reset() noexcept
{
    std::fill (piece.begin(), piece.end(), 0.0f);
    held = length / 2;
    sounding = 0;
}

void BandPowers::follow (const BandPowers& other) noexcept
{
    std::copy (other.piece.begin(), other.piece.end(), piece.begin());
    held = other.held;
    sounding = other.sounding;
}

int BandPowers::fill (const float* from, int frames) noexcept
{
    const int count = std::min (frames, length - held);
    auto* to = piece.data() + held;
    if (from == nullptr)
        std::fill_n (to, count, 0.0f);
    else
        for (int k = 0; k < count; ++k)
            to[k] = std::isfinite (from[k]) ? from[k] : 0.0f;
    if (from != nullptr && std::any_of (to, to + count, [] (float x) { return x != 0; }))
        sounding = length + count;
    sounding = std::max (0, sounding - count);
    held += count;
    return count;
}

const EarSpectrum& BandPowers::next() noexcept
{
    if (sounding > 0)
    {
        for (std::size_t k = 0; k < piece.size(); ++k)
            transform->in[k] = piece[k] * window[k];
        fftwf_execute (transform->plan);
        for (std::size_t b = 0; b < shares.size(); ++b)
        {
            float sum = 0;
            for (const auto& s : shares[b])
            {
                const auto& x = transform->out[s.bin];
                sum += s.weight * (x[0] * x[0] + x[1] * x[1]);
            }
            spectrum[b] = sum;
        }
    }
    else
        spectrum.fill (0);
    std::copy (piece.begin() + length / 2, piece.end(), piece.begin());
    held = length / 2;
    return spectrum;
}

Ear::Ear() : even (n * n), skirt (static_cast<std::size_t> (levels) * n * n)
{
    for (int b = 0; b < EarBands::count; ++b)
    {
        const auto k = static_cast<std::size_t> (b);
        const double hertz = EarBands::centre (b);
        passes[k] = static_cast<float> (power (between (outerEar, hertz) + between (middleEar, hertz)));
        const double threshold = between (quiet, hertz), gain = quiet[std::size (quiet) - 1].y - threshold;
        const double a = between (constantA, gain), alpha = between (exponent, gain);
        bands[k] = { static_cast<float> (power (threshold)),
                     static_cast<float> (power (gain)),
                     static_cast<float> (a),
                     static_cast<float> (alpha),
                     static_cast<float> (std::pow (a, alpha)),
                     static_cast<float> (std::pow (power (threshold + gain) + a, alpha)),
                     static_cast<float> (power (between (heardInNoise, hertz))),
                     static_cast<float> (cam (EarBands::edge (b + 1)) - cam (EarBands::edge (b))) };
    }
    // ANSI S3.4-2007, 3.4: p = 4 f / ERB on both sides at 51 dB per ERB; the lower side of a filter by the
    // level of what excites it.
    const double atOneKilohertz = 4 * 1000 / erb (1000);
    for (std::size_t source = 0; source < n; ++source)
        for (std::size_t to = 0; to < n; ++to)
        {
            const double centre = EarBands::centre (static_cast<int> (to));
            const double distance = EarBands::centre (static_cast<int> (source)) / centre - 1;
            const double slope = 4 * centre / erb (centre);
            even[source * n + to] = static_cast<float> (roex (slope, distance));
            for (std::size_t level = 0; level < static_cast<std::size_t> (levels); ++level)
            {
                const double above = static_cast<double> (level) * levelStep - 51;
                const double lower = std::max (0.1, slope - 0.35 * slope / atOneKilohertz * above);
                skirt[(level * n + source) * n + to] =
                    static_cast<float> (roex (distance < 0 ? lower : slope, distance));
            }
        }
}

Ear::Skirts Ear::skirts (const EarSpectrum& all) const noexcept
{
    // The level per ERB around each band is what a filter there lets through.
    EarSpectrum level {};
    for (std::size_t source = 0; source < n; ++source)
        if (all[source] > 0)
            for (std::size_t to = 0; to < n; ++to)
                level[to] += all[source] * even[source * n + to];
    Skirts skirts;
    for (std::size_t b = 0; b < n; ++b)
    {
        const float decibels = 10 * std::log10 (std::max (level[b], 1.0f));
        skirts.level[b] = static_cast<std::uint8_t> (
            std::clamp (static_cast<int> (decibels / levelStep + 0.5f), 0, levels - 1));
    }
    return skirts;
}

EarSpectrum Ear::excitation (const EarSpectrum& powers, const Skirts& skirts) const noexcept
{
    EarSpectrum sum {};
    for (std::size_t source = 0; source < n; ++source)
    {
        const float p = powers[source];
        if (p < 1e-4f) // 40 dB under the threshold of hearing, where it is best
            continue;
        const float* const row = skirt.data() + (skirts.level[source] * n + source) * n;
        for (std::size_t to = 0; to < n; ++to)
            sum[to] += p * row[to];
    }
    return sum;
}

float Ear::loudness (int band, float excitation) const noexcept
{
    const auto& b = of (band);
    return static_cast<float> (soneScale) * (std::pow (b.gain * excitation + b.a, b.alpha) - b.atZero);
}

float Ear::matched (int band, float specificLoudness) const noexcept
{
    const auto& b = of (band);
    const float root = std::max (0.0f, specificLoudness) / static_cast<float> (soneScale) + b.atZero;
    return std::max (0.0f, (std::pow (root, 1 / b.alpha) - b.a) / b.gain);
}

float Ear::partialLoudness (int band, float excitation, float others) const noexcept
{
    const auto& b = of (band);
    if (excitation <= 0)
        return 0;
    // The names of the paper: E_SIG, E_NOISE, E_THRN and the masked threshold's share K.
    const float noise = std::max (others, 0.0f), heard = b.noise * noise + b.threshold;
    const auto grown = [&] (float e) { return std::pow (b.gain * e + b.a, b.alpha); };
    const float total = grown (excitation + noise), atMasked = grown (noise + heard);
    float sum;
    if (excitation >= heard)
        sum = total - b.atZero - (atMasked - b.atThreshold) * std::pow (heard / excitation, 0.3f);
    else
    {
        const float alone = grown (noise);
        sum = std::pow (2 * excitation / (excitation + heard), 1.5f) * (b.atThreshold - b.atZero) /
              (atMasked - alone) * (total - alone);
    }
    return static_cast<float> (soneScale) * std::max (0.0f, sum);
}

} // namespace lacquer::measure
