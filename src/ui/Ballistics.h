// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Units.h"

#include <algorithm>
#include <cmath>

namespace lacquer::ui
{

/// How a meter moves (design: UI, 9): up at once, down 20 dB in 1.7 s, the highest held for 2 s and then
/// falling. Levels in dB; time in seconds since the last call, from any clock.
class Ballistics
{
public:
    void advance (double levelDb, double seconds) noexcept
    {
        const double fall = 20.0 / 1.7 * seconds;
        shownDb = std::max ({ levelDb, shownDb - fall, silenceDb });
        if (levelDb >= heldDb)
        {
            heldDb = levelDb;
            age = 0;
        }
        else
        {
            const double before = age;
            age += seconds;
            if (age > 2.0)
                heldDb = std::max (shownDb, heldDb - 20.0 / 1.7 * (age - std::max (before, 2.0)));
        }
        highest = std::max (highest, levelDb);
    }
    double level() const noexcept { return shownDb; }
    double held() const noexcept { return heldDb; }
    double maximum() const noexcept { return highest; } ///< since clear()
    void clear() noexcept { heldDb = highest = silenceDb; }

private:
    double shownDb = silenceDb, heldDb = silenceDb, highest = silenceDb, age = 0;
};

/// How the needle of a VU meter moves (IEC 60268-17): a step comes to 99 % in 300 ms and goes over by 1 to
/// 1.5 %. A mass on a damped spring; solved exactly while its input stands still, so that it does not matter
/// how often it is drawn.
class VuBallistics
{
public:
    /// target: where the needle would come to rest, in any unit; in the last `seconds`.
    void advance (double target, double seconds) noexcept
    {
        // 1.25 % over: -ln 0.0125 = 4.3820 = pi d / sqrt (1 - d^2). With that 99 % is reached at 4.05357 / w.
        constexpr double d = 0.81271699, w = 4.053574 / 0.3, a = d * w;
        const double b = w * std::sqrt (1 - d * d), away = place - target;
        const double decay = std::exp (-a * seconds), c = std::cos (b * seconds), s = std::sin (b * seconds);
        place = target + decay * (away * c + (speed + a * away) / b * s);
        speed = decay * (speed * c - (a * speed + w * w * away) / b * s);
    }
    double deflection() const noexcept { return place; }

private:
    double place = 0, speed = 0;
};

/// Position on the scale of a VU meter from -20 to +3, even in voltage, 0 to 1.
inline double vuTravel (double vu) noexcept
{
    const double least = 0.1, most = std::pow (10.0, 3.0 / 20);
    return std::clamp ((std::pow (10.0, vu / 20) - least) / (most - least), 0.0, 1.0);
}

/// Position on the scale from -60 to 0 dB of IEC 60268-18, 0 to 1.
inline double meterTravel (double db) noexcept
{
    constexpr double law[][2] = { { -100, 0 },  { -60, .025 }, { -50, .075 }, { -40, .15 },
                                  { -30, .30 }, { -20, .50 },  { 0, 1 } };
    if (db >= 0)
        return 1;
    int k = 1;
    while (k < 6 && db > law[k][0])
        ++k;
    const auto &a = law[k - 1], &b = law[k];
    return std::max (0.0, a[1] + (db - a[0]) / (b[0] - a[0]) * (b[1] - a[1]));
}

} // namespace lacquer::ui
