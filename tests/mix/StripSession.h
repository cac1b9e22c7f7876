// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Random.h"
#include "mix/ReferenceStrip.h"
#include "mix/StripBank.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <cstring>
#include <functional>
#include <memory>
#include <numbers>
#include <vector>

#define INDEX(member) LACQUER_STRIP_INDEX (member)

namespace lacquer::mix
{

using Channel = std::vector<float>;
using Stereo = std::array<Channel, 2>;

inline const std::vector<Param>& table()
{
    static const auto s = specs<StripParams>();
    static const std::vector<Param> all (s.begin(), s.end());
    return all;
}

inline std::array<float, stripParamCount> valuesOf (const engine::Controls& c)
{
    std::array<float, stripParamCount> v;
    for (int p = 0; p < stripParamCount; ++p)
        v[static_cast<std::size_t> (p)] = c[p];
    return v;
}

/// A strip and what it plays.
struct Track
{
    engine::Controls controls { table() };
    engine::MeterTap meter;
    std::atomic<float> reduction { 0 };
    int channels = 1;
    Stereo in;
    std::vector<engine::Binding> automation;
};

/// Plays tracks through a bank: output port 0 is the mix, 1 and 2 returns, 3 + n the tap of track n.
struct Session
{
    double rate = 48000;
    std::vector<std::unique_ptr<Track>> tracks;
    Frames position = 0;
    bool tellsSilence = false; ///< inputs of zeros say so
    int silentChunks = 0;      ///< in which no output had anything

    Track& add (int channels, Stereo in)
    {
        auto& t = *tracks.emplace_back (std::make_unique<Track>());
        t.channels = channels;
        t.in = std::move (in);
        return t;
    }

    int ports() const { return 3 + static_cast<int> (tracks.size()); }

    StripBank::Layout layout()
    {
        StripBank::Layout l;
        for (std::size_t n = 0; n < tracks.size(); ++n)
        {
            auto& slot = l.emplace_back();
            slot.key = n + 1;
            slot.controls = &tracks[n]->controls;
            slot.channels = tracks[n]->channels;
            slot.input = static_cast<int> (n);
            slot.output = 0;
            slot.sends[0] = 1;
            slot.sends[1] = 2;
            slot.tap = 3 + static_cast<int> (n);
            slot.meter = &tracks[n]->meter;
            slot.reduction = &tracks[n]->reduction;
        }
        return l;
    }

    /// All output ports; the inputs are read from frame `start` on.
    std::vector<Stereo> play (
        engine::Processor& processor, int frames,
        const std::function<int (int)>& cut = [] (int) { return 64; },
        const std::function<void (int)>& before = [] (int) {}, int start = 0)
    {
        std::vector<engine::Binding> automation;
        for (std::size_t n = 0; n < tracks.size(); ++n)
            for (auto b : tracks[n]->automation)
            {
                b.strip = static_cast<int> (n);
                automation.push_back (b);
            }
        std::ranges::stable_sort (automation, {},
                                  [] (const engine::Binding& b)
                                  { return b.strip * stripParamCount + b.parameter; });
        std::vector<Stereo> out (static_cast<std::size_t> (ports()));
        for (auto& port : out)
            for (auto& c : port)
                c.resize (static_cast<std::size_t> (frames));
        for (int n = 0; n < frames;)
        {
            const int count = std::min ({ cut (n), frames - n, 64 });
            before (n);
            engine::Chunk chunk;
            chunk.frames = count;
            chunk.time.position = position + start + n;
            chunk.time.playing = true;
            chunk.automation = automation;
            std::vector<engine::Signal> ins, outs;
            for (auto& t : tracks)
            {
                auto& s = ins.emplace_back();
                s.channels = t->channels;
                for (int c = 0; c < t->channels; ++c)
                    s.channel[c] = t->in[static_cast<std::size_t> (c)].data() + start + n;
                s.silent = tellsSilence;
                for (int c = 0; c < t->channels; ++c)
                    s.silent = s.silent && std::all_of (s.channel[c], s.channel[c] + count,
                                                        [] (float x) { return x == 0; });
            }
            for (auto& port : out)
                outs.push_back ({ { port[0].data() + n, port[1].data() + n }, 2, false });
            processor.process (chunk, ins, outs);
            silentChunks += std::ranges::all_of (outs, &engine::Signal::silent);
            n += count;
        }
        return out;
    }

