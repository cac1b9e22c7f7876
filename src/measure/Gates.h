// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace lacquer::measure
{

/// Loudness in LUFS of a weighted mean square, and back (ITU-R BS.1770-5, annex 1, formula 2).
double lufsOf (double power) noexcept;
double powerOf (double lufs) noexcept;

/// Programme loudness in LUFS of the powers of 400 ms blocks: mean of those above -70 LUFS and above 10 LU
/// under the mean of those (BS.1770-5, annex 1, formulas 4 to 7). Nothing when none is above -70 LUFS.
std::optional<double> integratedOf (std::span<const double> powers);

/// Loudness range in LU of the powers of 3 s windows at 10 Hz: 95th less 10th percentile of those above
/// -70 LUFS and above 20 LU under the mean of those (EBU Tech 3342). Nothing when none is above -70 LUFS.
std::optional<double> rangeOf (std::vector<double> powers);

/// The same gates over a histogram, for a meter that runs for days in a fixed space: 0.02 LU a step from
/// -70 to +20 LUFS, each with the exact sum of its powers.
class GatedHistogram
{
public:
    GatedHistogram();      ///< [control] Allocates.
    void reset() noexcept; ///< [audio]

    void add (double power) noexcept;                  ///< [audio]
    std::optional<double> integrated() const noexcept; ///< LUFS, within 0.02 LU of integratedOf. [audio]
    std::optional<double> range() const noexcept;      ///< LU, within 0.04 LU of rangeOf. [audio]

private:
    static constexpr double lowest = -70, step = 0.02;
    static constexpr int steps = 4500;

    struct Bin
    {
        double sum = 0;
        std::int64_t count = 0;
    };
    int binOf (double lufs) const noexcept;
    int firstAbove (double gateLu) const noexcept;
    double percentile (int first, std::int64_t count, double fraction) const noexcept;

    std::vector<Bin> bins;
    double sum = 0;
    std::int64_t count = 0;
};

} // namespace lacquer::measure
