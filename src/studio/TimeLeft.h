// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <algorithm>
#include <optional>

namespace lacquer::studio
{

/// How long work will still take, for the eye: told from its third second on, and then it only falls, at most
/// three times as fast as time. [any one thread]
class TimeLeft
{
public:
    /// seconds: since the work began, rising; share: of it, 0 to 1. Seconds left; nothing while nobody knows.
    std::optional<double> after (double seconds, double share)
    {
        const double passed = std::max (0.0, seconds - last);
        last = seconds;
        if (seconds < 2 || share <= 0)
            return shown;
        const double left = seconds * (1 - share) / share;
        // What falls so is at its end when the work is, whatever it began with.
        if (shown)
            shown = std::max (0.0, *shown - passed * (left > *shown / 3 ? *shown / left : 3.0));
        else
            shown = left;
        return shown;
    }

private:
    double last = 0;
    std::optional<double> shown;
};

} // namespace lacquer::studio
