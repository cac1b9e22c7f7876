// SPDX-License-Identifier: GPL-3.0-or-later
#include "deliver/Ddp.h"
#include "deliver/Tags.h"
#include "files/Hash.h"
#include "files/PcmFile.h"

#include <array>
#include <catch2/catch.hpp>
#include <cstdio>
#include <cstdlib>
#include <ebur128.h>
#include <filesystem>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <sys/wait.h>

using namespace lacquer;
namespace fs = std::filesystem;

namespace
{

struct Folder
{
    fs::path path;
    Folder()
    {
        auto pattern = (fs::temp_directory_path() / "lacquer-cli-XXXXXX").string();
        path = ::mkdtemp (pattern.data());
    }
    ~Folder() { fs::remove_all (path); }
    std::string operator/ (const std::string& name) const { return (path / name).string(); }
};

struct Answer
{
    int code = -1;
    std::string out, err;
};

std::string textOf (const fs::path& path)
{
    std::ifstream in (path, std::ios::binary);
    return { std::istreambuf_iterator<char> (in), {} };
}

/// Runs a shell command and keeps what it said.
Answer run (const std::string& command)
{
    Folder folder;
    const auto out = folder / "out", err = folder / "err";
    const int status = std::system ((command + " >'" + out + "' 2>'" + err + "' </dev/null").c_str());
    return { WIFEXITED (status) ? WEXITSTATUS (status) : 128 + WTERMSIG (status), textOf (out),
             textOf (err) };
}

Answer lacquerRun (const std::string& arguments)
{
    return run (std::string ("'") + LACQUER_PROGRAM + "' " + arguments);
}

std::string quoted (const std::string& s)
{
    return "'" + s + "'";
}

struct Loudness
{
    double integrated = 0, truePeak = 0;
};

/// The whole file through libebur128.
Loudness byLibebur128 (const std::string& path)
{
    const auto file = files::PcmFile::opened (path);
    REQUIRE (file.ok());
    REQUIRE (file->channels() == 2);
    auto* state =
        ebur128_init (2, static_cast<unsigned long> (file->rate()), EBUR128_MODE_I | EBUR128_MODE_TRUE_PEAK);
    std::vector<float> left (48000), right (48000), both (96000);
    for (Frames at = 0; at < file->frames(); at += 48000)
    {
        const int n = static_cast<int> (std::min<Frames> (48000, file->frames() - at));
        float* planes[] { left.data(), right.data() };
        REQUIRE (file->read (at, n, planes) == n);
        for (std::size_t k = 0; k < static_cast<std::size_t> (n); ++k)
        {
            both[2 * k] = left[k];
            both[2 * k + 1] = right[k];
        }
        ebur128_add_frames_float (state, both.data(), static_cast<std::size_t> (n));
    }
    Loudness result;
    ebur128_loudness_global (state, &result.integrated);
    double a = 0, b = 0;
    ebur128_true_peak (state, 0, &a);
    ebur128_true_peak (state, 1, &b);
    result.truePeak = 20 * std::log10 (std::max (a, b));
    ebur128_destroy (&state);
    return result;
}

/// The last summary of ffmpeg's ebur128 filter.
Loudness byFfmpeg (const std::string& path)
{
    const auto said =
        run ("ffmpeg -hide_banner -nostats -i " + quoted (path) + " -af ebur128=peak=true -f null -").err;
    const auto number = [&] (const std::string& label)
    {
        const auto at = said.rfind (label);
        REQUIRE (at != std::string::npos);
        return std::strtod (said.c_str() + at + label.size(), nullptr);
    };
    return { number ("I:"), number ("Peak:") };
}

/// The demo project, made once for all cases of a run: a copy of the one ctest had made (tests.cmake), or a
/// new one where this program is run by hand.
const std::string& demo()
{
    static Folder folder;
    static const std::string path = [&]
    {
        if (const char* ready = std::getenv ("LACQUER_TEST_DEMO"))
        {
            fs::copy (ready, folder / "Demo", fs::copy_options::recursive);
            return folder / "Demo";
        }
        const auto made = lacquerRun ("demo " + quoted (folder / "Demo"));
        INFO (made.err);
        REQUIRE (made.code == 0);
        return folder / "Demo";
    }();
    return path;
}

} // namespace

