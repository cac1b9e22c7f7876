// SPDX-License-Identifier: GPL-3.0-or-later
#include "studio/Package.h"

#include "core/SafeFile.h"
#include "deliver/Ddp.h"
#include "files/Resampler.h"
#include "master/Targets.h"
#include "session/Find.h"
#include "studio/Catalogue.h"
#include "studio/Render.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>

namespace lacquer::studio
{

namespace fs = std::filesystem;

namespace
{

std::string summary (const deliver::Disc& disc)
{
    const auto count = disc.tracks.size();
    return std::to_string (count) + (count == 1 ? " track, " : " tracks, ") +
           deliver::discTime (disc.leadOut);
}

constexpr double cdRate = 44100;
constexpr double defaultGap = 2;

/// The sound of a disc while its songs are rendered: sixteen-bit stereo at 44.1 kHz, dithered once over the
/// whole disc, in a file of its own that is gone afterwards.
class DiscSound
{
public:
    static Result<std::unique_ptr<DiscSound>> opened (double sourceRate)
    {
        auto sound = std::unique_ptr<DiscSound> (new DiscSound (sourceRate));
        sound->file = std::tmpfile();
        if (sound->file == nullptr)
            return Problem { "There is no room for the sound of the disc: " + reasonOf (errno) + "." };
        return sound;
    }
    ~DiscSound()
    {
        if (file != nullptr)
            std::fclose (file);
    }
    DiscSound (const DiscSound&) = delete;
    DiscSound& operator= (const DiscSound&) = delete;

    Outcome beginSong()
    {
        resampler.reset();
        if (sourceRate != cdRate)
        {
            auto made = files::Resampler::made (sourceRate, cdRate, 2);
            if (! made)
                return made.problem();
            resampler = *std::move (made);
        }
        songFrames.push_back (0);
        return {};
    }
    Outcome write (const float* const* channels, int frames)
    {
        if (resampler)
            return resampler->process (channels, frames,
                                       [this] (const float* const* out, int n) { return store (out, n); });
        return store (channels, frames);
    }
    Outcome endSong()
    {
        return resampler
                   ? resampler->finish ([this] (const float* const* out, int n) { return store (out, n); })
                   : Outcome {};
    }
    const std::vector<Frames>& songs() const { return songFrames; }

    /// Interleaved frames from a position in the order they were written.
    Outcome read (Frames position, int frames, std::int16_t* out)
    {
        if (std::fseek (file, static_cast<long> (position * 4), SEEK_SET) != 0 ||
            std::fread (out, 4, static_cast<std::size_t> (frames), file) != static_cast<std::size_t> (frames))
            return Problem { "The sound of the disc could not be read again: " + reasonOf (errno) + "." };
        return {};
    }

private:
    explicit DiscSound (double rate)
        : sourceRate (rate), left (dsp::DitherKind::tpdf, 16, 1, 0), right (dsp::DitherKind::tpdf, 16, 1, 1)
    {
    }
    Outcome store (const float* const* channels, int frames)
    {
        words[0].resize (static_cast<std::size_t> (frames));
        words[1].resize (static_cast<std::size_t> (frames));
        left.process (channels[0], words[0].data(), frames, total);
        right.process (channels[1], words[1].data(), frames, total);
        interleaved.resize (static_cast<std::size_t> (frames) * 2);
        for (std::size_t n = 0; n < static_cast<std::size_t> (frames); ++n)
        {
            interleaved[2 * n] = static_cast<std::int16_t> (words[0][n]);
            interleaved[2 * n + 1] = static_cast<std::int16_t> (words[1][n]);
        }
        if (std::fwrite (interleaved.data(), 4, static_cast<std::size_t> (frames), file) !=
            static_cast<std::size_t> (frames))
            return Problem { "There is no room for the sound of the disc: " + reasonOf (errno) + "." };
        total += frames;
        songFrames.back() += frames;
        return {};
    }

