// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/EqBands.h"

#include "dsp/Finite.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace lacquer::dsp
{

namespace
{

using Values = std::array<double, cascade::coefficients>;

/// The coefficients of the kernel's form.
Values valuesOf (const Biquad& b) noexcept
{
    // One of first order needs one state: the other would be heard of only when the section moves.
    if (b.a2 == 0 && b.b2 == 0)
        return { 0, 0, 1 + b.a1, b.b0, 0, (b.b1 - b.a1 * b.b0) / (1 + b.a1) };
    const auto c = svfOf (b);
    return { 2 * c.a1 - 1,
             2 * c.a2,
             2 * c.a3,
             c.m0 + c.m1 * c.a2 + c.m2 * c.a3,
             c.m1 * c.a1 + c.m2 * c.a2,
             c.m2 * (1 - c.a3) - c.m1 * c.a2 };
}

constexpr Values identity { -1, 0, 0, 1, 0, 0 };

CutFilter sectionsOf (const EqBand& b, double rate) noexcept
{
    CutFilter row;
    if (! b.on)
        return row;
    const bool flat = b.gain == 0;
    const auto one = [&] (EqShape shape, double gain)
    {
        row.section[0] = eqSection (shape, b.frequency, b.q, gain, rate);
        row.count = 1;
    };
    switch (b.shape)
    {
        case BandShape::bell:
            if (! flat)
                one (EqShape::bell, b.gain);
            break;
        case BandShape::lowShelf:
            if (! flat)
                one (EqShape::lowShelf, b.gain);
            break;
        case BandShape::highShelf:
            if (! flat)
                one (EqShape::highShelf, b.gain);
            break;
        case BandShape::lowCut: return butterworth (EqShape::highPass, b.frequency, b.order, rate);
        case BandShape::highCut: return butterworth (EqShape::lowPass, b.frequency, b.order, rate);
        case BandShape::notch: one (EqShape::notch, 0); break;
        case BandShape::bandPass: one (EqShape::bandPass, 0); break;
        case BandShape::tilt:
            if (! flat)
            {
                one (EqShape::highShelf, 2 * b.gain);
                const double level = std::pow (10.0, -b.gain / 20.0);
                for (auto* x : { &row.section[0].b0, &row.section[0].b1, &row.section[0].b2 })
                    *x *= level;
            }
            break;
    }
    return row;
}

} // namespace

Seconds ringing (const EqBand& b) noexcept
{
    if (! b.on)
        return Seconds { 0 };
    // A boost narrows the poles by the root of its gain, a cut widens them; the slower of the two roots of
    // s^2 + s/q + 1 decays at 1/(2q) or, overdamped, at about q (in units of the frequency).
    const bool isCut = b.shape == BandShape::lowCut || b.shape == BandShape::highCut;
    const bool hasGain = b.shape <= BandShape::highShelf || b.shape == BandShape::tilt;
    const double gain = hasGain ? std::abs (b.gain) * (b.shape == BandShape::tilt ? 2 : 1) : 0;
    const double root = std::pow (10.0, gain / 40.0);
    const double q = isCut ? 1 / (2 * std::sin (std::numbers::pi / (2 * b.order))) : b.q;
    const double decay = std::min (1 / (2 * q * root), q / root / 2);
    const double inARow = ! isCut ? 1 : b.order <= 8 ? 2 : 3;
    return Seconds { 13.8 / (2 * std::numbers::pi * b.frequency * decay) * inARow };
}

void EqBands::prepare (double sampleRate) noexcept
{
    rate = sampleRate;
    reset();
}

void EqBands::reset() noexcept
{
    for (auto& s : slot)
        s = {};
    used = 0;
    moving = settled = {};
    moves = false;
    fresh = true;
}

/// Where a pass is in its second form, its states go back to the first.
void EqBands::wake (std::size_t n) noexcept
{
    if (settled[n])
        cascade::loosen (still[n], cascade::most, pass[n]);
    settled[n] = false;
}

/// Sets where the band's sections are to go. Those that are not wanted any more go to the identity.
void EqBands::design (int band, const EqBand& wanted) noexcept
{
    now[static_cast<std::size_t> (band)] = wanted;
    const auto row = sectionsOf (wanted, rate);
    for (int s = 0; s < sectionsOfBand; ++s)
    {
        auto& here = slot[static_cast<std::size_t> (band * sectionsOfBand + s)];
        const bool active = s < row.count;
        if (! active && ! here.used)
            continue;
        here.target = { identity, identity };
        if (active)
        {
            const auto values = valuesOf (row.section[static_cast<std::size_t> (s)]);
            if (wanted.part != BandPart::side)
                here.target[0] = values;
            if (wanted.part != BandPart::mid)
                here.target[1] = values;
        }
        here.leaving = ! active;
        here.used = here.moves = true;
    }
}

/// Puts the sections in use side by side; they take their states with them, new ones begin as the identity
/// at rest.
void EqBands::arrange() noexcept
{
    constexpr int kept = cascade::coefficients + 2;
    std::array<std::array<std::array<double, kept>, 2>, slots> moved;
    for (std::size_t p = 0; p < passes; ++p)
        wake (p);
    int total = 0;
    for (std::size_t s = 0; s < slots; ++s)
    {
        if (! slot[s].used)
            continue;
        ++total;
        for (std::size_t c = 0; c < 2; ++c)
        {
            std::copy (identity.begin(), identity.end(), moved[s][c].begin());
            moved[s][c][6] = moved[s][c][7] = 0;
            if (slot[s].place < 0)
                continue;
            const auto& from = pass[static_cast<std::size_t> (slot[s].place / perPass)];
            const auto lane = 2 * static_cast<std::size_t> (slot[s].place % perPass) + c;
            for (std::size_t n = 0; n < cascade::coefficients; ++n)
                moved[s][c][n] = from.value[n][lane];
            moved[s][c][6] = from.state[0][lane];
            moved[s][c][7] = from.state[1][lane];
        }
    }

    // Passes of like length: a short one waits for itself.
    const int passCount = (total + cascade::most - 1) / cascade::most;
    used = total;
    perPass = passCount > 0 ? (total + passCount - 1) / passCount : cascade::most;
    for (std::size_t p = 0; p < static_cast<std::size_t> (passCount); ++p)
    {
        pass[p] = {};
        for (std::size_t n = 0; n < cascade::coefficients; ++n)
            std::fill (std::begin (pass[p].value[n]), std::end (pass[p].value[n]), identity[n]);
    }
    int place = 0;
    for (std::size_t s = 0; s < slots; ++s)
    {
        slot[s].place = slot[s].used ? place++ : -1;
        if (! slot[s].used)
            continue;
        auto& to = pass[static_cast<std::size_t> (slot[s].place / perPass)];
        for (std::size_t c = 0; c < 2; ++c)
        {
            const auto lane = 2 * static_cast<std::size_t> (slot[s].place % perPass) + c;
            for (std::size_t n = 0; n < cascade::coefficients; ++n)
                to.value[n][lane] = moved[s][c][n];
            to.state[0][lane] = moved[s][c][6];
            to.state[1][lane] = moved[s][c][7];
        }
    }
}

/// Begins the way to the targets.
void EqBands::start (int frames) noexcept
{
    for (const auto& s : slot)
    {
        if (! s.moves)
            continue;
        const auto n = static_cast<std::size_t> (s.place / perPass);
        auto& p = pass[n];
        wake (n);
        moving[n] = true;
        for (std::size_t c = 0; c < 2; ++c)
        {
            const auto lane = 2 * static_cast<std::size_t> (s.place % perPass) + c;
            for (std::size_t k = 0; k < cascade::coefficients; ++k)
                p.step[k][lane] = (s.target[c][k] - p.value[k][lane]) / frames;
        }
    }
}

/// Ends the way to the targets: they are met exactly, and what became the identity is forgotten.
void EqBands::finish() noexcept
{
    bool left = false;
    for (auto& s : slot)
    {
        if (! s.moves)
            continue;
        auto& p = pass[static_cast<std::size_t> (s.place / perPass)];
        for (std::size_t c = 0; c < 2; ++c)
        {
            const auto lane = 2 * static_cast<std::size_t> (s.place % perPass) + c;
            for (std::size_t n = 0; n < cascade::coefficients; ++n)
            {
                p.value[n][lane] = s.target[c][n];
                p.step[n][lane] = 0;
            }
        }
        s.moves = false;
        if (s.leaving)
        {
            s = {};
            left = true;
        }
    }
    moving = {};
    moves = false;
    if (left)
        arrange();
}

void EqBands::set (std::span<const EqBand, count> bands) noexcept
{
    bool newcomers = false;
    for (int b = 0; b < count; ++b)
        if (const auto& wanted = bands[static_cast<std::size_t> (b)];
            fresh || wanted != now[static_cast<std::size_t> (b)])
            design (b, wanted);
    for (const auto& s : slot)
    {
        moves = moves || s.moves;
        newcomers = newcomers || (s.used && s.place < 0);
    }
    if (newcomers)
        arrange();
}

void EqBands::process (std::span<float* const> channels, int frames) noexcept
{
    if (moves && fresh)
        finish();
    else if (moves)
        start (frames);
    fresh = false;
    if (used == 0)
    {
        for (float* c : channels)
            makeFinite (c, frames);
        return;
    }
    cascade::Rows rows;
    float *const left = channels[0], *const right = channels.size() > 1 ? channels[1] : nullptr;
    cascade::in (left, right, frames, rows);
    for (int from = 0; from < used; from += perPass)
    {
        const auto p = static_cast<std::size_t> (from / perPass);
        const int sections = std::min (perPass, used - from);
        if (moving[p])
            cascade::run (pass[p], sections, true, frames, rows);
        else
        {
            if (! settled[p])
                cascade::settle (pass[p], cascade::most, still[p]);
            settled[p] = true;
            cascade::run (still[p], sections, frames, rows);
        }
    }
    cascade::out (rows, frames, left, right);
    if (moves)
        finish();
}

} // namespace lacquer::dsp