TEST_CASE ("the demo comes out mastered at -14 LUFS and -1 dBTP as WAV, MP3 and DDP")
{
    // Two foreign meters read the WAV: libebur128 and ffmpeg, each within 0.1 LU of -14.0 and at or under
    // -1.0 dBTP.
    Folder folder;
    const auto delivered = lacquerRun ("deliver " + quoted (demo()) + " -o " + quoted (folder / "out") +
                                       " --formats wav24,mp3,ddp --verify");
    INFO (delivered.out << delivered.err);
    REQUIRE (delivered.code == 0);
    const auto wav = folder / "out/Night Ferry.wav";
    for (const auto& read : { byLibebur128 (wav), byFfmpeg (wav) })
    {
        CHECK (read.integrated == Approx (-14.0).margin (0.1));
        CHECK (read.truePeak <= -1.0);
    }
    const auto ddp = deliver::readDdp (folder / "out/DDP");
    REQUIRE (ddp.ok());
    CHECK (ddp->disc.tracks.size() == 1);
    const auto tags = deliver::readTags (folder / "out/Night Ferry.mp3");
    REQUIRE (tags.ok());
    CHECK (tags->title == "Night Ferry");
    CHECK (run ("ffprobe -v error " + quoted (folder / "out/Night Ferry.mp3")).code == 0);

    // Read back again later: one byte of the image changed is a failed check.
    CHECK (lacquerRun ("check " + quoted (folder / "out")).code == 0);
    {
        std::fstream image (folder / "out/DDP/IMAGE.DAT", std::ios::binary | std::ios::in | std::ios::out);
        image.seekp (5000000);
        image.put ('\x55');
    }
    CHECK (lacquerRun ("check " + quoted (folder / "out")).code == 1);
}

TEST_CASE ("the demo has the loudness range of music: 4 to 9 LU")
{
    Folder folder;
    REQUIRE (lacquerRun ("render " + quoted (demo()) + " -o " + quoted (folder / "demo.wav")).code == 0);
    const auto said =
        run ("ffmpeg -hide_banner -nostats -i " + quoted (folder / "demo.wav") + " -af ebur128 -f null -")
            .err;
    const auto at = said.rfind ("LRA:");
    REQUIRE (at != std::string::npos);
    const double range = std::strtod (said.c_str() + at + 4, nullptr);
    CHECK (range >= 4);
    CHECK (range <= 9);
}

TEST_CASE ("the demo rendered with any threads, blocks and vector widths has one and the same SHA-256")
{
    Folder folder;
    std::string first;
    for (const auto& [how, target] :
         { std::pair { "--threads 1 --block 64", "" }, std::pair { "--threads 2 --block 16", "" },
           std::pair { "--threads 4 --block 333", "" }, std::pair { "--threads 2 --block 1024", "avx2" },
           std::pair { "--threads 4 --block 8192", "" } })
    {
        const auto file = folder / "r.wav";
        if (*target != 0)
            ::setenv ("LACQUER_TARGET", target, 1);
        const auto rendered =
            lacquerRun ("render " + quoted (demo()) + " -o " + quoted (file) + " --from 20 --to 40 " + how);
        ::unsetenv ("LACQUER_TARGET");
        REQUIRE (rendered.code == 0);
        const auto hash = files::contentHash (file);
        REQUIRE (hash.ok());
        if (first.empty())
            first = *hash;
        INFO (how);
        CHECK (*hash == first);
    }
    // A change that can be heard changes the hash.
    REQUIRE (lacquerRun ("render " + quoted (demo()) + " -o " + quoted (folder / "x.wav") +
                         " --from 20 --to 40 --dither none")
                 .code == 0);
    CHECK (*files::contentHash (folder / "x.wav") != first);
}