    std::vector<Stereo> play (int frames)
    {
        StripBank bank (rate);
        return play (*bank.processor (layout(), ports()), frames);
    }
};

inline bool same (const Stereo& a, const Stereo& b)
{
    for (std::size_t c = 0; c < 2; ++c)
        if (a[c].size() != b[c].size() ||
            (! a[c].empty() && std::memcmp (a[c].data(), b[c].data(), sizeof (float) * a[c].size()) != 0))
            return false;
    return true;
}

inline double random (std::uint64_t seed, std::uint64_t n, double low, double high)
{
    return low + (high - low) * uniform (seed * 1000003 + n);
}

/// Noise in bursts over a tone.
inline Channel music (std::uint64_t seed, int frames, double rate)
{
    Channel x (static_cast<std::size_t> (frames));
    double low = 0;
    const double f = random (seed, 1, 50, 4000);
    for (int n = 0; n < frames; ++n)
    {
        const double noise = random (seed, static_cast<std::uint64_t> (n) + 10, -1, 1);
        low += 0.05 * (noise - low);
        const double beat = std::exp (-6 * std::fmod (n / rate * 4, 1.0));
        x[static_cast<std::size_t> (n)] = static_cast<float> (
            beat * (0.6 * low + 0.35 * std::sin (2 * std::numbers::pi * f * n / rate)) + 0.03 * noise);
    }
    return x;
}

inline Channel sine (double frequency, double level, int frames, double rate = 48000)
{
    Channel x (static_cast<std::size_t> (frames));
    for (int n = 0; n < frames; ++n)
        x[static_cast<std::size_t> (n)] =
            static_cast<float> (level * std::sin (2 * std::numbers::pi * frequency * n / rate));
    return x;
}

/// Everything on, settings from a seed.
inline void randomise (engine::Controls& c, std::uint64_t seed)
{
    const auto set = [&] (int p, std::uint64_t n, double low, double high)
    { c.set (p, static_cast<float> (random (seed, n, low, high))); };
    set (INDEX (trim.gain), 1, -6, 6);
    c.set (INDEX (trim.polarity), seed % 5 == 2);
    c.set (INDEX (hpf.on), 1);
    set (INDEX (hpf.frequency), 3, 20, 200);
    c.set (INDEX (hpf.slope), static_cast<float> (seed % 3));
    c.set (INDEX (lpf.on), seed % 2 == 0);
    set (INDEX (lpf.frequency), 4, 6000, 18000);
    const double low[] { 40, 60, 250, 900, 3000, 4000 }, high[] { 200, 250, 900, 3000, 9000, 14000 };
    const int size = INDEX (eq.band2) - INDEX (eq.band1);
    for (int b = 0; b < 6; ++b)
    {
        const int base = INDEX (eq.band1) + b * size;
        const auto n = static_cast<std::uint64_t> (b) * 3;
        set (base + 2, 20 + n, low[b], high[b]);
        set (base + 3, 21 + n, -9, 9);
        set (base + 4, 22 + n, b == 0 || b == 5 ? 0.7 : 0.5, b == 0 || b == 5 ? 0.72 : 6);
    }
    c.set (INDEX (comp.on), 1);
    set (INDEX (comp.threshold), 50, -30, -8);
    set (INDEX (comp.ratio), 51, 1.5, 8);
    set (INDEX (comp.knee), 52, 1, 12);
    set (INDEX (comp.attack), 53, 1, 30);
    set (INDEX (comp.release), 54, 50, 500);
    set (INDEX (comp.makeup), 55, 0, 6);
    c.set (INDEX (sat.on), seed % 4 != 3);
    set (INDEX (sat.drive), 56, 0, 12);
    set (INDEX (sat.mix), 57, 30, 100);
    set (INDEX (pan.position), 58, -100, 100);
    c.set (INDEX (pan.law), static_cast<float> (seed / 3 % 4));
    set (INDEX (fader.level), 59, -20, 0);
    set (INDEX (send1.level), 60, -30, 0);
    set (INDEX (send2.level), 61, -30, 0);
    c.set (INDEX (send2.pre), seed % 2 == 1);
    // The gate's threshold is kept away from the signal: its decision must not hang on a rounding.
    c.set (INDEX (gate.on), seed % 3 == 0);
    c.set (INDEX (gate.threshold), -80);
}

inline Session randomSession (int count, int frames, double rate)
{
    Session s;
    s.rate = rate;
    for (int n = 0; n < count; ++n)
    {
        const auto seed = static_cast<std::uint64_t> (n);
        auto& t = s.add (n % 4 == 1 ? 2 : 1,
                         { music (seed * 2, frames, rate), music (seed * 2 + 1, frames, rate) });
        randomise (t.controls, seed);
    }
    return s;
}

inline double db (double ratio)
{
    return 20 * std::log10 (ratio + 1e-30);
}

} // namespace lacquer::mix
