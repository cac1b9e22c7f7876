// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/Open.h"
#include "cli/Verb.h"
#include "core/SafeFile.h"
#include "session/AutomationEdits.h"
#include "session/Find.h"
#include "session/MediaEdits.h"
#include "session/Scene.h"
#include "session/Words.h"
#include "studio/Catalogue.h"
#include "studio/Demo.h"
#include "studio/Freeze.h"
#include "studio/Masking.h"
#include "studio/NewProject.h"
#include "studio/Render.h"
#include "studio/Studio.h"

#include <algorithm>
#include <iostream>
#include <memory>

namespace lacquer::cli
{

namespace
{

void tellDecisions (const std::vector<studio::Decision>& decisions)
{
    for (const auto& d : decisions)
        std::cout << d.address << ": " << d.what << "\n";
}

/// "back": what `lacquer apply` takes a decision back with.
nlohmann::json decisionsJson (const std::vector<studio::Decision>& decisions)
{
    auto all = nlohmann::json::array();
    for (const auto& d : decisions)
    {
        auto back = nlohmann::json::array();
        for (const auto& call : d.back)
        {
            nlohmann::json one { { "op", call.op } };
            for (const auto& [name, value] : call.arguments)
                one[name] = value;
            back.push_back (std::move (one));
        }
        all.push_back ({ { "address", d.address }, { "what", d.what }, { "back", std::move (back) } });
    }
    return all;
}

nlohmann::json toJson (const session::Value& value)
{
    if (const auto* text = std::get_if<std::string> (&value))
        return *text;
    return std::get<double> (value);
}

nlohmann::json parametersJson (const std::vector<studio::Listed>& list)
{
    auto all = nlohmann::json::array();
    for (const auto& p : list)
        all.push_back (
            { { "address", p.address }, { "value", toJson (p.value) }, { "unit", p.param->unit } });
    return all;
}

nlohmann::json addressesJson (const session::Project& project, const auto& ids)
{
    auto all = nlohmann::json::array();
    for (const Id id : ids)
        all.push_back (id ? nlohmann::json (session::addressOf (project, id)) : nlohmann::json());
    return all;
}

nlohmann::json insertsJson (const session::Project& project, const std::vector<session::EffectPtr>& effects)
{
    auto all = nlohmann::json::array();
    for (const auto& e : effects)
    {
        nlohmann::json one { { "address", session::addressOf (project, e->id) },
                             { "on", e->on },
                             { "post_console", e->postConsole } };
        if (e->sidechain)
            one["sidechain"] = session::addressOf (project, e->sidechain);
        all.push_back (std::move (one));
    }
    return all;
}

nlohmann::json automationJson (const session::Project& project, const std::vector<session::Lane>& lanes)
{
    auto all = nlohmann::json::array();
    for (const auto& lane : lanes)
    {
        auto points = nlohmann::json::array();
        for (const auto& p : lane.points)
            points.push_back ({ p.position, p.value, session::wordOf (p.curve), p.tension });
        all.push_back ({ { "address", session::addressOf (project, lane.target, lane.parameter) },
                         { "mode", lane.enabled ? session::wordOf (lane.mode) : "off" },
                         { "points", std::move (points) } });
    }
    return all;
}

nlohmann::json modulatorsJson (const session::Project& project, const session::Song& song)
{
    auto all = nlohmann::json::array();
    for (const auto& m : song.modulators)
    {
        auto targets = nlohmann::json::array();
        for (const auto& t : m->targets)
            targets.push_back ({ { "address", session::addressOf (project, t.target, t.parameter) },
                                 { "depth", t.depth },
                                 { "bipolar", t.bipolar } });
        all.push_back ({ { "name", m->name },
                         { "address", session::addressOf (project, m->id) },
                         { "kind", session::wordOf (m->kind) },
                         { "on", m->on },
                         { "source", m->source ? session::addressOf (project, m->source) : "" },
                         { "parameters", parametersJson (studio::parametersOf (project, *m)) },
                         { "targets", std::move (targets) },
                         { "automation", automationJson (project, m->lanes) } });
    }
    return all;
}

nlohmann::json stripJson (const session::Project& project, const session::Strip& strip)
{
    nlohmann::json json { { "name", strip.name },
                          { "address", session::addressOf (project, strip.id) },
                          { "form", session::wordOf (session::formOf (strip)) },
                          { "sends", addressesJson (project, strip.sends) },
                          { "inserts", insertsJson (project, strip.inserts) },
                          { "label", strip.label },
                          { "colour", strip.colour },
                          { "tags", strip.tags },
                          { "notes", strip.notes },
                          { "solo_safe", strip.soloSafe },
                          { "disabled", strip.disabled },
                          { "parameters", parametersJson (studio::parametersOf (project, strip)) },
                          { "automation", automationJson (project, strip.lanes) } };
    if (strip.output)
        json["output"] = session::addressOf (project, strip.output);
    if (const auto* track = session::trackOf (project, strip.id))
    {
        json["delay_frames"] = track->delay;
        json["frozen"] = static_cast<bool> (track->frozen);
        json["priority"] = session::wordOf (studio::priorityOf (*track));
        json["priority_guessed"] = track->priority == session::Priority::guessed;
    }
    return json;
}

nlohmann::json clipsJson (const session::Track& track)
{
    auto all = nlohmann::json::array();
    for (const auto& c : track.clips)
    {
        auto envelope = nlohmann::json::array();
        for (const auto& point : c->envelope)
            envelope.push_back ({ point.position, point.gain });
        all.push_back ({ { "address", "clip:" + std::to_string (c->id.value) },
                         { "name", c->name },
                         { "media", "media:" + std::to_string (c->media.value) },
                         { "start", c->start },
                         { "offset", c->offset },
                         { "length", c->length },
                         { "gain", c->gain },
                         { "fade_in", c->fadeIn },
                         { "fade_out", c->fadeOut },
                         { "fade_in_shape", session::wordOf (c->fadeInShape) },
                         { "fade_out_shape", session::wordOf (c->fadeOutShape) },
                         { "envelope", envelope },
                         { "reversed", c->reversed },
                         { "muted", c->muted } });
    }
    return all;
}

/// Tempo, markers, groups: what a song has on its timeline beside clips.
nlohmann::json timeJson (const session::Song& song)
{
    auto tempi = nlohmann::json::array(), metres = tempi, markers = tempi, groups = tempi;
    for (const auto& t : song.tempi)
        tempi.push_back ({ { "beat", t.beat }, { "bpm", t.bpm }, { "ramp", t.ramp } });
    for (const auto& m : song.metres)
        metres.push_back (
            { { "beat", m.beat }, { "numerator", m.numerator }, { "denominator", m.denominator } });
    for (const auto& m : song.markers)
        markers.push_back ({ { "address", "marker:" + std::to_string (m.id.value) },
                             { "name", m.name },
                             { "position", m.position },
                             { "length", m.length },
                             { "section", m.section },
                             { "colour", m.colour } });
    for (const auto& g : song.editGroups)
    {
        auto tracks = nlohmann::json::array();
        for (const auto& t : song.tracks)
            if (std::find (g.tracks.begin(), g.tracks.end(), t->strip.id) != g.tracks.end())
                tracks.push_back (t->strip.name);
        groups.push_back ({ { "address", "edit-group:" + std::to_string (g.id.value) },
                            { "name", g.name },
                            { "tracks", tracks },
                            { "on", g.on } });
    }
    return { { "tempi", tempi },
             { "metres", metres },
             { "markers", markers },
             { "edit_groups", groups },
             { "grid", session::textOf (song.grid) },
             { "snap", song.snaps },
             { "crossfades", session::wordOf (song.crossfades) },
             { "loop", { { "start", song.loopStart }, { "end", song.loopEnd }, { "on", song.looping } } } };
}

nlohmann::json songJson (const session::Project& project, const session::Song& song)
{
    auto tracks = nlohmann::json::array(), groups = tracks, returns = tracks, vcas = tracks,
         muteGroups = tracks;
    for (const auto& v : song.vcas)
        vcas.push_back ({ { "name", v->name },
                          { "address", session::addressOf (project, v->id) },
                          { "members", addressesJson (project, v->members) },
                          { "parameters", parametersJson (studio::parametersOf (project, *v)) },
                          { "automation", automationJson (project, v->lanes) } });
    for (const auto& g : song.muteGroups)
        muteGroups.push_back ({ { "name", g.name },
                                { "address", "mute-group:" + std::to_string (g.id.value) },
                                { "members", addressesJson (project, g.members) },
                                { "on", g.on } });
    auto ignored = nlohmann::json::array();
    for (const auto& pair : song.maskingIgnored)
        ignored.push_back ({ { "lead", session::addressOf (project, pair.lead) },
                             { "masker", session::addressOf (project, pair.masker) } });
    for (const auto& t : song.tracks)
    {
        tracks.push_back (stripJson (project, t->strip));
        tracks.back()["clips"] = clipsJson (*t);
    }
    for (const auto& g : song.groups)
        groups.push_back (stripJson (project, *g));
    for (const auto& r : song.returns)
        returns.push_back (stripJson (project, *r));
    auto scenes = nlohmann::json::array();
    for (const auto& scene : song.scenes)
        scenes.push_back (
            { { "name", scene->name }, { "address", "scene:" + std::to_string (scene->id.value) } });
    return { { "name", song.name },
             { "notes", song.notes },
             { "scenes", scenes },
             { "length_frames", studio::lengthOf (project, song) },
             { "sample_rate", project.sampleRate },
             { "time", timeJson (song) },
             { "tracks", tracks },
             { "groups", groups },
             { "returns", returns },
             { "vcas", vcas },
             { "mute_groups", muteGroups },
             { "mix", stripJson (project, *song.mix) },
             { "modulators", modulatorsJson (project, song) },
             { "automation_follows", song.automationFollows },
             { "masking_ignored", ignored },
             { "master",
               { { "address", session::addressOf (project, song.master->id) },
                 { "target", song.master->target },
                 { "automation", automationJson (project, song.master->lanes) },
                 { "parameters", parametersJson (studio::parametersOf (project, *song.master)) } } } };
}

/// Only what was set, so that a project can be taken in at a glance; --json has everything.
void showStrip (const session::Project& project, const auto& strip)
{
    std::cout << "  " << session::addressOf (project, strip.id) << "\n";
    for (const auto& p : studio::parametersOf (project, strip))
        if (p.value != studio::valueOfNumber (*p.param, p.param->initial))
            std::cout << "    " << p.address << " = " << session::textOfValue (p.param, p.value) << "\n";
}

} // namespace

std::function<Result<int>()> demo (CLI::App& app)
{
    auto folder = std::make_shared<std::string>();
    app.add_option ("DIR", *folder, "A new folder.")->required();
    return [folder]() -> Result<int>
    {
        ProgressBar bar ("Making the demo song");
        if (auto made = studio::makeDemo (*folder, bar.progress()); ! made)
            return made.problem();
        return Exit::done;
    };
}

std::function<Result<int>()> newProject (CLI::App& app)
{
    struct Options
    {
        std::string folder, master, from;
        std::vector<std::string> stems;
        double rate = 0;
        bool reference = false, plain = false, json = false;
    };
    auto o = std::make_shared<Options>();
    app.add_option ("DIR", o->folder, "A new folder.")->required();
    auto* stems = app.add_option ("--stems", o->stems, "Sound files, or folders of them: one track each.");
    auto* master = app.add_option ("--master", o->master, "A finished stereo mix.");
    auto* from = app.add_option ("--template", o->from, "One of your templates of a song.");
    stems->excludes (master)->excludes (from);
    master->excludes (from);
    app.add_option ("--rate", o->rate, "Sample rate of the project in Hz; without it, that of most stems.")
        ->check (within (8000, 768000));
    app.add_flag ("--reference", o->reference,
                  "Plays files from where they are when they need no conversion.");
    app.add_flag ("--no-balance", o->plain, "Leaves all levels at 0 dB.");
    app.add_flag ("--json", o->json, "What was decided, and the edits that take it back, as JSON.");
    return [o]() -> Result<int>
    {
        if (o->stems.empty() && o->master.empty() && o->from.empty())
        {
            std::cerr << "lacquer: say --stems PATH..., --master FILE or --template NAME.\n";
            return Exit::wrongUsage;
        }
        ProgressBar bar ("Importing");
        studio::NewOptions options;
        options.rate = o->rate;
        options.placement = o->reference ? files::Placement::reference : files::Placement::copy;
        options.balance = ! o->plain;
        options.progress = bar.progress();
        const auto founded = studio::founded (
            o->folder, { { o->stems.begin(), o->stems.end() }, o->master, o->from }, options);
        if (! founded)
            return founded.problem();
        const auto* made = &founded->made;
        tellNotes (made->notes);
        bar.clear();
        if (o->json)
        {
            auto steps = nlohmann::json::array();
            for (const auto& step : made->steps)
                steps.push_back (step.label);
            const nlohmann::json all { { "folder", o->folder },
                                       { "tracks", made->project.songs.front()->tracks.size() },
                                       { "sample_rate", made->project.sampleRate },
                                       { "steps", std::move (steps) },
                                       { "decisions", decisionsJson (made->decisions) },
                                       { "mix_peak_dbfs", numberOrNull (made->peak) },
                                       { "notes", made->notes } };
            tellJson (all);
            return Exit::done;
        }
        tellDecisions (made->decisions);
        std::cout << made->project.songs.front()->tracks.size() << " tracks at " << made->project.sampleRate
                  << " Hz in " << o->folder << "\n";
        return Exit::done;
    };
}

std::function<Result<int>()> show (CLI::App& app)
{
    struct Options
    {
        std::string project;
        bool json = false;
    };
    auto o = std::make_shared<Options>();
    app.add_option ("PROJECT", o->project, "A project folder or its .lacquer file.")->required();
    app.add_flag ("--json", o->json, "Everything, as JSON.");
    return [o]() -> Result<int>
    {
        auto studio = studio::Studio::opened (o->project, session::ProjectFolder::Use::read);
        if (! studio)
            return studio.problem();
        tellNotes (studio->notes());
        const auto& project = studio->project();
        if (o->json)
        {
            auto songs = nlohmann::json::array();
            for (const auto& song : project.songs)
                songs.push_back (songJson (project, *song));
            auto order = nlohmann::json::array();
            for (Id id : project.album.order)
                for (const auto& song : project.songs)
                    if (song->id == id)
                        order.push_back (song->name);
            auto media = nlohmann::json::array();
            for (const auto& m : project.media)
                media.push_back ({ { "address", "media:" + std::to_string (m.id.value) },
                                   { "path", m.path },
                                   { "original", m.original },
                                   { "referenced", m.referenced },
                                   { "channels", m.channels },
                                   { "frames", m.frames },
                                   { "used", session::isUsed (project, m.id) } });
            const nlohmann::json all { { "songs", songs },
                                       { "media", media },
                                       { "album",
                                         { { "title", project.album.title },
                                           { "artist", project.album.artist },
                                           { "ean", project.album.ean },
                                           { "order", order } } } };
            tellJson (all);
            return Exit::done;
        }
        for (const auto& song : project.songs)
        {
            std::cout << song->name << ", "
                      << static_cast<double> (studio::lengthOf (project, *song)) / project.sampleRate
                      << " s, " << project.sampleRate << " Hz\n";
            for (const auto& t : song->tracks)
            {
                showStrip (project, t->strip);
                for (const auto& c : t->clips)
                    std::cout << "    clip:" << c->id.value << " \"" << c->name << "\" at "
                              << static_cast<double> (c->start) / project.sampleRate << " s, "
                              << static_cast<double> (c->length) / project.sampleRate << " s\n";
            }
            for (const auto& g : song->groups)
                showStrip (project, *g);
            for (const auto& r : song->returns)
                showStrip (project, *r);
            for (const auto& v : song->vcas)
                showStrip (project, *v);
            showStrip (project, *song->mix);
            for (const auto& m : song->modulators)
            {
                std::cout << "  " << session::addressOf (project, m->id) << "\n";
                for (const auto& p : studio::parametersOf (project, *m))
                    if (p.value != studio::valueOfNumber (*p.param, p.param->initial))
                        std::cout << "    " << p.address << " = " << session::textOfValue (p.param, p.value)
                                  << "\n";
            }
            std::cout << "  " << session::addressOf (project, song->master->id) << "\n";
            for (const auto& p : studio::parametersOf (project, *song->master))
                if (p.value != studio::valueOfNumber (*p.param, p.param->initial))
                    std::cout << "    " << p.address << " = " << session::textOfValue (p.param, p.value)
                              << "\n";
        }
        return Exit::done;
    };
}

std::function<Result<int>()> set (CLI::App& app)
{
    struct Options
    {
        std::string project;
        std::vector<std::string> assignments;
        bool json = false;
    };
    auto o = std::make_shared<Options>();
    app.add_option ("PROJECT", o->project, "A project folder.")->required();
    app.add_option ("ADDRESS=VALUE", o->assignments, "\"track:Lead Vox/eq.band3.gain=-3dB\"")->required();
    app.add_flag ("--json", o->json, "As JSON.");
    return [o]() -> Result<int>
    {
        std::string answer;
        auto all = nlohmann::json::array();
        const auto done = changed (o->project,
                                   [&] (studio::Studio& studio) -> Outcome
                                   {
                                       for (const auto& text : o->assignments)
                                       {
                                           const auto change = studio.set (text);
                                           if (! change)
                                               return change.problem();
                                           answer += change->address + ": " + change->before + " -> " +
                                                     change->after + "\n";
                                           all.push_back ({ { "address", change->address },
                                                            { "before", change->before },
                                                            { "after", change->after } });
                                       }
                                       return {};
                                   });
        return answered (done, answer, o->json, all);
    };
}

std::function<Result<int>()> freeze (CLI::App& app)
{
    struct Options
    {
        std::string project;
        std::vector<std::string> tracks;
        bool json = false;
    };
    auto o = std::make_shared<Options>();
    app.add_option ("PROJECT", o->project, "A project folder.")->required();
    app.add_option ("TRACK", o->tracks, "track:NAME; `lacquer edit PROJECT unfreeze TRACK` undoes it.")
        ->required();
    app.add_flag ("--json", o->json, "As JSON.");
    return [o]() -> Result<int>
    {
        auto all = nlohmann::json::array();
        const auto done = changed (
            o->project,
            [&] (studio::Studio& studio, MadeFiles& made) -> Outcome
            {
                for (const auto& address : o->tracks)
                {
                    const auto place = session::found (studio.project(), address);
                    if (! place)
                        return place.problem();
                    ProgressBar bar ("Freezing " + address);
                    if (auto taken = studio.take (
                            studio::freeze (studio.project(), studio.folder(), place->owner, bar.progress()));
                        ! taken)
                        return taken.problem();
                    const auto* track = session::trackOf (studio.project(), place->owner);
                    const auto* media = session::mediaOf (studio.project(), track->frozen);
                    made.push_back (std::filesystem::path (studio.folder()) / media->path);
                    all.push_back ({ { "track", session::addressOf (studio.project(), place->owner) },
                                     { "file", media->path },
                                     { "frames", media->frames } });
                }
                return {};
            });
        if (done && o->json)
            tellJson (all);
        return done;
    };
}

namespace
{

/// What was made, as the edits take it: "track:Bass", "clip:7"; null when nothing was.
nlohmann::json madeJson (const session::Project& project, Id id)
{
    if (! id)
        return nullptr;
    if (const auto address = session::addressOf (project, id); ! address.empty())
        return address;
    const char* const kind = session::clipOf (project, id) != nullptr        ? "clip:"
                             : session::markerOf (project, id) != nullptr    ? "marker:"
                             : session::mediaOf (project, id) != nullptr     ? "media:"
                             : session::editGroupOf (project, id) != nullptr ? "edit-group:"
                             : session::muteGroupOf (project, id) != nullptr ? "mute-group:"
                             : session::sceneOf (project, id) != nullptr     ? "scene:"
                                                                             : nullptr;
    return kind == nullptr ? nlohmann::json() : nlohmann::json (kind + std::to_string (id.value));
}

nlohmann::json doneJson (const studio::Studio& studio, const std::string& label)
{
    return { { "label", label },
             { "made", madeJson (studio.project(), studio.made()) },
             { "notes", studio.remarks() } };
}

nlohmann::json editTypesJson()
{
    auto all = nlohmann::json::array();
    for (const auto& type : session::edits())
    {
        auto arguments = nlohmann::json::array();
        for (const auto& a : type.arguments)
            arguments.push_back ({ { "name", a.name }, { "help", a.help }, { "optional", a.optional } });
        all.push_back ({ { "op", type.id }, { "help", type.help }, { "arguments", std::move (arguments) } });
    }
    return all;
}

} // namespace

std::function<Result<int>()> edit (CLI::App& app)
{
    struct Options
    {
        std::string project, op;
        std::vector<std::string> words;
        bool list = false, json = false;
    };
    auto o = std::make_shared<Options>();
    auto* list = app.add_flag ("--list", o->list, "Lists all edits with their arguments.");
    app.add_option ("PROJECT", o->project, "A project folder.")->excludes (list);
    app.add_option ("OP", o->op, "The edit: \"add-track\".");
    app.add_option ("ARGS", o->words, "Its arguments in order, or NAME=VALUE.");
    app.add_flag ("--json", o->json, "What was done and made, or the list, as JSON.");
    return [o]() -> Result<int>
    {
        if (o->list && o->json)
        {
            tellJson (editTypesJson());
            return Exit::done;
        }
        if (o->list)
        {
            for (const auto& type : session::edits())
            {
                std::cout << type.id;
                for (const auto& a : type.arguments)
                    std::cout << (a.optional ? " [" : " ") << a.name << (a.optional ? "]" : "");
                std::cout << "\n    " << type.help << "\n";
                for (const auto& a : type.arguments)
                    std::cout << "    " << a.name << ": " << a.help << "\n";
            }
            return Exit::done;
        }
        const auto* type = session::editCalled (o->op);
        if (o->project.empty() || type == nullptr)
        {
            std::cerr << "lacquer: "
                      << (o->op.empty() ? "say which project and which edit"
                                        : "there is no edit \"" + o->op + "\"")
                      << "; `lacquer edit --list` lists them.\n";
            return Exit::wrongUsage;
        }
        const auto arguments = session::argumentsFrom (*type, o->words);
        if (! arguments)
        {
            std::cerr << "lacquer: " << arguments.problem().sentence() << "\n";
            return Exit::wrongUsage;
        }
        std::string answer;
        nlohmann::json json;
        const auto done = changed (o->project,
                                   [&] (studio::Studio& studio) -> Outcome
                                   {
                                       const auto label = studio.edit (o->op, *arguments);
                                       if (! label)
                                           return label.problem();
                                       tellNotes (studio.remarks());
                                       answer = *label + "\n";
                                       json = doneJson (studio, *label);
                                       return {};
                                   });
        return answered (done, answer, o->json, json);
    };
}

std::function<Result<int>()> apply (CLI::App& app)
{
    struct Options
    {
        std::string project, file;
        bool json = false;
    };
    auto o = std::make_shared<Options>();
    app.add_option ("PROJECT", o->project, "A project folder.")->required();
    app.add_option ("FILE", o->file, "A JSON array of {\"op\": ..., argument: value ...}.")->required();
    app.add_flag ("--json", o->json, "What was done and made, as JSON.");
    return [o]() -> Result<int>
    {
        const auto text = readWhole (o->file, 64 << 20);
        if (! text)
            return text.problem();
        const auto calls = session::script (*text);
        if (! calls)
            return calls.problem();
        std::string answer;
        auto all = nlohmann::json::array();
        const auto done = changed (o->project,
                                   [&] (studio::Studio& studio) -> Outcome
                                   {
                                       for (const auto& call : *calls)
                                       {
                                           const auto label = studio.edit (call.op, call.arguments);
                                           if (! label)
                                           {
                                               auto problem = label.problem();
                                               problem.where = "Edit " + std::to_string (all.size() + 1);
                                               return problem;
                                           }
                                           tellNotes (studio.remarks());
                                           answer += *label + "\n";
                                           all.push_back (doneJson (studio, *label));
                                       }
                                       return {};
                                   });
        return answered (done, answer, o->json, all);
    };
}

std::function<Result<int>()> automate (CLI::App& app)
{
    struct Options
    {
        std::string project, address, points;
        bool json = false;
    };
    auto o = std::make_shared<Options>();
    app.add_option ("PROJECT", o->project, "A project folder.")->required();
    app.add_option ("ADDRESS", o->address, "\"track:Lead Vox/fader.level\"")->required();
    app.add_option ("--points", o->points, "\"0:-inf, 4.0:-6dB:curve=smooth, 17|3:0\"")->required();
    app.add_flag ("--json", o->json, "As JSON.");
    return [o]() -> Result<int>
    {
        std::size_t count = 0;
        const auto done = changed (
            o->project,
            [&] (studio::Studio& studio) -> Outcome
            {
                const auto place = session::found (studio.project(), o->address, studio::catalogue());
                if (! place)
                    return place.problem();
                if (place->param == nullptr)
                    return Problem { "\"" + o->address + "\" is not a parameter.",
                                     {},
                                     "`lacquer show` lists every parameter with its address." };
                const auto* song = session::songOf (studio.project(), place->song);
                auto points = session::pointsFrom (studio.project(), *song, place->param, o->points);
                if (! points)
                    return points.problem();
                session::Lane lane;
                lane.target = place->target();
                lane.parameter = std::string (place->param->id);
                if (const auto* known = session::laneOf (studio.project(), lane.target, lane.parameter))
                    lane.mode = known->mode;
                lane.points = *std::move (points);
                if (auto taken = studio.take (session::withLane (studio.project(), lane)); ! taken)
                    return taken.problem();
                count = session::laneOf (studio.project(), lane.target, lane.parameter)->points.size();
                return {};
            });
        return answered (done,
                         o->address + ": " + std::to_string (count) + (count == 1 ? " point\n" : " points\n"),
                         o->json, { { "address", o->address }, { "points", count } });
    };
}

} // namespace lacquer::cli
