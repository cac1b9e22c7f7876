// SPDX-License-Identifier: GPL-3.0-or-later
#include "studio/demo/DemoInstruments.h"
#include "studio/demo/DemoMix.h"
#include "studio/demo/DemoSong.h"

#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>
#include <map>
#include <set>
#include <string>
#include <vector>

using namespace lacquer;
using namespace lacquer::studio;

namespace
{

const DemoSong& song()
{
    static const DemoSong s = demoSong();
    return s;
}

const DemoScore& score()
{
    static const DemoScore s = demoScore();
    return s;
}

struct Spread
{
    double mean = 0, deviation = 0;
};

template <typename F>
Spread spread (const std::vector<DemoNote>& notes, F&& of)
{
    double sum = 0, squares = 0;
    for (const DemoNote& n : notes)
    {
        const double x = of (n);
        sum += x;
        squares += x * x;
    }
    const auto count = static_cast<double> (notes.size());
    return { sum / count, std::sqrt (std::max (0.0, squares / count - sum * sum / count / count)) };
}

/// FNV-1a, as published by Fowler, Noll and Vo.
std::uint64_t hashOf (const DemoSong& s)
{
    std::uint64_t h = 14695981039346656037ull;
    for (const DemoStem& stem : s.stems)
        for (const auto& channel : stem.channels)
            for (float x : channel)
            {
                std::uint32_t bits = 0;
                std::memcpy (&bits, &x, sizeof bits);
                h = (h ^ bits) * 1099511628211ull;
            }
    return h;
}

} // namespace

// The figures of the issue: at least 60 s, 12 stems and four sections; mono and stereo stems.
TEST_CASE ("The demo song is 75 to 100 seconds of at least fourteen stems, mono and stereo, in six sections")
{
    CHECK (song().stems.size() >= 14);
    CHECK (song().sections.size() >= 6);
    CHECK (song().sections.front().beat == 0);
    std::set<std::size_t> channelCounts;
    std::set<std::string> names;
    for (const DemoStem& s : song().stems)
    {
        channelCounts.insert (s.channels.size());
        names.insert (s.name);
        for (const auto& c : s.channels)
        {
            CHECK (static_cast<double> (c.size()) >= 75 * song().sampleRate);
            CHECK (static_cast<double> (c.size()) <= 100 * song().sampleRate);
            CHECK (c.size() == song().stems.front().channels.front().size());
        }
    }
    CHECK (channelCounts == std::set<std::size_t> { 1, 2 });
    CHECK (names.size() == song().stems.size());
}

// -12 to -6 dBFS is 0.251 to 0.501; a tenth of a dB is left for the fade and the rounding to float.
TEST_CASE ("Every stem is finite, sounds, peaks between -12 and -6 dBFS and ends in silence")
{
    for (const DemoStem& s : song().stems)
    {
        CAPTURE (s.name);
        float peak = 0, lastSound = 0;
        double sum = 0;
        bool finite = true;
        for (const auto& c : s.channels)
            for (std::size_t n = 0; n < c.size(); ++n)
            {
                finite = finite && std::isfinite (c[n]);
                peak = std::max (peak, std::abs (c[n]));
                sum += c[n];
                if (n + 48 > c.size())
                    lastSound = std::max (lastSound, std::abs (c[n]));
            }
        CHECK (finite);
        CHECK (peak > 0.248f);
        CHECK (peak < 0.507f);
        CHECK (lastSound < 1e-5f);
        CHECK (std::abs (sum / static_cast<double> (s.channels.front().size())) < 1e-4); // no offset
    }
}

TEST_CASE ("No two bars of a stem are equal to the bit, unless both are silent")
{
    for (const DemoStem& s : song().stems)
    {
        CAPTURE (s.name);
        const auto& x = s.channels.front();
        const std::size_t length = 80000; // shorter than any bar of the song (4 * 60 / 104 s at 48 kHz)
        std::map<std::uint64_t, int> seen;
        for (int bar = 0; bar < 38; ++bar)
        {
            const auto from = static_cast<std::size_t> (score().secondsAt (bar * 4) * song().sampleRate);
            std::uint64_t h = 14695981039346656037ull;
            bool silent = true;
            for (std::size_t n = from; n < from + length; ++n)
            {
                std::uint32_t bits = 0;
                std::memcpy (&bits, &x[n], sizeof bits);
                h = (h ^ bits) * 1099511628211ull;
                silent = silent && x[n] == 0;
            }
            if (silent)
                continue;
            CAPTURE (bar);
            CHECK (seen.emplace (h, bar).second);
        }
        CHECK (seen.size() >= 6);
    }
}

