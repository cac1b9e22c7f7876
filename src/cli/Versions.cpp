// SPDX-License-Identifier: GPL-3.0-or-later
#include "studio/Versions.h"

#include "cli/Open.h"
#include "cli/Verb.h"
#include "core/SafeFile.h"
#include "session/Find.h"
#include "studio/Compare.h"
#include "studio/RecallSheet.h"

#include <iostream>
#include <memory>

namespace lacquer::cli
{

namespace
{

using session::ProjectFolder;

/// What an answer can be compared with, or shown: a version, or the song as it is.
struct Mix
{
    session::Project project;
    session::SongPtr song;
    std::string name, note;
};

Result<Mix> mixOf (const studio::Studio& studio, const session::SongPtr& song, const std::string& version)
{
    if (version.empty())
        return Mix { studio.project(), song, {}, {} };
    auto v = studio::versionCalled (studio.folder(), song->id, version);
    if (! v)
        return v.problem();
    auto note = v->stored + (v->stored.empty() || v->note.empty() ? "" : "\n") + v->note;
    auto first = v->project.songs.front();
    return Mix { std::move (v->project), std::move (first), v->name, std::move (note) };
}

Result<int> listed (const studio::Studio& studio, const std::string& songName, bool json)
{
    Id song;
    if (! songName.empty())
    {
        const auto one = studio.song (songName);
        if (! one)
            return one.problem();
        song = (*one)->id;
    }
    const auto list = studio::versionsIn (studio.folder(), song);
    for (const auto& problem : list.unreadable)
        std::cerr << "lacquer: " << problem.sentence() << "\n";
    auto all = nlohmann::json::array();
    for (const auto& v : list.versions)
    {
        const auto* now = session::songOf (studio.project(), v.song);
        const auto& name = now != nullptr ? now->name : v.project.songs.front()->name;
        if (json)
            all.push_back (
                { { "name", v.name }, { "note", v.note }, { "stored", v.stored }, { "song", name } });
        else
            std::cout << session::nameToShow (v.name) << " (" << session::nameToShow (name) << ", "
                      << v.stored << ")" << (v.note.empty() ? "" : ": ") << session::nameToShow (v.note)
                      << "\n";
    }
    if (json)
        tellJson (all);
    return Exit::done;
}

} // namespace

std::function<Result<int>()> versions (CLI::App& app)
{
    struct Options
    {
        std::string project, song, name, other, note;
        bool json = false, replace = false;
    };
    auto o = std::make_shared<Options>();
    app.add_option ("PROJECT", o->project, "A project folder: lists its versions.");
    app.add_option ("--song", o->song, "Only those of this song.");
    app.add_flag ("--json", o->json, "As JSON.");
    const auto verb = [&] (const char* name, const char* help)
    {
        auto* sub = app.add_subcommand (name, help);
        sub->add_option ("PROJECT", o->project, "A project folder.")->required();
        sub->add_option ("NAME", o->name, "The version.")->required();
        sub->add_option ("--song", o->song, "The song; without it the first one.");
        return sub;
    };
    auto* store = verb ("store", "Stores a song as it is under a name.");
    store->add_option ("--note", o->note, "What it is, for the list and the recall sheet.");
    store->add_flag ("--replace", o->replace, "In place of the version of that name.");
    auto* compare = verb ("compare", "Says in sentences what differs between a version and another.");
    compare->add_option ("OTHER", o->other, "The other version; without it the song as it is now.");
    compare->add_flag ("--json", o->json, "As JSON.");
    auto* recall = verb ("recall", "Puts a song back to a version; undo puts it forth again.");
    auto* rename = verb ("rename", "Renames a version.");
    rename->add_option ("NEW", o->other, "The new name.")->required();
    auto* remove = verb ("delete", "Deletes a version.");

    return [o, store, compare, recall, rename, remove]() -> Result<int>
    {
        if (o->project.empty())
        {
            std::cerr << "lacquer: say which project.\n";
            return Exit::wrongUsage;
        }
        if (recall->parsed())
        {
            std::string answer;
            const auto done = changed (o->project,
                                       [&] (studio::Studio& studio) -> Outcome
                                       {
                                           session::Arguments arguments { { "name", o->name } };
                                           if (! o->song.empty())
                                               arguments["song"] = o->song;
                                           const auto label = studio.edit ("recall-version", arguments);
                                           if (! label)
                                               return label.problem();
                                           tellNotes (studio.remarks());
                                           answer = *label + "\n";
                                           return {};
                                       });
            return answered (done, answer, false, nullptr);
        }
        const auto studio = opened (o->project, ProjectFolder::Use::read);
        if (! studio)
            return studio.problem();
        if (! (store->parsed() || compare->parsed() || rename->parsed() || remove->parsed()))
            return listed (*studio, o->song, o->json);
        const auto song = studio->song (o->song);
        if (! song)
            return song.problem();
        if (compare->parsed())
        {
            const auto a = mixOf (*studio, *song, o->name), b = mixOf (*studio, *song, o->other);
            if (! a || ! b)
                return a ? b.problem() : a.problem();
            const auto said = studio::differences (a->project, *a->song, b->project, *b->song);
            if (o->json)
                tellJson (nlohmann::json (said));
            else if (said.empty())
                std::cout << "Nothing differs.\n";
            else
                for (const auto& sentence : said)
                    std::cout << sentence << "\n";
            return Exit::done;
        }
        const auto done = store->parsed() ? studio::storeVersion (studio->project(), studio->folder(),
                                                                  (*song)->id, o->name, o->note, o->replace)
                          : rename->parsed()
                              ? studio::renameVersion (studio->folder(), (*song)->id, o->name, o->other)
                              : studio::deleteVersion (studio->folder(), (*song)->id, o->name);
        if (! done)
            return done.problem();
        return Exit::done;
    };
}

std::function<Result<int>()> sheet (CLI::App& app)
{
    struct Options
    {
        std::string project, song, version, file;
        bool html = false;
    };
    auto o = std::make_shared<Options>();
    app.add_option ("PROJECT", o->project, "A project folder.")->required();
    app.add_option ("--song", o->song, "The song; without it the first one.");
    app.add_option ("--version", o->version, "A version of it; without it the song as it is now.");
    app.add_flag ("--html", o->html, "As one HTML page to look at or print; without it plain text.");
    app.add_option ("-o,--output", o->file, "The file; without it the text goes to stdout.");
    return [o]() -> Result<int>
    {
        const auto studio = opened (o->project, ProjectFolder::Use::read);
        if (! studio)
            return studio.problem();
        const auto song = studio->song (o->song);
        if (! song)
            return song.problem();
        const auto mix = mixOf (*studio, *song, o->version);
        if (! mix)
            return mix.problem();
        const auto sheet = studio::recallSheet (mix->project, *mix->song, mix->name, mix->note);
        const auto text = o->html ? studio::htmlOf (sheet) : studio::textOf (sheet);
        if (o->file.empty())
            std::cout << text;
        else if (const auto done = writeSafely (o->file, text); ! done)
            return done.problem();
        return Exit::done;
    };
}

} // namespace lacquer::cli
