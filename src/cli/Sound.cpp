// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/Verb.h"
#include "core/SafeFile.h"
#include "deliver/ReleaseFile.h"
#include "files/Decoder.h"
#include "master/Targets.h"
#include "measure/Meter.h"
#include "measure/Roles.h"
#include "studio/Catalogue.h"
#include "studio/Chain.h"
#include "studio/Mastering.h"
#include "studio/NewProject.h"
#include "studio/Package.h"
#include "studio/Render.h"
#include "studio/Studio.h"

#include <array>
#include <cmath>
#include <cstdio>
#include <iostream>
#include <memory>
#include <stdlib.h>

namespace lacquer::cli
{

namespace
{

namespace fs = std::filesystem;

std::string lowered (std::string s)
{
    std::transform (s.begin(), s.end(), s.begin(),
                    [] (unsigned char c) { return static_cast<char> (std::tolower (c)); });
    return s;
}

/// The format for a file name and a word length: "16", "24", "32f" or empty.
Result<const deliver::Format*> formatFor (const fs::path& path, const std::string& bits)
{
    const auto ending = lowered (path.extension().string());
    const std::string id = ending == ".wav"    ? (bits == "16"    ? "wav16"
                                                  : bits == "32f" ? "wav32f"
                                                                  : "wav24")
                           : ending == ".flac" ? "flac"
                           : ending == ".mp3"  ? "mp3"
                                               : "";
    if (const auto* format = deliver::formatOf (id))
        return format;
    return Problem { "The ending of this file name stands for no format.", path.string(),
                     "Use .wav, .flac or .mp3." };
}

void print (const deliver::FileReport& report)
{
    std::cout << report.path.string() << "\n";
    for (const auto& check : report.checks)
        std::cout << "  "
                  << (check.verdict == deliver::Check::Verdict::pass   ? "pass"
                      : check.verdict == deliver::Check::Verdict::note ? "note"
                                                                       : "FAIL")
                  << "  " << check.name << ": " << check.measured << " (" << check.limit << ")\n";
}

int verdictOf (const std::vector<deliver::FileReport>& reports)
{
    return std::any_of (reports.begin(), reports.end(),
                        [] (const auto& r) { return r.verdict() == deliver::Check::Verdict::fail; })
               ? Exit::checkFailed
               : Exit::done;
}

void printAll (const std::vector<deliver::FileReport>& reports, bool json)
{
    if (json)
        std::cout << studio::reportText (reports);
    else
        for (const auto& report : reports)
            print (report);
}

Result<studio::Tap> tapOf (const session::Project& project, const session::Song& song,
                           const std::string& text)
{
    using Point = studio::Tap::Point;
    if (text.empty() || text == "master")
        return studio::Tap { Point::master, {} };
    if (text == "mix")
        return studio::Tap { Point::mix, {} };
    auto address = session::parsedAddress (text);
    if (! address)
        return address.problem();
    if (! address->song)
        for (const auto& s : project.songs)
            if (s->id == song.id)
                address->song = session::Name { song.name, 1 };
    const auto place = session::found (project, *address, studio::catalogue());
    if (! place)
        return place.problem();
    return studio::Tap { Point::strip, place->owner };
}

} // namespace

std::function<Result<int>()> render (CLI::App& app)
{
    struct Options
    {
        std::string project, out, song, tap, bits = "24", dither = "tpdf", from, to;
        double rate = 0;
        int threads = 0, block = 1024;
    };
    auto o = std::make_shared<Options>();
    app.add_option ("PROJECT", o->project, "A project folder.")->required();
    app.add_option ("-o", o->out, "The file: .wav, .flac or .mp3.")->required();
    app.add_option ("--song", o->song, "Name of the song; the first one otherwise.");
    app.add_option ("--tap", o->tap, "master, mix, track:NAME or bus:NAME.");
    app.add_option ("--rate", o->rate, "Sample rate in Hz; that of the project otherwise.")
        ->check (within (8000, 768000));
    app.add_option ("--bits", o->bits, "Word length of a WAV.")
        ->check (CLI::IsMember ({ "16", "24", "32f" }));
    app.add_option ("--dither", o->dither, "none, tpdf, lipshitz, f-weighted or improved-e.")
        ->check (CLI::IsMember ({ "none", "tpdf", "lipshitz", "f-weighted", "improved-e" }));
    app.add_option ("--from", o->from, "Where to begin: seconds, or minutes:seconds.");
    app.add_option ("--to", o->to, "Where to end.");
    app.add_option ("--threads", o->threads, "Threads to use; one per core otherwise.")
        ->check (CLI::Range (1, 64));
    app.add_option ("--block", o->block, "Frames per call of the engine; changes no bit.")
        ->check (CLI::Range (1, 65536));
    return [o]() -> Result<int>
    {
        const auto format = formatFor (o->out, o->bits);
        if (! format)
            return format.problem();
        auto studio = studio::Studio::opened (o->project, session::ProjectFolder::Use::read);
        if (! studio)
            return studio.problem();
        const auto& project = studio->project();
        const auto song = studio->song (o->song);
        if (! song)
            return song.problem();
        const auto tap = tapOf (project, **song, o->tap);
        if (! tap)
            return tap.problem();

        studio::Rendering job;
        job.tap = *tap;
        job.threads = o->threads;
        job.block = o->block;
        const auto length = studio::lengthOf (project, **song);
        job.to = length;
        for (auto [text, frame] : { std::pair (&o->from, &job.from), std::pair (&o->to, &job.to) })
        {
            if (text->empty())
                continue;
            const auto seconds = secondsOf (*text);
            if (! seconds)
                return seconds.problem();
            *frame = framesIn (Seconds { *seconds }, project.sampleRate);
        }
        if (job.from >= job.to)
            return Problem { "There is nothing between these two times.", o->project,
                             "The song is " +
                                 std::to_string (static_cast<double> (length) / project.sampleRate) +
                                 " s long." };

        deliver::ReleaseOptions release;
        release.sourceRate = project.sampleRate;
        release.rate = o->rate > 0 ? o->rate : project.sampleRate;
        dsp::found (o->dither, release.dither);
        auto file = deliver::ReleaseFile::opened (o->out, **format, release);
        if (! file)
            return file.problem();
        ProgressBar bar ("Rendering");
        const auto rendered = studio::render (
            project, studio->folder(), **song, job,
            [&] (const float* const* c, int n) { return (*file)->write (c, n); }, bar.progress());
        if (! rendered)
            return rendered.problem();
        const auto report = (*file)->finish();
        if (! report)
            return report.problem();
        return verdictOf ({ *report });
    };
}

std::function<Result<int>()> deliver (CLI::App& app)
{
    struct Options
    {
        std::string project, folder, formats = "wav24,mp3,ddp";
        bool verify = false, json = false;
        int threads = 0;
    };
    auto o = std::make_shared<Options>();
    app.add_option ("PROJECT", o->project, "A project folder.")->required();
    app.add_option ("-o", o->folder, "The folder of the package.")->required();
    app.add_option ("--formats", o->formats,
                    "wav32f, wav24, wav16, flac, mp3, mp3-v0, ddp: separated by commas.");
    app.add_flag ("--verify", o->verify, "Reads the whole package again when it is done.");
    app.add_flag ("--json", o->json, "The report as JSON.");
    app.add_option ("--threads", o->threads, "Threads to use.")->check (CLI::Range (1, 64));
    return [o]() -> Result<int>
    {
        auto studio = studio::Studio::opened (o->project, session::ProjectFolder::Use::read);
        if (! studio)
            return studio.problem();
        studio::PackageOptions options;
        for (std::size_t begin = 0; begin <= o->formats.size();)
        {
            const auto comma = std::min (o->formats.find (',', begin), o->formats.size());
            if (comma > begin)
                options.formats.push_back (o->formats.substr (begin, comma - begin));
            begin = comma + 1;
        }
        options.threads = o->threads;
        ProgressBar bar ("Delivering");
        options.progress = bar.progress();
        auto reports = studio::deliverPackage (studio->project(), studio->folder(), o->folder, options);
        if (! reports)
            return reports.problem();
        printAll (*reports, o->json);
        if (o->verify)
        {
            const auto again = studio::checkedAgain (o->folder, bar.progress());
            if (! again)
                return again.problem();
            if (verdictOf (*again) != Exit::done)
            {
                printAll (*again, o->json);
                return Exit::checkFailed;
            }
        }
        return verdictOf (*reports);
    };
}

std::function<Result<int>()> master (CLI::App& app)
{
    struct Options
    {
        std::string in, out, target, bits = "24";
        std::optional<double> ceiling;
        int threads = 0;
    };
    auto o = std::make_shared<Options>();
    app.add_option ("IN", o->in, "A finished stereo mix.")->required();
    app.add_option ("-o", o->out, "The file: .wav, .flac or .mp3.")->required();
    std::string names;
    for (const auto& t : lacquer::master::targets())
        (names += names.empty() ? "" : ", ") += t.id;
    app.add_option ("--target", o->target, "A loudness in LUFS, or one of: " + names + ".")->required();
    app.add_option ("--ceiling", o->ceiling, "Highest true peak in dBTP; that of the target otherwise.")
        ->check (within (-12, 0));
    app.add_option ("--bits", o->bits, "Word length of a WAV.")
        ->check (CLI::IsMember ({ "16", "24", "32f" }));
    app.add_option ("--threads", o->threads, "Threads to use; one per core otherwise.")
        ->check (CLI::Range (1, 64));
    return [o]() -> Result<int>
    {
        const auto format = formatFor (o->out, o->bits);
        if (! format)
            return format.problem();
        const auto* target = lacquer::master::targetOf (o->target);
        std::optional<double> lufs = target != nullptr ? target->lufs : std::nullopt;
        if (target == nullptr)
        {
            static const Param loudness { "target", "Target", "dB", -40, -5, -14, Taper::linear, {}, {} };
            auto text = lowered (o->target);
            if (text.ends_with ("lufs"))
                text.resize (text.size() - 4);
            const auto number = valueOf (loudness, text);
            if (! number)
                return Problem { "\"" + o->target + "\" is neither a target nor a loudness.",
                                 {},
                                 "Use spotify, apple, cd and so on, or a number such as -14." };
            lufs = *number;
        }
        auto pattern = (fs::temp_directory_path() / "lacquer-master-XXXXXX").string();
        if (::mkdtemp (pattern.data()) == nullptr)
            return Problem { "There is no room for temporary files: " + reasonOf (errno) + "." };
        struct Cleaner
        {
            fs::path folder;
            ~Cleaner()
            {
                std::error_code ignored;
                fs::remove_all (folder, ignored);
            }
        } cleaner { pattern };

        ProgressBar bar ("Mastering");
        studio::NewOptions options;
        options.progress.cancelled = bar.progress().cancelled;
        auto made = studio::projectFromMaster (pattern, fs::path (o->in).stem().string(), o->in, options);
        if (! made)
            return made.problem();
        const auto songId = made->project.songs.front()->id;
        const auto ceiling = o->ceiling.value_or (target != nullptr ? target->ceiling : -1.0);
        auto mastered = studio::masteredTo (made->project, pattern, songId,
                                            target != nullptr ? std::string (target->id) : std::string(),
                                            lufs, ceiling, bar.progress(), o->threads);
        if (! mastered)
            return mastered.problem();

        // The length of the file stays: what the chain adds behind it is the tail of nothing.
        const auto& song = *mastered->songs.front();
        studio::Rendering job;
        job.threads = o->threads;
        job.to = song.tracks.front()->clips.empty() ? 0 : song.tracks.front()->clips.front()->length;
        deliver::ReleaseOptions release;
        release.sourceRate = release.rate = mastered->sampleRate;
        release.limits.loudness = lufs;
        release.limits.ceiling = ceiling;
        auto file = deliver::ReleaseFile::opened (o->out, **format, release);
        if (! file)
            return file.problem();
        if (auto rendered = studio::render (
                *mastered, pattern, song, job,
                [&] (const float* const* c, int n) { return (*file)->write (c, n); }, bar.progress());
            ! rendered)
            return rendered.problem();
        const auto report = (*file)->finish();
        if (! report)
            return report.problem();
        print (*report);
        return verdictOf ({ *report });
    };
}

std::function<Result<int>()> process (CLI::App& app)
{
    struct Options
    {
        std::string in, out, bits = "24";
        std::vector<std::string> effects;
        bool tail = false;
        int threads = 0;
    };
    auto o = std::make_shared<Options>();
    app.add_option ("IN", o->in, "A sound file of one or two channels.")->required();
    app.add_option ("OUT", o->out, "The file: .wav, .flac or .mp3.")->required();
    app.add_option ("--fx", o->effects, "\"reverb decay=2.5s mix=30%\"; repeat for more.")->required();
    app.add_option ("--bits", o->bits, "Word length of a WAV.")
        ->check (CLI::IsMember ({ "16", "24", "32f" }));
    app.add_flag ("--tail", o->tail, "Lets reverbs and delays ring out behind the end.");
    app.add_option ("--threads", o->threads, "Threads to use; one per core otherwise.")
        ->check (CLI::Range (1, 64));
    return [o]() -> Result<int>
    {
        const auto format = formatFor (o->out, o->bits);
        if (! format)
            return format.problem();
        std::vector<session::Effect> effects;
        for (const auto& text : o->effects)
        {
            auto effect = studio::effectFrom (text);
            if (! effect)
                return effect.problem();
            effects.push_back (*std::move (effect));
        }
        ProgressBar bar ("Processing");
        auto sound = std::make_shared<std::vector<std::vector<float>>>();
        const auto read =
            files::decoded (o->in,
                            [&] (const files::Sound& s, const float* const* channels, int frames) -> Outcome
                            {
                                if (s.channels > 2)
                                    return Problem { "This file has more than two channels.", o->in };
                                sound->resize (static_cast<std::size_t> (s.channels));
                                for (std::size_t c = 0; c < sound->size(); ++c)
                                    (*sound)[c].insert ((*sound)[c].end(), channels[c], channels[c] + frames);
                                return {};
                            },
                            { {}, bar.progress().cancelled });
        if (! read)
            return read.problem();
        if (sound->empty())
            return Problem { "There is no sound in this file.", o->in };
        const double rate = read->sound.rate;
        const auto channels = static_cast<int> (sound->size());
        const auto frames =
            static_cast<Frames> (sound->front().size()) + (o->tail ? studio::tailOf (effects, rate) : 0);

        deliver::ReleaseOptions release;
        release.sourceRate = release.rate = rate;
        release.channels = channels;
        auto file = deliver::ReleaseFile::opened (o->out, **format, release);
        if (! file)
            return file.problem();
        if (auto run = studio::runChain (
                std::make_shared<studio::MemorySource> (sound), rate, effects, frames,
                [&] (const float* const* c, int n) { return (*file)->write (c, n); }, bar.progress(),
                o->threads);
            ! run)
            return run.problem();
        const auto report = (*file)->finish();
        if (! report)
            return report.problem();
        return verdictOf ({ *report });
    };
}

std::function<Result<int>()> measure (CLI::App& app)
{
    struct Options
    {
        std::vector<std::string> files;
        std::string series;
        bool json = false;
    };
    auto o = std::make_shared<Options>();
    app.add_option ("FILE", o->files, "Sound files.")->required();
    app.add_flag ("--json", o->json, "As JSON.");
    app.add_option ("--series", o->series,
                    "Writes the running values of the first file, every 10 ms, as CSV.");
    return [o]() -> Result<int>
    {
        using lacquer::measure::Series;
        auto list = nlohmann::json::array();
        ProgressBar bar ("Measuring");
        for (std::size_t n = 0; n < o->files.size(); ++n)
        {
            const auto& path = o->files[n];
            std::unique_ptr<lacquer::measure::Meter> meter;
            const bool series = n == 0 && ! o->series.empty();
            const auto read = files::decoded (
                path,
                [&] (const files::Sound& s, const float* const* channels, int frames) -> Outcome
                {
                    if (meter == nullptr)
                        meter = std::make_unique<lacquer::measure::Meter> (
                            s.rate, lacquer::measure::rolesOf (s.channelMask, s.channels),
                            series ? Series::kept : Series::dropped);
                    meter->add ({ channels, static_cast<std::size_t> (s.channels) }, frames);
                    return {};
                },
                bar.progress());
            if (! read)
                return read.problem();
            const auto r = meter != nullptr ? meter->result() : lacquer::measure::Reading {};
            list.push_back ({ { "file", path },
                              { "frames", read->sound.frames },
                              { "sample_rate", read->sound.rate },
                              { "channels", read->sound.channels },
                              { "integrated_lufs", numberOrNull (r.integrated, 4) },
                              { "max_momentary_lufs", numberOrNull (r.maxMomentary, 4) },
                              { "max_short_term_lufs", numberOrNull (r.maxShortTerm, 4) },
                              { "lra_lu", numberOrNull (r.range, 4) },
                              { "true_peak_dbtp", numberOrNull (r.truePeak, 4) },
                              { "sample_peak_dbfs", numberOrNull (r.samplePeak, 4) },
                              { "plr_lu", numberOrNull (r.plr(), 4) },
                              { "dc", r.dc },
                              { "correlation", numberOrNull (r.correlation, 4) } });
            if (series)
            {
                std::string csv = "time,momentary_lufs,short_term_lufs\n";
                const auto number = [&csv] (std::optional<double> v)
                {
                    std::array<char, 32> text {};
                    if (v)
                        csv.append (text.data(), static_cast<std::size_t> (
                                                     std::snprintf (text.data(), text.size(), "%.4f", *v)));
                };
                for (const auto& p :
                     meter != nullptr ? meter->series() : std::vector<lacquer::measure::Point> {})
                {
                    number (p.time.value);
                    csv += ',';
                    number (p.momentary);
                    csv += ',';
                    number (p.shortTerm);
                    csv += '\n';
                }
                if (auto written = writeSafely (o->series, csv); ! written)
                    return written.problem();
            }
        }
        if (o->json)
        {
            tellJson (list);
            return Exit::done;
        }
        const auto figure = [] (const nlohmann::json& v, const char* unit) -> std::string
        {
            std::array<char, 32> text {};
            std::snprintf (text.data(), text.size(), "%.1f %s", v.is_null() ? 0.0 : v.get<double>(), unit);
            return v.is_null() ? "none" : text.data();
        };
        for (const auto& f : list)
            std::cout << f["file"].get<std::string>() << "\n  integrated "
                      << figure (f["integrated_lufs"], "LUFS") << ", momentary max "
                      << figure (f["max_momentary_lufs"], "LUFS") << ", short-term max "
                      << figure (f["max_short_term_lufs"], "LUFS") << ", range " << figure (f["lra_lu"], "LU")
                      << "\n  true peak " << figure (f["true_peak_dbtp"], "dBTP") << ", sample peak "
                      << figure (f["sample_peak_dbfs"], "dBFS") << ", peak to loudness "
                      << figure (f["plr_lu"], "LU") << "\n";
        return Exit::done;
    };
}

std::function<Result<int>()> check (CLI::App& app)
{
    struct Options
    {
        std::vector<std::string> paths;
        bool json = false;
    };
    auto o = std::make_shared<Options>();
    app.add_option ("PATH", o->paths, "Packages, DDP folders or sound files.")->required();
    app.add_flag ("--json", o->json, "As JSON.");
    return [o]() -> Result<int>
    {
        std::vector<deliver::FileReport> all;
        ProgressBar bar ("Checking");
        for (const auto& path : o->paths)
        {
            auto reports = studio::checkedAgain (path, bar.progress());
            if (! reports)
                return reports.problem();
            for (auto& report : *reports)
                all.push_back (std::move (report));
        }
        printAll (all, o->json);
        return verdictOf (all);
    };
}

} // namespace lacquer::cli
