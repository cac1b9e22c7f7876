// SPDX-License-Identifier: GPL-3.0-or-later
#include "Scratch.h"
#include "files/Import.h"
#include "files/PcmFile.h"

#include <atomic>
#include <sys/stat.h>

using namespace lacquer;
using namespace lacquer::files;

namespace
{

/// All of a PCM file.
std::unique_ptr<Planar> contentOf (const std::filesystem::path& path)
{
    auto file = PcmFile::opened (path);
    INFO ((file ? std::string() : file.problem().sentence()));
    REQUIRE (file);
    auto all = std::make_unique<Planar> (file->channels(), file->frames());
    REQUIRE (file->read (0, static_cast<int> (file->frames()), all->pointers.data()) == file->frames());
    return all;
}

Imported mustImport (const Scratch& scratch, const std::string& name, double rate = 0)
{
    auto result = imported (scratch / name, { .rate = rate, .folder = scratch / "Audio" });
    INFO (name << ": " << (result ? std::string() : result.problem().sentence()));
    REQUIRE (result);
    return *result;
}

/// Largest difference to what ffmpeg decodes.
double difference (const Scratch& scratch, const std::string& name, const Imported& result)
{
    const auto oracle = scratch.byFfmpeg (name);
    const auto ours = contentOf (result.file);
    const auto channels = static_cast<std::size_t> (result.channels);
    REQUIRE (oracle.size() == static_cast<std::size_t> (result.frames) * channels);
    double worst = 0;
    for (std::size_t n = 0; n < oracle.size(); ++n)
        worst = std::max (worst, std::abs (static_cast<double> (ours->lanes[n % channels][n / channels]) -
                                           static_cast<double> (oracle[n])));
    return worst;
}

} // namespace

TEST_CASE ("lossless files of every kind come in bit for bit")
{
    const Scratch scratch;
    // sox makes them, ffmpeg is the other decoder: two programs that are not ours must agree with us exactly.
    for (const std::string kind :
         { "-b 8 -e unsigned a.wav", "-b 16 b.wav", "-b 24 c.wav", "-b 32 -e floating d.wav",
           "-b 64 -e floating e.wav", "-b 16 f.aiff", "-b 24 g.aiff", "-b 16 h.flac", "-b 24 i.flac",
           "-b 16 j.w64", "-b 24 k.aifc", "-e mu-law l.wav", "-e a-law m.wav" })
        for (const int channels : { 1, 2 })
        {
            const auto name = kind.substr (kind.rfind (' ') + 1);
            scratch.run ("sox -R -D -n -r 44100 -c " + std::to_string (channels) + " " + kind +
                         " synth 0.37 pinknoise gain -6");
            const auto result = mustImport (scratch, name);
            INFO (kind << " " << channels);
            CHECK (result.channels == channels);
            CHECK (result.rate == 44100);
            CHECK (result.frames == 16317); // 0.37 s * 44100
            CHECK (difference (scratch, name, result) == 0.0);
        }
}

TEST_CASE ("32-bit integer files keep all that a float can hold")
{
    const Scratch scratch;
    scratch.run ("sox -R -D -n -r 48000 -c 2 -b 32 -e signed a.wav synth 0.2 pinknoise gain -6");
    // Half a unit of a 24-bit mantissa at full scale: 2^-25.
    CHECK (difference (scratch, "a.wav", mustImport (scratch, "a.wav")) <= 0x1p-25);
}

TEST_CASE ("lossy files come in gapless and as another decoder decodes them")
{
    const Scratch scratch;
    scratch.run ("sox -R -D -n -r 48000 -c 2 -b 24 s.wav synth 1.5 pinknoise gain -9");
    scratch.run ("ffmpeg -y -v error -i s.wav -c:a libmp3lame -b:a 192k a.mp3");
    scratch.run ("ffmpeg -y -v error -i s.wav -c:a libvorbis -q:a 6 b.ogg");
    scratch.run ("ffmpeg -y -v error -i s.wav -c:a libopus -b:a 160k c.opus");
    for (const auto* name : { "a.mp3", "b.ogg", "c.opus" })
    {
        const auto result = mustImport (scratch, name);
        INFO (name);
        CHECK (result.frames == 72000); // 1.5 s * 48000: encoder delay and padding are cut off
        // Two float decoders of one stream agree to rounding; -80 dB leaves room for fixed-point shortcuts.
        CHECK (difference (scratch, name, result) < 1e-4);
    }
}

