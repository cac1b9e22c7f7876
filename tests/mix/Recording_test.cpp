// SPDX-License-Identifier: GPL-3.0-or-later
// The convolution with a recording of one's own.
#include "conformance/Rig.h"
#include "mix/Catalogue.h"
#include "support/Scipy.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <limits>
#include <malloc.h>

using namespace lacquer;
using namespace lacquer::tests;

namespace
{

constexpr float own = 6; // the entry of the menu

Rig rigOf (int channels)
{
    const auto& all = mix::catalogue();
    Rig rig (*std::find_if (all.begin(), all.end(), [] (const auto& t) { return t.id == "convolution"; }),
             48000, channels);
    rig.set ("impulse", own);
    rig.set ("low-cut", 10);
    rig.set ("high-cut", 20000);
    return rig;
}

std::shared_ptr<const engine::Recording> recordingOf (const Sound& s)
{
    auto r = std::make_shared<engine::Recording>();
    r->channels = static_cast<int> (s.size());
    for (const auto& c : s)
        r->samples.insert (r->samples.end(), c.begin(), c.end());
    return r;
}

/// Noise that falls by 60 dB in so many seconds, from a frame on.
Sound falling (int channels, int frames, double seconds, std::uint64_t seed, int from = 0)
{
    auto s = noise (channels, frames, 0.5f, seed);
    for (auto& c : s)
        for (int n = 0; n < frames; ++n)
            c[static_cast<std::size_t> (n)] *=
                n < from ? 0.0f : static_cast<float> (std::pow (10, -3 * (n - from) / 48000.0 / seconds));
    return s;
}

double t30 (const std::vector<float>& h)
{
    return scipy (R"(
e = np.cumsum (x[::-1]**2)[::-1]; level = 10 * np.log10 (e / e[0] + 1e-30)
m = (level <= -5) & (level >= -35)
print (-60 / np.polyfit (np.nonzero (m)[0] / 48000, level[m], 1)[0])
)",
                  { h.begin(), h.end() })[0];
}

} // namespace

TEST_CASE ("a recording is convolved as directly in double precision, to -120 dB")
{
    // What enters is what comes out of a recording of one click. NumPy convolves that with the recording,
    // scaled to unit energy, which is how noise comes out as loud as it went in.
    for (int frames : { 3000, 40000 })
    {
        const auto in = noise (1, 30000, 0.5f, 3), room = falling (1, frames, 0.6, 4);
        auto click = rigOf (1), rig = rigOf (1);
        click.effect->hear (recordingOf (impulse (1, 1)));
        rig.effect->hear (recordingOf (room));
        const auto entered = click.run (in)[0], out = rig.run (in)[0];
        std::vector<double> all { 30000 };
        for (const auto* x : { &entered, &out, &room[0] })
            all.insert (all.end(), x->begin(), x->end());
        const double error = scipy (R"(
n = int (x[0]); entered, out, room = x[1:n + 1], x[n + 1:2 * n + 1], x[2 * n + 1:]
want = signal.fftconvolve (entered, room / np.sqrt (np.sum (room**2)))[:n]
print (10 * np.log10 (np.sum ((out - want)**2) / np.sum (want**2)))
)",
                                    all)[0];
        INFO (frames << " frames: " << error << " dB");
        CHECK (error <= -120);
    }
}

TEST_CASE ("a recording of 20 s is convolved as the sum that defines convolution, to -120 dB")
{
    // At frames all over the 20 s, in double precision, of a short sound: what enters as above.
    const int frames = 960000, length = 2000;
    auto in = noise (1, frames, 0.5f, 3);
    std::fill (in[0].begin() + length, in[0].end(), 0.0f);
    const auto room = falling (1, frames, 15, 4);
    auto click = rigOf (1), rig = rigOf (1);
    click.effect->hear (recordingOf (impulse (1, 1)));
    rig.effect->hear (recordingOf (room));
    const auto out = rig.run (in)[0];
    in[0].resize (length + 48000); // the cuts ring on
    const auto entered = click.run (in)[0];
    double energy = 0, error = 0, level = 0;
    for (float x : room[0])
        energy += static_cast<double> (x) * static_cast<double> (x);
    for (std::uint64_t k = 0; k < 3000; ++k)
    {
        const auto n = static_cast<std::size_t> (uniform (k) * frames);
        double want = 0;
        for (std::size_t m = 0; m <= std::min (n, entered.size() - 1); ++m)
            want += static_cast<double> (entered[m]) * static_cast<double> (room[0][n - m]);
        want /= std::sqrt (energy);
        error += std::pow (static_cast<double> (out[n]) - want, 2);
        level += want * want;
    }
    INFO (10 * std::log10 (error / level) << " dB");
    CHECK (10 * std::log10 (error / level) <= -120);
}

TEST_CASE ("a recording may be of one frame, silent, broken or longer than there is room for")
{
    const auto in = noise (2, 9600, 0.5f, 5);
    const auto heard = [&] (const Sound& room, double rate)
    {
        const auto& all = mix::catalogue();
        Rig rig (*std::find_if (all.begin(), all.end(), [] (const auto& t) { return t.id == "convolution"; }),
                 rate, 2);
        rig.set ("impulse", own);
        auto recording = std::make_shared<engine::Recording> (*recordingOf (room));
        recording->rate = rate;
        rig.effect->hear (recording);
        return rig.run (in);
    };
    for (double rate : { 44100.0, 192000.0 })
    {
        INFO (rate);
        CHECK (peakOf (heard (impulse (1, 1), rate)) > 0.3f);
        CHECK (peakOf (heard (impulse (2, 1), rate)) > 0.3f);
        CHECK (peakOf (heard (silence (2, 1), rate)) == 0);
        CHECK (peakOf (heard (silence (1, 50000), rate)) == 0);
        auto broken = falling (2, 9000, 0.2, 6);
        broken[0][10] = std::numeric_limits<float>::quiet_NaN();
        broken[1][4000] = std::numeric_limits<float>::infinity();
        broken[1][5000] = -3e38f;
        const auto out = heard (broken, rate);
        CHECK (isFinite (out));
        CHECK (peakOf (out) < 100);
    }
    // 21 s at 192 kHz: the last second finds no room.
    const auto longest = heard (falling (1, 21 * 192000, 20, 7), 192000);
    CHECK (isFinite (longest));
    CHECK (peakOf (longest) > 0);
}

