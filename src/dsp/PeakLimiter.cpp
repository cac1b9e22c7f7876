// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/PeakLimiter.h"

#include "dsp/Finite.h"
#include "dsp/PeakInterpolator.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cmath>
#include <span>
#include <vector>

namespace lacquer::dsp
{
namespace
{

constexpr int detectorHalf = 32;   // taps on either side: eight phases of 65 taps
constexpr double longestHold = 20; // ms

// What the 8x detector cannot see: peaks between its points (0.02 dB at 20 kHz, 0.17 dB at fs/2) and the
// roll-off of its finite taps next to fs/2. Measured on the stress signals of tests/master/Limiter.cpp.
constexpr double hiddenMargin = 0.15;

/// How the gain comes back.
struct Recovery
{
    double hold;   ///< ms for which the lowest gain is kept; over half a period leaves a low note undistorted
    double fast;   ///< ms, release after a short peak; 0: as set by the parameter
    double settle; ///< ms, time in which a sustained reduction comes under the slow release; 0: none
};
constexpr std::array<Recovery, 3> recoveries { { { 20, 0, 0 }, { 15, 60, 50 }, { 5, 25, 30 } } };

/// Past samples; its length is a power of two.
class Ring
{
public:
    void resize (size_t length) { samples.assign (length, 0); }
    void fill (float value) noexcept { std::fill (samples.begin(), samples.end(), value); }

    void write (Frames at, const float* x, int count) noexcept
    {
        const auto [start, first] = cut (at, count);
        float* const all = samples.data();
        for (int n = 0; n < first; ++n)
            all[start + n] = x[n];
        for (int n = first; n < count; ++n)
            all[n - first] = x[n];
    }
    /// what (n, x): n of count, the sample at `at` + n.
    template <typename F>
    void read (Frames at, int count, F what) const noexcept
    {
        const auto [start, first] = cut (at, count);
        const float* const all = samples.data();
        for (int n = 0; n < first; ++n)
            what (n, all[start + n]);
        for (int n = first; n < count; ++n)
            what (n, all[n - first]);
    }

private:
    struct Cut
    {
        Frames start;
        int first;
    };
    /// Where a stretch starts, and how much of it comes before the end.
    Cut cut (Frames at, int count) const noexcept
    {
        const auto size = static_cast<Frames> (samples.size()), start = at & (size - 1);
        return { start, static_cast<int> (std::min<Frames> (count, size - start)) };
    }
    std::vector<float> samples;
};

/// The smallest of the newest `window` + 1 values, from minima over 1, 2, 4, 8 ... values: each is that of
/// two shorter ones side by side, and any window is covered by two of the longest that fit.
class SlidingMinimum
{
public:
    void prepare (int longestWindow)
    {
        rows.resize (static_cast<size_t> (std::bit_width (static_cast<unsigned> (longestWindow + 1))));
        for (size_t k = 0; k < rows.size(); ++k)
            rows[k].resize (
                std::bit_ceil ((size_t { 1 } << k) + PeakLimiter::longestBlock)); // read so far back
        restart (1);
    }
    /// As if all values so far had been this one.
    void restart (float value) noexcept
    {
        for (auto& row : rows)
            row.fill (value);
        newest = value;
    }
    /// Replaces each value by the minimum up to it.
    void run (float* values, int count, int window) noexcept
    {
        float* const lowest = found.data();
        const int length = window + 1, longest = std::bit_width (static_cast<unsigned> (length)) - 1;
        for (size_t k = 0; k < rows.size(); ++k)
        {
            rows[k].write (now, values, count);
            const int here = static_cast<int> (k);
            if (here == longest)
                rows[k].read (now - (length - (1 << longest)), count,
                              [&] (int n, float x) { lowest[n] = std::min (values[n], x); });
            if (k + 1 < rows.size())
                rows[k].read (now - (1 << here), count,
                              [&] (int n, float x) { values[n] = std::min (values[n], x); });
        }
        std::copy_n (lowest, count, values);
        now += count;
        newest = values[count - 1];
    }
    float value() const noexcept { return newest; }

private:
    std::vector<Ring> rows; // minima over 2^k values
    std::array<float, PeakLimiter::longestBlock> found {};
    Frames now = 0;
    float newest = 1;
};

/// Three moving averages in a row, in whole numbers, so that sums neither drift nor depend on history: after
/// the longest stretch of ones the gain is exactly one again.
class Boxes
{
public:
    void prepare (size_t longest)
    {
        for (auto& b : boxes)
            b.ring.resize (longest);
    }

