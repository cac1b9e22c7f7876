// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/Offline.h"

#include "bench/Clock.h"
#include "bench/Songs.h"
#include "bench/Sounds.h"
#include "deliver/ReleaseFile.h"
#include "engine/Offline.h"
#include "files/Decoder.h"
#include "files/Writer.h"
#include "measure/Meter.h"
#include "measure/Roles.h"
#include "studio/Chain.h"
#include "studio/Render.h"
#include "studio/Rig.h"

#include <algorithm>

namespace lacquer::bench
{

namespace
{

constexpr double rate = 48000;

/// Progress that only listens for the stop.
Progress quiet (const Session& session)
{
    Progress p;
    p.cancelled = session.progress.cancelled;
    return p;
}

/// Stereo music of some length: eight seconds, repeated.
constexpr int pieceFrames = 8 * 48000;
using Piece = std::vector<std::vector<float>>;
Piece piece()
{
    return { music (1, pieceFrames, rate), music (2, pieceFrames, rate) };
}

/// A song with its files.
struct SongOnDisk
{
    Folder folder;
    session::Project project;
};

Result<std::shared_ptr<const SongOnDisk>> songOnDisk (const SongSetup& setup, const Session& session)
{
    auto folder = Folder::made();
    if (! folder)
        return folder.problem();
    auto project = songOf (folder->path, setup, quiet (session));
    if (! project)
        return project.problem();
    return std::make_shared<const SongOnDisk> (SongOnDisk { *std::move (folder), *std::move (project) });
}

} // namespace

Result<Sampler> exportSpeed (int stems, double seconds, Session& session)
{
    if (session.quick)
        seconds = std::min (seconds, 4.0);
    auto made = songOnDisk ({ stems, 2, seconds }, session);
    if (! made)
        return made.problem();
    const auto job = *std::move (made);
    return Sampler {
        [job, seconds, &session]() -> Result<Sample>
        {
            const WallWatch watch;
            const double busy = secondsOf (CLOCK_PROCESS_CPUTIME_ID);
            deliver::ReleaseOptions options;
            options.sourceRate = options.rate = rate;
            auto file = deliver::ReleaseFile::opened (job->folder.path / "Export.wav",
                                                      *deliver::formatOf ("wav24"), options);
            if (! file)
                return file.problem();
            if (auto rendered = studio::render (
                    job->project, job->folder.path, *job->project.songs.front(), {},
                    [&] (const float* const* c, int n) { return (*file)->write (c, n); }, quiet (session));
                ! rendered)
                return rendered.problem();
            const double render = watch.seconds();
            if (const auto report = (*file)->finish(); ! report)
                return report.problem();
            return Sample { seconds / watch.seconds(),
                            1,
                            { { "render_only", seconds / render },
                              { "cpu_seconds_per_minute",
                                60 / seconds * (secondsOf (CLOCK_PROCESS_CPUTIME_ID) - busy) } } };
        }
    };
}

Result<Sampler> insertsSpeed (Session& session)
{
    SongSetup setup { 64, 1, session.quick ? 2.0 : 20.0 };
    setup.inserts = true;
    auto made = songOnDisk (setup, session);
    if (! made)
        return made.problem();
    return Sampler { [job = *std::move (made), seconds = setup.seconds, &session]() -> Result<Sample>
                     {
                         const WallWatch watch;
                         const double busy = secondsOf (CLOCK_PROCESS_CPUTIME_ID);
                         if (auto rendered = studio::render (
                                 job->project, job->folder.path, *job->project.songs.front(), {},
                                 [] (const float* const*, int) -> Outcome { return {}; }, quiet (session));
                             ! rendered)
                             return rendered.problem();
                         return Sample { seconds / watch.seconds(),
                                         1,
                                         { { "cpu_seconds_per_minute",
                                             60 / seconds *
                                                 (secondsOf (CLOCK_PROCESS_CPUTIME_ID) - busy) } } };
                     } };
}

Result<Sampler> coreScaling (Session& session)
{
    const double seconds = session.quick ? 2 : 10;
    auto project = songWithoutFiles ({ 128, 1, seconds, 1, false });
    if (! project)
        return project.problem();
    auto shared = std::make_shared<const session::Project> (*std::move (project));
    std::vector<std::shared_ptr<const Piece>> sounds;
    for (std::uint64_t seed = 0; seed < 8; ++seed)
        sounds.push_back (
            std::make_shared<const Piece> (Piece { music (seed, static_cast<int> (seconds * rate), rate) }));
    return Sampler {
        [=, &session]() -> Result<Sample>
        {
            const auto timeWith = [&] (int threads) -> Result<double>
            {
                std::size_t next = 0;
                studio::Rig rig (
                    rate,
                    [&] (const session::Project&,
                         const session::Track&) -> Result<std::shared_ptr<FrameSource>>
                    {
                        return std::shared_ptr<FrameSource> (
                            std::make_shared<studio::MemorySource> (sounds[next++ % sounds.size()]));
                    });
                const auto& song = *shared->songs.front();
                auto graph = rig.graph (*shared, song, { studio::Tap::Point::mix, {} });
                if (! graph)
                    return graph.problem();
                auto plan = engine::compile (*graph, nullptr,
                                             std::make_shared<TempoMap> (rate, song.tempi, song.metres));
                if (! plan)
                    return plan.problem();
                engine::Engine engine (rate, threads);
                engine.use (*std::move (plan));
                const WallWatch watch;
                auto done = engine::render (
                    engine, 0, framesIn (Seconds { seconds }, rate), 1024,
                    [] (const float* const*, int) -> Outcome { return {}; }, quiet (session));
                if (! done)
                    return done.problem();
                return watch.seconds();
            };
            const auto one = timeWith (1);
            if (! one)
                return one.problem();
            const auto two = timeWith (2);
            if (! two)
                return two.problem();
            return Sample { *one, *two, { { "seconds_one_thread", *one }, { "seconds_two_threads", *two } } };
        }
    };
}

Result<Sampler> loudnessSpeed (Session& session)
{
    auto sound = std::make_shared<const Piece> (piece());
    const int repeats = session.quick ? 2 : 15;
    return Sampler {
        [=]() -> Result<Sample>
        {
            const CpuWatch watch;
            measure::Meter meter (rate, measure::rolesOf (0, 2));
            constexpr int block = 4096;
            for (int n = 0; n < repeats; ++n)
                for (int at = 0; at < pieceFrames; at += block)
                {
                    const float* planes[2] { (*sound)[0].data() + at, (*sound)[1].data() + at };
                    meter.add (planes, std::min (block, pieceFrames - at));
                }
            const auto reading = meter.result();
            if (! reading.integrated || ! reading.range || ! reading.truePeak)
                return Problem { "The loudness of the benchmark's music could not be measured." };
            return Sample { repeats * (pieceFrames / rate) / watch.seconds() };
        }
    };
}

Result<Sampler> loudnessFileSpeed (Session& session)
{
    auto folder = Folder::made();
    if (! folder)
        return folder.problem();
    auto held = std::make_shared<Folder> (*std::move (folder));
    const auto path = held->path / "Music.wav";
    const int repeats = session.quick ? 2 : 15;
    {
        files::WriterOptions options;
        options.rate = rate;
        auto writer = files::Writer::opened (path, options);
        if (! writer)
            return writer.problem();
        const auto sound = piece();
        const float* planes[2] { sound[0].data(), sound[1].data() };
        for (int n = 0; n < repeats; ++n)
            if (auto written = (*writer)->write (planes, pieceFrames); ! written)
                return written.problem();
        if (auto finished = (*writer)->finish(); ! finished)
            return finished.problem();
    }
    return Sampler {
        [held, path, repeats]() -> Result<Sample>
        {
            const WallWatch wall;
            const CpuWatch watch;
            std::unique_ptr<measure::Meter> meter;
            const auto read =
                files::decoded (path,
                                [&] (const files::Sound& s, const float* const* c, int n) -> Outcome
                                {
                                    if (meter == nullptr)
                                        meter = std::make_unique<measure::Meter> (
                                            s.rate, measure::rolesOf (s.channelMask, s.channels));
                                    meter->add ({ c, static_cast<std::size_t> (s.channels) }, n);
                                    return {};
                                });
            if (! read)
                return read.problem();
            if (! meter->result().truePeak)
                return Problem { "The loudness of the benchmark's music could not be measured." };
            const double seconds = repeats * (pieceFrames / rate);
            const double speed = seconds / watch.seconds();
            return Sample { speed, 1, { { "by_wall_time", seconds / wall.seconds() } } };
        }
    };
}

} // namespace lacquer::bench
