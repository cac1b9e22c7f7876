// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/Characters.h"

#include "dsp/FastMath.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace lacquer::dsp::dynamics
{
namespace
{

/// Share of the way in one frame.
double shareOf (double milliseconds, double sampleRate)
{
    return 1 - std::exp (-1000 / (milliseconds * sampleRate));
}

constexpr double decibel = octavesPerDb; // in log2 of the gain

// Opto. "Attack 10 ms; release 60 ms for 50 %, then 0.5 to 5 seconds to complete release" (Teletronix LA-2A,
// instruction manual), at 10 and 120 ms: the early part lets go to a sixth in half the release.
constexpr double lateShare = 0.4, earlyRelease = 0.279, shortMemory = 4, longMemory = 42;

// FET. The gain is 1/(1 + v) of a conductance v that the control voltage sets; at a reduction of 10 dB, 63 %
// of it come in 0.683 time constants of v and go in 1.411.
constexpr double fetAttack = 0.683, fetRelease = 1.411;

// VCA. 63 % of a reduction of 10 dB at 20:1 are there after 0.527 time constants of the mean square. The dbx
// 160's data (15, 5 and 3 ms for 10, 20 and 30 dB; 125 dB/s) are those of one near 30 ms.
constexpr double vcaAttack = 0.527, vcaFall = 6.32; // dB in the release time

constexpr double lastingRelease = 8, lastingCharge = 300; // ms

/// Second and third harmonic, at rest and what 20 dB of reduction add: 2 and 4 times their share at 0 dBFS.
struct Harmonics
{
    float even, odd, evenReduced, oddReduced;
};
constexpr std::array<Harmonics, 4> harmonics { { { 0, 0, 0, 0 },
                                                 { 0.014f, 0.004f, 0.004f, 0 },
                                                 { 0.006f, 0.02f, 0.012f, 0.05f },
                                                 { 0.002f, 0.0005f, 0.008f, 0.001f } } };

} // namespace

void MeanSquare::set (double milliseconds, double sampleRate) noexcept
{
    share = shareOf (milliseconds, sampleRate);
}

void MeanSquare::process (Sound& sound, int frames) noexcept
{
    double squares[2][longest];
    for (int c = 0; c < 2; ++c)
        for (int n = 0; n < frames; ++n)
        {
            const double x = static_cast<double> (sound.value[c][n]);
            squares[c][n] = share * (std::abs (x) < 1e6 ? x * x : 0);
        }
    double left = power[0], right = power[1];
    const double stays = 1 - share;
    for (int n = 0; n < frames; ++n)
    {
        squares[0][n] = left = stays * left + squares[0][n];
        squares[1][n] = right = stays * right + squares[1][n];
    }
    power[0] = left;
    power[1] = right;
    for (int c = 0; c < 2; ++c)
        for (int n = 0; n < frames; ++n)
            sound.value[c][n] = static_cast<float> (std::sqrt (squares[c][n]));
}

void Ballistics::reset() noexcept
{
    *this = {};
}

void Ballistics::set (Character newCharacter, const Times& t, double sampleRate) noexcept
{
    if (newCharacter == character && t == times && sampleRate == rate)
        return;
    for (int c = 0; c < 2; ++c)
    {
        double& level = envelope.level[c];
        if (character == Character::fet && newCharacter != Character::fet)
            level = std::log2 (1 + level);
        if (character == Character::opto && newCharacter != Character::opto)
        {
            level += slow[c];
            slow[c] = memory[c] = 0;
        }
        if (newCharacter == Character::fet && character != Character::fet)
            level = std::exp2 (level) - 1;
        if (newCharacter == Character::vca && character != Character::vca)
            meanSquare.reset();
        if (! t.autoRelease)
            lasting[c] = 0;
    }
    character = newCharacter;
    times = t;
    rate = sampleRate;
    hold = static_cast<int> (std::lround (t.hold * rate / 1000));

    envelope.attack = std::exp (-1000 / (t.attack * rate));
    envelope.release = std::exp (-1000 / (t.release * rate));
    lastingUp = shareOf (lastingCharge, rate);
    lastingDown = 1 - shareOf (lastingRelease * t.release, rate);
    switch (character)
    {
        case Character::clean:
            attack = 1 - envelope.attack;
            release = 1 - envelope.release;
            break;
        case Character::opto:
            attack = 1000 / (t.attack * rate);
            release = shareOf (earlyRelease * t.release, rate);
            charge = shareOf (shortMemory * t.release, rate);
            remember = shareOf (10 * t.release, rate);
            early = shareOf (shortMemory * t.release, rate);
            late = shareOf (longMemory * t.release, rate);
            break;
        case Character::fet:
            attack = shareOf (t.attack / fetAttack, rate);
            release = 1 - shareOf (t.release / fetRelease, rate);
            break;
        case Character::vca:
            meanSquare.set (t.attack / vcaAttack, rate);
            release = vcaFall * decibel * 1000 / (t.release * rate);
            break;
    }
}

void Ballistics::hear (Sound& key, int frames) noexcept
{
    if (character == Character::vca)
        meanSquare.process (key, frames);
}

void Ballistics::follow (int frames, Levels& levels) noexcept
{
    switch (character)
    {
        case Character::clean:
            hold > 0 ? followClean (frames, levels) : envelope.follow (frames, levels);
            break;
        case Character::opto: followOpto (frames, levels); break;
        case Character::fet: followFet (frames, levels); break;
        case Character::vca: followVca (frames, levels); break;
    }
    if (! times.autoRelease)
        return;
    for (int n = 0; n < frames; ++n)
        for (int c = 0; c < 2; ++c)
        {
            double& given = levels.value[n][c];
            lasting[c] =
                given > lasting[c] ? lasting[c] + lastingUp * (given - lasting[c]) : lasting[c] * lastingDown;
            given = std::max (given, lasting[c]);
        }
}

void Ballistics::followClean (int frames, Levels& levels) noexcept
{
    for (int n = 0; n < frames; ++n)
        for (int c = 0; c < 2; ++c)
        {
            double& level = envelope.level[c];
            const double target = levels.value[n][c];
            const bool goes = letsGo (c, target, level);
            if (target > level || goes)
                level += (goes ? release : attack) * (target - level);
            levels.value[n][c] = level;
        }
}

/// A cell of two parts. One follows with attack and early release; it slowly hands over to the other, up to
/// its share of the reduction, which lets go the later the more light the cell has seen. The cell answers in
/// proportion to the light, so a deep reduction comes sooner; the attack holds for 10 dB.
void Ballistics::followOpto (int frames, Levels& levels) noexcept
{
    for (int n = 0; n < frames; ++n)
        for (int c = 0; c < 2; ++c)
        {
            double &fast = envelope.level[c], &rest = slow[c];
            const double target = levels.value[n][c], given = fast + rest;
            memory[c] += remember * (std::min (1.0, given / (20 * decibel)) - memory[c]);
            if (target > given)
                fast += std::min (1.0, attack * std::max (0.3, target / (10 * decibel))) * (target - given);
            if (letsGo (c, target, given))
            {
                const double wanted = std::max (0.0, target - rest);
                if (wanted < fast)
                    fast += release * (wanted - fast);
                const double part = lateShare * target;
                if (part < rest)
                    rest += (early + memory[c] * (late - early)) * (part - rest);
            }
            const double more = std::min (fast, std::max (0.0, charge * (lateShare * target - rest)));
            rest += more;
            fast -= more;
            levels.value[n][c] = fast + rest;
        }
}

/// The detector charges a capacitor through a diode and a resistor discharges it: a release always aims at
/// zero and ends where the wanted reduction is met. Control voltage and conductance go together, so a deep
/// reduction comes sooner and goes later than a slight one.
void Ballistics::followFet (int frames, Levels& levels) noexcept
{
    float conductance[longest][2];
    for (int n = 0; n < frames; ++n)
        for (int c = 0; c < 2; ++c)
            conductance[n][c] = fastExp2 (static_cast<float> (levels.value[n][c])) - 1;
    for (int n = 0; n < frames; ++n)
        for (int c = 0; c < 2; ++c)
        {
            double& v = envelope.level[c];
            const double target = static_cast<double> (conductance[n][c]);
            const bool goes = letsGo (c, target, v);
            if (target > v)
                v += attack * (target - v);
            else if (goes)
                v = std::max (target, v * release);
            conductance[n][c] = static_cast<float> (v);
        }
    for (int n = 0; n < frames; ++n)
        for (int c = 0; c < 2; ++c)
            levels.value[n][c] = static_cast<double> (fastLog2 (1 + conductance[n][c]));
}

/// The mean square rises in the linear domain, so a large step is reduced sooner than a small one; the
/// release falls by a fixed number of dB per second.
void Ballistics::followVca (int frames, Levels& levels) noexcept
{
    for (int n = 0; n < frames; ++n)
        for (int c = 0; c < 2; ++c)
        {
            double& level = envelope.level[c];
            const double target = levels.value[n][c];
            const bool goes = letsGo (c, target, level);
            if (target > level)
                level = target;
            else if (goes)
                level = std::max (target, level - release);
            levels.value[n][c] = level;
        }
}

double Ballistics::rest (Character character, const Times& t) noexcept
{
    double times = 14; // of the release: 1e-6
    if (character == Character::opto)
        times *= longMemory;
    else if (t.autoRelease)
        times *= lastingRelease;
    const double averaged = character == Character::vca ? 30 * t.attack / vcaAttack : 0.0;
    return (times * t.release + t.hold + averaged) / 1000;
}

void Colour::prepare (double sampleRate) noexcept
{
    const auto filter = svfOf (eqSection (EqShape::lowPass, 7000, std::numbers::sqrt2 / 2, 0, sampleRate));
    for (auto& f : low)
        f.set (filter);
    share = static_cast<float> (1 - std::exp (-2 * std::numbers::pi * 8 / sampleRate)); // 8 Hz
    reset();
}

void Colour::still() noexcept
{
    for (int c = 0; c < 2; ++c)
    {
        low[c].reset();
        mean[c] = 0;
    }
}

void Colour::reset() noexcept
{
    still();
    for (auto* r : { &even, &odd, &evenReduced, &oddReduced })
        r->forget();
}

void Colour::towards (Character character, int frames) noexcept
{
    const auto& h = harmonics[static_cast<std::size_t> (character)];
    even.towards (h.even, frames);
    odd.towards (h.odd, frames);
    evenReduced.towards (h.evenReduced, frames);
    oddReduced.towards (h.oddReduced, frames);
    if (! sounds())
        still(); // what the filters remember is old by the time it is needed again
}

void Colour::process (const Levels& reduction, int channels, int frames, Sound& sound) noexcept
{
    constexpr auto twentieth = static_cast<float> (1 / (20 * decibel));
    for (int c = 0; c < channels; ++c)
        for (int n = 0; n < frames; ++n)
        {
            const float l = low[c](sound.value[c][n]);
            const float x = l / std::sqrt (1 + l * l);
            const float depth = std::min (1.0f, static_cast<float> (reduction.value[n][c]) * twentieth);
            const float d =
                x * x * ((even[n] + depth * evenReduced[n]) + (odd[n] + depth * oddReduced[n]) * x);
            mean[c] += share * (d - mean[c]);
            sound.value[c][n] += d - mean[c];
        }
}

} // namespace lacquer::dsp::dynamics
