// SPDX-License-Identifier: GPL-3.0-or-later
#include "Scratch.h"
#include "files/Peaks.h"
#include "files/Stream.h"
#include "files/Writer.h"

#include <random>

using namespace lacquer;
using namespace lacquer::files;

namespace
{

/// A float WAV whose sample at frame n of channel c says so: (n + 1) * 2^-20, negative in channel 1. Any
/// frame read from a wrong place shows.
std::shared_ptr<const PcmFile> numbered (const Scratch& scratch, const std::string& name, int channels,
                                         Frames frames)
{
    auto writer = Writer::opened (scratch / name,
                                  { .encoding = Encoding::wavFloat, .rate = 48000, .channels = channels });
    REQUIRE (writer);
    Planar block (channels, frames);
    for (int c = 0; c < channels; ++c)
        for (Frames n = 0; n < frames; ++n)
            block.lanes[static_cast<std::size_t> (c)][static_cast<std::size_t> (n)] =
                static_cast<float> (n + 1) * (c == 0 ? 0x1p-20f : -0x1p-20f);
    REQUIRE ((*writer)->write (block.pointers.data(), static_cast<int> (frames)));
    REQUIRE ((*writer)->finish());
    auto file = PcmFile::opened (scratch / name);
    REQUIRE (file);
    return std::make_shared<const PcmFile> (std::move (*file));
}

/// The value of numbered() at a frame.
float number (Frames n)
{
    return static_cast<float> (n + 1) * 0x1p-20f;
}

/// Six clips with overlaps, gaps, fades and gains over eight seconds.
std::vector<ClipSource> arrangement (const Scratch& scratch)
{
    const auto mono = numbered (scratch, "mono.wav", 1, 100000);
    const auto stereo = numbered (scratch, "stereo.wav", 2, 200000);
    return { { stereo, 1000, 0, 90000, 1.0f, 0, 0 },
             { mono, 80000, 500, 60000, 0.5f, 12000, 9000, FadeShape::linear, FadeShape::exponential },
             { mono, 139000, 0, 2000, 2.0f, 1500, 1500, FadeShape::sCurve, FadeShape::equalPower },
             { stereo, 200003, 17, 150000, 0.7f, 4800, 48000 },
             { stereo, 220000, 100000, 90000, 1.0f, 10, 10 },
             { mono, 380000, 0, 100, 1.0f, 0, 0 } };
}

} // namespace

TEST_CASE ("a clip at unity is its file, frame for frame, and silence around it")
{
    const Scratch scratch;
    const auto media = numbered (scratch, "a.wav", 2, 5000);
    ClipReader reader ({ { media, 100, 7, 4000 } }, 2);
    CHECK (reader.end() == 4100);
    Planar out (2, 6000);
    REQUIRE (reader.read (-50, out.pointers, 6000) == 6000);
    int wrong = 0;
    for (Frames n = 0; n < 6000; ++n)
    {
        const Frames at = n - 50;
        const float expected = at >= 100 && at < 4100 ? number (at - 100 + 7) : 0.0f;
        wrong += out.at (0, n) != expected || out.at (1, n) != -expected;
    }
    CHECK (wrong == 0);
}

TEST_CASE ("a mono file sounds on both sides, a stereo file on a mono track as half the sum")
{
    const Scratch scratch;
    ClipReader both ({ { numbered (scratch, "m.wav", 1, 64), 0, 0, 64 } }, 2);
    ClipReader half ({ { numbered (scratch, "s.wav", 2, 64), 0, 0, 64 } }, 1);
    Planar out (2, 64);
    both.read (0, out.pointers, 64);
    CHECK (out.at (0, 10) == number (10));
    CHECK (out.at (1, 10) == number (10));
    half.read (0, out.pointers, 64);
    CHECK (out.at (0, 10) == 0.0f); // its right channel is its left one turned over
}

