// SPDX-License-Identifier: GPL-3.0-or-later
#include "conformance/Rig.h"
#include "conformance/Spectrum.h"
#include "core/SafeFile.h"
#include "dsp/Targets.h"
#include "dsp/kernels/Shaper.h"
#include "mix/Catalogue.h"
#include "support/Scipy.h"

#include <catch2/catch.hpp>
#include <cstdio>

using namespace lacquer;
using namespace lacquer::tests;

namespace
{

enum Character
{
    tape,
    tube,
    transformer,
    diode
};
constexpr const char* names[] { "Tape", "Tube", "Transformer", "Diode" };

Rig saturator (double rate, int channels, int character, double drive, int oversampling)
{
    const auto& all = mix::catalogue();
    Rig rig (*std::find_if (all.begin(), all.end(), [] (const auto& t) { return t.id == "saturator"; }), rate,
             channels);
    rig.set ("character", static_cast<float> (character));
    rig.set ("drive", static_cast<float> (drive));
    rig.set ("oversampling", static_cast<float> (oversampling));
    return rig;
}

/// The last second of two.
std::vector<double> lastSecond (Rig& rig, double hertz, double level)
{
    const auto rate = static_cast<int> (rig.rate);
    const auto out = rig.run (sine (1, 2 * rate, hertz, rig.rate, static_cast<float> (level)))[0];
    return { out.end() - rate, out.end() };
}

/// Levels in dB of harmonics 2 to 6 of a tone, against its own.
std::vector<double> harmonics (int character, double hertz, double drive, double level)
{
    auto rig = saturator (48000, 1, character, drive, 2);
    const auto s = spectrumOf (lastSecond (rig, hertz, level));
    std::vector<double> out;
    for (int k = 2; k <= 6; ++k)
        out.push_back (decibels (std::abs (s[static_cast<std::size_t> (k * hertz)]) /
                                 std::abs (s[static_cast<std::size_t> (hertz)])));
    return out;
}

double distortion (int character, double hertz, double drive, double level)
{
    double sum = 0;
    for (double h : harmonics (character, hertz, drive, level))
        sum += std::pow (10, h / 10);
    return 10 * std::log10 (sum);
}

/// The loudest line under 20 kHz that is no harmonic of 5001 Hz, of a second at 48 kHz, against the tone.
double foldedBack (const std::vector<double>& second)
{
    const auto s = spectrumOf (second);
    double worst = -400;
    for (std::size_t f = 1; f < 20000; ++f)
        if (f % 5001 != 0)
            worst = std::max (worst, decibels (std::abs (s[f]) / std::abs (s[5001])));
    return worst;
}

} // namespace

TEST_CASE ("the curve at two, four and eight times the rate is that of NumPy")
{
    // A slow tone, for which the mean between neighbouring values is the value: the formula of Shaper.h.
    const dsp::kernels::ShaperCurve curve { 0.3f, 1.875f, -1.25f, 0.375f };
    for (int stages : { 1, 2, 3 })
    {
        dsp::kernels::Shaper shaper;
        const int frames = 9600, delay = dsp::kernels::Shaper::delay (stages);
        auto sound = sine (2, frames, 50, 48000, 1.5f);
        for (int n = 0; n < frames; n += 64)
            shaper.process (stages, curve, sound[0].data() + n, sound[1].data() + n, 2, 64);
        CHECK (sound[0] == sound[1]);
        const auto expected =
            scipy ("def h(v):\n u = v/np.sqrt(1+v*v)\n return 1.875*u - 1.25*u**3 + 0.375*u**5\n"
                   "n = np.arange (9600)\nfor y in "
                   "h(1.5*np.sin(2*np.pi*50/48000*n)+np.float32(0.3))-h(np.float32(0.3)): print (y)");
        double worst = 0;
        for (int n = 2000; n < frames; ++n)
            worst = std::max (worst, std::abs (static_cast<double> (sound[0][static_cast<std::size_t> (n)]) -
                                               expected[static_cast<std::size_t> (n - delay)]));
        INFO (stages << " stages");
        CHECK (worst < 2e-5); // the mean over one step of the high rate
    }
}

TEST_CASE ("a driven treble folds back less than 70 dB at twice and 110 dB at four times the rate")
{
    // x/sqrt (1 + x^2) at 5 kHz with 12 dB of drive: the figures that DSP research asks for (its 2.4).
    for (const auto& [stages, limit] : { std::pair (1, -70.0), std::pair (2, -110.0), std::pair (3, -110.0) })
    {
        dsp::kernels::Shaper shaper;
        auto sound = sine (2, 96000, 5001, 48000, 3.981f);
        for (int n = 0; n < 96000; n += 64)
            shaper.process (stages, {}, sound[0].data() + n, sound[1].data() + n, 2, 64);
        INFO (stages << " stages");
        CHECK (foldedBack ({ sound[0].end() - 48000, sound[0].end() }) < limit);
    }
}

TEST_CASE ("every character keeps folded lines down at full scale with 12 dB of drive")
{
    for (const auto& [over, limit] : { std::pair (0, -57.0), std::pair (1, -85.0), std::pair (2, -130.0) })
        for (int character = tape; character <= diode; ++character)
        {
            auto rig = saturator (48000, 1, character, 12, over);
            INFO (names[character] << ", oversampling " << over);
            CHECK (foldedBack (lastSecond (rig, 5001, 1)) < limit);
        }
}

