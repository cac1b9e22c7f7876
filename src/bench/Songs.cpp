// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/Songs.h"

#include "bench/Sounds.h"
#include "core/SafeFile.h"
#include "files/Writer.h"
#include "session/Edits.h"
#include "session/Find.h"
#include "studio/Build.h"
#include "studio/Chain.h"
#include "studio/NewProject.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>

namespace lacquer::bench
{

namespace fs = std::filesystem;

namespace
{

constexpr double rate = 48000;

std::string fileOf (int track)
{
    return "Audio/" + std::to_string (track + 1) + ".wav";
}

/// One file per track, each its own stretch of a few seconds of music repeated.
Outcome writeAudio (const fs::path& folder, const SongSetup& setup, const Progress& progress)
{
    const auto length = framesIn (Seconds { setup.seconds }, rate);
    constexpr int block = 4800;
    std::vector<std::vector<float>> sounds;
    for (std::uint64_t seed = 0; seed < 8; ++seed)
        sounds.push_back (music (seed, 20 * block, rate));
    for (int t = 0; t < setup.tracks; ++t)
    {
        files::WriterOptions options;
        options.rate = rate;
        options.channels = setup.channels;
        auto writer = files::Writer::opened (folder / fileOf (t), options);
        if (! writer)
            return writer.problem();
        for (Frames at = 0; at < length; at += block)
        {
            const float* planes[2];
            for (int c = 0; c < 2; ++c)
                planes[c] = sounds[static_cast<std::size_t> (t + c) % sounds.size()].data() +
                            (at / block + t) % 20 * block;
            if (auto written =
                    (*writer)->write (planes, static_cast<int> (std::min<Frames> (block, length - at)));
                ! written)
                return written;
            if (progress.stopped())
                return Problem { "The benchmark was stopped." };
        }
        if (auto finished = (*writer)->finish(); ! finished)
            return finished.problem();
    }
    return {};
}

} // namespace

Result<Folder> Folder::made()
{
    std::error_code error;
    auto pattern = (fs::temp_directory_path (error) / "lacquer-bench-XXXXXX").string();
    if (error || ::mkdtemp (pattern.data()) == nullptr)
        return Problem { "There is no room for temporary files: " + reasonOf (errno) + "." };
    return Folder (pattern);
}

Folder::~Folder()
{
    std::error_code ignored;
    if (! path.empty())
        fs::remove_all (path, ignored);
}

Result<session::Project> songWithoutFiles (const SongSetup& setup)
{
    const auto length = framesIn (Seconds { setup.seconds }, rate);
    studio::Build make (session::newProject ("Benchmark", rate));
    const auto song = make.project.songs.front()->id;
    std::vector<Id> tracks;
    for (int t = 0; t < setup.tracks; ++t)
    {
        session::Media media;
        media.path = fileOf (t);
        media.channels = setup.channels;
        media.frames = length;
        media.originalRate = rate;
        session::Clip clip;
        clip.media = make (session::addedMedia (make.project, media));
        clip.length = length;
        const auto track = make (
            session::addedTrack (make.project, song, "Track " + std::to_string (t + 1), setup.channels));
        for (int n = 0; n < setup.repeats; ++n, clip.start += length)
            make (session::addedClip (make.project, track, clip));
        tracks.push_back (track);
    }
    if (setup.chain)
        make.project = studio::withReturnsAndMaster (std::move (make.project), song);
    const std::string on = "On";
    for (std::size_t t = 0; t < tracks.size(); ++t)
    {
        const auto set = [&] (const std::string& parameter, const session::Value& value)
        { make (session::withValue (make.project, tracks[t], parameter, value)); };
        const auto n = static_cast<double> (t);
        set ("trim.gain", n / 64 - 1);
        set ("hpf.on", on);
        set ("hpf.frequency", 30 + n / 2);
        for (int band = 1; band <= 6; ++band)
            set ("eq.band" + std::to_string (band) + ".gain", band % 2 == 0 ? 2.5 : -2.5);
        set ("comp.on", on);
        set ("comp.threshold", -24.0);
        set ("pan.position", static_cast<double> (static_cast<int> (t * 37 % 121) - 60));
        set ("fader.level", -14.0);
        if (setup.inserts)
            for (const auto* insert :
                 { "equaliser band1.on=On band2.on=On band2.gain=2dB band3.on=On band3.gain=-3dB band5.on=On "
                   "band5.gain=2dB band7.on=On band7.gain=2dB",
                   "compressor threshold=-30dB", "gate threshold=-50dB",
                   "saturator oversampling=2x drive=6dB", "delay mix=15%" })
            {
                const auto settings = studio::effectFrom (insert);
                if (! settings)
                    return settings.problem();
                const auto effect = make (session::addedEffect (make.project, tracks[t], settings->type));
                for (const auto& [parameter, value] : settings->values)
                    make (session::withValue (make.project, effect, parameter, value));
            }
        if (setup.chain)
        {
            set ("send1.level", -18.0);
            set ("send2.level", -22.0);
        }
    }
    const auto modules = session::songOf (make.project, song)->master->modules;
    for (const auto& module : modules)
    {
        make (session::switchedEffect (make.project, module->id, true));
        const auto set = [&] (const std::string& parameter, const session::Value& value)
        { make (session::withValue (make.project, module->id, parameter, value)); };
        if (module->type == "master-eq")
            for (const auto* band : { "band1", "band2", "band4", "band7" })
            {
                set (std::string (band) + ".on", on);
                set (std::string (band) + ".gain", 1.5);
            }
        else if (module->type == "width")
            set ("bass-mono", on);
        else if (module->type == "limiter")
            set ("gain", 6.0);
    }
    make (session::withEnd (make.project, song, setup.repeats * length));
    if (make.problem)
        return *make.problem;
    return std::move (make.project);
}

Result<session::Project> songOf (const fs::path& folder, const SongSetup& setup, const Progress& progress)
{
    std::error_code error;
    fs::create_directories (folder / "Audio", error);
    if (error)
        return Problem { "There is no room for temporary files: " + error.message() + ".", folder.string() };
    if (auto written = writeAudio (folder, setup, progress); ! written)
        return written.problem();
    return songWithoutFiles (setup);
}

} // namespace lacquer::bench
