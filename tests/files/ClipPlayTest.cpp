// SPDX-License-Identifier: GPL-3.0-or-later
#include "Scratch.h"
#include "files/Stream.h"

#include <catch2/catch.hpp>
#include <random>

using namespace lacquer;
using namespace lacquer::files;

namespace
{

std::shared_ptr<const PcmFile> open (const Scratch& scratch, const std::string& name)
{
    auto file = PcmFile::opened (scratch / name);
    REQUIRE (file);
    return std::make_shared<const PcmFile> (std::move (*file));
}

std::vector<double> numbersIn (const Scratch& scratch, const std::string& name)
{
    std::ifstream in (scratch / name, std::ios::binary | std::ios::ate);
    std::vector<double> samples (static_cast<std::size_t> (in.tellg()) / sizeof (double));
    in.seekg (0);
    in.read (reinterpret_cast<char*> (samples.data()),
             static_cast<std::streamsize> (samples.size() * sizeof (double)));
    return samples;
}

constexpr Frames length = 60000;

/// Two files of noise and what NumPy makes of an arrangement of them: reversed, fades of all shapes,
/// overlaps, an envelope. Each clip: file, start, offset, length, gain, in, out, shapes, reversed, points.
const char* const oracle = R"(
import numpy as np, wave
rng = np.random.default_rng(7)
def write(name, channels, frames):
    x = rng.integers(-2**23, 2**23, size=(frames, channels))
    w = wave.open(name, 'wb'); w.setnchannels(channels); w.setsampwidth(3); w.setframerate(48000)
    b = x.astype('<i4').view(np.uint8).reshape(frames, channels, 4)[:, :, :3]
    w.writeframes(b.tobytes()); w.close()
def read(name):
    w = wave.open(name, 'rb'); n = w.getnframes(); c = w.getnchannels()
    b = np.frombuffer(w.readframes(n), np.uint8).reshape(n, c, 3).astype(np.int64)
    x = b[:, :, 0] + 256 * b[:, :, 1] + 65536 * b[:, :, 2]
    x = np.where(x >= 2**23, x - 2**24, x) / 2.0**23
    return np.repeat(x, 2, axis=1) if c == 1 else x
write('s.wav', 2, 30000); write('m.wav', 1, 20000)
files = {'s': read('s.wav'), 'm': read('m.wav')}
def fade(shape, u):
    return {'l': u, 'p': np.sin(np.pi/2*u), 's': np.sin(np.pi/2*u)**2, 'e': (1000.0**u - 1)/999}[shape]
clips = [
 ('s', 100, 50, 8000, 1.0, 0, 0, 'l', 'l', False, []),
 ('s', 6100, 1000, 9000, 1.0, 2000, 3000, 'p', 'e', False, []),
 ('m', 12000, 0, 15000, 0.5, 3000, 1000, 's', 'l', True, []),
 ('s', 25000, 500, 20000, 1.0, 0, 0, 'l', 'l', True, [(-100, -12.0), (5000, 3.0), (5001, -3.0), (12000, -3.0), (19000, -60.0)]),
 ('s', 44000, 28000, 3000, 1.0, 10, 10, 'e', 's', True, []),
 ('m', 47000, 19000, 5000, 0.25, 5000, 5000, 'e', 'p', False, []),
]
out = np.zeros((60000, 2))
for f, start, offset, n, gain, fi, fo, si, so, rev, env in clips:
    x = np.zeros((n, 2)); part = files[f][offset:offset+n]; x[:len(part)] = part
    if rev: x = x[::-1]
    k = np.arange(n, dtype=float); g = np.full(n, gain)
    if fi: g *= np.where(k < fi, fade(si, np.minimum(k/fi, 1)), 1)
    if fo: g *= np.where(k >= n - fo, fade(so, np.minimum((n-k)/fo, 1)), 1)
    if env: g *= 10**(np.interp(k, [p for p, _ in env], [d for _, d in env])/20)
    out[start:start+n] += x * g[:, None]
out.T.tofile('out.raw')
)";

std::vector<ClipSource> arrangement (const Scratch& scratch)
{
    const auto s = open (scratch, "s.wav"), m = open (scratch, "m.wav");
    using S = FadeShape;
    return { { s, 100, 50, 8000 },
             { s, 6100, 1000, 9000, 1.0f, 2000, 3000, S::equalPower, S::exponential },
             { m, 12000, 0, 15000, 0.5f, 3000, 1000, S::sCurve, S::linear, true },
             { s,
               25000,
               500,
               20000,
               1.0f,
               0,
               0,
               S::linear,
               S::linear,
               true,
               { { -100, -12 }, { 5000, 3 }, { 5001, -3 }, { 12000, -3 }, { 19000, -60 } } },
             { s, 44000, 28000, 3000, 1.0f, 10, 10, S::exponential, S::sCurve, true },
             { m, 47000, 19000, 5000, 0.25f, 5000, 5000, S::exponential, S::equalPower } };
}

