// SPDX-License-Identifier: GPL-3.0-or-later
#include "measure/Offset.h"

#include "measure/Transform.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>
#include <utility>
#include <vector>

namespace lacquer::measure
{

namespace
{

using Spectrum = std::vector<std::complex<double>>;

/// Averaged spectra of the windows in which both sound.
struct Averages
{
    Spectrum cross;
    std::vector<double> first, second; // powers
    int windows = 0;
};

struct Sounds
{
    std::span<const float> first, second;
};

double powerOf (std::span<const float> s, Frames from, Frames count)
{
    double sum = 0;
    for (Frames n = 0; n < count; ++n)
    {
        const auto x = static_cast<double> (s[static_cast<std::size_t> (from + n)]);
        sum += x * x;
    }
    return sum;
}

/// Windows of the second sound lie `later` frames behind those of the first.
Averages averaged (const Sounds& s, Transform& fft, Frames later)
{
    constexpr double quiet = 1e-4; // of the loudest window
    const auto size = static_cast<Frames> (fft.time.size());
    const auto length = static_cast<Frames> (std::min (s.first.size(), s.second.size()));
    const Frames begin = std::max<Frames> (0, -later), end = length - std::max<Frames> (0, later) - size;
    struct Window
    {
        Frames at;
        double first, second;
    };
    std::vector<Window> windows;
    double loudest[2] {};
    for (Frames at = begin; at <= end; at += size / 2)
    {
        windows.push_back ({ at, powerOf (s.first, at, size), powerOf (s.second, at + later, size) });
        loudest[0] = std::max (loudest[0], windows.back().first);
        loudest[1] = std::max (loudest[1], windows.back().second);
    }
    Averages a;
    a.cross.resize (fft.bins.size());
    a.first.resize (fft.bins.size());
    a.second.resize (fft.bins.size());
    const auto hann = hannWindow (fft.time.size());
    const auto transformed = [&] (std::span<const float> sound, Frames at)
    {
        for (std::size_t n = 0; n < hann.size(); ++n)
            fft.time[n] = hann[n] * static_cast<double> (sound[static_cast<std::size_t> (at) + n]);
        fft.toBins();
    };
    Spectrum one;
    for (const auto& w : windows)
    {
        if (! (w.first > quiet * loudest[0]) || ! (w.second > quiet * loudest[1]))
            continue;
        transformed (s.first, w.at);
        one = fft.bins;
        transformed (s.second, w.at + later);
        for (std::size_t k = 0; k < one.size(); ++k)
        {
            a.cross[k] += std::conj (one[k]) * fft.bins[k];
            a.first[k] += std::norm (one[k]);
            a.second[k] += std::norm (fft.bins[k]);
        }
        ++a.windows;
    }
    return a;
}

/// The weighted phases, their weights summing to 1, and the share of power that is coherent. Empty where
/// nothing is.
struct Weighted
{
    Spectrum phases;
    double share = 0;
};

Weighted weighted (const Averages& a, double rate)
{
    // Windows that overlap by half are worth about three quarters of independent ones (Welch 1967). Of
    // unrelated sounds the coherence lies below the threshold in 99 of 100 frequencies.
    const double windows = std::max (1.5, 0.75 * a.windows);
    const double threshold = 1 - std::pow (0.01, 1 / (windows - 1));
    constexpr double mostCoherence = 0.9, lean = 0.75;
    Weighted w;
    w.phases.resize (a.cross.size());
    const double hertz = rate / (2 * static_cast<double> (a.cross.size() - 1));
    double sum = 0, coherent = 0, all = 0;
    for (std::size_t k = 0; k < a.cross.size(); ++k)
    {
        all += a.second[k];
        const double f = static_cast<double> (k) * hertz, both = a.first[k] * a.second[k],
                     strength = std::abs (a.cross[k]);
        if (f < 30 || f > 0.45 * rate || ! (both > 0) || ! (strength > 0))
            continue;
        const double measured = strength * strength / both;
        if (measured < threshold)
            continue;
        const double coherence = std::clamp ((measured * windows - 1) / (windows - 1), 0.0, mostCoherence);
        coherent += measured * a.second[k];
        const double weight = coherence / (1 - coherence) * std::pow (strength, lean);
        w.phases[k] = a.cross[k] / strength * weight;
        sum += weight;
    }
    if (! (sum > 0))
        return {};
    for (auto& p : w.phases)
        p /= sum;
    w.share = all > 0 ? std::min (1.0, coherent / all) : 0;
    return w;
}

/// The correlation at whole lags: its time is circular.
std::vector<double> correlation (const Weighted& w, Transform& fft)
{
    fft.bins = w.phases;
    fft.toTime();
    auto r = fft.time;
    for (auto& x : r)
        x *= 0.5; // each frequency once, as the weights have it
    return r;
}

double at (const std::vector<double>& r, Frames lag)
{
    const auto size = static_cast<Frames> (r.size());
    return r[static_cast<std::size_t> ((lag % size + size) % size)];
}

/// The correlation at a lag between frames.
double between (const Weighted& w, double lag)
{
    const double step = std::numbers::pi / static_cast<double> (w.phases.size() - 1) * lag;
    double sum = 0;
    for (std::size_t k = 0; k < w.phases.size(); ++k)
        if (w.phases[k] != std::complex<double> {})
        {
            const double phase = step * static_cast<double> (k);
            sum += w.phases[k].real() * std::cos (phase) - w.phases[k].imag() * std::sin (phase);
        }
    return sum;
}

/// Where a function of one hill is highest, by golden section.
template <typename F>
double highest (double low, double high, const F& f)
{
    constexpr double ratio = 0.6180339887498949;
    double a = high - ratio * (high - low), b = low + ratio * (high - low), atA = f (a), atB = f (b);
    for (int n = 0; n < 22; ++n)
        if (atA > atB)
        {
            high = std::exchange (b, std::exchange (a, b - ratio * (b - low)));
            a = high - ratio * (high - low);
            atB = std::exchange (atA, f (a));
        }
        else
        {
            low = std::exchange (a, b);
            b = low + ratio * (high - low);
            atA = std::exchange (atB, f (b));
        }
    return (low + high) / 2;
}

} // namespace

double Offset::confidence() const
{
    // A hundredth of common power is chance, or spill that nobody would align by.
    return sharpness * std::clamp ((share - 0.02) / 0.08, 0.0, 1.0);
}

std::optional<Offset> offsetBetween (std::span<const float> first, std::span<const float> second, double rate,
                                     Seconds longest)
{
    const Frames most = std::max<Frames> (1, framesIn (longest, rate));
    std::size_t size = 1024;
    while (static_cast<Frames> (size) < 13 * most)
        size *= 2;
    if (std::min (first.size(), second.size()) < size)
        return std::nullopt;
    Transform fft (size);
    const Sounds sounds { first, second };
    const auto highestLag = [&] (const std::vector<double>& r, Frames from, Frames to)
    {
        Frames best = from;
        for (Frames lag = from; lag <= to; ++lag)
            if (std::abs (at (r, lag)) > std::abs (at (r, best)))
                best = lag;
        return best;
    };

    // Windows that lie apart have less in common: a first look finds the lag by which the second lays them
    // over one another.
    constexpr int leastWindows = 4;
    auto averages = averaged (sounds, fft, 0);
    if (averages.windows < leastWindows)
        return std::nullopt;
    auto spectrum = weighted (averages, rate);
    if (spectrum.phases.empty())
        return Offset {};
    auto r = correlation (spectrum, fft);
    const Frames lag = highestLag (r, -most, most);
    averages = averaged (sounds, fft, lag);
    if (averages.windows < leastWindows)
        return std::nullopt;
    spectrum = weighted (averages, rate);
    if (spectrum.phases.empty())
        return Offset {};
    r = correlation (spectrum, fft);

    constexpr Frames near = 4;
    const Frames peak = highestLag (r, -near, near);
    const bool inverted = at (r, peak) < 0;
    const auto height = [&] (double x) { return inverted ? -between (spectrum, x) : between (spectrum, x); };
    const double fine = highest (static_cast<double> (peak) - 1, static_cast<double> (peak) + 1, height);
    // The next hill of either sign, beyond where the correlation first crosses zero.
    Frames left = peak, right = peak;
    const auto same = [&] (Frames x) { return (at (r, x) < 0) == inverted; };
    while (left > peak - 2 * most && same (left))
        --left;
    while (right < peak + 2 * most && same (right))
        ++right;
    const double top = height (fine),
                 next = std::max (std::abs (at (r, highestLag (r, peak - 2 * most, left))),
                                  std::abs (at (r, highestLag (r, right, peak + 2 * most))));
    Offset offset;
    offset.frames = static_cast<double> (lag) + fine;
    offset.inverted = inverted;
    offset.share = spectrum.share;
    offset.sharpness = std::clamp (top * (1 - next / top), 0.0, 1.0);
    return offset;
}

} // namespace lacquer::measure
