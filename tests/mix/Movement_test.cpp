// SPDX-License-Identifier: GPL-3.0-or-later
// Tremolo, chorus, flanger and phaser: rates, notches, mono, phase in the song.
#include "conformance/Rig.h"
#include "conformance/Spectrum.h"
#include "mix/Catalogue.h"
#include "support/Scipy.h"

#include <catch2/catch.hpp>
#include <sstream>

using namespace lacquer;
using namespace lacquer::tests;

namespace
{

const engine::EffectType& effect (std::string_view id)
{
    const auto& all = mix::catalogue();
    return *std::find_if (all.begin(), all.end(), [&] (const auto& t) { return t.id == id; });
}

Rig rigOf (std::string_view id, int channels, const std::vector<std::pair<const char*, double>>& values,
           double rate = 48000)
{
    Rig rig (effect (id), rate, channels);
    for (const auto& [name, value] : values)
        if (! rig.set (name, static_cast<float> (value)))
            throw std::runtime_error (std::string ("no parameter ") + name);
    return rig;
}

std::vector<double> doubles (const std::vector<float>& x, std::size_t from = 0)
{
    return { x.begin() + static_cast<std::ptrdiff_t> (from), x.end() };
}

/// The deepest point of a response within a third of an octave of a frequency.
double notchNear (const std::vector<std::complex<double>>& s, double hertz, double rate)
{
    const double bin = rate / (2.0 * static_cast<double> (s.size() - 1));
    std::size_t best = 0;
    for (auto k = static_cast<std::size_t> (hertz / 1.26 / bin);
         k <= static_cast<std::size_t> (hertz * 1.26 / bin); ++k)
        if (best == 0 || std::abs (s[k]) < std::abs (s[best]))
            best = k;
    return static_cast<double> (best) * bin;
}

} // namespace

TEST_CASE ("the tremolo's gain is the cycle asked for")
{
    // The gain itself is the output for an input of 1. NumPy fits a sine of the wanted rate to it.
    for (double rate : { 44100.0, 96000.0 })
        for (double hertz : { 0.5, 5.5, 20.0 })
        {
            auto rig = rigOf ("tremolo", 1,
                              { { "note", 0 },
                                { "rate", hertz },
                                { "depth", 60 },
                                { "auto-level", 0 },
                                { "smoothing", 1 } },
                              rate);
            const auto out =
                rig.run (Sound { std::vector<float> (static_cast<std::size_t> (4 * rate), 1.0f) })[0];
            std::ostringstream program;
            program
                << "t = np.arange (len (x)) / " << rate << "\nw = 2*np.pi*" << hertz
                << "\nA = np.c_[np.ones (len (x)), np.sin (w*t), np.cos (w*t)]\n"
                   "c, r, *_ = np.linalg.lstsq (A, x, rcond=None)\n"
                   "print (c[0], np.hypot (c[1], c[2]), np.max (np.abs (x - A @ c)[len (x)//8:]))"; // after
                                                                                                    // the
                                                                                                    // smoothing
                                                                                                    // has
                                                                                                    // come to
                                                                                                    // rest
            const auto fit = scipy (program.str(), doubles (out));
            INFO (hertz << " Hz at " << rate);
            CHECK (fit[0] == Approx (0.7).margin (0.001));
            // Two one-pole filters of 1 ms.
            CHECK (fit[1] ==
                   Approx (0.3 / (1 + std::pow (2 * std::numbers::pi * hertz * 0.001, 2))).epsilon (0.01));
            CHECK (fit[2] < 0.002);
        }
}

TEST_CASE ("auto level keeps the power of noise whatever the shape")
{
    for (int shape = 0; shape < 5; ++shape)
    {
        auto rig =
            rigOf ("tremolo", 1,
                   { { "note", 0 }, { "rate", 2 }, { "depth", 90 }, { "shape", shape }, { "smoothing", 1 } });
        const auto in = noise (1, 480000, 0.5f);
        const auto power =
            scipy ("print (10 * np.log10 (np.mean (x**2) / (0.25/3)))", doubles (rig.run (in)[0]));
        INFO ("shape " << shape);
        CHECK (std::abs (power[0]) < 0.1);
    }
}

