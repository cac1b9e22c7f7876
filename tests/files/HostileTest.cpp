// SPDX-License-Identifier: GPL-3.0-or-later
#include "Scratch.h"
#include "files/Bytes.h"
#include "files/Import.h"
#include "files/PcmFile.h"
#include "files/Sandbox.h"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <random>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace lacquer;
using namespace lacquer::files;

namespace
{

struct WavShape
{
    unsigned tag = 1, channels = 2, align = 4, bits = 16;
    std::uint32_t rate = 48000, fmtSize = 16, dataSize = 4000, riffSize = 0;
    int chunksBefore = 0;
};

std::vector<unsigned char> wav (const WavShape& shape)
{
    std::vector<unsigned char> bytes;
    put (bytes, "RIFF");
    put (bytes, shape.riffSize == 0 ? 36 + 4000 : shape.riffSize, 4);
    put (bytes, "WAVE");
    for (int n = 0; n < shape.chunksBefore; ++n)
    {
        put (bytes, "LIST");
        put (bytes, 0, 4);
    }
    put (bytes, "fmt ");
    put (bytes, shape.fmtSize, 4);
    put (bytes, shape.tag, 2);
    put (bytes, shape.channels, 2);
    put (bytes, shape.rate, 4);
    put (bytes, shape.rate * shape.align, 4);
    put (bytes, shape.align, 2);
    put (bytes, shape.bits, 2);
    put (bytes, "data");
    put (bytes, shape.dataSize, 4);
    for (int n = 0; n < 4000; ++n)
        bytes.push_back (static_cast<unsigned char> (n));
    return bytes;
}

/// Imports, and requires an answer within the 5 s that the reliability plan allows.
Result<Imported> answered (const Scratch& scratch, const std::string& name)
{
    const auto begin = std::chrono::steady_clock::now();
    auto result =
        imported (scratch / name, { .rate = 48000, .folder = scratch / "Audio", .patience = Seconds { 2 } });
    REQUIRE (std::chrono::steady_clock::now() - begin < std::chrono::seconds (5));
    if (! result)
    {
        REQUIRE (result.problem().where == name);
        REQUIRE (result.problem().what.back() == '.');
    }
    return result;
}

/// Runs a deed in a process that has shut itself in; true when it did not succeed.
template <typename Deed>
bool denied (Deed&& deed)
{
    const pid_t id = ::fork();
    REQUIRE (id >= 0);
    if (id == 0)
    {
        shutIn();
        ::_exit (deed() ? 1 : 0);
    }
    int status = 0;
    REQUIRE (::waitpid (id, &status, 0) == id);
    return ! WIFEXITED (status) || WEXITSTATUS (status) == 0;
}

} // namespace

TEST_CASE ("a WAV header is believed only when it is possible")
{
    // RELIABILITY row 8. The sentence, or "" where the file is good; oracle: the limits of Sound.h.
    const Scratch scratch;
    const std::string damaged = "damaged", contradicts = "contradicts", channels = "channels",
                      rate = "sample rate", cut = "cut off", bits = "bits", kind = "kind";
    const std::vector<std::pair<WavShape, std::string>> matrix {
        { {}, "" },
        { { .riffSize = 1 }, "" }, // many programs leave a wrong size there, and nothing hangs on it
        { { .channels = 0 }, channels },
        { { .channels = 65, .align = 130 }, channels },
        { { .channels = 1024, .align = 2048 }, channels },
        { { .channels = 1025, .align = 2050 }, channels },
        { { .channels = 65535, .align = 65534 }, channels },
        { { .rate = 0 }, rate },
        { { .rate = 1 }, rate },
        { { .rate = 7999 }, rate },
        { { .rate = 8000 }, "" },
        { { .rate = 768000 }, "" },
        { { .rate = 768001 }, rate },
        { { .rate = 0x7FFFFFFF }, rate },
        { { .rate = 0xFFFFFFFF }, rate },
        { { .align = 0 }, contradicts },
        { { .align = 1 }, contradicts },
        { { .align = 65535 }, contradicts },
        { { .bits = 0 }, bits },
        { { .bits = 33 }, bits },
        { { .bits = 65535 }, bits },
        { { .tag = 3 }, bits },
        { { .tag = 0x11 }, kind }, // IMA ADPCM, of CVE-2026-37555
        { { .tag = 0x55 }, kind },
        { { .tag = 0xFFFE }, kind },
        { { .fmtSize = 0 }, damaged },
        { { .fmtSize = 15 }, damaged },
        { { .fmtSize = 0x7FFFFFFF }, damaged },
        { { .fmtSize = 0xFFFFFFFF }, damaged },
        { { .dataSize = 0 }, "no sound" },
        { { .dataSize = 3 }, "no sound" },
        { { .dataSize = 4001 }, cut },
        { { .dataSize = 0x7FFFFFFF }, cut },
        { { .dataSize = 0x80000000 }, cut },
        { { .dataSize = 0xFFFFFFFF }, cut },
        { { .dataSize = 0xFFFFFFFF, .riffSize = 0xFFFFFFFF }, "" }, // written to a pipe
        { { .chunksBefore = 1000 }, "" },
        { { .chunksBefore = 100000 }, "no sound" },
    };
    int row = 0;
    for (const auto& [shape, expected] : matrix)
    {
        INFO ("row " << row++ << ", expected: " << expected);
        scratch.store ("a.wav", wav (shape));
        const auto result = answered (scratch, "a.wav");
        if (expected.empty())
        {
            INFO ((result ? "" : result.problem().what));
            CHECK (result);
        }
        else
        {
            REQUIRE (! result);
            INFO (result.problem().what);
            CHECK (result.problem().what.find (expected) != std::string::npos);
        }
    }
}

