// SPDX-License-Identifier: GPL-3.0-or-later
#include "Scratch.h"
#include "files/Bytes.h"
#include "files/Decoder.h"
#include "files/Hash.h"
#include "files/PcmFile.h"
#include "files/Resampler.h"
#include "files/Writer.h"

#include <csignal>
#include <random>
#include <sndfile.h>
#include <sys/resource.h>

// libsndfile 1.2.0 does not free its Vorbis encoder when the last write fails; nothing of ours is exempted.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions()
{
    return "leak:libvorbis.so\nleak:libvorbisenc.so\nleak:libogg.so\n";
}

using namespace lacquer;
using namespace lacquer::files;

namespace
{

/// Noise in [-0.9, 0.9), the same every time.
std::unique_ptr<Planar> noise (int channels, Frames frames, unsigned seed)
{
    auto all = std::make_unique<Planar> (channels, frames);
    std::mt19937 random (seed);
    for (auto& lane : all->lanes)
        for (auto& sample : lane)
            sample = (static_cast<float> (random() >> 8) * 0x1p-24f - 0.5f) * 1.8f;
    return all;
}

Frames written (const std::filesystem::path& path, const WriterOptions& options, const Planar& sound)
{
    auto writer = Writer::opened (path, options);
    INFO ((writer ? std::string() : writer.problem().sentence()));
    REQUIRE (writer);
    const auto frames = static_cast<Frames> (sound.lanes[0].size());
    // In uneven pieces, as a renderer delivers.
    for (Frames at = 0; at < frames;)
    {
        const int part = static_cast<int> (std::min<Frames> (1000, frames - at));
        std::vector<const float*> from;
        for (const auto& lane : sound.lanes)
            from.push_back (lane.data() + at);
        REQUIRE ((*writer)->write (from.data(), part));
        at += part;
    }
    auto done = (*writer)->finish();
    REQUIRE (done);
    return *done;
}

} // namespace

TEST_CASE ("what is written reads back in ffmpeg, sample for sample")
{
    const Scratch scratch;
    struct Case
    {
        Encoding encoding;
        const char* name;
        double step; // of the word length; 0: floats as they are
    };
    for (const auto& [encoding, name, step] :
         { Case { Encoding::wav16, "a.wav", 0x1p-15 }, Case { Encoding::wav24, "b.wav", 0x1p-23 },
           Case { Encoding::wavFloat, "c.wav", 0.0 }, Case { Encoding::flac16, "d.flac", 0x1p-15 },
           Case { Encoding::flac24, "e.flac", 0x1p-23 } })
        for (const int channels : { 1, 2, 3 })
        {
            INFO (name << " " << channels);
            const auto sound = noise (channels, 12345, 5);
            REQUIRE (written (scratch / name, { .encoding = encoding, .rate = 44100, .channels = channels },
                              *sound) == 12345);
            CHECK_FALSE (std::filesystem::exists (scratch / (std::string (name) + ".part")));
            const auto back = scratch.byFfmpeg (name);
            REQUIRE (back.size() == 12345u * static_cast<unsigned> (channels));
            int wrong = 0;
            for (std::size_t n = 0; n < back.size(); ++n)
            {
                const auto c = n % static_cast<std::size_t> (channels),
                           at = n / static_cast<std::size_t> (channels);
                double value = static_cast<double> (sound->lanes[c][at]);
                if (step > 0)
                    value = std::nearbyint (value / step) * step; // nearest, ties to even
                wrong += static_cast<double> (back[n]) != value;
            }
            CHECK (wrong == 0);
        }
}