TEST_CASE ("a movement in note values has the phase of the song, wherever playback starts")
{
    const auto ones = [] (int frames)
    { return Sound { std::vector<float> (static_cast<std::size_t> (frames), 1.0f) }; };
    // 120 beats a minute: a cycle of 1/4 is 24000 frames.
    auto whole = rigOf ("tremolo", 1, { { "note", 9 }, { "depth", 80 } });
    const auto from0 = whole.run (ones (96000))[0];
    auto later = rigOf ("tremolo", 1, { { "note", 9 }, { "depth", 80 } });
    later.position = 30016;
    const auto from1 = later.run (ones (60000))[0];
    float worst = 0;
    for (std::size_t n = 2000; n < from1.size(); ++n) // after the smoothing has come to rest
        worst = std::max (worst, std::abs (from1[n] - from0[n + 30016]));
    CHECK (worst < 1e-5f);
    // The sine is highest a quarter of a cycle after each beat, but for the smoothing of 6 ms.
    const auto top = std::max_element (from0.begin() + 24000, from0.begin() + 48000) - from0.begin();
    CHECK (static_cast<double> (top) == Approx (24000 + 6000 + 2 * 3 * 48).margin (30));
}

TEST_CASE ("auto-pan keeps the power of both sides together")
{
    auto rig = rigOf ("tremolo", 2, { { "note", 0 }, { "rate", 1 }, { "depth", 100 }, { "phase", 180 } });
    const auto out = rig.run (Sound (2, std::vector<float> (96000, 1.0f)));
    const auto both =
        scipy ("l, r = np.split (x, 2)\nprint (np.mean (l) / np.mean (r), np.corrcoef (l, r)[0][1])",
               [&]
               {
                   auto all = doubles (out[0]);
                   all.insert (all.end(), out[1].begin(), out[1].end());
                   return all;
               }());
    CHECK (both[0] == Approx (1).margin (0.001));
    CHECK (both[1] == Approx (-1).margin (0.001));
}

TEST_CASE ("a still flanger has its notches where the delay puts them")
{
    // 1/(2 d), 3/(2 d) ...; turned over 1/d, 2/d ...
    for (double ms : { 0.5, 2.0, 7.3 })
        for (bool invert : { false, true })
        {
            auto rig = rigOf ("flanger", 1,
                              { { "delay", ms }, { "depth", 0 }, { "feedback", 0 }, { "invert", invert } });
            const auto s = spectrumOf (rig.run (impulse (1, 1 << 16))[0]);
            for (int k : { 1, 2, 3 })
            {
                const double wanted = (invert ? k : k - 0.5) * 1000 / ms;
                if (wanted > 6000)
                    continue;
                INFO (ms << " ms, notch " << k << (invert ? ", turned over" : ""));
                CHECK (notchNear (s, wanted, 48000) == Approx (wanted).epsilon (0.01));
                CHECK (decibels (std::abs (
                           s[static_cast<std::size_t> (std::lround (wanted * 65536 / 48000))])) < -20);
            }
        }
}

TEST_CASE ("a flanger through zero is a delay of the sound alone where both meet")
{
    // At 2 ms both are in step; turned over, nothing is left but what the interpolation loses at the top.
    auto rig =
        rigOf ("flanger", 1,
               { { "delay", 2 }, { "depth", 0 }, { "feedback", 0 }, { "invert", 1 }, { "through-zero", 1 } });
    CHECK (rig.latency() == 96);
    const auto out = rig.run (sine (1, 9600, 1000, 48000, 0.5f));
    CHECK (peakOf (out, 4800) < 1e-4f);
}

TEST_CASE ("the most feedback of the flanger stays within bounds")
{
    auto rig = rigOf ("flanger", 2, { { "feedback", 95 }, { "delay", 10 }, { "mix", 100 } });
    CHECK (peakOf (rig.run (noise (2, 96000, 4))) < 10);
}