TEST_CASE ("every kind of file cut at any place gets an answer")
{
    const Scratch scratch;
    scratch.run ("sox -R -D -n -r 44100 -c 2 -b 16 s.wav synth 0.3 pinknoise gain -6");
    for (const auto* name : { "a.aiff", "a.flac", "a.ogg", "a.w64" })
        scratch.run (std::string ("sox -R -D s.wav ") + name);
    scratch.run ("ffmpeg -y -v error -i s.wav -c:a libmp3lame a.mp3");
    scratch.run ("ffmpeg -y -v error -i s.wav -c:a libopus a.opus");
    const unsigned seed = 20260104;
    INFO ("seed " << seed);
    std::mt19937 random (seed);
    for (const std::string name : { "s.wav", "a.aiff", "a.flac", "a.ogg", "a.w64", "a.mp3", "a.opus" })
    {
        std::ifstream in (scratch / name, std::ios::binary);
        const std::vector<unsigned char> good (std::istreambuf_iterator<char> (in), {});
        for (int turn = 0; turn < 12; ++turn)
        {
            const auto size = turn < 4 ? std::size_t { 1 } << (3 * turn) : random() % good.size();
            INFO (name << " cut to " << size);
            scratch.store ("cut-" + name, { good.begin(), good.begin() + static_cast<long> (size) });
            const auto result = answered (scratch, "cut-" + name);
            if (result)
                CHECK (result->frames <=
                       14400 + 2400); // 0.3 s at 48 kHz; without its last page Opus keeps padding
        }
        for (int turn = 0; turn < 12; ++turn)
        {
            auto bad = good;
            for (int n = 0; n < 1 + turn; ++n) // most of them in the header, where they hurt
                bad[random() % (n % 2 == 0 ? std::min<std::size_t> (200, bad.size()) : bad.size())] =
                    static_cast<unsigned char> (random());
            INFO (name << " spoiled, turn " << turn);
            scratch.store ("bad-" + name, bad);
            [[maybe_unused]] const auto either = answered (scratch, "bad-" + name);
        }
    }
}

TEST_CASE ("other kinds of files are refused by their content, whatever their name")
{
    const Scratch scratch;
    scratch.run ("sox -n -r 44100 -b 16 a.au synth 0.1 sine 440 && mv a.au au.wav");
    scratch.run ("sox -n -r 44100 -b 16 a.caf synth 0.1 sine 440 && mv a.caf caf.wav");
    scratch.run ("ffmpeg -y -v error -f lavfi -i sine=440:d=0.1 -c:a aac a.m4a");
    scratch.run ("ffmpeg -y -v error -f lavfi -i sine=440:d=0.1 -c:a adpcm_ima_wav ima.wav");
    scratch.store ("text.wav", { 'D', 'e', 'a', 'r', ' ', 'd', 'i', 'a', 'r', 'y' });
    scratch.store ("empty.wav", {});
    const auto what = [&] (const char* name) { return probe (scratch / name).problem().what; };
    const std::string unknown =
        "This is no sound file that Lacquer reads: WAV, RF64, W64, AIFF, FLAC, Ogg Vorbis, "
        "Opus or MP3.";
    CHECK (what ("au.wav") == unknown);
    CHECK (what ("caf.wav") == unknown);
    CHECK (what ("text.wav") == unknown);
    CHECK (what ("a.m4a") ==
           "This is an MP4 or M4A file, which Lacquer does not read; convert it to WAV or FLAC.");
    CHECK (what ("ima.wav") == "This WAV file holds compressed sound of a kind that Lacquer does not read.");
    CHECK (what ("empty.wav") == "The file is empty.");
}