// The issue asks for a standard deviation of 3 to 12 ms; 6 ms is about what a listener still hears as
// together.
TEST_CASE ("Every part is played by a hand: timing varies by 3 to 12 ms around the beat, velocity too")
{
    CHECK (score().parts.size() == song().stems.size());
    for (const DemoPart& p : score().parts)
    {
        CAPTURE (p.name);
        const Spread time =
            spread (p.notes, [] (const DemoNote& n) { return n.seconds - score().secondsAt (n.beat); });
        const Spread force = spread (p.notes, [] (const DemoNote& n) { return n.velocity; });
        CHECK (time.deviation >= 0.003);
        CHECK (time.deviation <= 0.012);
        CHECK (std::abs (time.mean) <= 0.006);
        CHECK (force.deviation >= 0.04);
        for (const DemoNote& n : p.notes)
        {
            CHECK (n.velocity > 0);
            CHECK (n.velocity <= 1);
            CHECK (n.seconds >= 0);
        }
    }
}

// What a copied loop would not pass: the same place of the bar is never played twice alike.
TEST_CASE ("No two bars of a part are played with the same times")
{
    for (const DemoPart& p : score().parts)
    {
        CAPTURE (p.name);
        std::set<std::vector<std::int64_t>> bars;
        std::size_t played = 0;
        for (int bar = 0; bar < 38; ++bar)
        {
            std::vector<std::int64_t> times;
            for (const DemoNote& n : p.notes)
                if (n.beat >= bar * 4 && n.beat < bar * 4 + 4)
                    times.push_back (std::llround ((n.seconds - score().secondsAt (bar * 4)) * 1e6));
            if (! times.empty())
            {
                ++played;
                bars.insert (times);
            }
        }
        CHECK (bars.size() == played);
    }
}

// Strong beats of four-four: the first and the third of the bar.
TEST_CASE ("At least 80 % of the notes on strong beats belong to the chord, in every pitched part")
{
    for (const DemoPart& p : score().parts)
    {
        if (! p.pitched)
            continue;
        CAPTURE (p.name);
        int strong = 0, inChord = 0;
        for (const DemoNote& n : p.notes)
        {
            if (std::fmod (n.beat, 2.0) != 0)
                continue;
            const auto& tones = score().chordAt (n.beat).tones;
            ++strong;
            inChord += std::find (tones.begin(), tones.end(), n.pitch % 12) != tones.end() ? 1 : 0;
        }
        REQUIRE (strong > 10);
        CHECK (inChord >= 0.8 * strong);
    }
}

// A voice moves little from chord to chord; a leap of a fifth (7) is what the rule books of harmony still
// allow.
TEST_CASE ("The voices of the harmony are led: none leaps more than a fifth, and two and a half semitones on "
           "average at most")
{
    double moved = 0;
    int moves = 0;
    for (std::size_t k = 1; k < score().chords.size(); ++k)
        for (std::size_t v = 0; v < 4; ++v)
        {
            const int step = std::abs (score().chords[k].voicing[v] - score().chords[k - 1].voicing[v]);
            CHECK (step <= 7);
            moved += step;
            ++moves;
        }
    CHECK (moved / moves <= 2.5);
    for (const DemoChord& c : score().chords) // and each of them sings a note of the chord
        for (int pitch : c.voicing)
        {
            CAPTURE (c.name, pitch);
            CHECK (std::find (c.tones.begin(), c.tones.end(), pitch % 12) != c.tones.end());
        }
}

// What an arranger wants of a song: it starts small, the chorus opens it, the bridge takes a breath, the last
// chorus is the top and the end goes away. Read from the sound: mean square of all stems at unity.
TEST_CASE ("The arrangement grows from the intro to the last chorus, with a bridge to breathe")
{
    std::map<std::string, double> power;
    for (std::size_t k = 0; k < song().sections.size(); ++k)
    {
        const auto frame = [] (double beat)
        { return static_cast<std::size_t> (score().secondsAt (beat) * song().sampleRate); };
        const std::size_t from = frame (song().sections[k].beat);
        const std::size_t to =
            frame (k + 1 < song().sections.size() ? song().sections[k + 1].beat : score().beats);
        double sum = 0;
        for (std::size_t n = from; n < to; ++n)
        {
            double x = 0;
            for (const DemoStem& s : song().stems)
                x += s.channels.front()[n];
            sum += x * x;
        }
        power[song().sections[k].name] = 10 * std::log10 (sum / static_cast<double> (to - from));
    }
    CHECK (power["Intro"] + 2 < power["Verse"]);
    CHECK (power["Verse"] + 1 < power["Chorus"]);
    CHECK (power["Bridge"] + 1 < power["Chorus"]);
    CHECK (power["Chorus"] < power["Final chorus"]);
    CHECK (power["Outro"] + 2 < power["Chorus"]);
}

TEST_CASE ("The demo song is the same to the bit every time")
{
    CHECK (hashOf (demoSong()) == hashOf (song()));
}