TEST_CASE ("stems in any format, rate and width go through new, render and master without a manual step")
{
    Folder folder;
    fs::create_directories (folder / "stems");
    // Made by ffmpeg: foreign files, as a musician has them.
    const std::array<std::string, 6> made {
        "-ac 1 -ar 44100 -c:a pcm_s16le 'Kick.wav'",  "-ac 2 -ar 48000 'Snare.flac'",
        "-ac 2 -ar 48000 -b:a 192k 'Lead Vox.mp3'",   "-ac 2 -ar 96000 -c:a pcm_s24be Pad.aiff",
        "-ac 2 -ar 44100 -c:a libvorbis 'Gtr L.ogg'", "-ac 1 -ar 48000 -c:a libopus 'Bass.opus'"
    };
    int seconds = 3;
    for (const auto& how : made)
        REQUIRE (run ("cd " + quoted (folder / "stems") +
                      " && ffmpeg -v error -f lavfi -i "
                      "'aevalsrc=0.2*sin(440*2*PI*t)*exp(-3*mod(t\\,0.5))|0.2*sin(330*2*PI*t)*exp(-3*mod(t\\,"
                      "0.5)):d=" +
                      std::to_string (++seconds) + "' " + how)
                     .code == 0);
    std::ofstream (folder / "stems/broken.wav") << "RIFFnothing";
    const auto created =
        lacquerRun ("new " + quoted (folder / "Song") + " --stems " + quoted (folder / "stems"));
    INFO (created.out << created.err);
    REQUIRE (created.code == 0);
    CHECK (created.err.find ("broken.wav") != std::string::npos); // named, with why
    const auto shown =
        nlohmann::json::parse (lacquerRun ("show " + quoted (folder / "Song") + " --json").out);
    CHECK (shown["songs"][0]["tracks"].size() == 6);
    CHECK (shown["songs"][0]["sample_rate"] == 48000); // three of six
    CHECK (lacquerRun ("render " + quoted (folder / "Song") + " --tap mix -o " + quoted (folder / "bus.wav"))
               .code == 0);
    const auto bus = files::PcmFile::opened (folder / "bus.wav");
    REQUIRE (bus.ok());
    std::vector<float> left (static_cast<std::size_t> (bus->frames())), right = left;
    float* planes[] { left.data(), right.data() };
    REQUIRE (bus->read (0, static_cast<int> (bus->frames()), planes) == bus->frames());
    float peak = 0;
    for (const auto* side : { &left, &right })
        for (float x : *side)
            peak = std::max (peak, std::abs (x));
    CHECK (20 * std::log10 (peak) == Approx (-6).margin (0.1)); // the first balance
    CHECK (created.out.find ("track:Lead Vox: lead voice, ") != std::string::npos);
    CHECK (lacquerRun ("render " + quoted (folder / "Song") + " -o " + quoted (folder / "mix.wav")).code ==
           0);
    const auto mastered = lacquerRun ("master " + quoted (folder / "mix.wav") + " -o " +
                                      quoted (folder / "master.wav") + " --target -16");
    INFO (mastered.out << mastered.err);
    REQUIRE (mastered.code == 0);
    CHECK (byLibebur128 (folder / "master.wav").integrated == Approx (-16.0).margin (0.1));
}