TEST_CASE ("samples already cut to a word length are stored untouched, and louder than full scale clips")
{
    const Scratch scratch;
    const std::int32_t words[] = { -32768, -1, 0, 1, 32767 };
    const std::int32_t* lanes[] = { words };
    for (const auto& [encoding, name] :
         { std::pair { Encoding::wav16, "a.wav" }, std::pair { Encoding::flac16, "a.flac" } })
    {
        auto writer = Writer::opened (scratch / name, { .encoding = encoding, .rate = 48000, .channels = 1 });
        REQUIRE (writer);
        REQUIRE ((*writer)->write (lanes, 5));
        const float loud[] = { 1.0f, 7.0f, -1.0f, -7.0f };
        const float* more[] = { loud };
        REQUIRE ((*writer)->write (more, 4));
        REQUIRE ((*writer)->finish());
        std::vector<float> expected;
        for (const int word : { -32768, -1, 0, 1, 32767, 32767, 32767, -32768, -32768 })
            expected.push_back (static_cast<float> (word) * 0x1p-15f);
        CHECK (scratch.byFfmpeg (name) == expected);
    }
}

TEST_CASE ("an MP3 is 320 kbit/s or V0, of exact length after decoding, and free of tags")
{
    const Scratch scratch;
    const auto sound = noise (2, 100000, 6);
    for (const auto& [encoding, name] :
         { std::pair { Encoding::mp3Cbr320, "cbr.mp3" }, std::pair { Encoding::mp3V0, "v0.mp3" } })
    {
        REQUIRE (written (scratch / name, { .encoding = encoding, .rate = 44100, .channels = 2 }, *sound) ==
                 100000);
        CHECK (scratch.byFfmpeg (name).size() == 200000);
        std::ifstream in (scratch / name, std::ios::binary);
        const std::string bytes (std::istreambuf_iterator<char> (in), {});
        CHECK (bytes.substr (0, 3) != "ID3");
        CHECK (bytes.substr (bytes.size() - 128, 3) != "TAG");
        const bool constant = encoding == Encoding::mp3Cbr320;
        // ISO 11172-3: bitrate index 14 of MPEG-1 Layer III is 320; LAME marks constant rate by "Info",
        // variable by "Xing".
        CHECK (bytes.find (constant ? "Info" : "Xing") < 100);
        if (constant)
            CHECK ((static_cast<unsigned char> (bytes[2]) >> 4) == 14);
    }
}

TEST_CASE ("Vorbis and Opus are written for other decoders too")
{
    const Scratch scratch;
    const auto sound = noise (2, 48000, 7);
    for (const auto& [encoding, name] :
         { std::pair { Encoding::vorbis, "a.ogg" }, std::pair { Encoding::opus, "a.opus" } })
    {
        written (scratch / name, { .encoding = encoding, .rate = 48000, .channels = 2 }, *sound);
        CHECK (scratch.byFfmpeg (name).size() == 96000);
    }
    const auto refused = Writer::opened (scratch / "b.opus", { .encoding = Encoding::opus, .rate = 44100 });
    REQUIRE (! refused);
    CHECK (refused.problem().what == "Opus takes a sample rate of 8, 12, 16, 24 or 48 kHz.");
}

TEST_CASE ("chunks for other programs stand before the sound and are seen by them")
{
    const Scratch scratch;
    std::vector<unsigned char> bext (603,
                                     0); // EBU Tech 3285: 602 bytes and one of history, so a pad byte is due
    const std::string title = "Take 7";
    std::copy (title.begin(), title.end(), bext.begin());
    bext[602] = 'x';
    const auto sound = noise (2, 100, 8);
    written (scratch / "a.wav",
             { .encoding = Encoding::wav24, .rate = 48000, .channels = 2, .chunks = { { "bext", bext } } },
             *sound);
    scratch.run ("ffprobe -v error -show_entries format_tags -of csv=p=0 a.wav | "
                 "grep -q 'Take 7'");
    CHECK (scratch.byFfmpeg ("a.wav").size() == 200);
}

