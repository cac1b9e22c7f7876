// SPDX-License-Identifier: GPL-3.0-or-later
#include "measure/Gates.h"

#include <algorithm>
#include <cmath>

namespace lacquer::measure
{
namespace
{

constexpr double absoluteGate = -70;
constexpr double integratedGate = -10, rangeGate = -20; // LU under the mean

/// Mean of the powers above a threshold; 0 when there are none.
double meanAbove (std::span<const double> powers, double threshold)
{
    double sum = 0;
    std::int64_t count = 0;
    for (const double p : powers)
        if (p > threshold)
        {
            sum += p;
            ++count;
        }
    return count > 0 ? sum / static_cast<double> (count) : 0;
}

} // namespace

double lufsOf (double power) noexcept
{
    return -0.691 + 10 * std::log10 (power);
}

double powerOf (double lufs) noexcept
{
    return std::pow (10.0, (lufs + 0.691) / 10);
}

std::optional<double> integratedOf (std::span<const double> powers)
{
    const double absolute = powerOf (absoluteGate);
    const double mean = meanAbove (powers, absolute);
    if (mean <= 0)
        return {};
    const double relative = mean * std::pow (10.0, integratedGate / 10);
    return lufsOf (meanAbove (powers, std::max (absolute, relative)));
}

std::optional<double> rangeOf (std::vector<double> powers)
{
    const double absolute = powerOf (absoluteGate);
    const double mean = meanAbove (powers, absolute);
    if (mean <= 0)
        return {};
    const double gate = std::max (absolute, mean * std::pow (10.0, rangeGate / 10));
    std::erase_if (powers, [&] (double p) { return ! (p >= gate); });
    std::sort (powers.begin(), powers.end());
    const auto at = [&] (double fraction) {
        return powers[static_cast<size_t> (
            std::llround (static_cast<double> (powers.size() - 1) * fraction))];
    };
    return lufsOf (at (0.95)) - lufsOf (at (0.10));
}

GatedHistogram::GatedHistogram() : bins (steps) {}

void GatedHistogram::reset() noexcept
{
    std::fill (bins.begin(), bins.end(), Bin {});
    sum = 0;
    count = 0;
}

int GatedHistogram::binOf (double lufs) const noexcept
{
    return static_cast<int> (std::clamp ((lufs - lowest) / step, 0.0, steps - 1.0));
}

void GatedHistogram::add (double power) noexcept
{
    if (! (power > 0) || lufsOf (power) <= absoluteGate)
        return;
    auto& bin = bins[static_cast<size_t> (binOf (lufsOf (power)))];
    bin.sum += power;
    ++bin.count;
    sum += power;
    ++count;
}

int GatedHistogram::firstAbove (double gateLu) const noexcept
{
    return binOf (lufsOf (sum / static_cast<double> (count)) + gateLu);
}

std::optional<double> GatedHistogram::integrated() const noexcept
{
    if (count == 0)
        return {};
    double loud = 0;
    std::int64_t blocks = 0;
    for (int b = firstAbove (integratedGate); b < steps; ++b)
    {
        loud += bins[static_cast<size_t> (b)].sum;
        blocks += bins[static_cast<size_t> (b)].count;
    }
    return lufsOf (loud / static_cast<double> (blocks));
}

double GatedHistogram::percentile (int first, std::int64_t windows, double fraction) const noexcept
{
    auto before = static_cast<std::int64_t> (std::llround (static_cast<double> (windows - 1) * fraction));
    for (int b = first; b < steps; ++b)
    {
        const auto& bin = bins[static_cast<size_t> (b)];
        if (before < bin.count)
            return lufsOf (bin.sum / static_cast<double> (bin.count));
        before -= bin.count;
    }
    return absoluteGate;
}

std::optional<double> GatedHistogram::range() const noexcept
{
    if (count == 0)
        return {};
    const int first = firstAbove (rangeGate);
    std::int64_t windows = 0;
    for (int b = first; b < steps; ++b)
        windows += bins[static_cast<size_t> (b)].count;
    return percentile (first, windows, 0.95) - percentile (first, windows, 0.10);
}

} // namespace lacquer::measure