TEST_CASE ("set and automate change what show and render tell")
{
    Folder folder;
    fs::copy (demo(), folder / "Demo", fs::copy_options::recursive);
    const auto project = quoted (folder / "Demo");
    const auto set =
        lacquerRun ("set " + project + " 'track:Kick/eq.band3.gain=-3dB' 'master/limiter.ceiling=-2'");
    INFO (set.out << set.err);
    REQUIRE (set.code == 0);
    CHECK (set.out.find ("-> -3.0 dB") != std::string::npos);
    CHECK (lacquerRun ("show " + project).out.find ("track:Kick/eq.band3.gain = -3.0 dB") !=
           std::string::npos);
    REQUIRE (
        lacquerRun ("automate " + project + " mix/fader.level --points '0:0:-100, 1:-100, 1.5:0'").code == 0);
    REQUIRE (lacquerRun ("render " + project + " -o " + quoted (folder / "r.wav") +
                         " --to 1 --tap mix --dither none")
                 .code == 0);
    const auto measured =
        nlohmann::json::parse (lacquerRun ("measure " + quoted (folder / "r.wav") + " --json").out);
    CHECK (measured[0]["sample_peak_dbfs"].is_null()); // silence has no level
    CHECK (lacquerRun ("edit " + project + " add-track Guide").code == 0);
    CHECK (lacquerRun ("show " + project).out.find ("track:Guide") != std::string::npos);
}

#if defined(__x86_64__)
TEST_CASE ("the version names the instruction set and says when it is the fallback")
{
    const auto version = [] (const std::string& target)
    {
        ::setenv ("LACQUER_TARGET", target.c_str(), 1);
        const auto answer = lacquerRun ("--version");
        ::unsetenv ("LACQUER_TARGET");
        return answer;
    };
    const auto fallback = version ("sse4");
    CHECK (fallback.out.find ("SSE4") != std::string::npos);
    CHECK (fallback.out.find ("fallback") != std::string::npos);
    // Oracle: the kernel's own list of what the processor can do.
    const bool hasAvx2 = run ("grep -qw avx2 /proc/cpuinfo").code == 0;
    const auto avx2 = version ("avx2");
    CHECK (avx2.code == (hasAvx2 ? 0 : 3));
    CHECK ((avx2.out.find ("AVX2") != std::string::npos) == hasAvx2);
    CHECK (avx2.out.find ("fallback") == std::string::npos);
    CHECK (version ("abacus").code == 3);
}
#endif

TEST_CASE ("exit codes and sentences are those scripts rely on")
{
    Folder folder;
    CHECK (lacquerRun ("render").code == 2);
    CHECK (lacquerRun ("measure").code == 2);
    CHECK (lacquerRun ("effects --nonsense").code == 2);
    CHECK (lacquerRun ("--help").code == 0);
    CHECK (lacquerRun ("--version").code == 0);
    const auto missing = lacquerRun ("measure " + quoted (folder / "missing.wav"));
    CHECK (missing.code == 3);
    CHECK (missing.err.starts_with ("lacquer: "));
    CHECK (std::count (missing.err.begin(), missing.err.end(), '\n') == 1);
    CHECK (nlohmann::json::parse (lacquerRun ("measure --json " + quoted (folder / "missing.wav")).out)
               .contains ("problem"));
    CHECK (lacquerRun ("set " + quoted (demo()) + " 'track:Nobody/fader.level=0'").code == 3);
    CHECK (lacquerRun ("set " + quoted (demo()) + " 'track:Kick/fader.level=99'").code == 3);
    CHECK (lacquerRun ("demo " + quoted (demo())).code == 3); // nothing is overwritten

    // A project file that is none: one sentence, exit 3, file untouched.
    for (const auto* text :
         { "", "{", "[1,2,3]", "{\"format\":{\"name\":\"lacquer\",\"version\":99}}", "\xff\xfe" })
    {
        std::ofstream (folder / "Bad.lacquer", std::ios::binary) << text;
        const auto bad = lacquerRun ("show " + quoted (folder / "Bad.lacquer"));
        INFO (text << bad.err);
        CHECK (bad.code == 3);
        CHECK (std::count (bad.err.begin(), bad.err.end(), '\n') == 1);
        CHECK (textOf (folder / "Bad.lacquer") == text);
    }
}

