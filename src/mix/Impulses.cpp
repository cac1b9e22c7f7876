// SPDX-License-Identifier: GPL-3.0-or-later
#include "mix/Impulses.h"

#include "core/Random.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <mutex>
#include <numbers>

namespace lacquer::mix
{

namespace
{

// 75 dB: the end lies below the noise of any room, and the fade hides the rest.
constexpr double fallOfAll = 75;

/// What makes a room sound as it does. Times in seconds.
struct Recipe
{
    double seconds;
    // Single reflections: how many, between which times, how loud the first is beside the tail.
    int echoes;
    double firstEcho, lastEcho, echoLevel;
    // The tail: when it sets in, and when it has become as dense and as loud as it gets.
    double tail, dense;
    // How much faster than the middle the lows and the highs die away, and where they part.
    double lowRate, highRate, lowHertz, highHertz;
    double colour; // one-pole low-pass over all of it, hertz
};

constexpr std::array<Recipe, impulseCount> recipes { {
    { 0.8, 18, 0.0021, 0.040, 1.6, 0.008, 0.030, 1.15, 1.5, 200, 5000, 12000 }, // room
    { 1.5, 12, 0.0050, 0.045, 0.9, 0.006, 0.025, 0.95, 1.7, 250, 4500, 10000 }, // chamber
    { 3.0, 24, 0.0130, 0.110, 0.8, 0.022, 0.120, 0.90, 2.2, 250, 3500, 9000 },  // hall
    { 2.0, 0, 0, 0, 0, 0, 0.004, 1.25, 1.3, 300, 7000, 16000 },                 // plate
    { 2.5, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 4200 },                                // spring
    { 0.4, 60, 0.0015, 0.090, 1.2, 0.004, 0.015, 1.00, 1.4, 200, 6000, 14000 }, // ambience
} };
constexpr int spring = 4;

/// Random numbers of one purpose, as a sequence.
struct Dice
{
    std::uint64_t counter;
    double next() noexcept { return uniform (counter++); }
    /// Nearly Gaussian, with variance 1: the sum of four.
    double noise() noexcept { return std::numbers::sqrt3 * (next() + next() + next() + next() - 2); }
};

double onePole (double hertz, double rate) noexcept
{
    return 1 - std::exp (-2 * std::numbers::pi * std::min (hertz, 0.4 * rate) / rate);
}

/// Reflections that come ever closer and grow into noise of three bands, each with its own decay.
void makeRoom (const Recipe& r, std::uint64_t seed, double rate, std::vector<double>& out)
{
    const auto frames = static_cast<double> (out.size());
    const double step = -fallOfAll / frames; // dB per frame
    Dice dice { seed };
    for (int k = 0; k < r.echoes; ++k)
    {
        const double share = (k + dice.next()) / r.echoes;
        const double time = r.firstEcho + (r.lastEcho - r.firstEcho) * std::pow (share, 0.7);
        const auto at = static_cast<std::size_t> (time * rate);
        const double sign = dice.next() < 0.5 ? -1 : 1;
        if (at < out.size())
            out[at] += sign * r.echoLevel * std::sqrt (rate / 48000) * 12 / std::sqrt (1.0 + k) *
                       std::pow (10, step * static_cast<double> (at) / 20);
    }

    const double lowPole = onePole (r.lowHertz, rate), highPole = onePole (r.highHertz, rate);
    const double lowStep = std::pow (10, step * r.lowRate / 20), midStep = std::pow (10, step / 20),
                 highStep = std::pow (10, step * r.highRate / 20);
    const auto start = static_cast<std::size_t> (r.tail * rate);
    const double dense = (r.dense - r.tail) * rate;
    double low = 1, mid = 1, high = 1, lowState = 0, highState = 0;
    for (std::size_t n = 0; n < out.size(); ++n, low *= lowStep, mid *= midStep, high *= highStep)
    {
        // Of the first samples few are there, as many as keep the power growing with time.
        const double noise = dice.noise(), chance = dice.next();
        const double grown = n < start ? 0 : std::min (1.0, (static_cast<double> (n - start) + 1) / dense);
        const double x = chance < grown * grown ? noise : 0;
        lowState += lowPole * (x - lowState);
        highState += highPole * (x - highState);
        out[n] += low * lowState + mid * (highState - lowState) + high * (x - highState);
    }
}

/// Two springs: a click runs to and fro, and a chain of all-passes lets the highs fall behind.
void makeSpring (const Recipe& r, std::uint64_t seed, double rate, std::vector<double>& out)
{
    constexpr std::size_t sections = 24;
    Dice dice { seed };
    const double pole = onePole (r.colour, rate);
    for (double way : { 0.0373, 0.0449 })
    {
        const auto length = static_cast<std::size_t> (way * (1 + 0.06 * dice.next()) * rate);
        const double passes = static_cast<double> (out.size()) / static_cast<double> (length);
        const double gain = -std::pow (10, -fallOfAll / passes / 20);
        std::vector<double> ring (length);
        // All-passes of several frames' delay: their dispersion lies below the coil's cut-off.
        const auto stretch = static_cast<std::size_t> (std::max (1.0, std::round (rate / 10000)));
        std::vector<std::array<double, 2>> past (sections * stretch);
        double smooth = 0;
        for (std::size_t n = 0; n < out.size(); ++n)
        {
            double x = (n == 0 ? 1.0 : 0.0) + gain * ring[n % length];
            for (std::size_t k = 0; k < sections; ++k)
            {
                auto& [in, y] = past[k * stretch + n % stretch];
                const double z = in + 0.62 * (x - y);
                in = x;
                y = z;
                x = z;
            }
            smooth += pole * (x - smooth);
            ring[n % length] = smooth;
            out[n] += smooth;
        }
    }
}

Impulse made (int index, double rate)
{
    const auto& r = recipes[static_cast<std::size_t> (index)];
    Impulse impulse { { rate, 2, {} }, fallOfAll };
    const auto frames = static_cast<std::size_t> (std::lround (r.seconds * rate));
    for (std::uint64_t c = 0; c < 2; ++c)
    {
        std::vector<double> x (frames);
        const std::uint64_t seed = (static_cast<std::uint64_t> (index) * 2 + c + 1) << 40;
        if (index == spring)
            makeSpring (r, seed, rate, x);
        else
            makeRoom (r, seed, rate, x);
        const double pole = onePole (r.colour, rate);
        double smooth = 0;
        for (double v : x)
        {
            smooth += pole * (v - smooth);
            impulse.samples.push_back (static_cast<float> (smooth));
        }
    }
    return impulse;
}

} // namespace

double impulseSeconds (int index) noexcept
{
    return recipes[static_cast<std::size_t> (index)].seconds;
}

std::shared_ptr<const Impulse> impulseOf (int index, double rate)
{
    static std::mutex mutex;
    static std::map<std::pair<int, double>, std::shared_ptr<const Impulse>> all;
    const std::lock_guard lock (mutex);
    auto& impulse = all[{ index, rate }];
    if (! impulse)
        impulse = std::make_shared<const Impulse> (made (index, rate));
    return impulse;
}

} // namespace lacquer::mix