TEST_CASE ("a 24-bit mono file at 32 kHz fits any project rate")
{
    const Scratch scratch;
    scratch.run ("sox -R -D -n -r 32000 -c 1 -b 24 a.wav synth 1.00003125 sine 1000 gain -6");
    for (const double rate : { 44100.0, 48000.0, 96000.0 })
    {
        const auto result = mustImport (scratch, "a.wav", rate);
        CHECK (result.rate == rate);
        CHECK (result.channels == 1);
        // 32001 frames: round (32001 * rate / 32000).
        CHECK (result.frames == std::llround (32001 * rate / 32000));
        CHECK (result.source.rate == 32000);
    }
    // The second and third do not overwrite the first.
    CHECK (std::filesystem::exists (scratch / "Audio/a.wav"));
    CHECK (std::filesystem::exists (scratch / "Audio/a 3.wav"));
}

TEST_CASE ("damaged samples become silence and are counted")
{
    const Scratch scratch;
    scratch.run (
        "python3 -c \"import struct;s=[0.5,float('nan'),-0.25,float('inf'),3e38,float('-inf'),1e-41,0.125];"
        "d=struct.pack('<8f',*s);"
        "open('a.wav','wb').write(b'RIFF'+struct.pack('<I',36+len(d))+b'WAVEfmt "
        "'+struct.pack('<IHHIIHH',16,3,1,"
        "48000,192000,4,32)+b'data'+struct.pack('<I',len(d))+d)\"");
    const auto result = mustImport (scratch, "a.wav");
    CHECK (result.damaged == 4); // NaN, two infinities, 3e38 (+770 dBFS)
    CHECK (result.note.find ("4 damaged samples") != std::string::npos);
    const auto content = contentOf (result.file);
    CHECK (content->lanes[0] == std::vector<float> { 0.5f, 0, -0.25f, 0, 0, 0, 1e-41f, 0.125f });
}

TEST_CASE ("the 72 bytes that hang libsndfile get a sentence")
{
    // RELIABILITY finding 2: libsndfile 1.2.0 turns 4e9 times in sf_open on these.
    const std::string hex =
        "52494646b800000057415645666d7420100000000100020080bb000000ee0200040010004c4953540c00ffff"
        "ffffffffffffffffffffffffffffffffffffffffefffffffffff0037";
    std::vector<unsigned char> bytes;
    for (std::size_t n = 0; n < hex.size(); n += 2)
        bytes.push_back (static_cast<unsigned char> (std::stoi (hex.substr (n, 2), nullptr, 16)));
    REQUIRE (bytes.size() == 72);
    const Scratch scratch;
    scratch.store ("hang.wav", bytes);
    const auto result = imported (scratch / "hang.wav", { .folder = scratch / "Audio" });
    REQUIRE (! result);
    CHECK (result.problem().where == "hang.wav");
    CHECK (result.problem().what ==
           "The header of this file is damaged: a part of it is longer than the file.");
    CHECK_FALSE (std::filesystem::exists (scratch / "Audio/hang.wav"));
}

TEST_CASE ("what is no regular file is refused at once")
{
    const Scratch scratch;
    REQUIRE (::mkfifo ((scratch / "pipe.wav").c_str(), 0600) == 0);
    std::filesystem::create_directory (scratch / "folder.wav");
    std::filesystem::create_symlink ("loop.wav", scratch / "loop.wav");
    CHECK (probe (scratch / "pipe.wav").problem().what == "This is a device or a pipe, not a sound file.");
    CHECK (probe ("/dev/zero").problem().what == "This is a device or a pipe, not a sound file.");
    CHECK (probe (scratch / "folder.wav").problem().what == "This is a folder, not a sound file.");
    CHECK (probe (scratch / "loop.wav").problem().what == "The link leads in a circle.");
    CHECK (probe (scratch / "none.wav").problem().what == "There is no such file.");
}

TEST_CASE ("the project takes the rate that most stems have")
{
    const auto at = [] (double rate)
    {
        Sound sound;
        sound.rate = rate;
        return sound;
    };
    CHECK (chooseProjectRate (std::vector<Sound> { at (44100), at (48000), at (44100) }) == 44100);
    CHECK (chooseProjectRate (std::vector<Sound> { at (44100), at (48000) }) == 48000);
    CHECK (chooseProjectRate ({}) == 48000);
}