TEST_CASE ("a render that cannot be written leaves nothing behind")
{
    Folder folder;
    fs::create_directories (folder / "out.wav");
    CHECK (lacquerRun ("render " + quoted (demo()) + " -o " + quoted (folder / "out.wav") + " --to 1").code ==
           3);
    CHECK (fs::is_empty (folder / "out.wav"));
    CHECK (lacquerRun ("render " + quoted (demo()) + " -o " + quoted (folder / "x.wav") +
                       " --to 1 --tap track:Nobody")
               .code == 3);
    // Stopped in the middle by a signal: exit 3 and no file.
    const auto stopped =
        run ("timeout -s INT 1 '" + std::string (LACQUER_PROGRAM) + "' render " + quoted (demo()) + " -o " +
             quoted (folder / "y.wav") + " --block 16 --threads 1");
    if (stopped.code != 0) // a fast machine may be done within the second
        CHECK_FALSE (fs::exists (folder / "y.wav"));
    int left = 0;
    for ([[maybe_unused]] const auto& entry : fs::directory_iterator (folder.path))
        ++left;
    CHECK (left == (stopped.code != 0 ? 1 : 2));
}

TEST_CASE ("measure prints the keys scripts rely on, and the running values")
{
    Folder folder;
    REQUIRE (run ("cd " + quoted (folder.path.string()) +
                  " && ffmpeg -v error -f lavfi -i 'sine=997:d=5:r=48000,volume=18.0618dB' -ac 1 -c:a "
                  "pcm_f32le t.wav")
                 .code == 0);
    const auto answer =
        lacquerRun ("measure " + quoted (folder / "t.wav") + " --json --series " + quoted (folder / "s.csv"));
    REQUIRE (answer.code == 0);
    const auto f = nlohmann::json::parse (answer.out)[0];
    for (const auto* key : { "file", "frames", "sample_rate", "channels", "integrated_lufs",
                             "max_momentary_lufs", "max_short_term_lufs", "lra_lu", "true_peak_dbtp",
                             "sample_peak_dbfs", "plr_lu", "dc", "correlation" })
        CHECK (f.contains (key));
    // ffmpeg's sine has amplitude 1/8: raised by 18.06 dB it is full scale, which BS.1770 puts at -3.01 LKFS
    // for 997 Hz in one channel.
    CHECK (f["integrated_lufs"].get<double>() == Approx (-3.01).margin (0.02));
    CHECK (f["frames"] == 240000);
    CHECK (f["correlation"].is_null());
    const auto csv = textOf (folder / "s.csv");
    CHECK (std::count (csv.begin(), csv.end(), '\n') == 501); // a header and 5 s on the grid of 10 ms
}

TEST_CASE ("the manual of effects is current")
{
    CHECK (lacquerRun ("effects --markdown").out ==
           textOf (fs::path (LACQUER_SOURCE_DIR) / "docs/effects.md"));
    const auto effects = nlohmann::json::parse (lacquerRun ("effects --json").out);
    CHECK (effects.size() >= 8);
    for (const auto& e : effects)
        for (const auto* key : { "id", "name", "parameters", "latency_frames" })
            CHECK (e.contains (key));
}

TEST_CASE ("process runs effects in order with their latency removed")
{
    Folder folder;
    REQUIRE (run ("cd " + quoted (folder.path.string()) +
                  " && ffmpeg -v error -f lavfi -i 'sine=1000:d=2:r=48000' -ac 2 -c:a pcm_s24le in.wav")
                 .code == 0);
    // A limiter that has nothing to do is a delay; with its latency removed the file comes back, 6 dB down
    // twice is 12.
    REQUIRE (lacquerRun ("process " + quoted (folder / "in.wav") + " " + quoted (folder / "out.wav") +
                         " --bits 32f --fx limiter --fx 'gain gain=-6dB' --fx 'gain gain=-6dB'")
                 .code == 0);
    const auto in = files::PcmFile::opened (folder / "in.wav"),
               out = files::PcmFile::opened (folder / "out.wav");
    REQUIRE (in.ok());
    REQUIRE (out.ok());
    REQUIRE (in->frames() == out->frames());
    std::vector<float> a (96000), b (96000), c (96000);
    float *first[] { a.data(), c.data() }, *second[] { b.data(), c.data() };
    in->read (0, 96000, first);
    out->read (0, 96000, second);
    const double gain = std::pow (10.0, -12.0 / 20);
    double error = 0;
    for (std::size_t n = 4800; n < a.size(); ++n) // after the ramps of the start
        error = std::max (error, std::abs (b[n] - gain * a[n]));
    CHECK (error < 1e-6);
    CHECK (lacquerRun ("process " + quoted (folder / "in.wav") + " " + quoted (folder / "x.wav") +
                       " --fx nosuch")
               .code == 3);
}