    /// A kernel of length `frames` + 1 in all. Lengths in the ratio .404 : .335 : .261, for which the side
    /// lobes of three boxes are lowest.
    void resize (int frames, double value) noexcept
    {
        const int total = frames + 3;
        boxes[0].length = std::max (1, static_cast<int> (std::lround (0.404 * total)));
        boxes[1].length = std::max (1, static_cast<int> (std::lround (0.335 * total)));
        boxes[2].length = total - boxes[0].length - boxes[1].length;
        const std::int64_t product =
            static_cast<std::int64_t> (boxes[0].length) * boxes[1].length * boxes[2].length;
        bits = std::min (30, 62 - static_cast<int> (std::bit_width (static_cast<std::uint64_t> (product))));
        one = static_cast<double> (std::int64_t { 1 } << bits);
        scale = 1 / (one * static_cast<double> (product));

        auto level = static_cast<std::int64_t> (value * one);
        for (auto& b : boxes)
        {
            std::fill_n (b.ring.begin(), b.length, level);
            level *= b.length;
            b.sum = level;
            b.at = 0;
        }
    }

    /// values: 0 to 1, rounded down. averages[n]: of the newest values.
    void run (const double* values, float* averages, int count) noexcept
    {
        std::array<std::int64_t, PeakLimiter::longestBlock> sums;
        for (int n = 0; n < count; ++n)
            sums[static_cast<size_t> (n)] = static_cast<std::int64_t> (values[n] * one);
        for (auto& b : boxes)
        {
            std::int64_t* const ring = b.ring.data();
            std::int64_t sum = b.sum;
            int at = b.at;
            const int length = b.length;
            for (int n = 0; n < count; ++n)
            {
                const std::int64_t value = sums[static_cast<size_t> (n)];
                sum += value - ring[at];
                ring[at] = value;
                at = at + 1 == length ? 0 : at + 1;
                sums[static_cast<size_t> (n)] = sum;
            }
            b.sum = sum;
            b.at = at;
        }
        for (int n = 0; n < count; ++n)
            averages[n] = static_cast<float> (static_cast<double> (sums[static_cast<size_t> (n)]) * scale);
    }

private:
    struct Box
    {
        std::vector<std::int64_t> ring;
        std::int64_t sum = 0;
        int length = 1, at = 0;
    };
    std::array<Box, 3> boxes;
    int bits = 30;
    double one = 1, scale = 1;
};

/// From the gain each sample needs to the gain it gets, for one channel.
struct GainPath
{
    SlidingMinimum minimum;
    std::array<double, 4> poles { 1, 1, 1, 1 }; // release: four equal poles in a row, without a corner
    double base = 1;                            // average of the held gain: what sustained loudness asks for
    Boxes boxes;
    Frames resting = 0; // frames for which all before the boxes was one

