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

} // namespace

bool sameKind (const EqBand& a, const EqBand& b) noexcept
{
    if (! a.on || ! b.on)
        return a.on == b.on;
    return a.shape == b.shape && a.part == b.part && (! a.isCut() || a.order == b.order) &&
           (! a.canFollow() || a.follows == b.follows);
}

CutFilter sectionsOf (const EqBand& b, double rate) noexcept
{
    CutFilter row;
    if (! b.on || (b.hasGain() && b.gain == 0))
        return row;
    const auto one = [&] (EqShape shape, double gain)
    {
        row.section[0] = eqSection (shape, b.frequency, b.q, gain, rate);
        row.count = 1;
    };
    switch (b.shape)
    {
        case BandShape::bell: one (EqShape::bell, b.gain); break;
        case BandShape::lowShelf: one (EqShape::lowShelf, b.gain); break;
        case BandShape::highShelf: one (EqShape::highShelf, b.gain); break;
        case BandShape::lowCut: return butterworth (EqShape::highPass, b.frequency, b.order, rate);
        case BandShape::highCut: return butterworth (EqShape::lowPass, b.frequency, b.order, rate);
        case BandShape::notch: one (EqShape::notch, 0); break;
        case BandShape::bandPass: one (EqShape::bandPass, 0); break;
        case BandShape::tilt:
        {
            one (EqShape::highShelf, 2 * b.gain);
            const double level = std::pow (10.0, -b.gain / 20.0);
            for (auto* x : { &row.section[0].b0, &row.section[0].b1, &row.section[0].b2 })
                *x *= level;
            break;
        }
    }
    return row;
}

Seconds ringing (const EqBand& b) noexcept
{
    if (! b.on)
        return Seconds { 0 };
    // A boost narrows the poles by the root of its gain, a cut widens them; the slower of the two roots of
    // s^2 + s/q + 1 decays at 1/(2q) or, overdamped, at about q (in units of the frequency).
    const bool isCut = b.isCut();
    const double gain = b.hasGain() ? std::abs (b.gain) * (b.shape == BandShape::tilt ? 2 : 1) : 0;
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
    held.reset();
    offsets = {};
    rearranged = false;
    fresh = true;
}

/// Where a pass is in its second form, its states go back to the first.
void EqBands::wake (Pass& p) noexcept
{
    if (p.settled)
        cascade::loosen (p.still, cascade::most, p.sections);
    p.settled = false;
}

/// Sets where the band's sections are to go. Those that are not wanted any more go to the identity.
void EqBands::design (std::size_t band, const EqBand& wanted, int frames) noexcept
{
    now[band] = wanted;
    table[band].known.reset();
    const bool follows = wanted.on && wanted.follows && wanted.canFollow();
    if (! follows)
        offsets[band] = 0;
    const auto row = follows ? CutFilter {} : sectionsOf (wanted, rate);
    for (int s = 0; s < sectionsOfBand; ++s)
    {
        auto& here = slot[band * sectionsOfBand + static_cast<std::size_t> (s)];
        const bool active = s < (follows ? 1 : row.count);
        if (! active && ! here.used)
            continue;
        here.target = { identity, identity };
        if (active)
        {
            const auto values = follows ? valuesAt (band, offsets[band])
                                        : valuesOf (row.section[static_cast<std::size_t> (s)]);
            if (wanted.part != BandPart::side)
                here.target[0] = values;
            if (wanted.part != BandPart::mid)
                here.target[1] = values;
        }
        rearranged = rearranged || ! here.used || here.follows != (follows && s == 0);
        here.leaving = ! active;
        here.used = true;
        here.follows = follows && s == 0;
        here.go (follows ? step : frames);
        if (here.pass >= 0)
            pass[static_cast<std::size_t> (here.pass)].moving = true;
    }
}

/// The coefficients of a band that follows, n - nodes/2 steps of half a dB from its gain.
const EqBands::Values& EqBands::node (std::size_t band, int n) noexcept
{
    auto& t = table[band];
    const auto at = static_cast<std::size_t> (n);
    if (t.known[at])
        return t.value[at];
    auto b = now[band];
    b.gain += static_cast<float> (n - nodes / 2) / nodesOfDb;
    // Where it is flat the poles stay between their neighbours'.
    const bool flat = b.gain == 0;
    if (flat)
        b.gain = 0.001f;
    auto& values = t.value[at];
    values = valuesOf (sectionsOf (b, rate).section[0]);
    if (flat)
        values[3] = 1, values[4] = values[5] = 0;
    t.known.set (at);
    return values;
}