TEST_CASE ("a still phaser has the response of its analogue model")
{
    // n first-order allpasses (w0 - s)/(w0 + s) beside the sound, by SciPy at frequencies that the bilinear
    // transform moves; notches: n atan (f/f0) = odd multiples of 90 degrees.
    for (int stages : { 2, 4, 8, 12 })
        for (double feedback : { 0.0, 50.0 })
        {
            auto rig = rigOf ("phaser", 1,
                              { { "depth", 0 },
                                { "frequency", 1000 },
                                { "stages", stages / 2 - 1 },
                                { "feedback", feedback } });
            const auto s = spectrumOf (rig.run (impulse (1, 1 << 16))[0]);
            std::ostringstream program;
            program
                << "f = np.array ([60, 200, 500, 900, 1500, 3000, 7000, 15000])\n"
                   "z = np.exp (-2j*np.pi*np.round (f*65536/48000)/65536)\ng = np.tan (np.pi*1000/48000)\n"
                   "sz = (1-z)/(1+z)/g\nA = ((1-sz)/(1+sz))**"
                << stages << "\nF = " << feedback / 100
                << "\nH = (1 + A/(1-F*z*A)*np.sqrt (1-F*F))/np.sqrt (2)\n"
                   "for v in 20*np.log10 (np.abs (H) + 1e-6): print (v)";
            const auto wanted = scipy (program.str());
            const double hertz[] { 60, 200, 500, 900, 1500, 3000, 7000, 15000 };
            for (std::size_t k = 0; k < 8; ++k)
            {
                INFO (stages << " stages, feedback " << feedback << ", " << hertz[k] << " Hz");
                const auto bin = static_cast<std::size_t> (std::lround (hertz[k] * 65536 / 48000));
                CHECK (decibels (std::abs (s[bin])) == Approx (wanted[k]).margin (0.05));
            }
        }
    auto rig =
        rigOf ("phaser", 1, { { "depth", 0 }, { "frequency", 1000 }, { "stages", 1 }, { "feedback", 0 } });
    const auto s = spectrumOf (rig.run (impulse (1, 1 << 16))[0]);
    for (double degrees : { 22.5, 67.5 }) // 4 atan (f/f0) = 90, 270
    {
        const double wanted = 1000 * std::tan (degrees * std::numbers::pi / 180);
        CHECK (notchNear (s, wanted, 48000) == Approx (wanted).epsilon (0.02));
    }
}

TEST_CASE ("a chorus voice swings around its delay by its depth at its rate")
{
    auto rig = rigOf ("chorus", 1,
                      { { "voices", 0 },
                        { "rate", 2 },
                        { "delay", 20 },
                        { "depth", 50 },
                        { "mix", 100 },
                        { "low-cut", 10 },
                        { "high-cut", 20000 } });
    // One voice alone, of a 500 Hz tone: its phase against that of the input is the delay.
    const auto out = rig.run (sine (1, 144000, 500, 48000, 0.5f))[0];
    const auto delay = scipy ("h = signal.hilbert (x)\nt = np.arange (len (x))\n"
                              "p = np.unwrap (np.angle (h * np.exp (-2j*np.pi*500/48000*t)))[24000:-24000]\n"
                              "d = -p/(2*np.pi*500)*1000\nd -= np.mean (d)\nt = t[24000:-24000]\n"
                              "A = np.c_[np.sin (2*np.pi*2/48000*t), np.cos (2*np.pi*2/48000*t)]\n"
                              "c = np.linalg.lstsq (A, d, rcond=None)[0]\n"
                              "print (np.hypot (c[0], c[1]), np.max (np.abs (d - A @ c)))",
                              doubles (out));
    CHECK (delay[0] == Approx (20 * 0.9 * 0.5).epsilon (0.01)); // ms
    CHECK (delay[1] < 0.05);
}

TEST_CASE ("what chorus and flanger and phaser do to both sides survives mono")
{
    // Noise in phase on both sides; left + right may lose no more than 3 dB against left and right by
    // themselves, by Welch's spectra over octaves.
    for (const char* id : { "chorus", "flanger", "phaser" })
    {
        Rig rig (effect (id), 48000, 2);
        rig.set ("width", 100);
        const auto in = noise (1, 480000, 0.3f);
        const auto out = rig.run ({ in[0], in[0] });
        auto both = doubles (out[0]);
        both.insert (both.end(), out[1].begin(), out[1].end());
        const auto loss = scipy (
            "l, r = np.split (x, 2)\nw = lambda y: signal.welch (y, 48000, nperseg=8192)\n"
            "f, m = w ((l+r)/2)\ns = (w (l)[1] + w (r)[1])/2\n"
            "print (min (10*np.log10 (np.sum (m[(f>=c/1.4)&(f<c*1.4)])/np.sum (s[(f>=c/1.4)&(f<c*1.4)])) "
            "for c in [63,125,250,500,1000,2000,4000,8000]))",
            both);
        INFO (id);
        CHECK (loss[0] > -3.0);
    }
}