TEST_CASE ("the decoder runs inside all its walls")
{
    const Scratch scratch;
    scratch.run ("sox -R -D -n -r 44100 -b 16 a.flac synth 0.1 pinknoise");
    const auto result = decoded (scratch / "a.flac", [] (auto&&...) { return Outcome {}; });
    REQUIRE (result);
    CHECK (result->walls.limits);
    // Kernels without Landlock or seccomp, and builds with a sanitizer, have less; then this test says which.
    INFO ("Landlock and seccomp are expected from Linux 5.13 on");
#if ! defined(__SANITIZE_ADDRESS__) && ! defined(__SANITIZE_THREAD__)
    CHECK (result->walls.fileSystem);
    CHECK (result->walls.systemCalls);
#endif
}

#if ! defined(__SANITIZE_ADDRESS__) && ! defined(__SANITIZE_THREAD__)
TEST_CASE ("a process that is shut in cannot open, call out, start, signal or run what it wrote")
{
    const auto parent = ::getpid();
    CHECK (denied ([] { return ::open ("/etc/passwd", O_RDONLY) >= 0; }));
    CHECK (denied ([] { return ::open ("/proc/self/mem", O_RDWR) >= 0; }));
    CHECK (denied ([] { return ::open ("new-file", O_CREAT | O_WRONLY, 0600) >= 0; }));
    CHECK (denied ([] { return ::unlink ("/nonexistent") == 0 || errno == ENOENT; }));
    CHECK (denied ([] { return ::socket (AF_INET, SOCK_STREAM, 0) >= 0; }));
    CHECK (denied ([] { return ::socket (AF_UNIX, SOCK_STREAM, 0) >= 0; }));
    CHECK (denied ([] { return ::fork() >= 0; }));
    CHECK (denied ([=] { return ::kill (parent, 0) == 0; }));
    CHECK (denied (
        []
        {
            char program[] = "/bin/true";
            char* arguments[] = { program, nullptr };
            ::execv (program, arguments);
            return errno != EPERM && errno != EACCES;
        }));
    CHECK (denied (
        []
        {
            return ::mmap (nullptr, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1,
                           0) != MAP_FAILED;
        }));
    CHECK (denied (
        []
        {
            return ::mmap (nullptr, std::size_t { 2 } << 30, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) !=
                   MAP_FAILED;
        }));
    // The counter-check: what decoding needs works, and shows that the deeds above fail for the right reason.
    CHECK_FALSE (denied (
        []
        {
            return ::mmap (nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) !=
                   MAP_FAILED;
        }));
}
#endif

TEST_CASE ("a decoder that makes no progress is stopped, and the file named")
{
    // The chunk that hangs libsndfile (its issue 1118), behind the sound of a file that our look finds in
    // order.
    const Scratch scratch;
    auto bytes = wav ({ .tag = 7, .channels = 2, .align = 2, .bits = 8 });
    const unsigned char bomb[] = { 'L', 'I', 'S', 'T', 0x0C, 0, 0xFF, 0xFF };
    bytes.insert (bytes.end(), std::begin (bomb), std::end (bomb));
    bytes.insert (bytes.end(), 20, 0xFF);
    bytes.insert (bytes.end(), { 0xEF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x00, 0x37 });
    scratch.store ("hang.wav", bytes);
    const auto result = answered (scratch, "hang.wav");
    REQUIRE (! result);
    CHECK (result.problem().what == "The decoder made no progress for 2 seconds and was stopped: the file is "
                                    "damaged or made to do harm.");
    CHECK_FALSE (std::filesystem::exists (scratch / "Audio/hang.wav"));
    CHECK (::waitpid (-1, nullptr, WNOHANG) == -1); // no child is left
}