EqBands::Values EqBands::valuesAt (std::size_t band, float offsetDb) noexcept
{
    const float at = (std::clamp (offsetDb, -farthest, farthest) + farthest) * nodesOfDb;
    const int below = static_cast<int> (at);
    const double part = static_cast<double> (at) - below;
    auto values = node (band, below);
    if (part > 0)
    {
        const auto& above = node (band, below + 1);
        for (std::size_t n = 0; n < values.size(); ++n)
            values[n] += part * (above[n] - values[n]);
    }
    return values;
}

void EqBands::offset (Pass& p, const Offsets& wanted) noexcept
{
    for (std::size_t b = 0; b < count; ++b)
    {
        auto& here = slot[b * sectionsOfBand];
        if (wanted[b] == offsets[b] || ! here.follows || here.leaving || held[b])
            continue;
        const auto values = valuesAt (b, wanted[b]);
        if (now[b].part != BandPart::side)
            here.target[0] = values;
        if (now[b].part != BandPart::mid)
            here.target[1] = values;
        here.go (step);
        p.moving = true;
    }
    offsets = wanted;
}

/// Puts the sections in use side by side, those that follow before the others; they take their states with
/// them, new ones begin as the identity at rest.
void EqBands::arrange() noexcept
{
    constexpr int kept = cascade::coefficients + 2;
    std::array<std::array<std::array<double, kept>, 2>, slots> carried;
    for (int p = 0; p < used; ++p)
        wake (pass[static_cast<std::size_t> (p)]);
    int following = 0, others = 0;
    for (std::size_t s = 0; s < slots; ++s)
    {
        if (! slot[s].used)
            continue;
        ++(slot[s].follows ? following : others);
        for (std::size_t c = 0; c < 2; ++c)
        {
            std::copy (identity.begin(), identity.end(), carried[s][c].begin());
            carried[s][c][6] = carried[s][c][7] = 0;
            if (slot[s].pass < 0)
                continue;
            const auto& from = pass[static_cast<std::size_t> (slot[s].pass)].sections;
            const auto lane = 2 * static_cast<std::size_t> (slot[s].section) + c;
            for (std::size_t n = 0; n < cascade::coefficients; ++n)
                carried[s][c][n] = from.value[n][lane];
            carried[s][c][6] = from.state[0][lane];
            carried[s][c][7] = from.state[1][lane];
        }
    }

    // Passes of like length: a short one waits for itself.
    const int first = following > 0 ? 1 : 0, rest = (others + cascade::most - 1) / cascade::most;
    const int each = rest > 0 ? (others + rest - 1) / rest : 0;
    used = first + rest;
    for (std::size_t p = 0; p < static_cast<std::size_t> (used); ++p)
    {
        pass[p] = {};
        for (std::size_t n = 0; n < cascade::coefficients; ++n)
            std::fill (std::begin (pass[p].sections.value[n]), std::end (pass[p].sections.value[n]),
                       identity[n]);
    }
    if (first > 0)
        pass[0].follows = true;
    int place = 0;
    for (std::size_t s = 0; s < slots; ++s)
    {
        auto& here = slot[s];
        here.pass = -1;
        if (! here.used)
            continue;
        if (here.follows)
            here.pass = 0;
        else
            here.pass = first + place++ / each;
        auto& p = pass[static_cast<std::size_t> (here.pass)];
        here.section = p.count++;
        p.slot[static_cast<std::size_t> (here.section)] = &here;
        here.begins = here.left > 0; // anew, as the steps were left behind
        p.moving = p.moving || here.left > 0;
        for (std::size_t c = 0; c < 2; ++c)
        {
            const auto lane = 2 * static_cast<std::size_t> (here.section) + c;
            for (std::size_t n = 0; n < cascade::coefficients; ++n)
                p.sections.value[n][lane] = carried[s][c][n];
            p.sections.state[0][lane] = carried[s][c][6];
            p.sections.state[1][lane] = carried[s][c][7];
        }
    }
    rearranged = false;
}

