// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/Open.h"
#include "cli/Verb.h"
#include "session/Find.h"
#include "studio/Adding.h"
#include "studio/NewProject.h"

#include <iostream>
#include <memory>

namespace lacquer::cli
{

namespace
{

struct Options
{
    std::string project, at, track, song;
    std::vector<std::string> files;
    bool json = false;
};

Result<studio::Addition> additionOf (const studio::Studio& studio, const Options& o)
{
    const auto song = studio.song (o.song);
    if (! song)
        return song.problem();
    studio::Addition what { (*song)->id, {}, 0, studio::soundFilesIn ({ o.files.begin(), o.files.end() }) };
    if (! o.at.empty())
    {
        const auto at = session::positionFrom (studio.project(), **song, o.at);
        if (! at)
            return at.problem();
        what.at = *at;
    }
    if (o.track.empty())
        return what;
    const auto place = session::found (studio.project(),
                                       (o.song.empty() ? "" : "song:" + o.song + "/") +
                                           (o.track.starts_with ("track:") ? "" : "track:") + o.track,
                                       studio::catalogue());
    if (! place)
        return place.problem();
    if (session::trackOf (studio.project(), place->owner) == nullptr || ! place->parameter.empty())
        return Problem { "\"" + session::nameToShow (o.track) + "\" is not a track." };
    what.track = place->owner;
    return what;
}

} // namespace

std::function<Result<int>()> import (CLI::App& app)
{
    auto o = std::make_shared<Options>();
    app.add_option ("PROJECT", o->project, "A project folder.")->required();
    app.add_option ("FILE", o->files, "Sound files, or folders of them.")->required();
    app.add_option ("--at", o->at, "Where the earliest begins: 12.5, 1:02.5, 250ms or 17|3; without it 0.");
    app.add_option ("--track", o->track, "The track that they go to; without it each gets one of its own.");
    app.add_option ("--song", o->song, "Name of the song; the first one otherwise.");
    app.add_flag ("--json", o->json, "The clips that were made, as JSON.");
    return [o]() -> Result<int>
    {
        auto clips = nlohmann::json::array();
        std::vector<std::string> notes;
        std::string answer;
        const auto done = changed (
            o->project,
            [&] (studio::Studio& studio, MadeFiles& made) -> Outcome
            {
                const auto what = additionOf (studio, *o);
                if (! what)
                    return what.problem();
                ProgressBar bar ("Importing");
                auto added = studio::withFiles (studio.project(), studio.folder(), *what, bar.progress());
                if (! added)
                    return added.problem();
                bar.clear();
                made = added->files;
                if (auto taken = studio.take (std::move (added->edited)); ! taken)
                    return taken.problem();
                notes = std::move (added->notes);
                for (std::size_t n = 0; n < added->clips.size(); ++n)
                {
                    const auto& clip = *session::clipOf (studio.project(), added->clips[n]);
                    const auto track = session::addressOf (studio.project(),
                                                           session::trackOfClip (studio.project(), clip.id));
                    clips.push_back ({ { "track", track },
                                       { "clip", "clip:" + std::to_string (clip.id.value) },
                                       { "media", "media:" + std::to_string (clip.media.value) },
                                       { "file", what->files[n].string() },
                                       { "start", clip.start },
                                       { "length", clip.length } });
                    answer += track + ": clip:" + std::to_string (clip.id.value) + " at " +
                              session::textOfValue (nullptr, static_cast<double> (clip.start) /
                                                                 studio.project().sampleRate) +
                              " s\n";
                }
                return {};
            });
        if (! o->json)
            tellNotes (notes);
        return answered (done, answer, o->json, { { "clips", clips }, { "notes", notes } });
    };
}

} // namespace lacquer::cli