    void reset (int lookahead) noexcept
    {
        minimum.restart (1);
        poles.fill (1);
        base = 1;
        resting = 0;
        boxes.resize (lookahead, 1);
    }
};

/// Rates of the release, per frame.
struct Rates
{
    double release = 0;          // of each of the four poles
    double settle = 0, slow = 0; // of the base, down and up; settle 0: without base
};

/// The released gain for every held gain: never above it.
void released (GainPath& path, const Rates& rates, const float* held, double* gains, int count,
               Frames rest) noexcept
{
    auto [p0, p1, p2, p3] = path.poles;
    double base = path.base;
    Frames resting = path.resting;
    for (int n = 0; n < count; ++n)
    {
        // A pole falls at once: when the input is lower, the smaller of the two is the input.
        const double h = static_cast<double> (held[n]);
        p0 = std::min (h, p0 + rates.release * (h - p0));
        p1 = std::min (p0, p1 + rates.release * (p0 - p1));
        p2 = std::min (p1, p2 + rates.release * (p1 - p2));
        p3 = std::min (p2, p3 + rates.release * (p2 - p3));
        double g = p3;
        if (rates.settle > 0)
        {
            base += (h < base ? rates.settle : rates.slow) * (h - base);
            g = std::min (g, base);
        }
        // -200 dB from one is one: the poles would never quite arrive.
        if (g > 1 - 1e-10)
        {
            g = 1;
            if (++resting == rest)
                p0 = p1 = p2 = p3 = base = 1;
        }
        else
            resting = 0;
        gains[n] = g;
    }
    path.poles = { p0, p1, p2, p3 };
    path.base = base;
    path.resting = resting;
}

double smoothing (double milliseconds, double sampleRate)
{
    return 1 - std::exp (-1000 / (milliseconds * sampleRate));
}

/// One block of sound.
struct Block
{
    std::span<float* const> channels;
    int frames;
};

} // namespace

struct PeakLimiter::Core
{
    void prepare (double sampleRate, int channels)
    {
        rate = sampleRate;
        channelCount = std::clamp (channels, 1, 2);
        longest = frames (longestLookahead);
        fade = frames (shortestLookahead);
        const int window = longest + frames (longestHold);
        for (auto& path : paths)
        {
            path.minimum.prepare (window);
            path.boxes.prepare (static_cast<size_t> (longest + 3));
        }
        for (auto& line : lines)
        {
            line.heard.assign (2 * detectorHalf + longestBlock, 0);
            line.delay.resize (std::bit_ceil (static_cast<size_t> (longest + detectorHalf + longestBlock)));
        }
        reset();
    }

    void reset() noexcept
    {
        for (auto& line : lines)
        {
            std::fill (line.heard.begin(), line.heard.end(), 0.0f);
            line.delay.fill (0);
        }
        lookahead = -1;
        fading = 0;
        linked = false;
        written = 0;
        reduced.store (1, std::memory_order_relaxed);
    }

    void process (const Block& io, const Values& p) noexcept
    {
        const auto channels = std::min (io.channels.size(), static_cast<size_t> (channelCount));
        follow (p);

        drive (io, channels);
        for (size_t c = 0; c < channels; ++c)
            detect (lines[c].heard.data(), needed[c].data(), io.frames);
        if (channels == 2)
            share (needed[0].data(), needed[1].data(), io.frames, p.link / 100);

        const bool together = channels == 2 && p.link >= 100;
        if (! together && linked)
            paths[1] = paths[0]; // of equal size: no allocation
        linked = together;
        shape (paths[0], needed[0].data(), io.frames);
        if (together)
            needed[1] = needed[0];
        else if (channels == 2)
            shape (paths[1], needed[1].data(), io.frames);

        float lowest = 1;
        for (size_t c = 0; c < channels; ++c)
        {
            const float* const gains = needed[c].data();
            float* const x = io.channels[c];
            const Frames heard = written - detectorHalf;
            lines[c].delay.read (heard - lookahead, io.frames, [&] (int n, float v) { x[n] = v; });
            if (fading > 0)
                lines[c].delay.read (
                    heard - previous, std::min (fading, io.frames),
                    [&] (int n, float v)
                    { x[n] += (v - x[n]) * static_cast<float> (fading - n) / static_cast<float> (fade); });
            for (int n = 0; n < io.frames; ++n)
                x[n] *= gains[n];
            if (c == 0 || ! together)
                lowest = std::min (lowest, *std::min_element (gains, gains + io.frames));
            auto& newest = lines[c].heard;
            std::copy_n (newest.begin() + io.frames, 2 * detectorHalf, newest.begin());
        }
        fading = std::max (0, fading - io.frames);
        written += io.frames;
        reduced.store (lowest, std::memory_order_relaxed);
    }

