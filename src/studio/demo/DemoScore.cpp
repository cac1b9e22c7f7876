// SPDX-License-Identifier: GPL-3.0-or-later
#include "studio/demo/DemoScore.h"

#include "core/Random.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <initializer_list>

namespace lacquer::studio
{
namespace
{

// The form, in bars from 0.
constexpr int verse = 4, chorus = 12, bridge = 20, finalChorus = 26, outro = 34, lastBar = 38;
constexpr double bar = 4;

struct Harmony
{
    std::string_view name;
    int bass;
    std::initializer_list<int> tones, voicing, fingering;
};

// Voicings stay within a step or two of each other, so that the pad and the choir sing lines and not blocks.
const Harmony dAdd9 { "Dadd9", 38, { 2, 4, 6, 9 }, { 57, 62, 64, 66 }, { 45, 50, 57, 62, 64 } };
const Harmony gMaj9 { "Gmaj9", 31, { 7, 11, 2, 6, 9 }, { 59, 62, 66, 69 }, { 43, 47, 50, 55, 59, 66 } };
const Harmony gMinor6 { "Gm6", 31, { 7, 10, 2, 4 }, { 58, 62, 64, 67 }, { 43, 50, 55, 58, 64 } };
const Harmony fSharpMinor7 { "F#m7", 30, { 6, 9, 1, 4 }, { 57, 61, 64, 66 }, { 42, 49, 52, 57, 61, 66 } };
const Harmony bMinor7 { "Bm7", 35, { 11, 2, 6, 9 }, { 57, 59, 62, 66 }, { 47, 54, 57, 62, 66 } };
const Harmony fSharp7 { "F#7/A#", 34, { 6, 10, 1, 4 }, { 58, 61, 64, 66 }, { 46, 49, 54, 58, 64 } };
const Harmony e9 { "E9", 28, { 4, 8, 11, 2, 6 }, { 56, 59, 62, 66 }, { 40, 47, 50, 56, 59, 66 } };
const Harmony aSus { "A7sus4", 33, { 9, 2, 4, 7 }, { 57, 62, 64, 67 }, { 45, 52, 55, 62, 64 } };
const Harmony aMajor { "A", 33, { 9, 1, 4 }, { 57, 61, 64, 69 }, { 45, 52, 57, 61, 64 } };
const Harmony a7 { "A7", 33, { 9, 1, 4, 7 }, { 57, 61, 64, 67 }, { 45, 52, 55, 61, 64 } };
const Harmony dOverA { "D/A", 33, { 2, 6, 9 }, { 57, 62, 66, 69 }, { 45, 50, 57, 62, 66 } };
const Harmony bFlatMaj7 { "Bbmaj7", 34, { 10, 2, 5, 9 }, { 58, 62, 65, 69 }, { 46, 53, 57, 62, 65 } };
const Harmony fMaj7 { "Fmaj7/A", 33, { 5, 9, 0, 4 }, { 57, 60, 64, 65 }, { 45, 53, 57, 60, 64 } };
const Harmony gMinor9 { "Gm9", 31, { 7, 10, 2, 5, 9 }, { 58, 62, 65, 69 }, { 43, 50, 53, 58, 62, 69 } };
const Harmony dOverFSharp { "D/F#", 30, { 2, 6, 9 }, { 57, 62, 66, 69 }, { 42, 50, 57, 62, 66 } };
const Harmony eMinor7 { "Em7", 28, { 4, 7, 11, 2 }, { 59, 62, 64, 67 }, { 40, 47, 50, 55, 59, 64 } };
const Harmony cAdd9 { "Cadd9", 36, { 0, 2, 4, 7 }, { 60, 62, 64, 67 }, { 48, 52, 55, 62, 64 } };

struct Change
{
    double bars;
    const Harmony& harmony;
};

// G minor under D major and the B flat and C of the bridge are borrowed from D minor; F#7 and E9 are the
// dominants of B minor and of A.
const Change progression[] = {
    { 0, dAdd9 },
    { 1, gMaj9 },
    { 2, dAdd9 },
    { 3, gMinor6 },
    // verse
    { 4, dAdd9 },
    { 5, fSharpMinor7 },
    { 6, bMinor7 },
    { 7, gMaj9 },
    { 8, dAdd9 },
    { 9, fSharp7 },
    { 10, bMinor7 },
    { 11, e9 },
    { 11.5, aSus },
    // chorus
    { 12, gMaj9 },
    { 13, aMajor },
    { 14, fSharpMinor7 },
    { 15, bMinor7 },
    { 16, gMaj9 },
    { 17, gMinor6 },
    { 18, dOverA },
    { 19, aSus },
    { 19.5, a7 },
    // bridge
    { 20, bFlatMaj7 },
    { 21, fMaj7 },
    { 22, gMinor9 },
    { 23, dOverFSharp },
    { 24, eMinor7 },
    { 25, aSus },
    // final chorus
    { 26, gMaj9 },
    { 27, aMajor },
    { 28, fSharpMinor7 },
    { 28.5, fSharp7 },
    { 29, bMinor7 },
    { 30, gMaj9 },
    { 31, gMinor6 },
    { 32, dOverA },
    { 33, bFlatMaj7 },
    { 33.5, cAdd9 },
    // outro
    { 34, dAdd9 },
    { 35, gMaj9 },
    { 36, dAdd9 },
    { 37, gMinor6 },
    { 38, dAdd9 },
};

/// How a player plays: how steady, how far behind the beat, how evenly.
struct Player
{
    std::uint64_t seed;
    double unsteadiness;      // standard deviation of the hand, seconds
    double behind = 0;        // seconds after the beat on average
    double unevenness = 0.07; // standard deviation of velocity, as a share of it
};

/// Four uniform numbers summed: nearly normal, standard deviation 1, never beyond 3.5.
double bell (std::uint64_t seed)
{
    double sum = -2;
    for (std::uint64_t k = 0; k < 4; ++k)
        sum += uniform (hashed (seed) + k);
    return sum * 1.7320508075688772;
}

class Writer
{
public:
    Writer (const DemoScore& s, std::string name, Player p, bool pitched = true)
        : score (s), player (p), part { std::move (name), pitched, {} }
    {
    }

