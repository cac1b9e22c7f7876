// SPDX-License-Identifier: GPL-3.0-or-later
#include "studio/demo/DemoInstruments.h"

namespace lacquer::studio::synth
{
namespace
{

Frames frameOf (double seconds, double rate)
{
    return static_cast<Frames> (std::llround (seconds * rate));
}

std::uint64_t seedOf (const DemoNote& n, std::uint64_t instrument)
{
    return hashed (instrument * 7919 + static_cast<std::uint64_t> (std::llround (n.beat * 48)) * 31 +
                   static_cast<std::uint64_t> (n.pitch * 8 + n.line));
}

/// Noise between two frequencies that rises and dies: wires, shakers, claps.
struct Burst
{
    double low, high, gain, attack, seconds; ///< seconds: until 60 dB down
};

void burst (Stereo& out, Frames start, const Burst& b, std::uint64_t seed, Place place)
{
    const double rate = out.rate;
    const Frames frames =
        std::min (out.frames() - start, static_cast<Frames> ((b.attack + b.seconds * 1.2) * rate));
    Noise noise (seed);
    Svf lowCut, highCut;
    lowCut.set (b.low, 0.8, rate);
    highCut.set (b.high, 0.8, rate);
    const double r = std::pow (10.0, -3 / (b.seconds * rate)), rise = std::max (1.0, b.attack * rate);
    double level = b.gain;
    for (Frames n = 0; n < frames; ++n)
    {
        lowCut.put (noise.next());
        highCut.put (lowCut.high);
        const double up = std::min (1.0, static_cast<double> (n) / rise);
        const double x =
            highCut.low * level * up * up *
            std::min (1.0, static_cast<double> (frames - n) / (0.1 * static_cast<double> (frames)));
        out.add (start + n, x * place.left, x * place.right);
        if (up >= 1)
            level *= r;
    }
}

/// A drum head whose tension, and so its pitch, falls after the stroke.
struct Head
{
    double frequency, extra, fall, gain, seconds; ///< extra: of frequency at the stroke; fall: seconds
};

void beat (Stereo& out, Frames start, const Head& h, Place place)
{
    const double rate = out.rate;
    const Frames frames = std::min (out.frames() - start, static_cast<Frames> (h.seconds * 1.3 * rate));
    const double r = std::pow (10.0, -3 / (h.seconds * rate)), f = std::exp (-1 / (h.fall * rate));
    double phase = 0, level = h.gain, over = h.extra;
    for (Frames n = 0; n < frames; ++n)
    {
        const double fade =
            std::min (1.0, static_cast<double> (frames - n) / (0.1 * static_cast<double> (frames)));
        const double x = level * sine (phase) * fade;
        out.add (start + n, x * place.left, x * place.right);
        phase += h.frequency * (1 + over) / rate;
        level *= r;
        over *= f;
    }
}

/// A string after Karplus and Strong (1983) with the extensions of Jaffe and Smith (1983): pick position,
/// stroke-dependent brightness, decay stretched to a time, fractional delay by allpass.
struct Pluck
{
    double frequency, gain, seconds, brightness, position; ///< seconds: 60 dB of the fundamental
    double damping = 0.35;                                 ///< 0.02 to 0.5: how much faster the highs die
    double pickup = 0; ///< place of a pickup, share of the string; 0: none
};

void pluck (Stereo& out, Frames start, Frames length, const Pluck& p, std::uint64_t seed, Place place)
{
    const double rate = out.rate;
    const double period = rate / p.frequency - p.damping;
    auto whole = static_cast<std::size_t> (period - 0.3);
    const double fraction = period - static_cast<double> (whole); // 0.3 to 1.3: where the allpass is flattest
    const double allpass = (1 - fraction) / (1 + fraction);
    const double loss = std::pow (10.0, -3 / (p.seconds * p.frequency));
    length = std::min (length, out.frames() - start);
    if (length <= 0 || whole < 4)
        return;

    // The stroke: a smooth displacement and the scrape of the pick, both softened and combed by where it
    // hits.
    std::vector<double> line (whole), stroke (whole);
    Noise noise (seed);
    OnePole a, b;
    a.set (p.brightness, rate);
    b.set (p.brightness * 1.7, rate);
    const auto at =
        std::max<std::size_t> (1, static_cast<std::size_t> (p.position * static_cast<double> (whole)));
    for (int pass = 0; pass < 2; ++pass) // twice round, so that the filters have settled into the circle
        for (std::size_t n = 0; n < whole; ++n)
        {
            const double ramp = n < at ? static_cast<double> (n) / static_cast<double> (at)
                                       : static_cast<double> (whole - n) / static_cast<double> (whole - at);
            const double scrape = 2 * uniform (noise.counter + n) - 1;
            stroke[n] = b.put (a.put (0.9 * (ramp - 0.5) + 0.75 * scrape));
        }
    double power = 0, mean = 0;
    for (std::size_t n = 0; n < whole; ++n)
    {
        line[n] = stroke[n] - stroke[(n + whole - at) % whole];
        mean += line[n] / static_cast<double> (whole);
    }
    for (double& x : line)
        power += (x - mean) * (x - mean) / static_cast<double> (whole);
    for (double& x : line)
        x = (x - mean) * p.gain / std::sqrt (power + 1e-12);

    const auto tap = static_cast<std::size_t> (p.pickup * static_cast<double> (whole));
    const double rise = 0.0008 * rate, fall = std::min (0.02 * rate, 0.3 * static_cast<double> (length));
    double last = 0, apIn = 0, apOut = 0;
    std::size_t n = 0;
    for (Frames k = 0; k < length; ++k)
    {
        const double x = line[n];
        double heard = x;
        if (tap > 0)
            heard -= 0.9 * line[(n + tap) % whole];
        const double smoothed = loss * ((1 - p.damping) * x + p.damping * last);
        last = x;
        apOut = allpass * (smoothed - apOut) + apIn;
        apIn = smoothed;
        line[n] = apOut;
        if (++n == whole)
            n = 0;
        const double g =
            std::min ({ 1.0, static_cast<double> (k) / rise, static_cast<double> (length - k) / fall });
        out.add (start + k, heard * g * place.left, heard * g * place.right);
    }
}

/// When the same string is struck next, in frames; far away when it never is.
Frames nextOn (const DemoPart& part, std::size_t index, double rate)
{
    for (std::size_t k = index + 1; k < part.notes.size(); ++k)
        if (part.notes[k].line == part.notes[index].line && part.notes[k].beat > part.notes[index].beat)
            return frameOf (part.notes[k].seconds, rate);
    return Frames { 1 } << 40;
}

struct Resonance
{
    double frequency, gain, q;
};

/// Resonances of a body, added to the sound that drives them.
void body (std::vector<float>& sound, const std::vector<Resonance>& modes, double direct, double rate)
{
    std::vector<Svf> filters (modes.size());
    for (std::size_t k = 0; k < modes.size(); ++k)
        filters[k].set (modes[k].frequency, modes[k].q, rate);
    for (float& x : sound)
    {
        double y = direct * x;
        for (std::size_t k = 0; k < modes.size(); ++k)
        {
            filters[k].put (x);
            y += modes[k].gain * filters[k].band;
        }
        x = static_cast<float> (y);
    }
}

} // namespace

// ------------------------------------------------------------------------------------------------- the kit

void playKick (const DemoPart& part, Stereo& out)
{
    for (const DemoNote& n : part.notes)
    {
        const Frames at = frameOf (n.seconds, out.rate);
        const auto seed = seedOf (n, 1);
        const double v = n.velocity, tune = 1 + 0.012 * (uniform (seed) - 0.5);
        beat (out, at, { 49.5 * tune, 2.6 + 1.2 * v, 0.021, 0.9 * v, 0.46 }, Place (0));
        beat (out, at, { 88 * tune, 1.5, 0.014, 0.22 * v, 0.12 }, Place (0));
        strike (
            out, at,
            { { 236 * tune, 0.10 * v, 0.07 }, { 391 * tune, 0.06 * v, 0.05 }, { 1720, 0.05 * v * v, 0.02 } },
            Place (0));
        burst (out, at, { 1800, 6000, 1.0 * v * v, 0.0003, 0.018 }, seed, Place (0));
        burst (out, at, { 90, 420, 0.22 * v, 0.002, 0.09 }, seed + 1, Place (0));
    }
    for (std::size_t n = 0; n < out.left.size(); ++n)
        out.left[n] = out.right[n] = static_cast<float> (bent (1.25 * out.left[n]));
}

void playSnare (const DemoPart& part, Stereo& out)
{
    // Ratios of the modes of an ideal circular membrane (Rossing, "Science of Percussion Instruments").
    static constexpr double ratios[] = { 1, 1.594, 2.136, 2.296, 2.653, 2.918, 3.5 };
    for (const DemoNote& n : part.notes)
    {
        const Frames at = frameOf (n.seconds, out.rate);
        const auto seed = seedOf (n, 2);
        const double v = n.velocity;
        std::vector<Mode> modes;
        if (n.pitch == 37)
        {
            static constexpr Mode rim[] = {
                { 412, 0.2, 0.05 }, { 1010, 0.3, 0.06 }, { 1690, 0.34, 0.05 }, { 2480, 0.2, 0.035 }
            };
            for (const Mode& m : rim)
                modes.push_back (
                    { m.frequency * (1 + 0.02 * (uniform (seed + 3) - 0.5)), m.gain * v, m.seconds });
            strike (out, at, modes, Place (0), 0.0002);
            burst (out, at, { 1400, 8000, 0.3 * v, 0.0003, 0.03 }, seed, Place (0));
            burst (out, at, { 1800, 7000, 0.05 * v, 0.002, 0.14 }, seed + 1, Place (0));
            continue;
        }
        const double base = 186 * (1 + 0.015 * (uniform (seed + 3) - 0.5));
        for (std::size_t k = 0; k < std::size (ratios); ++k)
            modes.push_back ({ base * ratios[k],
                               0.34 * v * (k == 0 ? 1.3 : 1.0 / (1 + 0.55 * double (k))) *
                                   (0.75 + 0.5 * uniform (seed + 10 + k)),
                               (k < 2 ? 0.2 : 0.11) * (0.6 + 0.5 * v) });
        strike (out, at, modes, Place (0));
        beat (out, at, { base, 0.35, 0.012, 0.32 * v, 0.14 }, Place (0));
        // A ghost stroke hardly moves the wires and is darker.
        burst (out, at, { 1300, 4200 + 7500 * v, 1.0 * v, 0.0006, 0.10 + 0.07 * v }, seed, Place (0));
        burst (out, at, { 3200, 4000 + 9000 * v, 0.3 * v, 0.003, 0.22 + 0.12 * v }, seed + 1, Place (0));
        burst (out, at, { 700, 9000, 0.5 * v * v, 0.0002, 0.018 }, seed + 2, Place (0));
    }
    for (std::size_t n = 0; n < out.left.size(); ++n)
        out.left[n] = out.right[n] = static_cast<float> (bent (0.9 * out.left[n]));
}

void playHats (const DemoPart& part, Stereo& out)
{
    for (std::size_t k = 0; k < part.notes.size(); ++k)
    {
        const DemoNote& n = part.notes[k];
        const Frames at = frameOf (n.seconds, out.rate);
        const double untilNext = k + 1 < part.notes.size() ? part.notes[k + 1].seconds - n.seconds : 2.0;
        const auto seed = seedOf (n, 3);
        const double v = n.velocity;
        double ring = n.pitch == 42 ? 0.07 + 0.07 * v : n.pitch == 44 ? 0.26 + 0.1 * v : 0.75;
        ring = std::min (ring, std::max (0.06, untilNext * 1.5));
        std::vector<Mode> modes;
        for (std::uint64_t m = 0; m < 42; ++m)
        {
            const double f = 2900 * std::pow (5.0, uniform (900 + m)); // the same plates for every stroke
            modes.push_back ({ f * (1 + 0.002 * uniform (seed + m)),
                               0.03 * v * (0.4 + uniform (seed + 50 + m)) * std::pow (f / 6000, 0.3 * v),
                               ring * (0.6 + 0.8 * uniform (700 + m)) });
        }
        strike (out, at, modes, Place (0), 0.0003);
        burst (out, at, { 5200 + 900 * uniform (seed), 9500 + 6500 * v, 0.42 * v, 0.0005, ring * 0.9 }, seed,
               Place (0));
        burst (out, at, { 2500, 9000, 0.12 * v * v, 0.0002, 0.012 }, seed + 1, Place (0));
    }
}

void playToms (const DemoPart& part, Stereo& out)
{
    for (const DemoNote& n : part.notes)
    {
        const Frames at = frameOf (n.seconds, out.rate);
        const auto seed = seedOf (n, 4);
        const double v = n.velocity;
        const double base = (n.pitch == 50   ? 152
                             : n.pitch == 47 ? 112
                                             : 78) *
                            (1 + 0.01 * (uniform (seed) - 0.5));
        const Place place (n.pitch == 50 ? -0.4 : n.pitch == 47 ? 0.05 : 0.5);
        beat (out, at, { base, 0.35 + 0.2 * v, 0.05, 0.8 * v, 0.62 }, place);
        strike (out, at,
                { { base * 1.594, 0.24 * v, 0.26 },
                  { base * 2.136, 0.14 * v, 0.2 },
                  { base * 2.653, 0.09 * v, 0.13 },
                  { base * 3.6, 0.05 * v, 0.08 } },
                place);
        burst (out, at, { 600, 3000 + 3500 * v, 0.45 * v * v, 0.0004, 0.03 }, seed, place);
    }
}

void playCymbals (const DemoPart& part, Stereo& out)
{
    for (const DemoNote& n : part.notes)
    {
        const Frames at = frameOf (n.seconds, out.rate);
        const auto seed = seedOf (n, 5);
        const double v = n.velocity;
        if (n.pitch == 51) // a ride: bell and wash
        {
            std::vector<Mode> modes;
            for (std::uint64_t m = 0; m < 38; ++m)
                modes.push_back (
                    { (m < 3 ? 540.0 + 470 * double (m) : 2400 * std::pow (5.2, uniform (4000 + m))) *
                          (1 + 0.001 * uniform (seed + m)),
                      0.024 * v * (0.4 + uniform (seed + 50 + m)) * (m < 3 ? 0.5 : 1.0),
                      0.5 + 0.9 * uniform (4100 + m) });
            strike (out, at, modes, Place (0.35), 0.0004);
            burst (out, at, { 4200, 13500, 0.24 * v, 0.0006, 0.4 }, seed, Place (0.35));
            continue;
        }
        const double size = n.pitch == 49 ? 1.0 : 1.18;
        for (int side = 0; side < 2; ++side) // what each overhead microphone hears of the plate
        {
            std::vector<Mode> modes;
            for (std::uint64_t m = 0; m < 56; ++m)
            {
                const double f = 380 * size * std::pow (36.0, uniform (5000 + m));
                modes.push_back (
                    { f,
                      0.05 * v * (0.3 + uniform (seed + 100 * static_cast<std::uint64_t> (side) + m)) *
                          (f < 1200 ? 0.35 : 1.0),
                      (3.2 - 2.0 * f / 14000) * (0.5 + 0.7 * uniform (5200 + m)) });
            }
            const double home = n.pitch == 49 ? -0.25 : 0.3;
            strike (out, at, modes, Place (std::clamp (home + (side == 0 ? -0.7 : 0.7), -1.0, 1.0)), 0.003);
            burst (out, at, { 3600, 15000, 0.4 * v, 0.002, 1.5 },
                   seed + 7 + static_cast<std::uint64_t> (side),
                   Place (std::clamp (home + (side == 0 ? -0.8 : 0.8), -1.0, 1.0)));
        }
    }
}

void playPercussion (const DemoPart& part, Stereo& out)
{
    for (const DemoNote& n : part.notes)
    {
        const Frames at = frameOf (n.seconds, out.rate);
        const auto seed = seedOf (n, 6);
        const double v = n.velocity;
        if (n.pitch == 70)
            burst (out, at,
                   { 4300 + 900 * uniform (seed), 11500, 0.32 * v, 0.012 + 0.008 * uniform (seed + 1),
                     0.07 + 0.04 * v },
                   seed, Place (0.55));
        else if (n.pitch == 54)
        {
            std::vector<Mode> modes;
            for (std::uint64_t m = 0; m < 14; ++m)
                modes.push_back (
                    { 3800 * std::pow (3.4, uniform (6000 + m)) * (1 + 0.004 * uniform (seed + m)),
                      0.045 * v * (0.4 + uniform (seed + 20 + m)), 0.12 + 0.2 * uniform (6100 + m) });
            for (std::uint64_t jingle = 0; jingle < 3; ++jingle)
                strike (
                    out,
                    at + frameOf (0.006 * double (jingle) + 0.004 * uniform (seed + 40 + jingle), out.rate),
                    modes, Place (-0.6), 0.001);
            burst (out, at, { 5200, 13000, 0.22 * v, 0.003, 0.14 }, seed, Place (-0.6));
        }
        else if (n.pitch == 39)
            for (std::uint64_t hand = 0; hand < 5; ++hand)
                burst (out, at + frameOf (0.004 * double (hand) + 0.005 * uniform (seed + hand), out.rate),
                       { 950, 3600 + 1500 * uniform (seed + 9 + hand), 0.34 * v, 0.0006,
                         hand == 4 ? 0.16 : 0.03 },
                       seed + 60 + hand, Place (-0.5 + 0.25 * double (hand)));
        else
        {
            const double base = (n.pitch == 64 ? 172 : 238) * (1 + 0.012 * (uniform (seed) - 0.5));
            const bool mute = n.pitch == 62;
            beat (out, at, { base, 0.12, 0.02, 0.6 * v, mute ? 0.07 : 0.3 }, Place (-0.35));
            strike (out, at,
                    { { base * 1.6, 0.2 * v, mute ? 0.05 : 0.16 },
                      { base * 2.3, 0.13 * v, 0.09 },
                      { base * 3.4, 0.08 * v, 0.05 } },
                    Place (-0.35));
            burst (out, at, { 900, 4200, 0.4 * v * v, 0.0004, 0.022 }, seed, Place (-0.35));
        }
    }
}

// ------------------------------------------------------------------------------------------------ the
// strings

void playBass (const DemoPart& part, Stereo& out)
{
    const double rate = out.rate;
    std::vector<float> weight (out.left.size());
    for (std::size_t k = 0; k < part.notes.size(); ++k)
    {
        const DemoNote& n = part.notes[k];
        const Frames at = frameOf (n.seconds, rate), next = k + 1 < part.notes.size()
                                                                ? frameOf (part.notes[k + 1].seconds, rate)
                                                                : out.frames();
        const bool dead = n.articulation == 1;
        const double held = std::min (n.duration + 0.03, static_cast<double> (next - at) / rate + 0.012);
        const Frames length = frameOf (dead ? std::min (held, 0.09) : held, rate);
        const double f = frequencyOf (n.pitch);
        pluck (out, at, length,
               { f, 0.34 * n.velocity, dead ? 0.12 : 5.5, 420 + 1500 * n.velocity * n.velocity,
                 0.17 + 0.03 * uniform (seedOf (n, 7)), 0.3, 0.11 },
               seedOf (n, 8), Place (0));
        if (dead)
            continue;
        double level = 0, phase = 0;
        const double decay = std::exp (-1 / (1.6 * rate));
        const double rise = 0.006 * rate, fall = 0.02 * rate;
        const Frames frames = std::min (length, out.frames() - at);
        for (Frames m = 0; m < frames; ++m)
        {
            level = m == 0 ? 0.30 * n.velocity : level * decay;
            const double g =
                std::min ({ 1.0, static_cast<double> (m) / rise, static_cast<double> (frames - m) / fall });
            weight[static_cast<std::size_t> (at + m)] +=
                static_cast<float> (level * g * (sine (phase) + 0.25 * sine (2 * phase)));
            phase += f / rate;
        }
    }
    Svf top;
    top.set (3600, 0.6, rate);
    for (std::size_t n = 0; n < out.left.size(); ++n)
    {
        top.put (1.15 * out.left[n]);
        out.left[n] = out.right[n] = static_cast<float> (bent (top.low + weight[n]));
    }
}

void playPickedGuitar (const DemoPart& part, Stereo& out)
{
    const double rate = out.rate;
    for (std::size_t k = 0; k < part.notes.size(); ++k)
    {
        const DemoNote& n = part.notes[k];
        const auto seed = seedOf (n, 9);
        const bool muted = n.articulation == 1;
        const double late = n.articulation == 2 ? 0.021 * n.line : 0;
        const Frames at = frameOf (n.seconds + late, rate);
        const double held = muted ? 0.3 : n.articulation == 2 ? 6.0 : n.duration * 1.25;
        const Frames length = std::min (frameOf (held, rate), nextOn (part, k, rate) - at + 240);
        const double f = frequencyOf (n.pitch) * (1 + 0.0008 * (uniform (seed) - 0.5));
        pluck (out, at, length,
               { f, 0.2 * n.velocity, muted ? 0.35 : 3.4,
                 (muted ? 1100 : 1700) + 3800 * n.velocity * n.velocity, 0.13 + 0.05 * uniform (seed + 1),
                 muted ? 0.42 : 0.22, 0.19 },
               seed, Place (0));
    }
    Svf cone, presence;
    OnePole cap;
    cone.set (4600, 0.8, rate);
    presence.set (2300, 0.9, rate);
    cap.set (7000, rate);
    for (std::size_t n = 0; n < out.left.size(); ++n)
    {
        presence.put (out.left[n]);
        cone.put (bent (1.5 * (out.left[n] + 0.5 * presence.band)));
        out.left[n] = out.right[n] = static_cast<float> (cap.put (cone.low));
    }
}

void playStrummedGuitar (const DemoPart& part, Stereo& out)
{
    const double rate = out.rate;
    for (std::size_t k = 0; k < part.notes.size(); ++k)
    {
        const DemoNote& n = part.notes[k];
        const auto seed = seedOf (n, 10);
        const bool up = n.articulation == 1;
        // The hand needs 6 to 12 ms from string to string, less when it strikes harder.
        const double step = n.articulation == 2 ? 0.034 : 0.0115 - 0.006 * n.velocity;
        const double late = step * (up ? 5 - n.line : n.line) * (0.85 + 0.3 * uniform (seed + 2));
        const Frames at = frameOf (n.seconds + late, rate);
        const double held = n.articulation == 2 ? 6.0 : 2.4;
        const Frames length = std::min (frameOf (held, rate), nextOn (part, k, rate) - at + 400);
        const double f = frequencyOf (n.pitch) * (1 + 0.001 * (uniform (seed) - 0.5));
        const double place = -0.35 + 0.14 * n.line;
        pluck (out, at, length,
               { f, (up ? 0.13 : 0.15) * n.velocity, n.line < 2 ? 3.6 : 2.8, 2600 + 6500 * n.velocity,
                 (up ? 0.2 : 0.15) + 0.04 * uniform (seed + 1), 0.16 },
               seed, Place (place));
    }
    // Air and top-plate modes of a dreadnought; the two microphones hear them in other measure.
    body (out.left,
          { { 103, 1.3, 9 },
            { 199, 1.1, 11 },
            { 287, 0.5, 10 },
            { 412, 0.6, 9 },
            { 640, 0.5, 7 },
            { 1180, 0.45, 4 },
            { 3300, 0.6, 1.6 } },
          0.62, rate);
    body (out.right,
          { { 105, 1.1, 9 },
            { 207, 1.2, 11 },
            { 318, 0.6, 10 },
            { 388, 0.5, 9 },
            { 705, 0.55, 7 },
            { 1340, 0.4, 4 },
            { 4100, 0.7, 1.6 } },
          0.62, rate);
}

// --------------------------------------------------------------------------------------------------- the
// keys

void playKeys (const DemoPart& part, Stereo& out)
{
    const double rate = out.rate;
    for (const DemoNote& n : part.notes)
    {
        const auto seed = seedOf (n, 11);
        const double f = frequencyOf (n.pitch) * (1 + 0.0012 * (uniform (seed) - 0.5)), v = n.velocity;
        const Frames at = frameOf (n.seconds, rate), damped = frameOf (n.duration, rate);
        const Frames length = std::min (out.frames() - at, damped + frameOf (0.28, rate));
        // FM after Chowning (1973): the tine near the hammer rings at a high ratio and dies at once, the tone
        // bar stays; a hard stroke bends the tone more.
        double bar = 0.45 + 2.6 * v * v, tine = (f < 900 ? 0.34 : 0.2) * v * v, level = 0.16 * v;
        const double tineRatio = f * 14.02 < 0.4 * rate ? 14.02 : 7.01;
        const double barFall = std::exp (-1 / (0.55 * rate)), tineFall = std::exp (-1 / (0.09 * rate));
        const double fall = std::exp (-1 / ((2.9 - 0.016 * n.pitch) * rate)),
                     damp = std::exp (-1 / (0.05 * rate));
        double phase = uniform (seed + 1) * 0.05, wide = 0;
        for (Frames m = 0; m < length; ++m)
        {
            const double b = bar * sine (phase) / (2 * pi);
            const double t = tine * sine (wide);
            const double tone = sine (phase + b) + 0.35 * sine (phase * 2 + 0.4 * b) * v + t;
            const double g = std::min ({ 1.0, static_cast<double> (m) / (0.0015 * rate),
                                         static_cast<double> (length - m) / (0.04 * rate) });
            const double swing = 0.42 * sine (5.1 * static_cast<double> (at + m) / rate);
            const double x = tone * level * g;
            out.add (at + m, x * (1 + swing), x * (1 - swing));
            phase += f / rate;
            wide += f * tineRatio / rate;
            bar = 0.22 + (bar - 0.22) * barFall;
            tine *= tineFall;
            level *= m > damped ? damp : fall;
        }
    }
    // The pickup sees the tine from one side: the tone bends more one way than the other.
    for (auto* side : { &out.left, &out.right })
        for (float& x : *side)
            x = static_cast<float> (bent (1.8 * x + 0.9 * x * x));
}

void playPad (const DemoPart& part, Stereo& out)
{
    const double rate = out.rate;
    const Saws& saws = Saws::tables();
    std::vector<float> light (out.left.size());
    for (const DemoNote& n : part.notes)
    {
        const auto seed = seedOf (n, 12);
        const Frames at = frameOf (n.seconds, rate), held = frameOf (n.duration, rate);
        const Frames length = std::min (out.frames() - at, held + frameOf (0.9, rate));
        const double f = frequencyOf (n.pitch);
        struct Voice
        {
            double step, phase, wobble;
        };
        std::array<Voice, 4> voice;
        for (std::size_t k = 0; k < 4; ++k)
            voice[k] = { f * std::exp2 ((k < 2 ? (k == 0 ? -7.5 : 4.0) : (k == 2 ? 8.0 : -3.5)) / 1200) /
                             rate,
                         uniform (seed + k), uniform (seed + 9 + k) };
        const float* saw = saws.forFrequency (f * 1.01);
        const double gain = 0.045 * n.velocity, up = share (0.28, rate), down = share (0.3, rate);
        double level = 0, drift = 1;
        for (Frames m = 0; m < length; ++m)
        {
            level += m < held ? up * (1.05 - level) : -down * level;
            const double fade = std::min (1.0, static_cast<double> (length - m) / (0.1 * rate));
            if (m % 32 == 0)
                drift = 1 + 0.0011 * sine (0.31 * static_cast<double> (m) / rate + voice[0].wobble);
            std::array<double, 4> x;
            for (std::size_t k = 0; k < 4; ++k)
            {
                x[k] = Saws::at (saw, voice[k].phase);
                voice[k].phase += voice[k].step * (k % 2 == 0 ? drift : 2 - drift);
                voice[k].phase -= voice[k].phase >= 1 ? 1 : 0;
            }
            const double g = gain * level * fade;
            out.add (at + m, g * (x[0] + x[1]), g * (x[2] + x[3]));
            light[static_cast<std::size_t> (at + m)] += static_cast<float> (0.25 * g / 0.045);
        }
    }
    // The filters follow how full the chord is and breathe with two slow waves.
    Ladder left, right;
    OnePole slow;
    slow.set (0.8, rate);
    for (std::size_t n = 0; n < out.left.size(); ++n)
    {
        const double open = slow.put (light[n]);
        if (n % 32 == 0)
        {
            const double t = static_cast<double> (n) / rate;
            const double base = 420 + 1700 * open * open;
            left.set (base * std::exp2 (0.55 * sine (0.11 * t) + 0.15 * sine (0.43 * t)), 0.9, rate);
            right.set (base * std::exp2 (0.55 * sine (0.13 * t + 0.3) + 0.15 * sine (0.39 * t + 0.2)), 0.9,
                       rate);
        }
        out.left[n] = static_cast<float> (left.put (out.left[n]));
        out.right[n] = static_cast<float> (right.put (out.right[n]));
    }
    chorus (out, 0.75, 2.6, 0.37);
}

void playArp (const DemoPart& part, Stereo& out)
{
    const double rate = out.rate;
    const Saws& saws = Saws::tables();
    for (const DemoNote& n : part.notes)
    {
        const auto seed = seedOf (n, 13);
        const Frames at = frameOf (n.seconds, rate), held = frameOf (n.duration, rate);
        const Frames length = std::min (out.frames() - at, held + frameOf (0.3, rate));
        const double f = frequencyOf (n.pitch) * (1 + 0.0015 * (uniform (seed) - 0.5)), v = n.velocity;
        const float* saw = saws.forFrequency (f);
        const double width = 0.32 + 0.14 * sine (0.09 * n.seconds);
        const double sweep = 0.5 + 0.5 * sine (n.seconds / 18.5 - 0.25); // opens over eight bars
        double phase = uniform (seed + 1), level = 0.12 * v, envelope = 1;
        const double fall = std::exp (-1 / (0.17 * rate)), close = std::exp (-1 / (0.07 * rate));
        Ladder filter;
        const Place place (n.line == 0 ? -0.62 : 0.62);
        for (Frames m = 0; m < length; ++m)
        {
            if (m % 16 == 0)
                filter.set (350 + f * 0.8 + (1400 + 3600 * v * sweep) * envelope, 1.5, rate);
            double other = phase + width;
            other -= other >= 1 ? 1 : 0;
            const double pulse = Saws::at (saw, phase) - Saws::at (saw, other);
            const double g = std::min ({ 1.0, static_cast<double> (m) / (0.002 * rate),
                                         static_cast<double> (length - m) / (0.02 * rate) });
            const double x = filter.put (pulse * 0.6) * level * g;
            out.add (at + m, x * place.left, x * place.right);
            phase += f / rate;
            phase -= phase >= 1 ? 1 : 0;
            level *= fall;
            envelope *= close;
        }
    }
}

void playGlass (const DemoPart& part, Stereo& out)
{
    // A bar free at both ends: 1, 2.756, 5.404, 8.933 (Fletcher and Rossing, "The Physics of Musical
    // Instruments").
    for (const DemoNote& n : part.notes)
    {
        const auto seed = seedOf (n, 14);
        const double f = frequencyOf (n.pitch), v = n.velocity;
        const Frames at = frameOf (n.seconds, out.rate);
        const double t = 2.2 - 0.016 * (n.pitch - 78);
        strike (out, at,
                { { f, 0.2 * v, t },
                  { f * 1.0021, 0.09 * v, t * 0.9 },
                  { f * 2.756, 0.10 * v * v, 0.5 + 0.1 * uniform (seed) },
                  { f * 5.404, 0.06 * v * v, 0.2 },
                  { f * 8.933, 0.03 * v * v, 0.08 } },
                Place (0), 0.0008);
        burst (out, at, { 2500, 8000, 0.05 * v * v, 0.0005, 0.02 }, seed, Place (0));
    }
    out.right = out.left;
}

// ------------------------------------------------------------------------------------------------- the
// voices

namespace
{

struct Vowel
{
    std::array<double, 5> frequency, decibels, bandwidth;
};

// Formants of an alto, after the table in the Csound manual, the upper ones raised because a saw falls by
// itself.
const Vowel& vowel (int letter)
{
    static const Vowel a { { 800, 1180, 2850, 3600, 4950 },
                           { 0, -2, -8, -12, -20 },
                           { 85, 100, 190, 220, 260 } };
    static const Vowel e { { 500, 1680, 2750, 3450, 4950 },
                           { 0, -6, -9, -13, -20 },
                           { 75, 105, 190, 220, 260 } };
    static const Vowel i { { 390, 1850, 2800, 3650, 4950 },
                           { 0, -6, -9, -13, -20 },
                           { 70, 110, 190, 220, 260 } };
    static const Vowel o { { 510, 880, 2800, 3500, 4950 },
                           { 0, -3, -10, -15, -23 },
                           { 80, 90, 180, 210, 260 } };
    static const Vowel u { { 380, 780, 2560, 3450, 4950 },
                           { 0, -5, -13, -18, -26 },
                           { 70, 80, 150, 190, 240 } };
    switch (letter)
    {
        case 'e': return e;
        case 'i': return i;
        case 'o': return o;
        case 'u': return u;
        default: return a;
    }
}

/// How the mouth closes before a vowel.
struct Consonant
{
    double seconds; ///< closed before the note
    double silence; ///< how much of the voice it takes away
    double shape;   ///< how far the formants go towards a closed mouth
    double hiss;    ///< friction while closed
    double burst;   ///< friction at the release
};

/// The consonant in front of a note: a function of its place, so that a second singer sings the same words.
const Consonant& consonant (const DemoNote& n)
{
    static const Consonant nasal { 0.055, 0.55, 0.9, 0, 0 }, liquid { 0.04, 0.25, 0.6, 0, 0 },
        stop { 0.045, 0.93, 0.5, 0, 1.0 }, hiss { 0.075, 0.95, 0.35, 1.0, 0 }, none { 0.0, 0.0, 0, 0, 0 };
    const double x = uniform (hashed (4242 + static_cast<std::uint64_t> (std::llround (n.beat * 48))));
    if (n.length > 2.5)
        return liquid;
    if (std::fmod (n.beat, 1.0) != 0 && x < 0.35)
        return none; // the vowel runs on through a short note
    return x < 0.48 ? nasal : x < 0.66 ? liquid : x < 0.84 ? stop : hiss;
}

struct Singer
{
    std::uint64_t seed;
    double cents;   ///< how far from the tuning
    double throat;  ///< factor of the formants
    double breath;  ///< share of noise
    double vibrato; ///< cents
    double late;    ///< seconds after the line
    double legato;  ///< notes closer than this many seconds are one phrase
    double inhaled; ///< level of the breath taken before a phrase
};

/// Sings one line of a part.
void sing (const DemoPart& part, int line, const Singer& who, double gain, Place place, Stereo& out)
{
    const double rate = out.rate;
    std::vector<const DemoNote*> notes;
    for (const DemoNote& n : part.notes)
        if (n.line == line)
            notes.push_back (&n);
    if (notes.empty())
        return;

    const Saws& saws = Saws::tables();
    static constexpr std::array<double, 5> closed { 270, 1050, 2300, 3300, 4700 };
    std::array<Svf, 5> formant;
    std::array<double, 5> frequency {}, level {}, width {};
    const auto mouth = [&] (const Vowel& v, double closure, double f0, double loud, double far)
    {
        for (std::size_t k = 0; k < 5; ++k)
        {
            // A singer opens the mouth on high notes, so that the first formant stays above the pitch.
            double goal = v.frequency[k] * who.throat;
            if (k == 0)
                goal = std::max (goal, 1.04 * f0);
            goal += closure * (closed[k] - goal);
            const double gainNow = std::pow (10.0, v.decibels[k] / 20) * (k < 2 ? 1 : 0.4 + 0.8 * loud);
            frequency[k] += far * (goal - frequency[k]);
            level[k] += far * (gainNow - level[k]);
            width[k] += far * (v.bandwidth[k] * 1.15 - width[k]);
            formant[k].set (frequency[k], frequency[k] / width[k], rate);
        }
    };
    mouth (vowel (notes.front()->articulation), 0, 300, 0.5, 1);

    const auto startOf = [&] (std::size_t k)
    {
        const double hand = 0.011 * (uniform (who.seed * 31 + k) - 0.5);
        return frameOf (std::max (0.0, notes[k]->seconds + who.late + hand), rate);
    };
    OnePole tilt, chest;
    Svf friction, air;
    friction.set (5600 * who.throat, 1.1, rate);
    air.set (7800 * who.throat, 0.7, rate);
    Noise noise (who.seed);
    const double tune = std::exp2 (who.cents / 1200);
    double pitch = notes.front()->pitch, loud = 0, closure = 0, hiss = 0, burst = 0, puff = 0, inhale = 0;
    double phase = 0, since = 0, wander = 0, step = frequencyOf (pitch) / rate;
    const float* saw = saws.forFrequency (frequencyOf (pitch));
    std::size_t index = 0;
    bool on = false, breathing = false;
    Frames off = 0, opened = 0, nextStart = startOf (0);
    const Consonant* sound = &consonant (*notes.front());
    const double glide = share (0.026, rate), attack = share (0.028, rate), release = share (0.075, rate);
    const double shut = share (0.011, rate), open = share (0.017, rate), quick = share (0.007, rate),
                 slow = share (0.05, rate);
    const double puffFall = std::exp (-1 / (0.09 * rate)), burstFall = std::exp (-1 / (0.008 * rate));
    const double shape = 1 - std::pow (1 - share (0.03, rate), 32);
    const Frames inhaleFrames = frameOf (0.34, rate);
    for (Frames n = std::max<Frames> (0, nextStart - inhaleFrames); n < out.frames(); ++n)
    {
        if (index < notes.size() && n >= nextStart)
        {
            const DemoNote& note = *notes[index];
            const bool joined = on;
            if (! joined && loud < 0.02)
                pitch = note.pitch - 0.7; // a voice scoops into a phrase
            if (! joined)
                puff = 1;
            burst = sound->burst;
            since = joined ? 0.12 : 0;
            on = true;
            opened = n + frameOf (0.006, rate);
            off = n + frameOf (note.duration, rate);
            ++index;
            nextStart = index < notes.size() ? startOf (index) : out.frames();
            if (nextStart - off < frameOf (who.legato, rate)) // held over to the next note of the phrase
                off = nextStart + 1;
            saw = saws.forFrequency (frequencyOf (std::max<double> (note.pitch, pitch)) * 1.03, 16000);
        }
        if (on && n >= off)
            on = false;
        const bool near = index < notes.size() && n >= nextStart - inhaleFrames;
        if (! on && loud < 1e-5 && ! near)
        {
            if (index >= notes.size())
                break;
            loud = inhale = 0;
            breathing = false;
            n = std::max (n, nextStart - inhaleFrames - 1); // nothing sounds until then
            continue;
        }
        // The mouth closes for the next syllable shortly before its note.
        bool closing = n < opened;
        if (index < notes.size())
        {
            const Consonant& next = consonant (*notes[index]);
            if (n >= nextStart - frameOf (next.seconds, rate))
            {
                sound = &next;
                closing = next.seconds > 0;
            }
        }
        const DemoNote& now = *notes[index == 0 ? 0 : index - 1];
        loud += on ? attack * (now.velocity - loud) : -release * loud;
        closure += closing ? shut * (1 - closure) : -open * closure;
        hiss += quick * ((closing ? sound->hiss : 0.0) - hiss);
        if (n % 32 == 0)
        {
            wander += 0.02 * (noise.next() * 6 - wander);
            const double f0 = frequencyOf (pitch);
            mouth (vowel (now.articulation), closure * sound->shape, f0, loud, shape);
            tilt.set (1100 + 5600 * loud, rate);
            chest.set (f0 * 1.2, rate);
            breathing = ! on && loud < 0.01 && near && nextStart - n > frameOf (0.07, rate);
        }
        since += 1 / rate;
        puff *= puffFall;
        burst *= burstFall;
        inhale += slow * ((breathing ? who.inhaled : 0.0) - inhale);
        pitch += glide * (now.pitch - pitch);
        if (n % 8 == 0)
        {
            const double depth = who.vibrato * std::clamp ((since - 0.22) / 0.45, 0.0, 1.0);
            const double wave =
                sine ((5.35 + 0.02 * static_cast<double> (who.seed % 17)) * static_cast<double> (n) / rate +
                      0.06 * wander);
            step = frequencyOf (pitch + (depth * wave + 5 * wander) / 100) * tune / rate;
        }
        phase += step;
        phase -= phase >= 1 ? 1 : 0;
        // Breath comes in puffs: it passes while the glottis is open.
        const double white = noise.next();
        const double passing = phase < 0.55 ? 1.0 : 0.3;
        const double voiced = loud * (0.4 + 0.6 * loud) * (1 - sound->silence * closure);
        const double breath = white * (who.breath * (1 + 2.2 * puff) * passing * voiced + inhale);
        const double pulse = tilt.put (Saws::at (saw, phase));
        const double source = pulse * voiced + breath;
        double x = 0.16 * chest.put (pulse) * voiced;
        for (std::size_t k = 0; k < 5; ++k)
        {
            formant[k].put (source);
            x += formant[k].band * level[k] * (k % 2 == 0 ? 1 : -1);
        }
        friction.put (white * (hiss + 0.8 * burst) * (0.3 + 0.5 * now.velocity));
        air.put (breath);
        x = (x + 0.13 * friction.band + 0.05 * air.band) * gain;
        out.add (n, x * place.left, x * place.right);
    }
}

} // namespace

void playLead (const DemoPart& part, Stereo& out)
{
    sing (part, 0, { 101, 0, 1.06, 0.55, 24, 0, 0.16, 0.25 }, 1, Place (0), out);
}

void playVoices (const DemoPart& part, Stereo& out)
{
    static constexpr double places[4][2] = {
        { -0.85, 0.45 }, { 0.85, -0.45 }, { -0.6, 0.7 }, { -0.95, 0.95 }
    };
    for (int line = 0; line < 4; ++line)
        for (int take = 0; take < 2; ++take)
        {
            const auto seed = static_cast<std::uint64_t> (200 + line * 10 + take);
            const double cents = 14 * (uniform (seed) - 0.5);
            sing (part, line,
                  { seed, cents, 0.97 + 0.1 * uniform (seed + 1), 0.8, 14, 0.014 * uniform (seed + 2), 0.05,
                    0 },
                  line == 3 ? 0.85 : 0.8, Place (places[line][take]), out);
        }
    chorus (out, 0.35, 1.8, 0.29);
}

void playEffects (const DemoPart& part, Stereo& out)
{
    const double rate = out.rate;
    const Saws& saws = Saws::tables();
    for (const DemoNote& note : part.notes)
    {
        const auto seed = seedOf (note, 15);
        const Frames at = frameOf (note.seconds, rate),
                     length = std::min (out.frames() - at, frameOf (note.duration, rate));
        const double v = note.velocity;
        if (note.pitch == 0) // noise through a rising band, and a cluster of saws that climbs two octaves
        {
            Noise a (seed), b (seed + 1);
            Svf left, right;
            Ladder dull;
            std::array<double, 5> phase {};
            const float* saw = saws.forFrequency (1200);
            for (Frames n = 0; n < length; ++n)
            {
                const double t = static_cast<double> (n) / static_cast<double> (length);
                if (n % 32 == 0)
                {
                    left.set (300 * std::pow (26.0, t), 1.6 + t, rate);
                    right.set (330 * std::pow (26.0, t * 0.98), 1.6 + t, rate);
                    dull.set (300 + 6000 * t * t, 1.2, rate);
                }
                double cluster = 0;
                for (std::size_t k = 0; k < 5; ++k)
                {
                    cluster += Saws::at (saw, phase[k]);
                    phase[k] += 146.83 * std::exp2 (2 * t * t) * (1 + 0.006 * (double (k) - 2)) / rate;
                    phase[k] -= phase[k] >= 1 ? 1 : 0;
                }
                left.put (a.next());
                right.put (b.next());
                const double end = std::min (1.0, static_cast<double> (length - n) / (0.03 * rate));
                const double pulse = 0.75 + 0.25 * sine (static_cast<double> (n) / rate * 104 / 60 * 4);
                const double g = v * t * t * end * pulse, c = 0.055 * dull.put (cluster * 0.4);
                out.add (at + n, g * (0.42 * left.band + c), g * (0.42 * right.band + c));
            }
        }
        else if (note.pitch == 1) // a drop into the deep, and a cloud of air
        {
            beat (out, at, { 41, 1.6, 0.16, 0.6 * v, 1.9 }, Place (0));
            burst (out, at, { 60, 900, 0.35 * v, 0.004, 1.1 }, seed, Place (-0.4));
            burst (out, at, { 60, 1100, 0.35 * v, 0.004, 1.2 }, seed + 1, Place (0.4));
            burst (out, at, { 2400, 9000, 0.10 * v, 0.01, 1.8 }, seed + 2, Place (-0.8));
            burst (out, at, { 2600, 9500, 0.10 * v, 0.012, 1.8 }, seed + 3, Place (0.8));
        }
        else if (note.pitch == 2) // waves against a hull
        {
            Noise a (seed), b (seed + 1);
            Svf left, right;
            for (Frames n = 0; n < length; ++n)
            {
                const double t = static_cast<double> (n) / rate,
                             x = static_cast<double> (n) / static_cast<double> (length);
                const double swellLeft = 0.35 + 0.65 * std::pow (0.5 + 0.5 * sine (0.19 * t - 0.2), 2);
                const double swellRight = 0.35 + 0.65 * std::pow (0.5 + 0.5 * sine (0.17 * t - 0.32), 2);
                if (n % 32 == 0)
                {
                    left.set (260 + 900 * swellLeft, 0.6, rate);
                    right.set (250 + 950 * swellRight, 0.6, rate);
                }
                left.put (a.next());
                right.put (b.next());
                const double g = 0.16 * v * std::min ({ 1.0, 3.5 * x, 4 * (1 - x) });
                out.add (at + n, g * left.band * swellLeft, g * right.band * swellRight);
            }
        }
        else // a horn over water: two reeds a fifth apart, far away
        {
            Ladder far;
            double one = 0, two = 0.3;
            const float* saw = saws.forFrequency (120);
            for (Frames n = 0; n < length; ++n)
            {
                const double t = static_cast<double> (n) / rate,
                             x = static_cast<double> (n) / static_cast<double> (length);
                const double press = std::min ({ 1.0, t / 0.35, 3 * (1 - x) });
                if (n % 32 == 0)
                    far.set (160 + 420 * press, 0.8, rate);
                const double bend = 1 - 0.02 * (1 - press);
                one += 73.42 * bend / rate;
                one -= one >= 1 ? 1 : 0;
                two += 110.0 * bend / rate;
                two -= two >= 1 ? 1 : 0;
                const double y =
                    far.put (0.3 * (Saws::at (saw, one) + 0.7 * Saws::at (saw, two))) * 0.3 * v * press;
                out.add (at + n, y * 1.1, y * 0.8);
            }
        }
    }
}

} // namespace lacquer::studio::synth
