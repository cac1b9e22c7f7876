// SPDX-License-Identifier: GPL-3.0-or-later
#include "studio/demo/DemoSynth.h"

namespace lacquer::studio::synth
{

Saws::Saws()
{
    std::vector<double> sum (size, 0.0);
    int done = 0;
    for (int t = 0; t < count; ++t)
    {
        const int harmonics = static_cast<int> (std::exp2 (t / 2.0));
        for (int h = done + 1; h <= harmonics; ++h)
            for (int n = 0; n < size; ++n)
                sum[static_cast<std::size_t> (n)] +=
                    sine (static_cast<double> (static_cast<std::int64_t> (h) * n % size) / size) / h *
                    (2 / pi);
        done = harmonics;
        auto& out = table[static_cast<std::size_t> (t)];
        out.resize (size + 1);
        for (int n = 0; n <= size; ++n)
            out[static_cast<std::size_t> (n)] = static_cast<float> (sum[static_cast<std::size_t> (n % size)]);
    }
}

const Saws& Saws::tables()
{
    static const Saws all;
    return all;
}

void strike (Stereo& out, Frames start, const std::vector<Mode>& modes, Place place, double attack)
{
    const double rate = out.rate;
    double longest = 0;
    for (const Mode& m : modes)
        longest = std::max (longest, m.seconds);
    const Frames end = std::min (out.frames(), start + static_cast<Frames> (longest * 1.3 * rate));
    if (start < 0 || end <= start)
        return;
    std::vector<double> ring (static_cast<std::size_t> (end - start), 0.0);
    for (const Mode& m : modes)
    {
        if (m.frequency > 0.45 * rate || m.seconds <= 0)
            continue;
        const double r = std::pow (10.0, -3 / (m.seconds * rate)), w = 2 * pi * m.frequency / rate;
        const double a = 2 * r * std::cos (w), b = r * r;
        const auto frames = std::min (ring.size(), static_cast<std::size_t> (m.seconds * 1.3 * rate));
        double y1 = 0, y2 = -m.gain * std::sin (w) / r;
        for (std::size_t n = 0; n < frames; ++n)
        {
            ring[n] += y1;
            const double y = a * y1 - b * y2;
            y2 = y1;
            y1 = y;
        }
    }
    const double rise = attack * rate, fall = static_cast<double> (ring.size()) * 0.1;
    for (std::size_t n = 0; n < ring.size(); ++n)
    {
        const double left = static_cast<double> (ring.size() - 1 - n);
        const double g = std::min ({ 1.0, static_cast<double> (n) / rise, left / fall });
        out.add (start + static_cast<Frames> (n), ring[n] * g * place.left, ring[n] * g * place.right);
    }
}

void chorus (Stereo& sound, double wet, double depthMs, double hertz)
{
    constexpr std::size_t length = 8192;
    std::array<std::vector<float>, 2> memory { std::vector<float> (length), std::vector<float> (length) };
    const double rate = sound.rate;
    for (std::size_t n = 0; n < sound.left.size(); ++n)
    {
        const double t = static_cast<double> (n) / rate;
        std::array<float*, 2> x { &sound.left[n], &sound.right[n] };
        for (std::size_t c = 0; c < 2; ++c)
            memory[c][n % length] = *x[c];
        for (std::size_t c = 0; c < 2; ++c)
        {
            double sum = 0;
            for (int tap = 0; tap < 2; ++tap)
            {
                const double phase =
                    t * hertz * (1 + 0.37 * tap) + 0.25 * static_cast<double> (c) + 0.41 * tap;
                const double delay = (12 + 3 * tap + depthMs * sine (phase)) * 0.001 * rate;
                const auto whole = static_cast<std::size_t> (delay);
                const double f = delay - static_cast<double> (whole);
                const auto& m = memory[tap == 0 ? c : 1 - c];
                const std::size_t at = n + 4 * length - whole;
                sum += m[at % length] + f * (m[(at - 1) % length] - m[at % length]);
            }
            *x[c] = static_cast<float> (*x[c] * (1 - 0.4 * wet) + 0.7 * wet * sum);
        }
    }
}

void cutLow (std::vector<float>& sound, double frequency, double rate)
{
    Svf f;
    f.set (frequency, std::numbers::sqrt2 / 2, rate);
    for (float& x : sound)
    {
        f.put (x);
        x = static_cast<float> (f.high);
    }
}

} // namespace lacquer::studio::synth
