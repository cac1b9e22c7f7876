// SPDX-License-Identifier: GPL-3.0-or-later
#include "studio/Demo.h"

#include "files/Hash.h"
#include "files/Writer.h"
#include "session/Edits.h"
#include "session/Find.h"
#include "session/ProjectFolder.h"
#include "studio/Build.h"
#include "studio/Mastering.h"
#include "studio/NewProject.h"
#include "studio/demo/DemoMix.h"
#include "studio/demo/DemoScore.h"
#include "studio/demo/DemoSong.h"

#include <cmath>
#include <map>

namespace lacquer::studio
{

namespace fs = std::filesystem;

namespace
{

session::Value toValue (const DemoValue& v)
{
    if (const auto* text = std::get_if<std::string> (&v))
        return *text;
    return std::get<double> (v);
}

session::Curve toCurve (DemoCurve c)
{
    return c == DemoCurve::linear   ? session::Curve::linear
           : c == DemoCurve::smooth ? session::Curve::smooth
                                    : session::Curve::hold;
}

/// A Build that knows the demo's plain data.
class DemoBuild : public Build
{
public:
    using Build::Build;

    void effects (Id owner, const std::vector<DemoEffect>& list)
    {
        for (const auto& effect : list)
        {
            const auto id = (*this) (session::addedEffect (project, owner, effect.type));
            settings (id, effect.settings);
        }
    }
    void settings (Id target, const std::vector<DemoSetting>& list)
    {
        for (const auto& s : list)
            (*this) (session::withValue (project, target, s.parameter, toValue (s.value)));
    }
    void lanes (Id owner, const std::vector<DemoLane>& list, const TempoMap& tempo)
    {
        for (const auto& from : list)
        {
            session::Lane lane;
            lane.target = owner;
            lane.parameter = from.parameter;
            if (! from.effect.empty())
            {
                const auto* strip = session::stripOf (project, owner);
                for (const auto& effect : strip->inserts)
                    if (effect->type == from.effect)
                        lane.target = effect->id;
            }
            for (const auto& p : from.points)
                lane.points.push_back ({ static_cast<Frames> (std::llround (tempo.frameAt (p.beat))), p.value,
                                         toCurve (p.curve), 0 });
            (*this) (session::withLane (project, std::move (lane)));
        }
    }
};

} // namespace

Outcome makeDemo (const fs::path& folder, const Progress& progress)
{
    auto place = NewFolder::made (folder);
    if (! place)
        return place.problem();
    std::error_code error;
    fs::create_directories (folder / "Audio", error);
    if (error)
        return Problem { "This folder could not be made: " + error.message() + ".", folder.string() };

    const auto stopped = Problem { "The demo was stopped; nothing was written." };
    const auto song =
        demoSong (48000, { [&] (double share) { progress.at (0.6 * share); }, progress.cancelled });
    if (progress.stopped())
        return stopped;
    const auto score = demoScore();
    const auto mix = demoMix();
    const TempoMap tempo (song.sampleRate, song.tempi);

    DemoBuild build (session::newProject (song.title, song.sampleRate));
    const auto songId = build.project.songs.front()->id;
    build (session::renamed (build.project, songId, song.title));
    build (session::withText (build.project, songId, session::SongText::artist, "Lacquer"));
    build (session::withText (build.project, session::AlbumText::title, song.title));
    build (session::withText (build.project, session::AlbumText::artist, "Lacquer"));
    build (session::withTempo (build.project, songId, song.tempi, { { 0, song.beatsPerBar, 4 } }));
    for (const auto& section : song.sections)
        build (session::addedMarker (build.project, songId,
                                     static_cast<Frames> (std::llround (tempo.frameAt (section.beat))),
                                     section.name, true));

    std::map<std::string, Id> groups, returns;
    for (const auto& g : mix.groups)
        groups[g.name] = build (session::addedGroup (build.project, songId, g.name, g.colour));
    for (const auto& r : mix.returns)
        returns[r.name] = build (session::addedReturn (build.project, songId, r.name, r.colour));
    const auto setStrip = [&] (Id id, const DemoStrip& strip)
    {
        build.settings (id, strip.settings);
        build.effects (id, strip.inserts);
        if (! strip.output.empty())
            build (session::withOutput (build.project, id, groups.at (strip.output)));
        for (std::size_t n = 0; n < strip.sends.size(); ++n)
        {
            build (
                session::withSend (build.project, id, static_cast<int> (n), returns.at (strip.sends[n].to)));
            build (session::withValue (build.project, id, "send" + std::to_string (n + 1) + ".level",
                                       strip.sends[n].level));
        }
        build.lanes (id, strip.lanes, tempo);
    };

    Frames end = 0;
    for (std::size_t n = 0; n < song.stems.size(); ++n)
    {
        const auto& stem = song.stems[n];
        const auto name = stem.name + ".wav";
        files::WriterOptions options;
        options.encoding = files::Encoding::wav24;
        options.rate = song.sampleRate;
        options.channels = static_cast<int> (stem.channels.size());
        auto writer = files::Writer::opened (folder / "Audio" / name, options);
        if (! writer)
            return writer.problem();
        std::vector<const float*> channels;
        for (const auto& c : stem.channels)
            channels.push_back (c.data());
        const auto frames = static_cast<int> (stem.channels.front().size());
        if (auto written = (*writer)->write (channels.data(), frames); ! written)
            return written.problem();
        if (auto finished = (*writer)->finish(); ! finished)
            return finished.problem();
        const auto hash = files::contentHash (folder / "Audio" / name);
        if (! hash)
            return hash.problem();

        session::Media media;
        media.path = "Audio/" + name;
        media.original = name;
        media.channels = options.channels;
        media.frames = frames;
        media.originalRate = song.sampleRate;
        media.hash = *hash;
        session::Clip clip;
        clip.media = build (session::addedMedia (build.project, media));
        clip.name = stem.name;
        clip.length = frames;
        const auto track =
            build (session::addedTrack (build.project, songId, stem.name, options.channels, stem.colour));
        build (session::addedClip (build.project, track, clip));
        setStrip (track, mix.tracks[n]);
        end = std::max<Frames> (end, frames);
        progress.at (0.6 + 0.1 * static_cast<double> (n + 1) / static_cast<double> (song.stems.size()));
    }
    for (const auto& g : mix.groups)
        setStrip (groups.at (g.name), g);
    for (const auto& r : mix.returns)
        setStrip (returns.at (r.name), r);
    const auto bus = build.project.songs.front()->mix->id;
    build.settings (bus, mix.mix.settings);
    build.effects (bus, mix.mix.inserts);
    build.lanes (bus, mix.mix.lanes, tempo);
    build.effects (build.project.songs.front()->master->id, mix.master);
    build (session::withEnd (build.project, songId, end));
    if (build.problem)
        return *build.problem;

    const auto mastered =
        masteredTo (build.project, folder, songId, "spotify", mix.targetLufs, mix.ceilingDb,
                    { [&] (double share) { progress.at (0.7 + 0.3 * share); }, progress.cancelled });
    if (progress.stopped())
        return stopped;
    if (! mastered)
        return mastered.problem();
    const auto made = session::ProjectFolder::created (folder.string(), *mastered);
    if (! made)
        return made.problem();
    place->keep();
    return {};
}

} // namespace lacquer::studio
