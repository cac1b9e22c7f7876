// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/Open.h"
#include "cli/Verb.h"
#include "session/Find.h"
#include "studio/ProjectOrder.h"
#include "studio/Versions.h"

#include <iostream>
#include <memory>

namespace lacquer::cli
{

namespace
{

Result<Id> mediaNamed (const session::Project& project, const std::string& what)
{
    if (what.starts_with ("media:"))
    {
        for (const auto& m : project.media)
            if (what == "media:" + std::to_string (m.id.value))
                return m.id;
        return Problem { "There is no audio file \"" + what + "\" in the project." };
    }
    const auto place = session::found (project, what, studio::catalogue());
    if (! place)
        return place.problem();
    return studio::stemOf (project, place->owner);
}

/// The files inside the project's folder that lay elsewhere before.
MadeFiles copiesBeside (const session::Project& before, const studio::Studio& studio)
{
    MadeFiles copies;
    for (const auto& m : before.media)
        if (const auto* now = session::mediaOf (studio.project(), m.id);
            m.referenced && now != nullptr && ! now->referenced)
            copies.push_back (std::filesystem::path (studio.folder()) / now->path);
    return copies;
}

} // namespace

std::function<Result<int>()> replaceStem (CLI::App& app)
{
    struct Options
    {
        std::string project, what, file, folder;
        bool all = false, json = false;
    };
    auto o = std::make_shared<Options>();
    app.add_option ("PROJECT", o->project, "A project folder.")->required();
    auto* what = app.add_option ("STEM", o->what, "track:NAME or media:ID.");
    auto* file = app.add_option ("FILE", o->file, "The new bounce.");
    what->needs (file);
    auto* offered = app.add_option (
        "--offers", o->folder,
        "Lists the younger bounces of the project's stems, by name: in this folder, or without one where "
        "each stem came from.");
    offered->expected (0, 1)->excludes (what);
    app.add_flag ("--all", o->all, "Takes all that --offers lists.");
    app.add_flag ("--json", o->json, "As JSON.");
    return [o, offered]() -> Result<int>
    {
        const bool asked = offered->count() > 0;
        if (o->what.empty() && ! asked)
        {
            std::cerr << "lacquer: say which stem and which file, or --offers.\n";
            return Exit::wrongUsage;
        }
        std::vector<studio::StemOffer> offers;
        const auto look = [&] (const studio::Studio& studio) -> Outcome
        {
            if (asked)
            {
                std::error_code error;
                if (! o->folder.empty() && ! std::filesystem::is_directory (o->folder, error))
                    return Problem { "There is no such folder.", o->folder };
                offers = studio::offeredStems (studio.project(), studio.folder(), o->folder);
                return {};
            }
            const auto media = mediaNamed (studio.project(), o->what);
            if (! media)
                return media.problem();
            offers.push_back ({ *media, studio::firstTrackOf (studio.project(), *media), o->file });
            return {};
        };
        if (o->what.empty() && ! o->all)
        {
            const auto studio = opened (o->project, session::ProjectFolder::Use::read);
            if (! studio)
                return studio.problem();
            if (const auto done = look (*studio); ! done)
                return done.problem();
        }
        else
        {
            const auto done =
                changed (o->project,
                         [&] (studio::Studio& studio, MadeFiles& made) -> Outcome
                         {
                             if (auto looked = look (studio); ! looked)
                                 return looked;
                             ProgressBar bar ("Importing");
                             for (const auto& offer : offers)
                             {
                                 const auto fresh =
                                     studio::replaceStem (studio, offer.media, offer.file, bar.progress());
                                 if (! fresh)
                                     return fresh.problem();
                                 bar.clear();
                                 tellNotes (studio.remarks());
                                 made.push_back (std::filesystem::path (studio.folder()) /
                                                 session::mediaOf (studio.project(), *fresh)->path);
                             }
                             return {};
                         });
            if (! done)
                return done;
        }
        if (offers.empty() && ! o->json)
            tellNotes ({ "No file there is a younger bounce of a stem." });
        auto all = nlohmann::json::array();
        for (const auto& offer : offers)
            if (o->json)
                all.push_back ({ { "track", offer.track },
                                 { "media", "media:" + std::to_string (offer.media.value) },
                                 { "file", offer.file.string() } });
            else
                std::cout << session::nameToShow (offer.track) << " (media:" << offer.media.value
                          << "): " << offer.file.string() << "\n";
        if (o->json)
            tellJson (all);
        return Exit::done;
    };
}

std::function<Result<int>()> saveAs (CLI::App& app)
{
    auto o = std::make_shared<std::pair<std::string, std::string>>();
    app.add_option ("PROJECT", o->first, "A project folder.")->required();
    app.add_option ("DIR", o->second, "A new folder.")->required();
    return [o]() -> Result<int>
    {
        const auto studio = opened (o->first, session::ProjectFolder::Use::read);
        if (! studio)
            return studio.problem();
        ProgressBar bar ("Copying");
        if (auto made = studio::savedAs (*studio, o->second, bar.progress()); ! made)
            return made.problem();
        return Exit::done;
    };
}

std::function<Result<int>()> collect (CLI::App& app)
{
    struct Options
    {
        std::string project;
        bool json = false;
    };
    auto o = std::make_shared<Options>();
    app.add_option ("PROJECT", o->project, "A project folder.")->required();
    app.add_flag ("--json", o->json, "As JSON.");
    return [o]() -> Result<int>
    {
        int files = 0;
        const auto done = changed (o->project,
                                   [&] (studio::Studio& studio, MadeFiles& made) -> Outcome
                                   {
                                       ProgressBar bar ("Copying");
                                       const auto before = studio.shared();
                                       const auto count = studio::collectFiles (studio, bar.progress());
                                       if (! count)
                                           return count.problem();
                                       files = *count;
                                       // The versions of a mix may name the copies by now.
                                       if (studio::versionsIn (studio.folder()).versions.empty())
                                           made = copiesBeside (*before, studio);
                                       return {};
                                   });
        if (done && o->json)
            tellJson ({ { "files", files } });
        else if (done)
            std::cout << files << " files collected\n";
        return done;
    };
}

std::function<Result<int>()> archive (CLI::App& app)
{
    auto o = std::make_shared<std::pair<std::string, std::string>>();
    app.add_option ("PROJECT", o->first, "A project folder.")->required();
    app.add_option ("FILE", o->second, "The archive: \"Song.zip\".")->required();
    return [o]() -> Result<int>
    {
        const auto studio = opened (o->first, session::ProjectFolder::Use::read);
        if (! studio)
            return studio.problem();
        ProgressBar bar ("Archiving");
        if (auto done = studio::archive (*studio, o->second, bar.progress()); ! done)
            return done.problem();
        return Exit::done;
    };
}

std::function<Result<int>()> restore (CLI::App& app)
{
    auto o = std::make_shared<std::pair<std::string, std::string>>();
    app.add_option ("FILE", o->first, "An archive.")->required();
    app.add_option ("DIR", o->second, "A new folder.")->required();
    return [o]() -> Result<int>
    {
        ProgressBar bar ("Unpacking");
        if (auto done = studio::restore (o->first, o->second, bar.progress()); ! done)
            return done.problem();
        return Exit::done;
    };
}

std::function<Result<int>()> clean (CLI::App& app)
{
    struct Options
    {
        std::string project;
        bool remove = false, json = false;
    };
    auto o = std::make_shared<Options>();
    app.add_option ("PROJECT", o->project, "A project folder.")->required();
    app.add_flag ("--delete", o->remove, "Deletes the files; without it they go to the folder Unused.");
    app.add_flag ("--json", o->json, "As JSON.");
    return [o]() -> Result<int>
    {
        auto studio = opened (o->project);
        if (! studio)
            return studio.problem();
        const auto cleaned =
            studio::cleanUnused (*studio, o->remove ? studio::Unused::removed : studio::Unused::moved);
        if (! cleaned)
            return cleaned.problem();
        if (o->json)
        {
            tellJson ({ { "files", cleaned->files }, { "bytes", cleaned->bytes } });
            return Exit::done;
        }
        for (const auto& name : cleaned->files)
            std::cout << name << "\n";
        std::cout << cleaned->files.size() << " files, " << cleaned->bytes << " bytes\n";
        return Exit::done;
    };
}

} // namespace lacquer::cli