Scratch& made (Scratch& scratch)
{
    std::ofstream (scratch / "oracle.py") << oracle;
    scratch.run ("/usr/bin/python3 oracle.py");
    return scratch;
}

} // namespace

TEST_CASE ("reversed clips, fades of every shape, overlaps and envelopes sound as NumPy computes them")
{
    Scratch scratch;
    made (scratch);
    ClipReader reader (arrangement (scratch), 2);
    Planar out (2, length);
    REQUIRE (reader.read (0, out.pointers, length) == length);
    const auto expected = numbersIn (scratch, "out.raw");
    REQUIRE (expected.size() == 2 * length);
    double worst = 0;
    int silent = 0, untouched = 0;
    for (int c = 0; c < 2; ++c)
        for (Frames n = 0; n < length; ++n)
        {
            const double want = expected[static_cast<std::size_t> (c * length + n)];
            worst = std::max (worst, std::abs (want - static_cast<double> (out.at (c, n))));
            silent += want == 0 && out.at (c, n) != 0;
            // A clip alone and at unity is the file's samples to the bit.
            untouched += n >= 100 && n < 6100 && static_cast<float> (want) != out.at (c, n);
        }
    CHECK (worst < 3e-7); // float: a rounding of 2^-24 for each of up to two clips, gain and sum
    CHECK (silent == 0);
    CHECK (untouched == 0);
}

TEST_CASE ("a range of an arrangement is the same bits wherever reading starts and however it is cut")
{
    Scratch scratch;
    made (scratch);
    const auto clips = arrangement (scratch);
    ClipReader whole (clips, 2);
    Planar full (2, length);
    whole.read (0, full.pointers, length);
    const auto seed = std::random_device {}();
    CAPTURE (seed);
    std::mt19937 random (seed);
    for (const auto how : { ClipReader::Reads::ahead, ClipReader::Reads::asAsked })
    {
        ClipReader part (clips, 2, how);
        for (int n = 0; n < 300; ++n)
        {
            const auto begin = static_cast<Frames> (random() % static_cast<unsigned> (length - 3000));
            const int frames = 1 + static_cast<int> (random() % (n % 3 == 0 ? 3000 : 200));
            Planar out (2, frames);
            REQUIRE (part.read (begin, out.pointers, frames) == frames);
            for (int c = 0; c < 2; ++c)
                REQUIRE (std::equal (out.lanes[static_cast<std::size_t> (c)].begin(),
                                     out.lanes[static_cast<std::size_t> (c)].end(),
                                     full.lanes[static_cast<std::size_t> (c)].begin() + begin));
        }
    }
}

TEST_CASE ("a live stream of reversed and enveloped clips is those bits too, without an underrun")
{
    Scratch scratch;
    made (scratch);
    const auto clips = arrangement (scratch);
    ClipReader whole (clips, 2);
    Planar full (2, length);
    whole.read (0, full.pointers, length);
    Reader reader (48000);
    const auto stream = reader.stream (clips, 2);
    for (const Frames from : { Frames { 0 }, Frames { 31111 } })
    {
        stream->locate (from);
        for (Frames at = from; at + 512 <= length; at += 512)
        {
            reader.settle();
            Planar out (2, 512);
            REQUIRE (stream->read (at, out.pointers, 512) == 512);
            for (int c = 0; c < 2; ++c)
                REQUIRE (std::equal (out.lanes[static_cast<std::size_t> (c)].begin(),
                                     out.lanes[static_cast<std::size_t> (c)].end(),
                                     full.lanes[static_cast<std::size_t> (c)].begin() + at));
        }
    }
}

TEST_CASE ("the gain of a clip's envelope is straight in dB between its points and stays outside them")
{
    const std::vector<EnvelopePoint> points { { 100, -20 }, { 300, 0 }, { 400, 0 }, { 500, silenceDb } };
    CHECK (envelopeGain (points, 0) == Approx (0.1).epsilon (1e-12));
    CHECK (envelopeGain (points, 200) == Approx (std::pow (10.0, -0.5)).epsilon (1e-12)); // -10 dB half way
    CHECK (envelopeGain (points, 350) == 1);                                              // exactly
    CHECK (envelopeGain (points, 450) == Approx (std::pow (10.0, -2.5)).epsilon (1e-12));
    CHECK (envelopeGain (points, 500) == 0);
    CHECK (envelopeGain (points, 9999) == 0);
    CHECK (envelopeGain ({}, 1) == 1);
}
