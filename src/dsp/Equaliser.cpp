// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/Equaliser.h"

#include "dsp/Finite.h"

#include <algorithm>
#include <cmath>

namespace lacquer::dsp
{

namespace
{

std::array<EqBand, EqBands::count> followingOf (const EqSettings& s, bool movementAlone) noexcept
{
    auto out = s.band;
    for (std::size_t n = 0; n < out.size(); ++n)
    {
        out[n].follows = s.motion[n].on && out[n].canFollow();
        if (movementAlone)
        {
            out[n].on = out[n].on && out[n].follows;
            out[n].gain = 0;
        }
    }
    return out;
}

} // namespace

void Equaliser::Linear::reset() noexcept
{
    impulse.reset();
    moved.reset();
    std::fill (late.begin(), late.end(), EqBands::Offsets {});
    lateAt = 0;
}

void Equaliser::prepare (double sampleRate, int channels)
{
    rate = sampleRate;
    channelCount = channels;
    bands.prepare (rate);
    dynamics.prepare (rate);
    natural.prepare (rate);
    for (std::size_t n = 0; n < linear.size(); ++n)
    {
        shared[n].store (nullptr);
        linear[n].reset();
    }
    fade.length = static_cast<int> (0.02 * rate);
    reset();
}

/// The impulse of a second takes some ten megabytes: too much for every equaliser of a song.
void Equaliser::ready (EqPhase phase)
{
    if (! isLinear (phase) || linear[placeOf (phase)] != nullptr)
        return;
    auto made = std::make_unique<Linear>();
    made->impulse.prepare (rate, channelCount, reachOf (phase));
    made->moved.prepare (rate);
    made->late.resize (static_cast<std::size_t> (latency (phase) / EqBands::step));
    made->reset();
    linear[placeOf (phase)] = std::move (made);
    shared[placeOf (phase)].store (linear[placeOf (phase)].get(), std::memory_order_release);
}

void Equaliser::reset() noexcept
{
    bands.reset();
    dynamics.reset();
    natural.reset();
    for (auto& l : shared)
        if (auto* const one = l.load (std::memory_order_acquire))
            one->reset();
    clock = 0;
    fade.left = 0;
    hears = 0;
    fresh = true;
    shown.store (0, std::memory_order_relaxed);
}

void Equaliser::set (const EqSettings& s, int frames) noexcept
{
    settings = s;
    dynamics.set (s.band, s.motion);
    told = frames;
    if (! dynamics.active())
    {
        for (auto& l : shared)
            if (auto* const one = l.load (std::memory_order_acquire))
                std::fill (one->late.begin(), one->late.end(), EqBands::Offsets {});
        shown.store (0, std::memory_order_relaxed);
    }
}

int Equaliser::latency (EqPhase phase) const noexcept
{
    switch (phase)
    {
        case EqPhase::natural: return NaturalPhase::latency;
        case EqPhase::linear:
        case EqPhase::shortLinear: return LinearPhase::latencyAt (rate, reachOf (phase));
        case EqPhase::zeroLatency: break;
    }
    return 0;
}

Frames Equaliser::tail (const EqSettings& s) const noexcept
{
    Seconds sum { 0 };
    for (std::size_t n = 0; n < EqBands::count; ++n)
    {
        auto b = s.band[n];
        const bool follows = s.motion[n].on && b.canFollow();
        if (follows)
            b.gain = std::abs (b.gain) + std::abs (s.motion[n].range);
        if (! isLinear (s.phase) || follows)
            sum.value += ringing (b).value;
    }
    const int impulse = isLinear (s.phase)            ? LinearPhase::lengthAt (rate, reachOf (s.phase)) / 2
                        : s.phase == EqPhase::natural ? NaturalPhase::taps - NaturalPhase::latency
                                                      : 0;
    return framesIn (sum, rate) + latency (s.phase) + impulse;
}

Frames Equaliser::rest (const EqSettings& s) const noexcept
{
    double longest = 0;
    for (std::size_t n = 0; n < EqBands::count; ++n)
        if (s.band[n].on && s.motion[n].on)
            longest = std::max (longest, s.motion[n].release / 1000.0);
    // 24 dB are down to a ten-thousandth after 13 times.
    return tail (s) + framesIn (Seconds { 13 * longest }, rate);
}

/// What a phase needs that has not been running.
void Equaliser::enter (EqPhase phase) noexcept
{
    if (isLinear (phase))
    {
        auto& l = *linearOf (phase);
        l.reset();
        l.moved.set (followingOf (settings, true), 1);
        hears = latency (phase) + LinearPhase::lengthAt (rate, reachOf (phase)) / 2;
        return;
    }
    if (isLinear (now))
    {
        bands.reset();
        bands.set (followingOf (settings, false), 1);
        hears = static_cast<int> (0.1 * rate);
    }
    else
        hears = NaturalPhase::taps;
    if (phase == EqPhase::natural)
        natural.reset();
}

void Equaliser::choose (EqPhase wanted) noexcept
{
    const bool there = ! isLinear (wanted) || linearOf (wanted) != nullptr;
    if (fresh)
        now = next = there ? wanted : EqPhase::zeroLatency;
    else if (there && now == next && wanted != now)
    {
        next = wanted;
        enter (next);
    }
    fresh = false;
}

/// The offsets that the block brings; its frames are counted.
int Equaliser::listen (std::span<float* const> channels, std::span<const float* const> sidechain, int frames,
                       Turns& turns) noexcept
{
    int count = 0;
    for (int at = 0; at < frames;)
    {
        const int part = std::min (frames - at, EqBands::step - clock);
        dynamics.hear (channels, sidechain, at, part);
        at += part;
        clock = (clock + part) % EqBands::step;
        if (clock == 0)
            turns[static_cast<std::size_t> (count++)] = { at, dynamics.step() };
    }
    return count;
}

void Equaliser::runLinear (Linear& l, std::span<float* const> channels, int frames,
                           std::span<const Turn> turns) noexcept
{
    float part[2][cascade::longest];
    std::array<float*, 2> x { part[0], part[1] };
    float *const left = channels.front(), *const right = channels.back();
    for (int n = 0; n < frames; ++n)
    {
        const float a = finite (left[n]), b = finite (right[n]);
        part[0][n] = 0.5f * (a + b);
        part[1][n] = 0.5f * (a - b);
    }
    l.impulse.process ({ x.data(), channels.size() }, frames, settings.band);
    for (int n = 0; n < frames; ++n)
    {
        left[n] = channels.size() > 1 ? part[0][n] + part[1][n] : part[0][n];
        if (channels.size() > 1)
            right[n] = part[0][n] - part[1][n];
    }
    // The movements are as late as the sound.
    Turns then;
    std::copy (turns.begin(), turns.end(), then.begin());
    for (std::size_t n = 0; n < turns.size(); ++n)
    {
        std::swap (then[n].offsets, l.late[l.lateAt]);
        l.lateAt = (l.lateAt + 1) % l.late.size();
    }
    l.moved.process (channels, frames, { then.data(), turns.size() });
}

void Equaliser::run (EqPhase phase, std::span<float* const> channels, int frames,
                     std::span<const Turn> turns) noexcept
{
    if (isLinear (phase))
        return runLinear (*linearOf (phase), channels, frames, turns);
    bands.process (channels, frames, turns);
    if (phase == EqPhase::natural)
        natural.process (channels, frames, bands.heard());
}

void Equaliser::process (std::span<float* const> channels, std::span<const float* const> sidechain,
                         int frames) noexcept
{
    choose (settings.phase);
    if (told > 0)
    {
        if (! isLinear (now) || ! isLinear (next))
            bands.set (followingOf (settings, false), told);
        for (const auto p : { EqPhase::linear, EqPhase::shortLinear })
            if (now == p || next == p)
                linearOf (p)->moved.set (followingOf (settings, true), told);
        told = 0;
    }
    Turns turns;
    int count = 0;
    if (dynamics.active())
    {
        count = listen (channels, sidechain, frames, turns);
        float least = 0;
        for (int n = 0; n < count; ++n)
            for (const float offset : turns[static_cast<std::size_t> (n)].offsets)
                least = std::min (least, offset);
        if (count > 0)
            shown.store (-least, std::memory_order_relaxed);
    }
    const std::span<const Turn> all (turns.data(), static_cast<std::size_t> (count));

    if (now == next)
        return run (now, channels, frames, all);

    // What is heard, and aside what will be.
    float other[2][cascade::longest];
    std::array<float*, 2> copy { other[0], other[1] };
    const std::span<float* const> aside (copy.data(), channels.size());
    const auto putAside = [&]
    {
        for (std::size_t c = 0; c < channels.size(); ++c)
            std::copy_n (channels[c], frames, copy[c]);
    };
    if (isLinear (now) || isLinear (next))
    {
        putAside();
        run (now, channels, frames, all);
        run (next, aside, frames, all);
    }
    else // the same bands
    {
        bands.process (channels, frames, all);
        putAside();
        natural.process (next == EqPhase::natural ? aside : channels, frames, bands.heard());
    }
    if (hears > 0)
    {
        hears -= std::min (hears, frames);
        if (hears == 0)
            fade.start();
        return;
    }
    for (std::size_t c = 0; c < channels.size(); ++c)
        for (int n = 0; n < frames; ++n)
            channels[c][n] += fade.share (n) * (copy[c][n] - channels[c][n]);
    fade.advance (frames);
    if (! fade.active())
        now = next;
}

} // namespace lacquer::dsp