TEST_CASE ("a writer that is not finished leaves nothing, and one on a full disk says so")
{
    const Scratch scratch;
    const auto sound = noise (2, 100000, 9);
    for (const auto encoding : { Encoding::wav24, Encoding::flac24, Encoding::mp3V0, Encoding::vorbis })
    {
        {
            auto writer = Writer::opened (scratch / "a", { .encoding = encoding });
            REQUIRE (writer);
            CHECK (std::filesystem::exists (scratch / "a.part"));
            REQUIRE ((*writer)->write (sound->pointers.data(), 1000));
        }
        CHECK (scratch.entries() == 0);

        // RLIMIT_FSIZE fails every write beyond 20000 bytes with EFBIG, as a full disk does with ENOSPC.
        const auto ignored = std::signal (SIGXFSZ, SIG_IGN);
        rlimit before {};
        REQUIRE (::getrlimit (RLIMIT_FSIZE, &before) == 0);
        const rlimit small { 20000, before.rlim_max };
        REQUIRE (::setrlimit (RLIMIT_FSIZE, &small) == 0);
        std::string what;
        {
            auto writer = Writer::opened (scratch / "a", { .encoding = encoding });
            const auto wrote = (*writer)->write (sound->pointers.data(), 100000);
            const auto done = wrote ? (*writer)->finish() : Result<Frames> (wrote.problem());
            what = done ? "" : done.problem().what;
        }
        REQUIRE (::setrlimit (RLIMIT_FSIZE, &before) == 0);
        std::signal (SIGXFSZ, ignored);
        CHECK (what == "The disk cannot hold a file of this size.");
        CHECK (scratch.entries() == 0);
    }
    CHECK (Writer::opened (scratch / "none/a.wav", {}).problem().what == "There is no such file.");
}

TEST_CASE ("the WAV header fits every length, odd ones too")
{
    const Scratch scratch;
    for (const Frames frames : { 0, 1, 3 })
    {
        const Planar sound (1, frames);
        written (scratch / "a.wav", { .encoding = Encoding::wav24, .rate = 48000, .channels = 1 }, sound);
        const auto size = std::filesystem::file_size (scratch / "a.wav");
        CHECK (size % 2 == 0);
        std::ifstream in (scratch / "a.wav", std::ios::binary);
        unsigned char head[8];
        in.read (reinterpret_cast<char*> (head), 8);
        CHECK (little32 (head + 4) == size - 8);
        auto file = PcmFile::opened (scratch / "a.wav");
        REQUIRE (file);
        CHECK (file->frames() == frames);
    }
}

TEST_CASE ("a converted rate has the exact length, keeps the band and rejects everything else")
{
    // DSP.md 2.8: passband +-0.01 dB to 0.45 of the lower rate, images and aliases <= -140 dB. A sine goes
    // in; what comes out is fitted with the same sine by least squares: the rest is all that the converter
    // added.
    struct Case
    {
        double from, to, frequency;
    };
    for (const auto& [from, to, frequency] :
         { Case { 44100, 48000, 997 }, Case { 44100, 48000, 0.45 * 44100 },
           Case { 48000, 44100, 0.45 * 44100 }, Case { 32000, 48000, 0.45 * 32000 },
           Case { 96000, 44100, 0.45 * 44100 }, Case { 44100, 96000, 10007 }, Case { 96000, 48000, 30011 },
           Case { 48000, 44100, 23011 } })
    {
        INFO (from << " -> " << to << " at " << frequency);
        const double turn = 2 * 3.14159265358979323846 * frequency;
        const Frames frames = static_cast<Frames> (from) + 17;
        Planar in (1, frames);
        for (Frames n = 0; n < frames; ++n)
            in.lanes[0][static_cast<std::size_t> (n)] =
                static_cast<float> (0.5 * std::sin (turn * static_cast<double> (n) / from));
        std::vector<float> out;
        const Resampler::Sink sink = [&] (const float* const* lanes, int count) -> Outcome
        {
            out.insert (out.end(), lanes[0], lanes[0] + count);
            return {};
        };
        auto resampler = Resampler::made (from, to, 1);
        REQUIRE (resampler);
        for (Frames at = 0; at < frames;)
        {
            const int part = static_cast<int> (std::min<Frames> (777, frames - at));
            const float* lane = in.lanes[0].data() + at;
            REQUIRE (resampler->process (&lane, part, sink));
            at += part;
        }
        REQUIRE (resampler->finish (sink));
        CHECK (static_cast<Frames> (out.size()) == std::llround (static_cast<double> (frames) * to / from));

        // Away from the ends, where the sine is switched on and off.
        const auto begin = static_cast<Frames> (to * 0.1), end = static_cast<Frames> (to * 0.9);
        double ss = 0, sc = 0, cc = 0, ys = 0, yc = 0;
        for (Frames n = begin; n < end; ++n)
        {
            const double s = std::sin (turn * static_cast<double> (n) / to);
            const double c = std::cos (turn * static_cast<double> (n) / to);
            const double y = static_cast<double> (out[static_cast<std::size_t> (n)]);
            ss += s * s;
            sc += s * c;
            cc += c * c;
            ys += y * s;
            yc += y * c;
        }
        const double determinant = ss * cc - sc * sc;
        const bool inBand = frequency <= 0.45 * std::min (from, to) + 1;
        const double a = inBand ? (ys * cc - yc * sc) / determinant : 0;
        const double b = inBand ? (yc * ss - ys * sc) / determinant : 0;
        double rest = 0;
        for (Frames n = begin; n < end; ++n)
        {
            const double t = turn * static_cast<double> (n) / to;
            rest += std::pow (static_cast<double> (out[static_cast<std::size_t> (n)]) - a * std::sin (t) -
                                  b * std::cos (t),
                              2);
        }
        const double restDb = 10 * std::log10 (rest / static_cast<double> (end - begin) / 0.125);
        INFO (from << " -> " << to << " at " << frequency << ": rest " << restDb << " dB, gain "
                   << (inBand ? 20 * std::log10 (std::hypot (a, b) / 0.5) : 0) << " dB, phase "
                   << std::atan2 (b, a));
        CHECK (restDb <= -140);
        if (inBand)
        {
            CHECK (std::abs (20 * std::log10 (std::hypot (a, b) / 0.5)) <= 0.01);
            CHECK (std::abs (std::atan2 (b, a)) <= 1e-4); // no latency left: 1e-4 rad is 1/60000 of a cycle
        }
    }
}