TEST_CASE (
    "a recording of 20 s at 192 kHz takes the memory that docs/PERFORMANCE.md tells, and gives it back")
{
    // By the C library's own count. Two voices and two channels, each with the spectra of the impulse and of
    // the sound: 2 * 2 * 2 * 2 floats a frame, 64 bytes, 246 MB; what else there is does not grow with it.
    const auto used = []
    {
        const auto m = mallinfo2();
        return static_cast<double> (m.uordblks + m.hblkhd);
    };
    if (used() == 0)
        return; // a sanitizer has memory of its own
    auto& all = mix::catalogue();
    Rig rig (*std::find_if (all.begin(), all.end(), [] (const auto& t) { return t.id == "convolution"; }),
             192000, 2);
    rig.set ("impulse", own);
    const int frames = 20 * 192000;
    auto recording = std::make_shared<engine::Recording> (*recordingOf (falling (2, frames, 15, 8)));
    recording->rate = 192000;
    const double before = used();
    rig.effect->hear (recording);
    const double taken = used() - before;
    INFO (taken / 1e6 << " MB");
    CHECK (taken > 240e6);
    CHECK (taken < 250e6);
    CHECK (isFinite (rig.run (noise (2, 6400, 0.5f))));
    rig.effect->hear (nullptr);
    rig.reset();
    rig.run (silence (2, 6400));
    rig.effect->hear (nullptr); // what is no longer heard is let go when the next one is given
    CHECK (used() - before < 5e6);
}

TEST_CASE ("a recording can be trimmed and made to decay faster")
{
    auto rig = rigOf (1);
    rig.effect->hear (recordingOf (falling (1, 72000, 1.0, 5, 4800)));
    const auto loud = [] (const std::vector<float>& x)
    { return std::find_if (x.begin(), x.end(), [] (float v) { return std::abs (v) > 1e-4f; }) - x.begin(); };
    auto h = rig.run (impulse (1, 80000))[0];
    CHECK (loud (h) == Approx (4800).margin (20));
    rig.set ("trim", 100); // the silence before it
    rig.reset();
    h = rig.run (impulse (1, 80000))[0];
    CHECK (loud (h) < 20);
    CHECK (t30 (h) == Approx (1.0).epsilon (0.05));
    rig.set ("decay", 50);
    rig.reset();
    CHECK (t30 (rig.run (impulse (1, 80000))[0]) == Approx (0.5).epsilon (0.05));
}

TEST_CASE ("a recording that is given while sound runs is taken up, and taken away again")
{
    auto rig = rigOf (2), other = rigOf (2);
    const auto first = recordingOf (falling (2, 20000, 0.3, 6)),
               second = recordingOf (falling (1, 9000, 0.2, 7));
    CHECK (peakOf (rig.run (noise (2, 6400, 0.5f))) == 0); // nothing was given yet
    rig.effect->hear (first);
    CHECK (peakOf (rig.run (noise (2, 6400, 0.5f)), 3200) > 0.05f);
    rig.effect->hear (second);
    rig.effect->hear (first); // the newest counts
    rig.effect->hear (second);
    other.effect->hear (second);
    const auto in = noise (2, 96000, 0.5f, 9);
    const auto got = rig.run (in), want = other.run (in);
    double error = 0, level = 0;
    for (std::size_t c = 0; c < 2; ++c)
        for (std::size_t n = 48000; n < 96000; ++n)
        {
            error += std::pow (static_cast<double> (got[c][n] - want[c][n]), 2);
            level += std::pow (static_cast<double> (want[c][n]), 2);
        }
    CHECK (10 * std::log10 (error / level + 1e-30) < -100);
    rig.effect->hear (nullptr);
    rig.run (noise (2, 24000, 0.5f));
    CHECK (peakOf (rig.run (noise (2, 6400, 0.5f))) == 0);
}

TEST_CASE ("the equaliser of the room lifts and lowers what it says")
{
    // A click through a recording of one click: the response of the equaliser alone, measured by SciPy.
    auto flat = rigOf (1), rig = rigOf (1);
    rig.set ("low-gain", 6);
    rig.set ("low-frequency", 100);
    rig.set ("mid-gain", -12);
    rig.set ("mid-frequency", 1000);
    rig.set ("high-gain", 9);
    rig.set ("high-frequency", 3000);
    std::vector<double> all;
    for (auto* r : { &flat, &rig })
    {
        r->effect->hear (recordingOf (impulse (1, 1)));
        const auto h = r->run (impulse (1, 16384))[0];
        all.insert (all.end(), h.begin(), h.end());
    }
    const auto gains = scipy (R"(
a, b = np.abs (np.fft.rfft (x.reshape (2, -1))); k = np.array ([30, 1000, 12000]) * 16384 // 48000
print (*(20 * np.log10 (b / a)[k]), sep='\n')
)",
                              all);
    CHECK (gains[0] == Approx (6).margin (0.7));
    CHECK (gains[1] == Approx (-12).margin (0.7));
    CHECK (gains[2] == Approx (9).margin (0.7));
}
