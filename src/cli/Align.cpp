// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/Verb.h"
#include "session/Find.h"
#include "studio/Studio.h"
#include "studio/TrackOffsets.h"

#include <iostream>
#include <memory>

namespace lacquer::cli
{

namespace
{

struct Options
{
    std::string project, reference;
    std::vector<std::string> tracks;
    bool apply = false, json = false;
};

nlohmann::json toJson (const session::Project& project, const studio::TrackOffset& o)
{
    nlohmann::json one { { "track", session::addressOf (project, o.track) }, { "related", o.related() } };
    if (o.found)
    {
        one["confidence"] = numberOrNull (o.found->confidence(), 3);
        if (o.related())
        {
            one["frames_later"] = numberOrNull (o.found->frames, 3);
            one["milliseconds_later"] = numberOrNull (o.found->frames * 1000 / project.sampleRate, 4);
            one["inverted"] = o.found->inverted;
            one["delay"] = o.delay;
            one["polarity"] = o.turned;
        }
    }
    return one;
}

Result<int> alignTracks (const Options& o)
{
    auto studio = studio::Studio::opened (o.project, o.apply ? session::ProjectFolder::Use::edit
                                                             : session::ProjectFolder::Use::read);
    if (! studio)
        return studio.problem();
    for (const auto& note : studio->notes())
        std::cerr << "lacquer: " << note << "\n";
    std::vector<Id> ids;
    for (const auto& address : o.tracks)
    {
        const auto place = session::found (studio->project(), address);
        if (! place)
            return place.problem();
        ids.push_back (place->owner);
    }
    const auto reference = session::found (studio->project(), o.reference);
    if (! reference)
        return reference.problem();
    ProgressBar bar ("Listening");
    const auto offsets =
        studio::trackOffsets (studio->project(), studio->folder(), reference->owner, ids, bar.progress());
    if (! offsets)
        return offsets.problem();
    bar.clear();
    auto all = nlohmann::json::array();
    for (const auto& offset : *offsets)
    {
        if (o.json)
            all.push_back (toJson (studio->project(), offset));
        else
            std::cout << session::addressOf (studio->project(), offset.track) << ": "
                      << studio::sentenceOf (offset, studio->project().sampleRate) << "\n";
    }
    if (o.apply)
    {
        if (auto taken = studio->take (studio::aligned (studio->project(), *offsets)); ! taken)
            return taken.problem();
        if (auto saved = studio->save(); ! saved)
        {
            studio->abandon();
            return saved.problem();
        }
    }
    if (o.json)
        tellJson (all);
    return Exit::done;
}

} // namespace

std::function<Result<int>()> align (CLI::App& app)
{
    auto o = std::make_shared<Options>();
    app.add_option ("PROJECT", o->project, "A project folder.")->required();
    app.add_option ("--reference", o->reference, "The track the others are laid over: track:NAME.")
        ->required();
    app.add_option ("TRACK", o->tracks, "track:NAME ...")->required();
    app.add_flag ("--apply", o->apply,
                  "Sets delay and polarity of the related ones; without it they are told.");
    app.add_flag ("--json", o->json, "As JSON.");
    return [o]() -> Result<int> { return alignTracks (*o); };
}

} // namespace lacquer::cli