TEST_CASE ("SHA-256 gives the digests of the standard")
{
    const auto digest = [] (const std::string& text)
    {
        Sha256 hash;
        for (std::size_t at = 0; at < text.size(); at += 37)
            hash.add (text.data() + at, std::min<std::size_t> (37, text.size() - at));
        return hash.digest();
    };
    // NIST's example values for FIPS 180-4: empty, "abc", two blocks, a million times 'a'.
    CHECK (digest ("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK (digest ("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK (digest ("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
           "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    CHECK (digest (std::string (1000000, 'a')) ==
           "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE ("a file past 4 GiB becomes RF64 by itself and every frame is there", "[.full]")
{
    // The figure of RELIABILITY finding 3, where libsndfile's WAV loses 96 % of the frames.
    constexpr Frames frames = 560005120;
    const Scratch scratch;
    auto writer =
        Writer::opened (scratch / "big.wav", { .encoding = Encoding::wav24, .rate = 48000, .channels = 3 });
    REQUIRE (writer);
    constexpr int block = 1 << 18;
    Planar sound (3, block);
    for (Frames at = 0; at < frames;)
    {
        const int part = static_cast<int> (std::min<Frames> (block, frames - at));
        sound.lanes[0][0] = static_cast<float> (at / block) * 0x1p-20f;
        REQUIRE ((*writer)->write (sound.pointers.data(), part));
        at += part;
    }
    auto done = (*writer)->finish();
    REQUIRE (done);
    CHECK (*done == frames);
    auto file = PcmFile::opened (scratch / "big.wav");
    REQUIRE (file);
    CHECK (file->sound().format == "RF64");
    CHECK (file->frames() == frames);
    Planar out (3, 1);
    const Frames last = (frames - 1) / block;
    REQUIRE (file->read (last * block, 1, out.pointers.data()) == 1);
    CHECK (out.at (0, 0) == static_cast<float> (last) * 0x1p-20f);
    SF_INFO info {};
    SNDFILE* other = sf_open ((scratch / "big.wav").c_str(), SFM_READ, &info);
    REQUIRE (other != nullptr);
    CHECK (info.frames == frames);
    sf_close (other);
    scratch.run ("test $(ffprobe -v error -show_entries stream=duration_ts -of csv=p=0 big.wav) = 560005120");
    scratch.run ("test $(soxi -s big.wav) = 560005120");
}