    int latency (const Values& p) const noexcept { return detectorHalf + frames (p.lookahead); }
    Frames tail (const Values& p) const noexcept { return latency (p); }
    /// Four poles of a quarter of the release each, or the slow one of the whole: 1e-6 is left after 14 times
    /// it.
    Frames rest (const Values& p) const noexcept
    {
        return tail (p) + frames (20 + 14 * static_cast<double> (p.release));
    }

    float reduction() const noexcept
    {
        const float g = reduced.load (std::memory_order_relaxed);
        return g < 1 ? static_cast<float> (-decibelsOf (static_cast<double> (g)).value) : 0.0f;
    }

private:
    struct Line
    {
        std::vector<float> heard; // the newest 2 * detectorHalf samples, then the block
        Ring delay;
    };

    int frames (double milliseconds) const noexcept
    {
        return static_cast<int> (std::lround (milliseconds * rate / 1000));
    }

    /// Takes over new values. A new lookahead starts the averages from the lowest gain still needed, and
    /// fades from the old delay to the new within the shortest lookahead, while that gain is held: so the
    /// ceiling holds across the change, under which the gain may fall at once.
    void follow (const Values& p) noexcept
    {
        const int wanted = fading > 0 ? lookahead : std::min (frames (p.lookahead), longest);
        if (lookahead < 0)
        {
            for (auto& path : paths)
                path.reset (wanted);
            gain = gainOf (Decibels { static_cast<double> (p.gain) });
        }
        else if (wanted != lookahead)
        {
            previous = lookahead;
            fading = fade;
            for (auto& path : paths)
            {
                const float lowest = std::min (path.minimum.value(), static_cast<float> (path.base));
                path.minimum.restart (lowest);
                path.boxes.resize (wanted, static_cast<double> (lowest));
                path.resting = 0;
            }
        }
        if (p.release != values.release || p.character != values.character || lookahead < 0)
        {
            recovery = recoveries[static_cast<size_t> (std::clamp (std::lround (p.character), 0L, 2L))];
            hold = frames (recovery.hold);
            const auto release = static_cast<double> (p.release);
            // Four poles in a row take four times as long as one.
            rates = { smoothing (release / 4, rate), 0, smoothing (release, rate) };
            if (recovery.fast > 0)
            {
                rates.release = smoothing (std::min (recovery.fast, release) / 4, rate);
                rates.settle = smoothing (recovery.settle, rate);
            }
            gainRate = smoothing (5, rate);
            for (auto& path : paths)
                path.resting = 0;
        }
        if (p.gain != values.gain || lookahead < 0)
            wantedGain = gainOf (Decibels { static_cast<double> (p.gain) });
        if (p.ceiling != values.ceiling || lookahead < 0)
            ceiling =
                static_cast<float> (gainOf (Decibels { static_cast<double> (p.ceiling) - hiddenMargin }));
        lookahead = wanted;
        values = p;
    }

    /// Input times gain into the detector's and the delay lines.
    void drive (const Block& io, size_t channels) noexcept
    {
        auto& gains = scratch;
        const bool steady = gain == wantedGain;
        for (int n = 0; n < io.frames && ! steady; ++n)
        {
            gain += gainRate * (wantedGain - gain);
            if (std::abs (wantedGain - gain) < 1e-6 * wantedGain)
                gain = wantedGain;
            gains[static_cast<size_t> (n)] = static_cast<float> (gain);
        }
        const auto one = static_cast<float> (gain);
        for (size_t c = 0; c < channels; ++c)
        {
            auto& line = lines[c];
            float* const fresh = line.heard.data() + 2 * detectorHalf;
            const float* const x = io.channels[c];
            for (int n = 0; n < io.frames; ++n)
                fresh[n] = finite (x[n]) * (steady ? one : gains[static_cast<size_t> (n)]);
            line.delay.write (written, fresh, io.frames);
        }
    }