    void play (double beat, double length, int pitch, double velocity, int articulation = 0, int line = 0)
    {
        // One hand plays what stands on one beat: its notes share most of their error.
        const auto hand =
            hashed (player.seed * 1000003 + static_cast<std::uint64_t> (std::llround (beat * 48)));
        const auto finger = hashed (hand + static_cast<std::uint64_t> (pitch * 16 + line + 1));
        const double drift = 0.3 * std::sin (beat * 0.21 + static_cast<double> (player.seed));
        const double error = player.unsteadiness * (0.92 * bell (hand) + 0.2 * bell (finger) + drift);

        DemoNote n;
        n.beat = beat;
        n.length = length;
        n.seconds = std::max (0.0, score.secondsAt (beat) + swing (beat) + player.behind + error);
        n.duration = score.secondsAt (beat + length) - score.secondsAt (beat);
        n.pitch = pitch;
        n.velocity = std::clamp (
            velocity * (1 + player.unevenness * (0.8 * bell (hand + 7) + 0.6 * bell (finger + 7))), 0.04,
            1.0);
        n.articulation = articulation;
        n.line = line;
        part.notes.push_back (n);
    }

    /// True in a share of cases, decided by the place in the score.
    bool chance (double share, double beat, std::uint64_t what = 0) const
    {
        return uniform (hashed (player.seed + 77 + what * 991) +
                        static_cast<std::uint64_t> (std::llround (beat * 48))) < share;
    }

    DemoPart finished()
    {
        std::stable_sort (part.notes.begin(), part.notes.end(),
                          [] (const DemoNote& a, const DemoNote& b) { return a.beat < b.beat; });
        return std::move (part);
    }

private:
    const DemoScore& score;
    Player player;
    DemoPart part;