TEST_CASE ("Making the demo song stops when it is told to and says how far it is")
{
    std::atomic<bool> stop { false };
    std::vector<double> shares;
    Progress p;
    p.cancelled = &stop;
    p.report = [&] (double share)
    {
        shares.push_back (share);
        stop = shares.size() == 2;
    };
    CHECK (demoSong (48000, p).stems.size() == 2);
    CHECK (std::is_sorted (shares.begin(), shares.end()));
}

TEST_CASE ("The mix of the demo has a strip for every stem, and its sends and outputs lead somewhere")
{
    const DemoMix m = demoMix();
    REQUIRE (m.tracks.size() == song().stems.size());
    std::set<std::string> groups, returns;
    for (const DemoStrip& g : m.groups)
        groups.insert (g.name);
    for (const DemoStrip& r : m.returns)
    {
        returns.insert (r.name);
        CHECK (r.inserts.size() == 1);
    }
    CHECK (returns == std::set<std::string> { "Plate", "Echo" });
    int equalised = 0, compressed = 0, lanes = 0;
    for (std::size_t k = 0; k < m.tracks.size(); ++k)
    {
        const DemoStrip& t = m.tracks[k];
        CAPTURE (t.name);
        CHECK (t.name == song().stems[k].name);
        CHECK (t.colour == song().stems[k].colour);
        CHECK (t.output == song().stems[k].group);
        CHECK ((t.output.empty() || groups.count (t.output) == 1));
        for (const DemoSend& s : t.sends)
            CHECK (returns.count (s.to) == 1);
        const auto has = [&] (const char* id)
        {
            return std::any_of (t.settings.begin(), t.settings.end(),
                                [&] (const DemoSetting& s) { return s.parameter == id; });
        };
        equalised += has ("eq.on") ? 1 : 0;
        compressed += has ("comp.on") ? 1 : 0;
        for (const DemoLane& l : t.lanes)
        {
            ++lanes;
            CHECK (std::is_sorted (l.points.begin(), l.points.end(),
                                   [] (const DemoPoint& a, const DemoPoint& b) { return a.beat < b.beat; }));
        }
    }
    CHECK (equalised > 8);
    CHECK (compressed > 8);
    CHECK (lanes >= 6);
}

namespace
{

/// The frequency near `expected` at which a Hann-windowed second of sound has most energy: the definition of
/// the Fourier transform, a cent at a time.
double centsOff (const std::vector<float>& sound, std::size_t from, double rate, double expected)
{
    double best = -1, bestCents = 0;
    const auto length = static_cast<std::size_t> (rate);
    for (int cents = -50; cents <= 50; ++cents)
    {
        const double w = 2 * 3.141592653589793 * expected * std::exp2 (cents / 1200.0) / rate;
        double re = 0, im = 0;
        for (std::size_t n = 0; n < length; ++n)
        {
            const double t = static_cast<double> (n);
            const double x = sound[from + n] * (0.5 - 0.5 * std::cos (2 * 3.141592653589793 * t / rate));
            re += x * std::cos (w * t);
            im += x * std::sin (w * t);
        }
        if (re * re + im * im > best)
        {
            best = re * re + im * im;
            bestCents = cents;
        }
    }
    return bestCents;
}

} // namespace

// 6 cents is about the least difference that a trained ear hears between notes in sequence; detuned
// instruments are centred within 10. The expected frequency is equal temperament on A = 440 Hz.
TEST_CASE ("The instruments are in tune")
{
    struct Case
    {
        const char* name;
        void (*play) (const DemoPart&, synth::Stereo&);
        std::vector<int> pitches;
        double tolerance;
    };
    const Case cases[] = { { "bass", synth::playBass, { 28, 33, 43 }, 6 },
                           { "picked guitar", synth::playPickedGuitar, { 42, 57, 66, 74 }, 6 },
                           { "strummed guitar", synth::playStrummedGuitar, { 40, 57, 69 }, 6 },
                           { "electric piano", synth::playKeys, { 57, 69, 81 }, 6 },
                           { "pad", synth::playPad, { 57, 66 }, 10 },
                           { "glass", synth::playGlass, { 78, 91 }, 6 },
                           { "lead voice", synth::playLead, { 59, 69 }, 10 } };
    for (const Case& c : cases)
        for (int pitch : c.pitches)
        {
            DemoPart part { "one", true, {} };
            DemoNote n;
            n.length = 4;
            n.duration = 2.2;
            n.pitch = pitch;
            n.velocity = 0.8;
            n.articulation = std::string (c.name) == "lead voice" ? 'a' : 0;
            n.seconds = 0.5;
            part.notes.push_back (n);
            synth::Stereo out (48000, 48000 * 3);
            c.play (part, out);
            CAPTURE (c.name, pitch);
            CHECK (std::abs (centsOff (out.left, 48000 * 9 / 10, 48000,
                                       440 * std::exp2 ((pitch - 69) / 12.0))) <= c.tolerance);
        }
}