/// Begins the ways to the targets.
void EqBands::start (Pass& p) noexcept
{
    wake (p);
    for (int n = 0; n < p.count; ++n)
    {
        auto& s = *p.slot[static_cast<std::size_t> (n)];
        if (! s.begins)
            continue;
        s.begins = false;
        for (std::size_t c = 0; c < 2; ++c)
        {
            const auto lane = 2 * static_cast<std::size_t> (n) + c;
            for (std::size_t k = 0; k < cascade::coefficients; ++k)
                p.sections.step[k][lane] = (s.target[c][k] - p.sections.value[k][lane]) / s.left;
        }
    }
}

/// Some way has been gone. At its end the target is met exactly, and what became the identity is forgotten.
void EqBands::advance (Pass& p, int frames) noexcept
{
    p.moving = false;
    for (int n = 0; n < p.count; ++n)
    {
        auto& s = *p.slot[static_cast<std::size_t> (n)];
        if (s.left == 0)
            continue;
        s.left = std::max (s.left - frames, 0);
        p.moving = p.moving || s.left > 0;
        if (s.left > 0)
            continue;
        for (std::size_t c = 0; c < 2; ++c)
        {
            const auto lane = 2 * static_cast<std::size_t> (n) + c;
            for (std::size_t k = 0; k < cascade::coefficients; ++k)
            {
                p.sections.value[k][lane] = s.target[c][k];
                p.sections.step[k][lane] = 0;
            }
        }
        s.begins = false;
        if (s.leaving)
        {
            s.used = s.follows = false;
            rearranged = true;
        }
    }
}

void EqBands::set (std::span<const EqBand, count> bands, int frames) noexcept
{
    for (std::size_t b = 0; b < count; ++b)
    {
        if (! fresh && ! sameKind (bands[b], now[b]))
            held.set (b);
        if (! held[b] && (fresh || bands[b] != now[b]))
            design (b, bands[b], frames);
    }
    if (rearranged)
        arrange();
}

void EqBands::goOn (const EqBands& from, std::span<const EqBand, count> wanted) noexcept
{
    now = from.now;
    offsets = from.offsets;
    slot = from.slot;
    pass = from.pass;
    for (auto& p : pass)
        for (auto& s : p.slot)
            if (s != nullptr)
                s = slot.data() + (s - from.slot.data());
    used = from.used;
    rearranged = true;
    fresh = false;
    held.reset();
    for (std::size_t b = 0; b < count; ++b)
    {
        table[b].known.reset();
        if (! from.held[b])
            continue;
        std::fill_n (slot.begin() + b * sectionsOfBand, sectionsOfBand, Slot {});
        design (b, wanted[b], 1);
    }
    arrange();
}

void EqBands::run (Pass& p, int frames, std::span<const Turn> turns) noexcept
{
    if (! p.follows)
        turns = {};
    for (int at = 0;;)
    {
        while (! turns.empty() && (turns.front().frame == at || turns.front().offsets == offsets))
        {
            if (turns.front().offsets != offsets)
                offset (p, turns.front().offsets);
            turns = turns.subspan (1);
        }
        if (at == frames)
            return;
        int part = (turns.empty() ? frames : turns.front().frame) - at;
        if (p.moving)
        {
            start (p);
            for (int n = 0; n < p.count; ++n)
                if (const int left = p.slot[static_cast<std::size_t> (n)]->left; left > 0)
                    part = std::min (part, left);
            cascade::run (p.sections, p.count, true, part, rows, at);
            advance (p, part);
        }
        else
        {
            if (! p.settled)
                cascade::settle (p.sections, cascade::most, p.still);
            p.settled = true;
            cascade::run (p.still, p.count, part, rows, at);
        }
        at += part;
    }
}

void EqBands::process (std::span<float* const> channels, int frames, std::span<const Turn> turns) noexcept
{
    float *const left = channels[0], *const right = channels.size() > 1 ? channels[1] : nullptr;
    const std::span<Pass> all (pass.data(), static_cast<std::size_t> (used));
    if (fresh)
        for (auto& p : all)
            advance (p, cascade::longest);
    fresh = false;
    if (used == 0)
    {
        for (float* c : channels)
            makeFinite (c, frames);
        return;
    }
    cascade::in (left, right, frames, rows);
    for (auto& p : all)
        run (p, frames, turns);
    cascade::out (rows, frames, left, right);
    if (rearranged)
        arrange();
}

} // namespace lacquer::dsp