TEST_CASE ("surround files keep their speakers, in the order of WAVE whatever the format's own")
{
    const Scratch scratch;
    // Six sines of amplitudes 0.1 to 0.6 in the order FL FR FC LFE BL BR; Vorbis and Opus store FL FC FR BL
    // BR LFE.
    std::string channels;
    for (int c = 1; c <= 6; ++c)
        channels += "0." + std::to_string (c) + (c == 4 ? "*sin(2*PI*60*t)" : "*sin(2*PI*500*t)") +
                    (c < 6 ? "|" : "");
    scratch.run ("ffmpeg -y -v error -f lavfi -i 'aevalsrc=exprs=" + channels +
                 ":c=5.1:s=48000:d=1' -c:a pcm_s24le a.wav");
    scratch.run ("ffmpeg -y -v error -i a.wav b.flac");
    scratch.run ("ffmpeg -y -v error -i a.wav -c:a libvorbis -q:a 9 c.ogg");
    scratch.run ("ffmpeg -y -v error -i a.wav -c:a libopus -b:a 450k d.opus");
    for (const std::string name : { "a.wav", "b.flac", "c.ogg", "d.opus" })
    {
        std::vector<double> power (6, 0.0);
        const auto result =
            decoded (scratch / name,
                     [&] (const Sound& sound, const float* const* lanes, int frames) -> Outcome
                     {
                         REQUIRE (sound.channels == 6);
                         for (std::size_t c = 0; c < 6; ++c)
                             for (int n = 0; n < frames; ++n)
                                 power[c] +=
                                     static_cast<double> (lanes[c][n]) * static_cast<double> (lanes[c][n]);
                         return {};
                     });
        INFO (name << ": " << (result ? "" : result.problem().sentence()));
        REQUIRE (result);
        CHECK (result->sound.frames == 48000);
        CHECK (result->sound.channelMask == 0x3F); // WAVE_FORMAT_EXTENSIBLE: FL FR FC LFE BL BR
        // libvorbis codes the low-frequency channel by its own, coarse model.
        for (std::size_t c = 0; c < 6; ++c)
            CHECK (std::sqrt (2 * power[c] / 48000) ==
                   Approx (0.1 * static_cast<double> (c + 1)).margin (c == 3 ? 0.09 : 0.02));
        const auto asStem = imported (scratch / name, { .folder = scratch / "Audio" });
        REQUIRE (! asStem);
        CHECK (asStem.problem().what == "This file has 6 channels; a track is mono or stereo.");
    }
}

TEST_CASE ("a file that streams as it is can stay where it lies, any other is copied")
{
    const Scratch scratch;
    scratch.run ("sox -R -D -n -r 48000 -b 16 a.wav synth 0.1 pinknoise; sox -R -D a.wav a.flac");
    const ImportOptions options { .rate = 48000,
                                  .folder = scratch / "Audio",
                                  .placement = Placement::reference };
    const auto kept = imported (scratch / "a.wav", options);
    REQUIRE (kept);
    CHECK (kept->referenced);
    CHECK (kept->file == scratch / "a.wav");
    // coreutils' sha256sum is the oracle of the identity.
    scratch.run ("test \"$(sha256sum < a.wav | cut -c1-64)\" = " + kept->hash);
    const auto copied = imported (scratch / "a.flac", options);
    REQUIRE (copied);
    CHECK_FALSE (copied->referenced);
    auto other = options;
    other.rate = 44100;
    const auto converted = imported (scratch / "a.wav", other);
    REQUIRE (converted);
    CHECK_FALSE (converted->referenced);
}

TEST_CASE ("an import that is stopped leaves nothing")
{
    const Scratch scratch;
    scratch.run ("sox -R -D -n -r 44100 -b 16 a.flac synth 20 pinknoise");
    std::atomic<bool> stop { false };
    const Progress progress { [&] (double share) { stop = stop || share > 0.3; }, &stop };
    const auto result =
        imported (scratch / "a.flac", { .rate = 48000, .folder = scratch / "Audio", .progress = progress });
    REQUIRE (! result);
    CHECK (result.problem().what == "Stopped.");
    CHECK (std::filesystem::is_empty (scratch / "Audio"));
}

TEST_CASE ("names of any bytes come in under a name that a project can hold")
{
    const Scratch scratch;
    scratch.run ("sox -R -D -n -r 48000 -b 16 a.wav synth 0.01 pinknoise");
    const std::vector<std::pair<std::string, std::string>> names {
        { "Kick.wav", "Kick.wav" },
        { "-n.wav", "-n.wav" },
        { "%n%s.wav", "%n%s.wav" },
        { "two\nlines.wav", "two_lines.wav" },
        { "bad\xFF\xC3.wav", "bad__.wav" },
        { "\xC3\xA9t\xC3\xA9.wav", "\xC3\xA9t\xC3\xA9.wav" }, // e-acute, composed
        { ".hidden.wav", "_.hidden.wav" },
        { "\xF0\x9F\x8E\xB8.flac", "\xF0\x9F\x8E\xB8.wav" }, // a guitar
        { std::string (126, '\xC3') + ".wav", std::string (126, '_') + ".wav" },
        { std::string (251, 'x') + ".wav", std::string (200, 'x') + ".wav" },
    };
    for (const auto& [name, expected] : names)
    {
        std::filesystem::copy_file (scratch / "a.wav", scratch / name,
                                    std::filesystem::copy_options::overwrite_existing);
        const auto result = imported (scratch / name, { .folder = scratch / "Audio" });
        INFO (name);
        REQUIRE (result);
        CHECK (result->file.filename() == expected);
    }
}