    /// The gain that each sample needs, detectorHalf frames late.
    void detect (const float* heard, float* wanted, int count) noexcept
    {
        static_assert (2 * detectorHalf == kernels::peakChunk && longestBlock == kernels::peakChunk);
        const float loudest =
            std::max (kernels::samplePeak (heard), kernels::samplePeak (heard + 2 * detectorHalf));
        if (loudest * interpolator.bound <= ceiling)
        {
            std::fill_n (wanted, count, 1.0f);
            return;
        }
        kernels::interpolatedPeaks (interpolator.taps, heard + detectorHalf, scratch.data());
        for (int n = 0; n < count; ++n)
            wanted[n] = ceiling / std::max (ceiling, scratch[static_cast<size_t> (n)]); // of a NaN: one
    }

    static void share (float* left, float* right, int count, float amount) noexcept
    {
        for (int n = 0; n < count; ++n)
        {
            const float both = std::min (left[n], right[n]);
            left[n] = amount >= 1 ? both : left[n] + amount * (both - left[n]);
            right[n] = amount >= 1 ? both : right[n] + amount * (both - right[n]);
        }
    }

    /// needed gains in, final gains out, `lookahead` frames late.
    void shape (GainPath& path, float* gains, int count) noexcept
    {
        // After so many frames of one the minimum over any window, the poles and the boxes hold nothing else,
        // and time may stand still.
        const int window = lookahead + hold;
        const Frames rest = longest + frames (longestHold) + lookahead + 4;
        if (path.resting >= rest && std::all_of (gains, gains + count, [] (float g) { return g == 1; }))
            return;
        path.minimum.run (gains, count, window);
        released (path, rates, gains, smooth.data(), count, rest);
        path.boxes.run (smooth.data(), gains, count);
    }

    PeakInterpolator interpolator { detectorHalf, 4 };
    double rate = 48000;
    int channelCount = 2, longest = 0;
    std::array<Line, 2> lines;
    std::array<GainPath, 2> paths;
    Frames written = 0;

    Values values;
    std::array<std::array<float, longestBlock>, 2> needed {}; // gains of the block at work
    std::array<float, longestBlock> scratch {};
    std::array<double, longestBlock> smooth {};
    bool linked = false; // the second path stands still and is a copy of the first
    int lookahead = -1;  // frames; -1 until the first block after a reset
    int previous = 0, fade = 1,
        fading = 0; // lookahead before, frames of the fade, frames of it still to come
    int hold = 0;
    Recovery recovery {};
    double gain = 1, wantedGain = 1, gainRate = 1; // input gain, now and to be reached
    Rates rates;
    float ceiling = 1;
    std::atomic<float> reduced { 1 }; // lowest gain of the last block
};

PeakLimiter::PeakLimiter() : core (std::make_unique<Core>()) {}
PeakLimiter::~PeakLimiter() = default;

void PeakLimiter::prepare (double sampleRate, int channels)
{
    core->prepare (sampleRate, channels);
}
void PeakLimiter::reset() noexcept
{
    core->reset();
}
void PeakLimiter::process (float* const* x, int channels, int frames, const Values& values) noexcept
{
    core->process ({ { x, static_cast<size_t> (channels) }, frames }, values);
}
int PeakLimiter::latency (const Values& values) const noexcept
{
    return core->latency (values);
}
Frames PeakLimiter::rest (const Values& values) const noexcept
{
    return core->rest (values);
}
float PeakLimiter::reduction() const noexcept
{
    return core->reduction();
}

} // namespace lacquer::dsp