TEST_CASE ("a soft sound comes out of every saturator as it went in")
{
    // -60 dBFS: the curves are straight. Response over the transform of an impulse, from 40 Hz to 20 kHz.
    for (double rate : { 44100.0, 96000.0 })
        for (int character = tape; character <= diode; ++character)
            for (int over : { 0, 1, 2 })
            {
                INFO (names[character] << ", oversampling " << over << ", " << rate << " Hz");
                auto rig = saturator (rate, 1, character, 0, over);
                rig.set ("auto-level", 0);
                const auto s = spectrumOf (rig.run (impulse (1, 1 << 16, 1e-3f))[0]);
                double worst = 0;
                for (double f = 40; f < 20000; f *= 1.02)
                    worst = std::max (
                        worst,
                        std::abs (decibels (
                            std::abs (s[static_cast<std::size_t> (std::lround (f * 65536 / rate))]) * 1e3)));
                CHECK (worst < 0.1);
            }
}

TEST_CASE ("the characters of the saturator differ as their table says")
{
    // docs/characters/saturator.md is written from these figures; it must hold each row.
    const auto page = readWhole (LACQUER_SOURCE_DIR "/docs/characters/saturator.md", 1 << 20);
    REQUIRE (page);
    for (int c = tape; c <= diode; ++c)
    {
        std::string row = std::string ("| ") + names[c] + " |";
        char text[32];
        const auto add = [&] (double v)
        {
            std::snprintf (text, sizeof text, " %.0f |", v);
            row += v < -120 ? " none |" : text;
        };
        for (double hertz : { 60.0, 1000.0, 4000.0 })
            for (double level : { 0.0631, 0.2512, 1.0 })
                add (distortion (c, hertz, 6, level));
        for (double h : harmonics (c, 1000, 6, 0.2512))
            add (h);
        UNSCOPED_INFO (row);
        CHECK (page->find (row) != std::string::npos);
    }
    // Told apart: tape bends the highs first, a transformer the lows, a tube and diodes have even harmonics.
    CHECK (distortion (tape, 4000, 6, 0.25) > distortion (tape, 60, 6, 0.25) + 3);
    CHECK (distortion (transformer, 60, 6, 0.25) > distortion (transformer, 4000, 6, 0.25) + 6);
    CHECK (harmonics (tape, 1000, 6, 0.25)[0] < -120);
    CHECK (harmonics (tube, 1000, 6, 0.25)[0] > harmonics (tube, 1000, 6, 0.25)[1]);
    CHECK (harmonics (diode, 4000, 12, 1)[1] > harmonics (tube, 4000, 12, 1)[1] - 3);
}

TEST_CASE ("auto level keeps a tone at -12 dBFS whatever the drive")
{
    for (int character = tape; character <= diode; ++character)
        for (double drive : { 0.0, 12.0, 36.0 })
        {
            INFO (names[character] << ", drive " << drive);
            auto rig = saturator (48000, 1, character, drive, 1);
            const auto out = lastSecond (rig, 1000, 0.2512);
            // 1 kHz is where no emphasis is at its ends; a tone's level is its power times 2.
            const auto level = scipy ("print (20 * np.log10 (np.std (x) * np.sqrt (2)))", out);
            CHECK (level[0] == Approx (-12).margin (1.5));
        }
}

TEST_CASE ("a mono saturator and both sides of a stereo one sound the same")
{
    auto one = saturator (48000, 1, diode, 20, 1), two = saturator (48000, 2, diode, 20, 1);
    const auto in = noise (1, 4800, 0.5f);
    const auto mono = one.run (in), stereo = two.run ({ in[0], in[0] });
    CHECK (stereo[0] == mono[0]);
    CHECK (stereo[1] == mono[0]);
}

TEST_CASE ("saturator and exciter sound the same on every machine from AVX2 on")
{
    for (const char* id : { "saturator", "exciter" })
    {
        const auto& all = mix::catalogue();
        const auto& type = *std::find_if (all.begin(), all.end(), [&] (const auto& t) { return t.id == id; });
        const auto with = [&] (const char* target) -> Sound
        {
            if (! dsp::limitTargets (target))
                return {};
            Rig rig (type, 48000, 2);
            rig.set ("character", 3);
            // Uneven blocks; halfway the drive begins to move.
            std::uint64_t block = 0;
            auto out = rig.run (
                noise (2, 24000, 0.6f), [&] (Frames) { return 1 + static_cast<int> (hashed (block++) % 64); },
                [&] (Frames at, std::vector<float>& values)
                {
                    for (std::size_t p = 0; p < values.size() && at > 12000; ++p)
                        if (type.params[p].id == "drive")
                            values[p] = static_cast<float> (at % 3000) / 100;
                });
            dsp::limitTargets ("");
            return out;
        };
        INFO (id);
        const auto avx2 = with ("AVX2"), avx512 = with ("AVX-512");
        if (! avx2.empty() && ! avx512.empty())
            CHECK (avx2 == avx512);
        if (! avx2.empty())
            CHECK (avx2 != with ("SSE4")); // or AVX2 was never chosen
    }
}