TEST_CASE ("the fade shapes keep what their names promise")
{
    for (const auto shape :
         { FadeShape::linear, FadeShape::equalPower, FadeShape::sCurve, FadeShape::exponential })
    {
        CHECK (fadeGain (shape, 0) == 0);
        CHECK (fadeGain (shape, 1) == 1);
        for (int n = 1; n <= 1000; ++n)
            REQUIRE (fadeGain (shape, n / 1000.0) > fadeGain (shape, (n - 1) / 1000.0));
    }
    for (int n = 0; n <= 1000; ++n)
    {
        const double in = n / 1000.0, out = 1 - in;
        const auto power = [] (double gain) { return gain * gain; };
        REQUIRE (power (fadeGain (FadeShape::equalPower, in)) +
                     power (fadeGain (FadeShape::equalPower, out)) ==
                 Approx (1).epsilon (1e-12));
        REQUIRE (fadeGain (FadeShape::sCurve, in) + fadeGain (FadeShape::sCurve, out) ==
                 Approx (1).epsilon (1e-12));
        REQUIRE (fadeGain (FadeShape::linear, in) + fadeGain (FadeShape::linear, out) ==
                 Approx (1).epsilon (1e-12));
    }
    // Half way along 60 dB: (1000^0.5 - 1) / 999 = -30.2 dB.
    CHECK (20 * std::log10 (fadeGain (FadeShape::exponential, 0.5)) == Approx (-30.27).margin (0.01));
}

TEST_CASE ("a linear crossfade of one sound with itself is the sound")
{
    const Scratch scratch;
    const auto media = numbered (scratch, "a.wav", 1, 30000);
    ClipReader reader ({ { media, 0, 0, 20000, 1, 0, 5000, FadeShape::linear, FadeShape::linear },
                         { media, 15000, 15000, 15000, 1, 5000, 0, FadeShape::linear, FadeShape::linear } },
                       1);
    Planar out (1, 30000);
    reader.read (0, out.pointers, 30000);
    double worst = 0;
    for (Frames n = 0; n < 30000; ++n)
        worst = std::max (
            worst, std::abs (static_cast<double> (out.at (0, n)) / static_cast<double> (number (n)) - 1));
    CHECK (worst < 2e-7); // three roundings to float
}

TEST_CASE ("a track sounds the same however it is cut into blocks")
{
    const Scratch scratch;
    const auto clips = arrangement (scratch);
    constexpr Frames whole = 390000;
    Planar once (2, whole), pieces (2, whole);
    ClipReader (clips, 2).read (0, once.pointers, whole);
    const unsigned seed = 20260101;
    INFO ("seed " << seed);
    std::mt19937 random (seed);
    ClipReader reader (clips, 2);
    for (Frames at = 0; at < whole;)
    {
        const int frames = static_cast<int> (std::min<Frames> (1 + random() % 1500, whole - at));
        float* const out[2] = { pieces.pointers[0] + at, pieces.pointers[1] + at };
        REQUIRE (reader.read (at, out, frames) == frames);
        at += frames;
    }
    CHECK (once.lanes == pieces.lanes);
}

TEST_CASE ("a live stream gives the samples of the offline reader wherever it is sent")
{
    const Scratch scratch;
    const auto clips = arrangement (scratch);
    constexpr Frames whole = 390000;
    Planar expected (2, whole);
    ClipReader (clips, 2).read (0, expected.pointers, whole);

    Reader reader (48000);
    const auto stream = reader.stream (clips, 2);
    const unsigned seed = 20260102;
    INFO ("seed " << seed);
    std::mt19937 random (seed);
    Planar out (2, 1024);
    Frames at = 0;
    int wrong = 0, late = 0;
    for (int step = 0; step < 4000; ++step)
    {
        const bool jump = random() % 40 == 0, told = random() % 100 == 0;
        if (jump || told || at >= whole)
            at = static_cast<Frames> (random() % (whole - 1024));
        if (told)
            stream->locate (at);
        const bool settled = step % 2 == 0;
        if (settled)
            reader.settle();
        const int frames = static_cast<int> (std::min<Frames> (1 + random() % 1024, whole - at));
        const bool due = settled && (told || (! jump && stream->holds (at, frames)));
        const int got = stream->read (at, out.pointers, frames);
        late += due && got < frames;
        for (int c = 0; c < 2; ++c)
            for (int n = 0; n < frames; ++n)
                wrong += out.at (c, n) != (n < got ? expected.at (c, at + n) : 0.0f);
        at += frames;
    }
    CHECK (wrong == 0); // what is there is right, what is not is silence
    CHECK (late == 0);  // and it is there when the reader had its time
}