    /// Off-beat sixteenths come late, as a hand swings them.
    static double swing (double beat)
    {
        const double sixteenths = beat * 4;
        const auto whole = static_cast<std::int64_t> (std::llround (sixteenths));
        return std::abs (sixteenths - static_cast<double> (whole)) < 1e-6 && whole % 2 != 0 ? 0.008 : 0.0;
    }
};

/// The intensity of a bar, 0 to 1: what every player plays to.
double intensity (int b)
{
    if (b < verse)
        return 0.45 + 0.03 * b;
    if (b < verse + 4)
        return 0.58;
    if (b < chorus)
        return 0.66 + 0.02 * (b - verse - 4);
    if (b < bridge)
        return 0.84;
    if (b < bridge + 4)
        return 0.46;
    if (b < finalChorus)
        return 0.62 + 0.15 * (b - bridge - 4);
    if (b < outro)
        return 0.96;
    return 0.55 - 0.05 * (b - outro);
}

bool inChorus (int b)
{
    return (b >= chorus && b < bridge) || (b >= finalChorus && b < outro);
}

// ------------------------------------------------------------------------------------------------- the kit

DemoPart kick (const DemoScore& s)
{
    Writer w (s, "Kick", { 11, 0.0036 }, false);
    for (int b = 2; b < lastBar; ++b)
    {
        const double at = b * bar, v = 0.55 + 0.45 * intensity (b);
        if (b < verse)
            w.play (at, 0.5, 36, 0.75 * v);
        else if (b >= bridge && b < bridge + 4)
        {
            if (b == bridge)
                w.play (at, 0.5, 36, v);
        }
        else if (b == bridge + 4)
            for (double x : { 0.0, 1.0, 2.0, 3.0 })
                w.play (at + x, 0.5, 36, v * (0.7 + 0.04 * x));
        else if (b == bridge + 5)
            for (int k = 0; k < 6; ++k)
                w.play (at + 0.5 * k, 0.5, 36, v * (0.7 + 0.035 * k));
        else if (b >= outro)
        {
            w.play (at, 0.5, 36, 0.85 * v);
            if (b < outro + 2)
                w.play (at + 2.5, 0.5, 36, 0.7 * v);
        }
        else
        {
            w.play (at, 0.5, 36, v);
            w.play (at + 2.5, 0.5, 36, 0.9 * v);
            if (inChorus (b))
                w.play (at + 1.5, 0.5, 36, 0.78 * v);
            if (b >= finalChorus && b % 2 == 0)
                w.play (at + 2, 0.5, 36, 0.82 * v);
            if (b % 2 == 1)
                w.play (at + (inChorus (b) ? 3.75 : 1.75), 0.5, 36, 0.66 * v);
        }
    }
    w.play (lastBar * bar, 0.5, 36, 0.7);
    return w.finished();
}

// Pitch 37 = side stick, 38 = snare.
DemoPart snare (const DemoScore& s)
{
    Writer w (s, "Snare", { 12, 0.0042, 0.0015 }, false);
    for (int b = verse; b < outro + 2; ++b)
    {
        const double at = b * bar, v = 0.5 + 0.5 * intensity (b);
        if (b >= bridge && b < bridge + 4)
            continue;
        if (b == bridge + 4) // the roll into the last chorus
        {
            for (int k = 4; k < 8; ++k)
                w.play (at + 0.5 * k, 0.2, 38, 0.28 + 0.02 * k);
            continue;
        }
        if (b == bridge + 5)
        {
            for (int k = 0; k < 14; ++k)
                w.play (at + 0.25 * k, 0.2, 38, (k % 2 ? 0.75 : 1.0) * (0.36 + 0.035 * k));
            continue;
        }
        const bool stick = b < verse + 4 || b >= outro;
        const bool fill = b == chorus - 1 || b == bridge - 1 || b == outro - 1;
        w.play (at + 1, 0.5, stick ? 37 : 38, v);
        if (! fill)
            w.play (at + 3, 0.5, stick ? 37 : 38, 0.97 * v);
        if (! stick)
            for (double x : { 0.75, 1.75, 2.25, 3.75 })
                if (w.chance (inChorus (b) ? 0.45 : 0.6, at + x) && ! (fill && x > 2))
                    w.play (at + x, 0.2, 38, (x == 3.75 ? 0.2 : 0.15) + 0.05 * intensity (b));
        if (fill)
            for (double x : { 2.0, 2.25, 2.75, 3.0 })
                w.play (at + x, 0.25, 38, v * (0.55 + 0.13 * x));
        if (! stick && ! fill && b % 4 == 3)
            w.play (at + 3.5, 0.25, 38, 0.55 * v);
    }
    return w.finished();
}

// Pitch 42 = closed, 44 = half open, 46 = open.
DemoPart hats (const DemoScore& s)
{
    Writer w (s, "Hats", { 13, 0.0046 }, false);
    for (int b = 2; b < outro + 3; ++b)
    {
        const double at = b * bar, v = 0.35 + 0.55 * intensity (b);
        if (b >= bridge && b < bridge + 5)
            continue;
        const bool sixteenths = b >= verse + 4 && b < outro && ! (b >= finalChorus && b % 4 == 3);
        for (int k = 0; k < 16; ++k)
        {
            const double beat = at + 0.25 * k;
            const bool quarter = k % 4 == 0, eighth = k % 2 == 0;
            if ((b < verse || b >= outro) && ! (k % 4 == 2))
                continue;
            if (! eighth && (! sixteenths || w.chance (0.12, beat)))
                continue;
            const double accent = quarter ? 0.78 : eighth ? 1.0 : 0.46;
            int piece = 42;
            if (inChorus (b) && k % 4 == 2)
                piece = b >= finalChorus ? 44 : (k == 14 ? 46 : 42);
            if (! inChorus (b) && b % 4 == 3 && k == 14)
                piece = 46;
            w.play (beat, piece == 42 ? 0.2 : 0.5, piece, v * accent);
        }
    }
    return w.finished();
}

// Pitch 50, 47, 43 = high, middle and floor tom.
DemoPart toms (const DemoScore& s)
{
    Writer w (s, "Toms", { 14, 0.0045 }, false);
    struct Hit
    {
        double at;
        int piece;
        double velocity;
    };
    const Hit fillOne[] = { { 2.5, 50, 0.7 }, { 3.25, 47, 0.75 }, { 3.5, 47, 0.7 }, { 3.75, 43, 0.85 } };
    const Hit fillTwo[] = {
        { 2.5, 50, 0.72 }, { 3.0, 47, 0.7 }, { 3.25, 47, 0.78 }, { 3.5, 43, 0.85 }, { 3.75, 43, 0.92 }
    };
    for (const Hit& h : fillOne)
        w.play ((chorus - 1) * bar + h.at, 0.5, h.piece, h.velocity);
    for (const Hit& h : fillTwo)
        w.play ((bridge - 1) * bar + h.at, 0.5, h.piece, h.velocity);
    for (int b = bridge; b < bridge + 6; ++b) // a slow pulse carries the bridge
    {
        w.play (b * bar, 0.5, 43, 0.42 + 0.06 * (b - bridge));
        w.play (b * bar + 1.5, 0.5, 43, 0.3 + 0.06 * (b - bridge));
        w.play (b * bar + 2.5, 0.5, 47, 0.34 + 0.06 * (b - bridge));
    }
    for (const Hit& h : { Hit { 3.5, 47, 0.9 }, Hit { 3.75, 43, 0.95 } })
        w.play ((finalChorus - 1) * bar + h.at, 0.5, h.piece, h.velocity);
    w.play ((finalChorus + 3) * bar + 3.5, 0.5, 47, 0.62);
    w.play ((finalChorus + 3) * bar + 3.75, 0.5, 43, 0.72);
    for (const Hit& h : fillTwo)
        w.play ((outro - 1) * bar + h.at, 0.5, h.piece, h.velocity * 0.95);
    return w.finished();
}

// Pitch 49, 57 = crashes, 51 = ride.
DemoPart cymbals (const DemoScore& s)
{
    Writer w (s, "Cymbals", { 15, 0.0044 }, false);
    struct Crash
    {
        int bars, piece;
        double velocity;
    };
    for (const Crash& c : { Crash { chorus, 49, 0.85 },
                            { chorus + 4, 57, 0.6 },
                            { bridge, 57, 0.6 },
                            { finalChorus, 49, 1.0 },
                            { finalChorus + 4, 57, 0.8 },
                            { outro, 49, 0.8 },
                            { lastBar, 57, 0.35 } })
        w.play (c.bars * bar, 4, c.piece, c.velocity);
    for (int b = finalChorus; b < outro; ++b)
        for (int k = 0; k < 8; ++k)
            if (k % 2 == 0 || w.chance (0.45, b * bar + 0.5 * k))
                w.play (b * bar + 0.5 * k, 1, 51, k % 2 == 0 ? 0.55 : 0.38);
    for (int b = chorus; b < bridge; ++b)
        for (int k = 0; k < 4; ++k)
            w.play (b * bar + k, 1, 51, k == 0 ? 0.36 : 0.29);
    return w.finished();
}

// Pitch 70 = shaker, 54 = tambourine, 62, 63, 64 = conga mute, open high, open low, 39 = claps.
DemoPart percussion (const DemoScore& s)
{
    Writer w (s, "Percussion", { 16, 0.0062, 0.001 }, false);
    for (int b = verse + 2; b < outro + 2; ++b)
    {
        const double at = b * bar, v = 0.35 + 0.5 * intensity (b);
        const bool soft = b >= bridge && b < bridge + 4;
        for (int k = 0; k < 16; ++k)
        {
            if (soft && k % 2 != 0)
                continue;
            if (w.chance (0.06, at + 0.25 * k))
                continue;
            w.play (at + 0.25 * k, 0.2, 70, v * (k % 4 == 2 ? 1.0 : k % 4 == 0 ? 0.7 : 0.42));
        }
        if (inChorus (b) || (b >= verse + 4 && b < chorus))
        {
            w.play (at + 0.75, 0.3, 62, 0.4 * v, 0, 1);
            w.play (at + 1.5, 0.3, 63, 0.7 * v, 0, 1);
            w.play (at + 2.75, 0.3, 62, 0.42 * v, 0, 1);
            w.play (at + 3.0, 0.3, 64, 0.75 * v, 0, 1);
            w.play (at + 3.5, 0.3, 64, 0.8 * v, 0, 1);
            if (w.chance (0.5, at, 3))
                w.play (at + 3.75, 0.3, 63, 0.5 * v, 0, 1);
        }
        if (b >= finalChorus && b < outro)
            for (double x : { 1.0, 3.0 })
            {
                w.play (at + x, 0.3, 54, 0.8, 0, 2);
                w.play (at + x, 0.3, 39, 0.75, 0, 3);
            }
        else if (b >= chorus + 4 && b < bridge)
            for (double x : { 1.0, 3.0 })
                w.play (at + x, 0.3, 54, 0.62, 0, 2);
    }
    return w.finished();
}

// ------------------------------------------------------------------------------------------------- the bass

/// A step of D major (or of the harmony's own key) next to `to`, on the side of `from`.
int approach (int from, int to, const DemoChord& over)
{
    const int side = from < to ? -1 : 1;
    for (int step : { 2, 1 })
    {
        const int p = to + side * step, c = (p + 120) % 12;
        const bool scale = c == 2 || c == 4 || c == 6 || c == 7 || c == 9 || c == 11 || c == 1;
        const bool chord = std::find (over.tones.begin(), over.tones.end(), c) != over.tones.end();
        if (scale || chord)
            return p;
    }
    return to + side;
}

DemoPart bass (const DemoScore& s)
{
    Writer w (s, "Bass", { 21, 0.0052, 0.001 });
    for (int b = 2; b < lastBar; ++b)
    {
        const double at = b * bar, v = 0.5 + 0.45 * intensity (b);
        const DemoChord& one = s.chordAt (at);
        const DemoChord& two = s.chordAt (at + 2);
        const DemoChord& next = s.chordAt (at + 4);
        const int root = one.bass, half = two.bass;
        const int fifth = root + 7;
        const int lead = approach (half, next.bass, two);
        if (b < verse)
            w.play (at, 3.6, root, 0.7 * v);
        else if (b >= bridge && b < bridge + 4)
        {
            w.play (at, 2.4, root, 0.85 * v);
            w.play (at + 2.5, 0.9, root + 12, 0.55 * v);
            w.play (at + 3.5, 0.45, lead, 0.7 * v);
        }
        else if (b == bridge + 4 || b == bridge + 5)
            for (int k = 0; k < (b == bridge + 5 ? 7 : 8); ++k)
                w.play (at + 0.5 * k, 0.4, root, v * (k % 2 ? 0.72 : 0.9) * (0.85 + 0.02 * k));
        else if (b >= outro)
        {
            w.play (at, 2.3, root, 0.85 * v);
            w.play (at + 2.5, 1.0, b % 2 ? root + 12 : fifth, 0.6 * v);
        }
        else if (inChorus (b))
        {
            w.play (at, 0.7, root, v);
            w.play (at + 0.75, 0.2, root, 0.42 * v, 1);
            w.play (at + 1.0, 0.45, root, 0.72 * v);
            w.play (at + 1.5, 0.45, b % 2 ? root + 12 : root, 0.85 * v);
            if (half == root)
                w.play (at + 2.0, 0.4, b % 4 == 1 ? fifth : root, 0.7 * v);
            else
                w.play (at + 2.0, 0.45, half, 0.9 * v);
            w.play (at + 2.5, 0.7, half, 0.92 * v);
            w.play (at + 3.25, 0.2, half + 12, 0.45 * v, 1);
            w.play (at + 3.5, 0.45, lead, 0.8 * v);
        }
        else
        {
            w.play (at, half == root ? 1.35 : 1.6, root, v);
            if (half == root)
            {
                w.play (at + 1.75, 0.25, fifth, 0.6 * v);
                w.play (at + 2.0, 0.3, root, 0.38 * v, 1);
                w.play (at + 2.5, 0.8, b % 2 ? root + 12 : root, 0.85 * v);
            }
            else
                w.play (at + 2.0, 1.3, half, 0.9 * v);
            w.play (at + 3.5, 0.45, lead, 0.75 * v);
            if (b % 4 == 3)
                w.play (at + 3.25, 0.2, half, 0.4 * v, 1);
        }
    }
    w.play (lastBar * bar, 9, s.chordAt (lastBar * bar).bass - 12, 0.7);
    return w.finished();
}

// ---------------------------------------------------------------------------------------------- the guitars

// Articulation 0 = ringing, 1 = palm on the strings.
DemoPart pickedGuitar (const DemoScore& s)
{
    Writer w (s, "Guitar picked", { 31, 0.0066, 0.001 });
    static constexpr int patternOne[] = { 0, 2, 3, 4, 2, 3, 1, 3 };
    static constexpr int patternTwo[] = { 0, 3, 2, 4, 3, 2, 4, 3 };
    for (int b = 0; b < lastBar; ++b)
    {
        const double at = b * bar, v = 0.45 + 0.45 * intensity (b);
        for (int k = 0; k < 8; ++k)
        {
            const double beat = at + 0.5 * k;
            const DemoChord& c = s.chordAt (beat);
            const int strings = static_cast<int> (c.fingering.size());
            if (inChorus (b))
            {
                const int string = k % 4 == 0 ? 0 : 1;
                w.play (beat, 0.35, c.fingering[static_cast<std::size_t> (string)] + (string == 0 ? 12 : 0),
                        v * (k % 2 == 0 ? 0.72 : 0.56), 1, string);
                if (k % 8 == 7)
                    w.play (beat + 0.25, 0.2, c.fingering[2], v * 0.4, 1, 2);
                continue;
            }
            if (b == bridge + 5 && k > 3)
                continue;
            const int string = std::min ((b % 2 ? patternTwo : patternOne)[k], strings - 1);
            const bool leftOut = k > 0 && w.chance (b < verse ? 0.1 : 0.05, beat);
            if (! leftOut)
                w.play (beat, 2.0, c.fingering[static_cast<std::size_t> (string)],
                        v * (k == 0       ? 0.95
                             : k % 2 == 0 ? 0.8
                                          : 0.66),
                        0, string);
            if (b >= verse + 4 && b < chorus && k % 4 == 3)
                w.play (beat + 0.25, 1.5, c.fingering[static_cast<std::size_t> (strings - 1)], v * 0.5, 0,
                        strings - 1);
        }
    }
    const DemoChord& last = s.chordAt (lastBar * bar);
    for (std::size_t k = 0; k < last.fingering.size(); ++k)
        w.play (lastBar * bar, 6, last.fingering[k], 0.55, 2, static_cast<int> (k));
    return w.finished();
}

// Articulation 0 = stroke down, 1 = stroke up. Every string of a stroke is a note; the strings follow each
// other in the instrument.
DemoPart strummedGuitar (const DemoScore& s)
{
    Writer w (s, "Guitar strummed", { 32, 0.0072, 0.0015 });
    struct Stroke
    {
        double at;
        int up;
        double velocity;
    };
    const Stroke light[] = { { 0, 0, 0.8 }, { 1.5, 1, 0.5 }, { 2, 0, 0.66 }, { 3.5, 1, 0.5 } };
    const Stroke full[] = { { 0, 0, 1.0 },    { 1, 0, 0.74 },   { 1.5, 1, 0.6 },  { 1.75, 0, 0.4 },
                            { 2.0, 0, 0.62 }, { 2.5, 1, 0.7 },  { 3.0, 0, 0.82 }, { 3.25, 1, 0.4 },
                            { 3.5, 1, 0.62 }, { 3.75, 1, 0.36 } };
    for (int b = verse + 4; b < lastBar; ++b)
    {
        const double at = b * bar, v = 0.4 + 0.55 * intensity (b);
        const auto stroke = [&] (const Stroke& x)
        {
            const DemoChord& c = s.chordAt (at + x.at);
            const int strings = static_cast<int> (c.fingering.size());
            for (int k = 0; k < strings; ++k)
                if (! (x.up == 1 && k < strings - 3) && ! (x.up == 0 && x.velocity < 0.5 && k > 3))
                    w.play (at + x.at, 1.5, c.fingering[static_cast<std::size_t> (k)], v * x.velocity, x.up,
                            k);
        };
        if (b >= bridge && b < bridge + 4)
        {
            if (b >= bridge + 2)
                stroke ({ 0, 0, 0.7 });
            continue;
        }
        if (b == bridge + 5)
        {
            for (int k = 0; k < 7; ++k)
                stroke ({ 0.5 * k, k % 2, 0.55 + 0.05 * k });
            continue;
        }
        if (inChorus (b))
        {
            for (const Stroke& x : full)
                if (x.velocity > 0.45 || ! w.chance (0.3, at + x.at))
                    stroke (x);
        }
        else if (b < outro + 2)
        {
            for (const Stroke& x : light)
                if (x.at == 0 || ! w.chance (0.15, at + x.at))
                    stroke (x);
        }
        else
            stroke (light[0]);
    }
    const DemoChord& last = s.chordAt (lastBar * bar);
    for (std::size_t k = 0; k < last.fingering.size(); ++k)
        w.play (lastBar * bar, 7, last.fingering[k], 0.62, 2, static_cast<int> (k));
    return w.finished();
}

// ------------------------------------------------------------------------------------------------- the keys

DemoPart keys (const DemoScore& s)
{
    Writer w (s, "Electric piano", { 41, 0.0064, 0.001 });
    const auto chord = [&] (double beat, double length, double v, int from = 0)
    {
        const DemoChord& c = s.chordAt (beat);
        for (int k = from; k < 4; ++k)
            w.play (beat, length, c.voicing[static_cast<std::size_t> (k)], v * (k == 3 ? 1.0 : 0.86), 0, k);
    };
    for (int b = 0; b < lastBar; ++b)
    {
        const double at = b * bar, v = 0.42 + 0.5 * intensity (b);
        const bool turn = s.chordAt (at).beat != s.chordAt (at + 2).beat;
        if (b < verse)
        {
            chord (at, 3.8, 0.8 * v);
            if (b % 2 == 1)
                w.play (at + 3, 0.9, s.chordAt (at).voicing[1] + 12, 0.5 * v, 0, 4);
        }
        else if (b >= bridge && b < finalChorus)
        {
            chord (at, 2.4, 0.9 * v);
            chord (at + 2.5, 1.3, 0.6 * v, 1);
            w.play (at + 1.5, 0.9, s.chordAt (at).voicing[3] + 12, 0.45 * v, 0, 4);
        }
        else if (b >= outro)
        {
            chord (at, 3.7, 0.85 * v);
            w.play (at + 2, 1.5, s.chordAt (at).voicing[2] + 12, 0.5 * v, 0, 4);
        }
        else
        {
            chord (at, turn ? 1.6 : 1.2, 0.9 * v);
            if (turn)
                chord (at + 2, 1.2, 0.84 * v);
            else
                chord (at + 1.75, 0.4, 0.55 * v, 1);
            chord (at + 2.5, b % 2 ? 0.4 : 1.2, 0.7 * v, 1);
            if (b % 2 == 1)
                chord (at + 3.25, 0.4, 0.52 * v, 1);
            if (inChorus (b) && b % 2 == 0)
                chord (at + 3.5, 0.45, 0.62 * v, 2);
        }
    }
    chord (lastBar * bar, 9, 0.55);
    w.play (lastBar * bar + 1, 8, 78, 0.35, 0, 4);
    return w.finished();
}

DemoPart pad (const DemoScore& s)
{
    Writer w (s, "Pad", { 42, 0.0080 });
    for (std::size_t k = 0; k < s.chords.size(); ++k)
    {
        const DemoChord& c = s.chords[k];
        const int b = static_cast<int> (c.beat / bar);
        if (b >= verse && b < verse + 4)
            continue;
        const double end = k + 1 < s.chords.size() ? s.chords[k + 1].beat : c.beat + 9;
        for (int n = 0; n < 4; ++n)
            w.play (c.beat, end - c.beat, c.voicing[static_cast<std::size_t> (n)], 0.4 + 0.5 * intensity (b),
                    0, n);
        if (inChorus (b))
            w.play (c.beat, end - c.beat, c.voicing[1] + 12, 0.3 + 0.4 * intensity (b), 0, 4);
    }
    return w.finished();
}

DemoPart arp (const DemoScore& s)
{
    Writer w (s, "Arp", { 43, 0.0034 });
    static constexpr int steps[] = { 0, 1, 2, 3, 4, 3, 2, 1, 0, 2, 1, 3, 2, 4, 3, 5 };
    for (int b = chorus; b < outro + 1; ++b)
    {
        const bool soft = b >= bridge && b < finalChorus;
        for (int k = 0; k < 16; ++k)
        {
            const double beat = b * bar + 0.25 * k;
            if (w.chance (soft ? 0.3 : 0.12, beat) && k % 8 != 0)
                continue;
            const DemoChord& c = s.chordAt (beat);
            const int step = steps[(k + (b % 2) * 8) % 16];
            const int pitch = c.voicing[static_cast<std::size_t> (step % 4)] + 12 * (step / 4) + 12;
            w.play (beat, 0.22, pitch,
                    (0.4 + 0.45 * intensity (b)) * (k % 4 == 0   ? 1.0
                                                    : k % 2 == 0 ? 0.8
                                                                 : 0.66),
                    0, k % 2);
        }
    }
    return w.finished();
}

// ----------------------------------------------------------------------------------------------- the voices

struct Sung
{
    double at; // beats from the section's start
    double length;
    int pitch;
    char vowel;
};

// The motif is F#-A-B-A: up a third, a step, and back. The verse states it, answers it a third lower, opens
// it to the octave; the chorus stretches it and turns it over.
const Sung verseLine[] = {
    { 0.5, 0.5, 66, 'o' },  { 1, 0.5, 69, 'a' },   { 1.5, 0.5, 71, 'e' },  { 2, 1.4, 69, 'a' },
    { 3.5, 0.5, 66, 'o' },  { 4, 1.6, 64, 'u' },   { 6, 1.4, 61, 'o' },    { 8.5, 0.5, 62, 'o' },
    { 9, 0.5, 66, 'a' },    { 9.5, 0.5, 67, 'e' }, { 10, 1.4, 66, 'a' },   { 11.5, 0.5, 64, 'i' },
    { 12, 1.5, 62, 'o' },   { 14, 1.2, 59, 'u' },  { 16.5, 0.5, 66, 'o' }, { 17, 0.5, 69, 'a' },
    { 17.5, 0.5, 71, 'e' }, { 18, 1.0, 69, 'a' },  { 19, 1.0, 74, 'a' },   { 20, 1.5, 73, 'e' },
    { 21.5, 0.5, 71, 'i' }, { 22, 1.0, 70, 'a' },  { 23, 0.5, 66, 'o' },   { 23.5, 0.5, 70, 'o' },
    { 24, 1.0, 71, 'a' },   { 25, 0.5, 74, 'e' },  { 25.5, 0.5, 73, 'i' }, { 26, 1.2, 71, 'o' },
    { 27.5, 0.5, 66, 'u' }, { 28, 1.5, 68, 'o' },  { 29.5, 0.5, 71, 'e' }, { 30, 1.2, 69, 'a' },
    { 31.5, 0.5, 71, 'a' },
};
const Sung chorusLine[] = {
    { 0, 1.5, 74, 'a' },    { 1.5, 0.5, 76, 'e' },  { 2, 1.5, 78, 'a' },    { 3.5, 0.5, 76, 'i' },
    { 4, 1.5, 76, 'e' },    { 5.5, 0.5, 74, 'a' },  { 6, 1.2, 73, 'o' },    { 7.5, 0.5, 71, 'o' },
    { 8, 1.5, 73, 'a' },    { 9.5, 0.5, 74, 'e' },  { 10, 1.5, 76, 'a' },   { 11.5, 0.5, 74, 'i' },
    { 12, 1.5, 74, 'e' },   { 13.5, 0.5, 73, 'a' }, { 14, 1.0, 71, 'o' },   { 15, 0.5, 66, 'u' },
    { 15.5, 0.5, 69, 'o' }, { 16, 1.0, 71, 'a' },   { 17, 0.5, 74, 'e' },   { 17.5, 0.5, 76, 'i' },
    { 18, 1.4, 74, 'a' },   { 19.5, 0.5, 71, 'o' }, { 20, 1.5, 70, 'o' },   { 21.5, 0.5, 72, 'e' },
    { 22, 1.0, 74, 'a' },   { 23, 0.5, 70, 'o' },   { 23.5, 0.5, 67, 'u' }, { 24, 1.5, 69, 'a' },
    { 25.5, 0.5, 71, 'e' }, { 26, 1.0, 78, 'a' },   { 27, 0.5, 76, 'e' },   { 27.5, 0.5, 74, 'i' },
    { 28, 1.5, 74, 'a' },   { 29.5, 0.5, 76, 'e' }, { 30, 1.7, 73, 'a' },
};
const Sung bridgeLine[] = {
    { 0, 3.2, 74, 'u' },    { 4, 2.0, 72, 'o' },  { 6, 1.4, 69, 'u' },    { 8, 3.2, 70, 'u' },
    { 12, 2.0, 69, 'o' },   { 14, 1.4, 66, 'o' }, { 16.5, 0.5, 67, 'o' }, { 17, 0.5, 71, 'a' },
    { 17.5, 0.5, 73, 'e' }, { 18, 1.0, 71, 'a' }, { 19, 1.0, 74, 'a' },   { 20, 2.0, 76, 'e' },
    { 22, 1.0, 74, 'a' },   { 23, 0.8, 76, 'a' },
};
// The second half of the last chorus takes the high road and does not come home by the dominant.
const Sung lastLine[] = {
    { 0, 1.5, 74, 'a' },    { 1.5, 0.5, 76, 'e' },  { 2, 1.5, 78, 'a' },    { 3.5, 0.5, 79, 'i' },
    { 4, 1.5, 76, 'e' },    { 5.5, 0.5, 74, 'a' },  { 6, 1.2, 73, 'o' },    { 7.5, 0.5, 71, 'o' },
    { 8, 1.5, 73, 'a' },    { 9.5, 0.5, 74, 'e' },  { 10, 1.0, 76, 'a' },   { 11, 0.5, 73, 'e' },
    { 11.5, 0.5, 70, 'o' }, { 12, 1.0, 71, 'a' },   { 13, 0.5, 74, 'e' },   { 13.5, 0.5, 76, 'i' },
    { 14, 1.5, 78, 'a' },   { 15.5, 0.5, 69, 'o' }, { 16, 1.0, 71, 'a' },   { 17, 0.5, 74, 'e' },
    { 17.5, 0.5, 76, 'i' }, { 18, 1.0, 78, 'a' },   { 19, 0.5, 76, 'e' },   { 19.5, 0.5, 74, 'o' },
    { 20, 1.5, 70, 'o' },   { 21.5, 0.5, 72, 'e' }, { 22, 1.0, 74, 'a' },   { 23, 0.5, 76, 'e' },
    { 23.5, 0.5, 74, 'u' }, { 24, 1.5, 78, 'a' },   { 25.5, 0.5, 76, 'e' }, { 26, 1.0, 78, 'a' },
    { 27, 0.5, 76, 'e' },   { 27.5, 0.5, 76, 'i' }, { 28, 1.5, 74, 'a' },   { 29.5, 0.5, 77, 'e' },
    { 30, 1.8, 76, 'a' },   { 32, 2.6, 78, 'a' }, // over the bar line, into the outro
};
const Sung outroLine[] = {
    { 8.5, 0.5, 66, 'o' },  { 9, 0.5, 69, 'a' },    { 9.5, 0.5, 71, 'e' },
    { 10, 1.8, 69, 'a' },   { 12.5, 0.5, 67, 'o' }, { 13, 0.5, 70, 'a' },
    { 13.5, 0.5, 72, 'e' }, { 14, 1.6, 70, 'o' },   { 16, 4.5, 69, 'u' },
};

template <typename F>
void forEachSung (F&& f)
{
    const auto section = [&] (int startBar, const auto& line)
    {
        for (const Sung& n : line)
            f (startBar * bar + n.at, n);
    };
    section (verse, verseLine);
    section (chorus, chorusLine);
    section (bridge, bridgeLine);
    section (finalChorus, lastLine);
    section (outro, outroLine);
}

// Articulation: the vowel's letter.
DemoPart lead (const DemoScore& s)
{
    Writer w (s, "Lead voice", { 51, 0.0088, 0.003 });
    forEachSung (
        [&] (double beat, const Sung& n)
        {
            const int b = static_cast<int> (beat / bar);
            const double strong = std::fmod (beat, 2.0) == 0 ? 1.0 : 0.88;
            w.play (beat, n.length, n.pitch,
                    (0.45 + 0.5 * intensity (b)) * strong * (0.9 + 0.008 * (n.pitch - 66)), n.vowel);
        });
    return w.finished();
}

/// The highest note of the harmony at least a third under a note: what a second singer takes.
int harmonyUnder (const DemoChord& c, int pitch)
{
    for (int p = pitch - 3; p > pitch - 10; --p)
        if (std::find (c.tones.begin(), c.tones.end(), p % 12) != c.tones.end())
            return p;
    return pitch - 12;
}

DemoPart voices (const DemoScore& s)
{
    Writer w (s, "Backing voices", { 52, 0.0090, 0.002 });
    for (std::size_t k = 0; k < s.chords.size(); ++k)
    {
        const DemoChord& c = s.chords[k];
        const int b = static_cast<int> (c.beat / bar);
        const bool sung =
            inChorus (b) || (b >= bridge + 2 && b < finalChorus) || (b >= outro && b <= lastBar);
        if (! sung)
            continue;
        const double end = k + 1 < s.chords.size() ? s.chords[k + 1].beat : c.beat + 5;
        const int vowel = inChorus (b) ? 'a' : 'u';
        for (int n = 1; n < 4; ++n)
            w.play (c.beat, (end - c.beat) * 0.94, c.voicing[static_cast<std::size_t> (n)],
                    0.35 + 0.5 * intensity (b), vowel, n - 1);
    }
    forEachSung (
        [&] (double beat, const Sung& n)
        {
            if (beat >= finalChorus * bar && beat <= outro * bar)
                w.play (beat, n.length, harmonyUnder (s.chordAt (beat), n.pitch), 0.75, n.vowel, 3);
        });
    return w.finished();
}

DemoPart glass (const DemoScore& s)
{
    Writer w (s, "Glass", { 61, 0.0070 });
    const auto motif = [&] (double beat, std::initializer_list<int> pitches, double v)
    {
        double at = beat;
        for (int p : pitches)
        {
            w.play (at, 1.5, p, v * (at == beat ? 0.85 : 1.0));
            at += 0.5;
        }
    };
    motif (2 * bar + 0.5, { 78, 81, 83, 81 }, 0.5);
    motif (3 * bar + 0.5, { 79, 82, 86, 82 }, 0.45);
    motif ((verse + 3) * bar + 2, { 78, 81, 83, 86 }, 0.42);
    motif ((verse + 7) * bar + 2, { 81, 86, 88, 91 }, 0.5);
    for (int start : { chorus, finalChorus })
    {
        const double v = start == chorus ? 0.55 : 0.68;
        motif ((start + 1) * bar + 2, { 85, 88, 85, 81 }, v);
        motif ((start + 3) * bar + 2, { 83, 86, 90, 86 }, v);
        motif ((start + 5) * bar + 2, { 82, 86, 88, 86 }, v);
        motif ((start + 7) * bar + 2,
               start == chorus ? std::initializer_list<int> { 85, 88, 91, 93 }
                               : std::initializer_list<int> { 84, 86, 88, 91 },
               v);
    }
    for (int b = bridge; b < bridge + 4; ++b)
        w.play (b * bar + 1, 3, s.chordAt (b * bar).voicing[3] + 12, 0.42);
    motif (outro * bar + 2.5, { 78, 81, 83, 81 }, 0.5);
    motif ((outro + 1) * bar + 2.5, { 78, 83, 86, 83 }, 0.44);
    motif (lastBar * bar + 0.5, { 78, 81, 83, 86 }, 0.36);
    return w.finished();
}

// Pitch 0 = rising sweep, 1 = impact, 2 = surf, 3 = horn.
DemoPart effects (const DemoScore& s)
{
    Writer w (s, "Riser", { 71, 0.0060 }, false);
    w.play (0, 20, 2, 0.6);
    w.play (1 * bar, 5, 3, 0.5);
    w.play ((verse + 7) * bar, 4, 0, 0.55);
    w.play (chorus * bar, 6, 1, 0.7);
    w.play (bridge * bar, 14, 2, 0.5);
    w.play ((bridge + 4) * bar, 8, 0, 1.0);
    w.play (finalChorus * bar, 6, 1, 0.95);
    w.play ((outro - 1) * bar, 4, 0, 0.4);
    w.play (outro * bar, 5, 1, 0.55);
    w.play ((outro + 1) * bar, 20, 2, 0.7);
    w.play ((outro + 2) * bar + 2, 5, 3, 0.45);
    return w.finished();
}

} // namespace

const DemoPart& DemoScore::part (std::string_view name) const
{
    const auto p =
        std::find_if (parts.begin(), parts.end(), [&] (const DemoPart& x) { return x.name == name; });
    assert (p != parts.end());
    return *p;
}

const DemoChord& DemoScore::chordAt (double beat) const
{
    auto after = std::upper_bound (chords.begin(), chords.end(), beat + 1e-9,
                                   [] (double b, const DemoChord& c) { return b < c.beat; });
    return after == chords.begin() ? chords.front() : *--after;
}

double DemoScore::secondsAt (double beat) const
{
    return tempo.frameAt (beat) / tempo.sampleRate();
}

DemoScore demoScore()
{
    DemoScore s;
    s.title = "Night Ferry";
    s.key = "D major";
    s.tempi = {
        { 0, 104 }, { (outro + 2) * bar, 101 }, { (outro + 3) * bar, 96 }, { lastBar * bar - 2, 88 }
    };
    s.tempo = TempoMap (48000, s.tempi, { { 0, 4, 4 } });
    s.sections = { { 0, "Intro" },
                   { verse * bar, "Verse" },
                   { chorus * bar, "Chorus" },
                   { bridge * bar, "Bridge" },
                   { finalChorus * bar, "Final chorus" },
                   { outro * bar, "Outro" } };
    for (const Change& c : progression)
        s.chords.push_back ({ c.bars * bar, c.harmony.name, c.harmony.bass, c.harmony.tones,
                              c.harmony.voicing, c.harmony.fingering });
    s.beats = lastBar * bar;
    s.seconds = s.secondsAt (s.beats) + 6.0;
    s.parts = { kick (s),  snare (s),        hats (s),           toms (s),   cymbals (s), percussion (s),
                bass (s),  pickedGuitar (s), strummedGuitar (s), keys (s),   pad (s),     arp (s),
                glass (s), lead (s),         voices (s),         effects (s) };
    return s;
}

} // namespace lacquer::studio
