// SPDX-License-Identifier: GPL-3.0-or-later
#include "studio/demo/DemoMix.h"

#include <utility>

namespace lacquer::studio
{
namespace
{

using Settings = std::vector<DemoSetting>;

const std::string on = "On";

Settings operator+ (Settings a, Settings b)
{
    a.insert (a.end(), std::make_move_iterator (b.begin()), std::make_move_iterator (b.end()));
    return a;
}

/// Band 1 is a low shelf, band 6 a high shelf, those between are bells.
Settings eq (int band, double frequency, double gain, double q = 1)
{
    const std::string id = "eq.band" + std::to_string (band);
    Settings s {
        { "eq.on", on }, { id + ".on", on }, { id + ".frequency", frequency }, { id + ".gain", gain }
    };
    if (band > 1 && band < 6)
        s.push_back ({ id + ".q", q });
    return s;
}

Settings lowCut (double frequency)
{
    return { { "hpf.on", on }, { "hpf.frequency", frequency } };
}
Settings highCut (double frequency)
{
    return { { "lpf.on", on }, { "lpf.frequency", frequency } };
}

Settings compressor (double threshold, double ratio, double attack, double release, double makeup,
                     double knee = 6)
{
    return { { "comp.on", on },         { "comp.threshold", threshold }, { "comp.ratio", ratio },
             { "comp.attack", attack }, { "comp.release", release },     { "comp.knee", knee },
             { "comp.makeup", makeup } };
}

Settings gate (double threshold, double range, double holdMs, double releaseMs)
{
    return { { "gate.on", on },
             { "gate.threshold", threshold },
             { "gate.range", range },
             { "gate.hold", holdMs },
             { "gate.release", releaseMs } };
}

Settings saturation (double drive, double mix)
{
    return { { "sat.on", on }, { "sat.drive", drive }, { "sat.mix", mix } };
}

Settings level (double fader, double pan = 0)
{
    Settings s { { "fader.level", fader } };
    if (pan != 0)
        s.push_back ({ "pan.position", pan });
    return s;
}

/// A ride of the fader in dB around where it stands.
DemoLane ride (double fader, std::vector<DemoPoint> points)
{
    for (DemoPoint& p : points)
        p.value += fader;
    return { "fader.level", {}, std::move (points) };
}

constexpr DemoCurve smooth = DemoCurve::smooth, hold = DemoCurve::hold;

} // namespace

DemoMix demoMix()
{
    DemoMix m;
    m.tracks = {
        { "Kick",
          "beni",
          "Drums",
          level (-3) + lowCut (28) + eq (2, 62, 2.0, 1.1) + eq (3, 330, -4, 1.2) + eq (5, 3600, 5, 0.9) +
              compressor (-16, 3.5, 18, 90, 2) + saturation (4, 30),
          { { "Plate", -100 }, { "Echo", -100 } } },
        { "Snare",
          "beni",
          "Drums",
          level (2, 4) + lowCut (85) + eq (2, 190, 1.5, 1.2) + eq (3, 520, -2.5, 1.4) + eq (6, 7500, 1.5) +
              compressor (-20, 3, 9, 110, 2.5) + saturation (5, 25),
          { { "Plate", -13 }, { "Echo", -100 } },
          {},
          { { "send1.level",
              {},
              { { 0, -13, hold },
                { 47, -6, hold },
                { 48, -13, hold },
                { 96, -18, smooth },
                { 102.5, -7, hold },
                { 104, -12 } } } } },
        { "Hats", "kaki", "Drums", level (-2, 28) + lowCut (320) + eq (6, 9000, -1.5) },
        { "Toms",
          "kaki",
          "Drums",
          level (-4) + lowCut (55) + gate (-46, 14, 120, 250) + eq (3, 380, -4, 1.1) +
              eq (5, 4200, 2.5, 0.9) + compressor (-18, 3, 14, 140, 1.5),
          { { "Plate", -12 } } },
        { "Cymbals",
          "kuri",
          "Drums",
          level (-0.5) + lowCut (260) + eq (5, 3400, -2.0, 1.0),
          { { "Plate", -20 } } },
        { "Percussion",
          "kihada",
          "Drums",
          level (-2, -12) + lowCut (140) + eq (4, 2400, -1.5, 1.0),
          { { "Plate", -16 }, { "Echo", -24 } },
          {},
          { ride (
              -2,
              { { 24, -4, smooth }, { 32, 0, hold }, { 80, -3, smooth }, { 104, 1, hold }, { 136, -3 } }) } },
        { "Bass", "sora", "Music",
          level (-4.5) + lowCut (30) + eq (1, 80, 1.0) + eq (3, 260, -2.5, 1.0) + eq (4, 900, 2.0, 1.0) +
              compressor (-20, 4, 22, 160, 3) + saturation (6, 30) },
        { "Guitar picked",
          "wakaba",
          "Music",
          level (-5, -45) + lowCut (95) + eq (3, 320, -2.0, 1.0) + eq (5, 2600, 2.0, 0.9) +
              compressor (-22, 2.5, 15, 150, 2),
          { { "Plate", -14 }, { "Echo", -15 } },
          {},
          { ride (-5, { { 0, 1.5, smooth },
                        { 16, 0, hold },
                        { 48, -2, hold },
                        { 80, 1, hold },
                        { 104, -2, hold },
                        { 136, 1.5 } }) } },
        { "Guitar strummed",
          "matsu",
          "Music",
          level (-1, 42) + lowCut (130) + eq (2, 210, -3.0, 1.0) + eq (5, 3200, -1.0, 1.2) +
              eq (6, 9000, 2.5) + compressor (-24, 2.5, 12, 120, 2.5),
          { { "Plate", -16 }, { "Echo", -100 } } },
        { "Electric piano",
          "asagi",
          "Music",
          level (-7, 14) + lowCut (110) + eq (3, 300, -2.5, 0.9) + eq (5, 2200, 2.0, 0.8) +
              compressor (-22, 2, 20, 200, 1.5),
          { { "Plate", -15 }, { "Echo", -20 } } },
        { "Pad",
          "ai",
          "Music",
          level (-8) + lowCut (170) + highCut (9000) + eq (3, 420, -2.0, 0.8) + eq (6, 6500, 2.0),
          { { "Plate", -10 }, { "Echo", -100 } },
          {},
          { ride (-8, { { 0, 1, smooth },
                        { 32, -1.5, smooth },
                        { 48, 0, hold },
                        { 80, 1.5, smooth },
                        { 104, 0, hold },
                        { 136, 1.5 } }),
            { "lpf.frequency",
              {},
              { { 0, 3200, smooth },
                { 48, 9000, hold },
                { 80, 2600, smooth },
                { 103.5, 14000, hold },
                { 136, 6000, smooth },
                { 152, 2400 } } } } },
        { "Arp",
          "sumire",
          "Music",
          level (-6.5) + lowCut (240) + highCut (14000) + eq (4, 1200, -2.0, 1.0) + eq (6, 8000, 2.0),
          { { "Plate", -16 }, { "Echo", -12 } },
          {},
          { ride (-6.5, { { 48, -3, smooth },
                          { 64, 0, hold },
                          { 80, -1, smooth },
                          { 104, 1, hold },
                          { 128, 1, smooth },
                          { 140, -8 } }),
            // closed in the bridge, open at the last chorus
            { "lpf.frequency",
              {},
              { { 48, 5000, smooth },
                { 64, 15000, hold },
                { 80, 9000, smooth },
                { 86, 1400, smooth },
                { 103.5, 15000, hold },
                { 132, 15000, smooth },
                { 140, 2500 } } } } },
        { "Glass", "asagi", "Music", level (-10, -22) + lowCut (400), { { "Plate", -8 }, { "Echo", -9 } } },
        { "Lead voice",
          "botan",
          "Voices",
          level (-4.5) + lowCut (120) + eq (2, 240, -1.5, 1.0) + eq (4, 1100, -1.5, 1.2) +
              eq (5, 3200, 4.0, 0.8) + eq (6, 9500, 4.0) + compressor (-22, 3, 6, 120, 3.5) +
              saturation (3, 20),
          { { "Plate", -11 }, { "Echo", -17 } },
          {},
          { ride (-4.5, { { 16, -0.3, hold },
                          { 48, 0, hold },
                          { 80, -1.5, hold },
                          { 104, 0.7, hold },
                          { 136, 0, smooth },
                          { 156, -2 } }),
            // words thrown into the echo where a phrase ends
            { "send2.level",
              {},
              { { 0, -17, hold },
                { 30, -7, hold },
                { 31.4, -17, hold },
                { 46, -6, hold },
                { 47.4, -17, hold },
                { 78, -5, hold },
                { 80, -10, hold },
                { 102, -5, hold },
                { 104, -18, hold },
                { 134, -5, hold },
                { 138.5, -12 } } } } },
        { "Backing voices",
          "botan",
          "Voices",
          level (-7) + lowCut (190) + eq (4, 1000, -2.0, 0.9) + eq (6, 8000, 4.0) +
              compressor (-24, 3, 10, 160, 2.5),
          { { "Plate", -9 }, { "Echo", -22 } },
          {},
          { ride (-7, { { 48, -1.5, smooth },
                        { 64, 0, hold },
                        { 88, -1, smooth },
                        { 104, 1, hold },
                        { 136, -1 } }) } },
        { "Riser", "nezu", "", level (-7) + lowCut (32), { { "Plate", -12 }, { "Echo", -18 } } },
    };
    m.groups = {
        { "Drums", "beni", "",
          level (0) + eq (6, 10000, 1.0) + compressor (-14, 2, 25, 120, 1.0) + saturation (2, 20) },
        { "Music",
          "asagi",
          "",
          level (0) + eq (3, 350, -1.0, 0.8),
          {},
          {},
          { ride (0, { { 0, -0.8, smooth },
                       { 16, -0.6, smooth },
                       { 47, -0.4, smooth },
                       { 48, 0.3, hold },
                       { 80, -0.5, smooth },
                       { 103, -0.8, smooth },
                       { 104, 0.6, hold },
                       { 136, 0, smooth },
                       { 152, -1 } }) } },
        { "Voices", "botan", "", level (0) + compressor (-16, 2, 15, 150, 0.5) },
    };
    m.returns = {
        { "Plate",
          "ai",
          "",
          level (-2) + lowCut (220) + eq (3, 450, -2.0, 0.8),
          {},
          { { "reverb",
              { { "pre-delay", 22.0 },
                { "size", 42.0 },
                { "decay", 1.9 },
                { "high-decay", 45.0 },
                { "low-cut", 180.0 },
                { "high-cut", 9500.0 },
                { "mix", 100.0 } } } },
          { { "decay",
              "reverb",
              { { 0, 2.4, hold },
                { 48, 1.7, hold },
                { 80, 2.8, hold },
                { 104, 1.8, hold },
                { 136, 2.6 } } } } },
        { "Echo",
          "sora",
          "",
          level (-4) + lowCut (180),
          {},
          { { "delay",
              { { "note", "1/8." },
                { "feedback", 36.0 },
                { "low-cut", 250.0 },
                { "high-cut", 4200.0 },
                { "ping-pong", on },
                { "mix", 100.0 } } } },
          { { "feedback",
              "delay",
              { { 0, 36, hold },
                { 100, 36, smooth },
                { 103.5, 62, hold },
                { 104, 34, hold },
                { 134, 50, hold },
                { 140, 36 } } } } },
    };
    m.mix = { "Mix", "nezu", "", level (2) + compressor (-12, 1.6, 30, 180, 0.5, 10) };
    m.master = {
        { "master-eq",
          { { "band1.on", on },
            { "band1.frequency", 27.0 },
            { "band3.on", on },
            { "band3.frequency", 320.0 },
            { "band3.gain", -1.0 },
            { "band3.q", 0.8 },
            { "band5.on", on },
            { "band5.frequency", 2800.0 },
            { "band5.gain", 1.0 },
            { "band5.q", 0.6 },
            { "band7.on", on },
            { "band7.frequency", 9500.0 },
            { "band7.gain", 1.5 } } },
        { "multiband",
          { { "low-split", 110.0 },       { "mid-split", 900.0 },       { "high-split", 5200.0 },
            { "band1.threshold", -18.0 }, { "band1.ratio", 2.0 },       { "band1.attack", 30.0 },
            { "band1.release", 180.0 },   { "band1.gain", 0.5 },        { "band2.threshold", -18.0 },
            { "band2.ratio", 1.6 },       { "band2.attack", 25.0 },     { "band2.release", 160.0 },
            { "band2.gain", 0.0 },        { "band3.threshold", -22.0 }, { "band3.ratio", 1.6 },
            { "band3.attack", 15.0 },     { "band3.release", 120.0 },   { "band3.gain", 0.5 },
            { "band4.threshold", -26.0 }, { "band4.ratio", 1.5 },       { "band4.attack", 8.0 },
            { "band4.release", 90.0 },    { "band4.gain", 0.5 } } },
        { "master-saturation", { { "drive", 5.0 }, { "mix", 35.0 } } },
        { "width", { { "width", 112.0 }, { "bass-mono", on }, { "frequency", 110.0 } } },
        { "limiter",
          { { "gain", 4.0 }, { "ceiling", m.ceilingDb }, { "lookahead", 5.0 }, { "release", 180.0 } } },
    };
    return m;
}

} // namespace lacquer::studio