TEST_CASE ("a stream that is given time is never late, also over a loop")
{
    const Scratch scratch;
    const auto clips = arrangement (scratch);
    Planar expected (2, 390000);
    ClipReader (clips, 2).read (0, expected.pointers, 390000);
    Reader reader (48000);
    const auto stream = reader.stream (clips, 2, 1000);
    stream->setLoop (81000, 150000);
    reader.settle();
    Planar out (2, 512);
    int late = 0, wrong = 0;
    Frames at = 1000;
    for (int step = 0; step < 2000; ++step)
    {
        const int frames = static_cast<int> (std::min<Frames> (512, 150000 - at));
        // settle() only away from the jump: the jump itself must find the loop's beginning ready.
        late += stream->read (at, out.pointers, frames) < frames;
        for (int n = 0; n < frames; ++n)
            wrong += out.at (0, n) != expected.at (0, at + n);
        at += frames;
        if (at == 150000)
            at = 81000;
        else
            reader.settle();
    }
    CHECK (late == 0);
    CHECK (wrong == 0);
}

TEST_CASE ("an outline never hides a peak, is near it, and knows its root mean square")
{
    const Scratch scratch;
    const auto media = numbered (scratch, "a.wav", 2, 100001);
    const auto peaks = Peaks::made (*media);
    REQUIRE (peaks);
    const unsigned seed = 20260103;
    INFO ("seed " << seed);
    std::mt19937 random (seed);
    for (int n = 0; n < 1000; ++n)
    {
        // On the grid of 64 frames the range is exact; the ramp's extremes are its ends.
        const Frames from = static_cast<Frames> (random() % 1500) * 64;
        const Frames to = std::min<Frames> (100001, from + 64 * (1 + static_cast<Frames> (random() % 1500)));
        const auto left = peaks->over (0, from, to), right = peaks->over (1, from, to);
        REQUIRE (left.max >= number (to - 1));
        REQUIRE (left.max <= number (to - 1) * 1.01f); // 8 significant bits: 0.4 % a rounding
        REQUIRE (left.min <= number (from));
        REQUIRE (left.min >= number (from) * 0.99f);
        REQUIRE (right.min <= -number (to - 1));
        const double a = static_cast<double> (from) + 1, b = static_cast<double> (to);
        // Mean square of a, a + 1 ... b: the difference of two sums of squares, n (n + 1)(2 n + 1) / 6.
        const double mean = (b * (b + 1) * (2 * b + 1) - (a - 1) * a * (2 * a - 1)) / 6 / (b - a + 1);
        REQUIRE (left.rms == Approx (std::sqrt (mean) * 0x1p-20).epsilon (0.03));
    }
}

TEST_CASE ("a cached outline is used only when it fits, whatever is in the file")
{
    const Scratch scratch;
    const auto media = numbered (scratch, "a.wav", 1, 10000);
    REQUIRE (cachedPeaks (scratch / "a.wav", scratch / "Peaks"));
    const auto cache = scratch / "Peaks/a.wav.peaks";
    const auto identity = Peaks::identityOf (scratch / "a.wav");
    REQUIRE (identity);
    REQUIRE (Peaks::loaded (cache, *identity));
    CHECK_FALSE (Peaks::loaded (cache, { identity->bytes, identity->changed + 1 }));

    std::ifstream in (cache, std::ios::binary);
    const std::vector<unsigned char> good (std::istreambuf_iterator<char> (in), {});
    // Cut at every byte, and every byte of the header set to every extreme: refused or harmless, never a
    // crash.
    int taken = 0;
    for (std::size_t n = 0; n < good.size(); ++n)
    {
        scratch.store ("cut",
                       std::vector<unsigned char> (good.begin(), good.begin() + static_cast<long> (n)));
        taken += Peaks::loaded (scratch / "cut", *identity).ok();
    }
    CHECK (taken == 0);
    for (std::size_t n = 0; n < 40; ++n)
        for (const auto value : std::vector<unsigned char> { 0x00, 0x01, 0x7F, 0x80, 0xFF })
        {
            auto bad = good;
            // Byte 24 is the lowest of the length: another length with as many bins does no harm.
            if (bad[n] == value || n == 24)
                continue;
            bad[n] = value;
            scratch.store ("bad", bad);
            // The head holds nothing but the magic, the identity and the sizes: any change of it must be
            // seen.
            INFO ("byte " << n << " = " << int (value));
            CHECK_FALSE (Peaks::loaded (scratch / "bad", *identity));
        }
}