    double sourceRate;
    std::FILE* file = nullptr;
    dsp::Dither left, right;
    std::optional<files::Resampler> resampler;
    std::vector<std::int32_t> words[2];
    std::vector<std::int16_t> interleaved;
    std::vector<Frames> songFrames;
    Frames total = 0;
};

std::int64_t sectorsFor (Frames frames)
{
    return (frames + deliver::sectorFrames - 1) / deliver::sectorFrames; // outward: never cut sound
}

Result<deliver::FileReport> writeDisc (const session::Project& project,
                                       const std::vector<session::SongPtr>& songs, DiscSound& sound,
                                       const fs::path& folder, const Progress& progress)
{
    deliver::Disc disc;
    disc.ean = project.album.ean;
    deliver::TextEntry discText { project.album.title.empty() ? project.name : project.album.title,
                                  project.album.artist,
                                  {},
                                  {},
                                  {},
                                  {},
                                  project.album.ean };
    std::vector<deliver::TextEntry> texts;

    struct Piece
    {
        std::int64_t firstSector = 0;
        Frames first = 0, frames = 0; ///< of the disc's sound
    };
    std::vector<Piece> pieces;
    std::int64_t sector = 0;
    Frames frame = 0;
    for (std::size_t n = 0; n < songs.size(); ++n)
    {
        const auto& song = *songs[n];
        const auto gapSetting = project.album.gaps.find (song.id);
        const double gap = n == 0                                   ? 2.0
                           : gapSetting == project.album.gaps.end() ? defaultGap
                                                                    : gapSetting->second;
        const auto pause = n == 0 ? deliver::firstPause : static_cast<std::int64_t> (std::llround (gap * 75));
        deliver::DiscTrack track;
        track.pause = pause > 0 ? sector : -1;
        sector += pause;
        track.indexes = { sector };
        track.isrc = song.isrc;
        pieces.push_back ({ sector, frame, sound.songs()[n] });
        sector += sectorsFor (sound.songs()[n]);
        frame += sound.songs()[n];
        disc.tracks.push_back (std::move (track));
        texts.push_back ({ song.name,
                           song.artist.empty() ? project.album.artist : song.artist,
                           song.writer,
                           {},
                           {},
                           {},
                           song.isrc });
    }
    disc.leadOut = sector;
    auto packs = deliver::cdText (discText, texts);
    if (! packs)
        return packs.problem();
    disc.cdText = *std::move (packs);

    const auto source = [&] (std::int64_t wanted, std::int16_t* out) -> Outcome
    {
        std::fill_n (out, 2 * deliver::sectorFrames, std::int16_t { 0 });
        auto piece = std::find_if (pieces.rbegin(), pieces.rend(),
                                   [&] (const Piece& p) { return p.firstSector <= wanted; });
        if (piece == pieces.rend())
            return {};
        const auto begin = (wanted - piece->firstSector) * deliver::sectorFrames;
        const auto frames = std::min<Frames> (deliver::sectorFrames, piece->frames - begin);
        return frames > 0 ? sound.read (piece->first + begin, static_cast<int> (frames), out) : Outcome {};
    };
    // An older image stays until the new one is whole. What is no image is not ours to replace.
    std::error_code error;
    const bool replace = fs::exists (folder, error);
    if (replace && ! fs::exists (folder / "DDPID", error))
        return Problem { "There is something else at the place of the DDP image.", folder.string(),
                         "Move it away, or choose another folder." };
    const auto fresh = fs::path (folder).concat (replace ? ".new" : ""),
               old = fs::path (folder).concat (".old");
    if (auto written = deliver::writeDdp (fresh, disc, source, progress); ! written)
        return written.problem();
    if (replace)
    {
        fs::rename (folder, old, error);
        if (! error)
            fs::rename (fresh, folder, error);
        if (error)
            return Problem { "The new DDP image could not take the place of the old one: " + error.message() +
                                 ".",
                             fresh.string(), "Both are there, whole." };
        fs::remove_all (old, error);
    }

    deliver::FileReport report;
    report.path = folder;
    report.checks.push_back (
        { "DDP 2.00", deliver::Check::Verdict::pass, summary (disc), "reads back whole, checksums agree" });
    return report;
}

nlohmann::json toJson (const deliver::Check& check)
{
    static constexpr const char* words[] { "pass", "note", "fail" };
    return { { "name", check.name },
             { "result", words[static_cast<int> (check.verdict)] },
             { "measured", check.measured },
             { "limit", check.limit } };
}

} // namespace

std::vector<session::SongPtr> playOrder (const session::Project& project)
{
    std::vector<session::SongPtr> songs;
    for (Id id : project.album.order)
        for (const auto& s : project.songs)
            if (s->id == id)
                songs.push_back (s);
    for (const auto& s : project.songs)
        if (std::find (songs.begin(), songs.end(), s) == songs.end())
            songs.push_back (s);
    return songs;
}

std::string fileStem (const session::Project& project, const session::Song& song)
{
    std::string name = song.name.empty() ? "Untitled" : song.name;
    for (char& c : name)
        if (static_cast<unsigned char> (c) < 0x20 || std::strchr ("/\\:*?\"<>|", c) != nullptr)
            c = '_';
    if (name.front() == '.')
        name.front() = '_';
    while (name.size() > 200 ||
           (static_cast<unsigned char> (name.back()) & 0xC0) == 0x80) // whole characters only
    {
        if (name.size() <= 200)
            break;
        name.pop_back();
    }
    const auto songs = playOrder (project);
    if (songs.size() < 2)
        return name;
    for (std::size_t n = 0; n < songs.size(); ++n)
        if (songs[n]->id == song.id)
        {
            char number[32];
            std::snprintf (number, sizeof number, "%02zu ", n + 1);
            return number + name;
        }
    return name;
}

deliver::Limits limitsOf (const session::Song& song)
{
    deliver::Limits limits;
    if (const auto* target = song.master->target.empty() ? nullptr : master::targetOf (song.master->target))
    {
        limits.loudness = target->lufs;
        limits.ceiling = target->ceiling;
    }
    for (const auto& module : song.master->modules)
        if (module->type == "limiter" && module->on)
        {
            const auto& table = effectOf ("limiter")->params;
            const auto ceiling =
                numbersOf (table, module->values)[static_cast<std::size_t> (indexOf (table, "ceiling"))];
            limits.ceiling = std::min (limits.ceiling.value_or (0.0), static_cast<double> (ceiling));
        }
    return limits;
}

std::string reportText (const std::vector<deliver::FileReport>& reports)
{
    auto list = nlohmann::json::array();
    auto worst = deliver::Check::Verdict::pass;
    for (const auto& report : reports)
    {
        auto checks = nlohmann::json::array();
        for (const auto& check : report.checks)
            checks.push_back (toJson (check));
        list.push_back ({ { "path", report.path.string() }, { "checks", checks } });
        worst = std::max (worst, report.verdict());
    }
    const nlohmann::json all { { "files", list },
                               { "result", worst == deliver::Check::Verdict::fail   ? "fail"
                                           : worst == deliver::Check::Verdict::note ? "note"
                                                                                    : "pass" } };
    return all.dump (2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

Result<std::vector<deliver::FileReport>> deliverPackage (const session::Project& project,
                                                         const fs::path& projectFolder, const fs::path& into,
                                                         const PackageOptions& options)
{
    std::vector<const deliver::Format*> formats;
    bool ddp = false;
    for (const auto& id : options.formats)
    {
        if (id == ddpId)
            ddp = true;
        else if (const auto* format = deliver::formatOf (id))
            formats.push_back (format);
        else
            return Problem { "\"" + id + "\" is not a format.",
                             {},
                             "Use wav32f, wav24, wav16, flac, mp3, mp3-v0 or ddp." };
    }
    const auto songs = playOrder (project);
    std::unique_ptr<DiscSound> disc;
    if (ddp)
    {
        auto made = DiscSound::opened (project.sampleRate);
        if (! made)
            return made.problem();
        disc = *std::move (made);
    }

    std::vector<deliver::FileReport> reports;
    const double share = 1.0 / static_cast<double> (songs.size() + (ddp ? 1 : 0));
    for (std::size_t n = 0; n < songs.size(); ++n)
    {
        const auto& song = *songs[n];
        std::vector<std::unique_ptr<deliver::ReleaseFile>> files;
        for (const auto* format : formats)
        {
            deliver::ReleaseOptions release;
            release.sourceRate = release.rate = project.sampleRate;
            const bool mp3 = format->extension == ".mp3";
            while (mp3 && release.rate > 48000)
                release.rate /= 2;
            release.tags = { song.name,
                             song.artist.empty() ? project.album.artist : song.artist,
                             project.album.title,
                             project.album.artist,
                             song.writer,
                             song.isrc,
                             project.album.ean,
                             songs.size() > 1 ? static_cast<int> (n + 1) : 0,
                             songs.size() > 1 ? static_cast<int> (songs.size()) : 0 };
            release.limits = limitsOf (song);
            // Two formats with one ending must not share a name: "Song (mp3-v0).mp3".
            const bool twice =
                std::count_if (formats.begin(), formats.end(),
                               [&] (const auto* f) { return f->extension == format->extension; }) > 1;
            const auto name = fileStem (project, song) +
                              (twice ? " (" + std::string (format->id) + ")" : "") +
                              std::string (format->extension);
            if (options.begun)
                options.begun (name);
            auto file = deliver::ReleaseFile::opened (into / name, *format, release);
            if (! file)
                return file.problem();
            files.push_back (*std::move (file));
        }
        if (disc != nullptr)
            if (auto begun = disc->beginSong(); ! begun)
                return begun.problem();

        Progress progress;
        progress.cancelled = options.progress.cancelled;
        progress.report = [&] (double part)
        { options.progress.at (share * (static_cast<double> (n) + 0.8 * part)); };
        Rendering job;
        job.threads = options.threads;
        const auto rendered = render (
            project, projectFolder, song, job,
            [&] (const float* const* channels, int frames) -> Outcome
            {
                for (auto& file : files)
                    if (auto done = file->write (channels, frames); ! done)
                        return done;
                return disc != nullptr ? disc->write (channels, frames) : Outcome {};
            },
            progress);
        if (! rendered)
            return rendered.problem();
        for (auto& file : files)
        {
            auto report = file->finish();
            if (! report)
                return report.problem();
            if (options.finished)
                options.finished (*report);
            reports.push_back (*std::move (report));
            options.progress.at (share * (static_cast<double> (n) + 0.8 +
                                          0.2 * static_cast<double> (&file - files.data() + 1) /
                                              static_cast<double> (files.size())));
            if (options.progress.stopped())
                return Problem {
                    "Delivery was stopped; finished files were kept, no half-written file is left."
                };
        }
        if (disc != nullptr)
            if (auto ended = disc->endSong(); ! ended)
                return ended.problem();
    }
    if (disc != nullptr)
    {
        if (options.begun)
            options.begun ("DDP");
        Progress progress;
        progress.cancelled = options.progress.cancelled;
        progress.report = [&] (double part) { options.progress.at (1 - share + share * part); };
        auto report = writeDisc (project, songs, *disc, into / "DDP", progress);
        if (! report)
            return report.problem();
        if (options.finished)
            options.finished (*report);
        reports.push_back (*std::move (report));
    }
    if (auto written = writeSafely ((into / "report.json").string(), reportText (reports)); ! written)
        return written.problem();
    return reports;
}

Result<std::vector<deliver::FileReport>> checkedAgain (const fs::path& path, const Progress& progress)
{
    std::error_code error;
    std::vector<deliver::FileReport> reports;
    const auto addDdp = [&] (const fs::path& folder)
    {
        deliver::FileReport report;
        report.path = folder;
        const auto read = deliver::readDdp (folder);
        report.checks.push_back (
            { "DDP 2.00", read ? deliver::Check::Verdict::pass : deliver::Check::Verdict::fail,
              read ? summary (read->disc) : read.problem().sentence(), "reads back whole, checksums agree" });
        reports.push_back (std::move (report));
    };
    if (! fs::exists (path, error))
        return Problem { "There is nothing here.", path.string() };
    if (! fs::is_directory (path, error))
    {
        auto report = deliver::readBack (path, {}, progress);
        if (! report)
            return report.problem();
        reports.push_back (*std::move (report));
        return reports;
    }
    if (fs::exists (path / "DDPID", error))
    {
        addDdp (path);
        return reports;
    }

    // A package: every sound file and DDP folder in it, and nothing that its report names may be missing.
    std::vector<fs::path> inside;
    for (const auto& entry : fs::directory_iterator (path, error))
        inside.push_back (entry.path());
    std::sort (inside.begin(), inside.end());
    for (const auto& item : inside)
    {
        const auto ending = item.extension().string();
        if (fs::is_directory (item, error) && fs::exists (item / "DDPID", error))
            addDdp (item);
        else if (std::any_of (deliver::formats().begin(), deliver::formats().end(),
                              [&] (const auto& f) { return f.extension == ending; }))
        {
            auto report = deliver::readBack (item, {}, progress);
            if (report)
                reports.push_back (*std::move (report));
            else
            {
                deliver::FileReport failed;
                failed.path = item;
                failed.checks.push_back ({ "reads back", deliver::Check::Verdict::fail,
                                           report.problem().sentence(), "no damaged sample" });
                reports.push_back (std::move (failed));
            }
        }
    }
    if (const auto text = readWhole ((path / "report.json").string(), 16 << 20))
    {
        const auto report = nlohmann::json::parse (*text, nullptr, false);
        if (report.is_object() && report.contains ("files") && report["files"].is_array())
            for (const auto& file : report["files"])
                if (file.is_object() && file.contains ("path") && file["path"].is_string())
                {
                    const auto name = fs::path (file["path"].get<std::string>()).filename();
                    if (fs::exists (path / name, error))
                        continue;
                    deliver::FileReport missing;
                    missing.path = path / name;
                    missing.checks.push_back (
                        { "is there", deliver::Check::Verdict::fail, "missing", "named in report.json" });
                    reports.push_back (std::move (missing));
                }
    }
    if (reports.empty())
        return Problem { "There is no release file and no DDP image here.", path.string() };
    return reports;
}

} // namespace lacquer::studio