TEST_CASE ("bench has every figure of the table by its name and tells each with median and spread")
{
    // The names and units that scripts read; a quick run of two of them, one of the machine, one of a child
    // process.
    const std::vector<std::pair<std::string, std::string>> names {
        { "strip_avx2", "ns per strip-sample" },
        { "strip_avx512", "ns per strip-sample" },
        { "strip_sat_avx2", "ns per strip-sample" },
        { "strip_sat_avx512", "ns per strip-sample" },
        { "strip_scalar", "ns per strip-sample" },
        { "strip_gain", "ratio" },
        { "strips_per_core", "strips at 70 % load" },
        { "automation_cost", "ratio" },
        { "core_scaling", "ratio" },
        { "export_8", "x real time" },
        { "export_32", "x real time" },
        { "export_128", "x real time" },
        { "render_64", "x real time" },
        { "limiter", "ns per sample and channel" },
        { "multiband", "ns per sample and channel" },
        { "saturation", "ns per sample and channel" },
        { "equaliser", "ns per sample and channel" },
        { "compressor", "ns per sample and channel" },
        { "reverb", "ns per sample and channel" },
        { "convolution", "ns per sample and channel" },
        { "loudness", "x real time" },
        { "loudness_file", "x real time" },
        { "live_128_load", "share of one core" },
        { "live_128_late", "blocks" },
        { "startup", "s" },
        { "memory_128", "MiB" }
    };
    // After them one figure for every effect there is.
    auto wanted = names;
    for (const auto& effect : nlohmann::json::parse (lacquerRun ("effects --json").out))
        wanted.emplace_back ("effect_" + effect["id"].get<std::string>(), "ns per sample and channel");
    std::vector<std::pair<std::string, std::string>> listed;
    for (const auto& f : nlohmann::json::parse (lacquerRun ("bench --list --json").out))
        listed.emplace_back (f["name"], f["unit"]);
    CHECK (listed == wanted);
    const auto page = textOf (fs::path (LACQUER_SOURCE_DIR) / "docs/PERFORMANCE.md");
    for (const auto& [name, unit] : names)
        CHECK (page.find ("`" + name + "`") != std::string::npos);

    const auto answer = lacquerRun ("bench --json --quick --only strip_avx2 startup");
    INFO (answer.err);
    REQUIRE (answer.code == 0);
    const auto told = nlohmann::json::parse (answer.out);
    CHECK_FALSE (told["isa"].get<std::string>().empty());
    CHECK (told["machine"]["cores"].get<int>() >= 1);
    REQUIRE (told["figures"].size() == 2);
    for (const auto& f : told["figures"])
    {
        INFO (f.dump());
        if (f.contains ("absent"))
            continue; // a machine without AVX2
        CHECK (f["value"].get<double>() > 0);
        CHECK (f["median"].get<double>() > 0);
        CHECK (f["spread"].get<double>() >= 0);
        CHECK (f["met"].is_boolean());
        // The error against the double twin, which no speed may cost: the -110 dB of the strips.
        if (f["name"] == "strip_avx2")
            CHECK (f["beside"]["accuracy_db"].get<double>() < -110);
    }
    CHECK (lacquerRun ("bench --only nonsense").code == 3);
}
