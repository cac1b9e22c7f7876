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
        bool all = false;
    };
    auto o = std::make_shared<Options>();
    app.add_option ("PROJECT", o->project, "A project folder.")->required();
    auto* what = app.add_option ("STEM", o->what, "track:NAME or media:ID.");
    auto* file = app.add_option ("FILE", o->file, "The new bounce.");
    what->needs (file);
    app.add_option ("--offers", o->folder,
                    "Lists the files of a folder that are younger bounces of the project's stems, by name.")
        ->excludes (what);
    app.add_flag ("--all", o->all, "Takes all that --offers lists.");
    return [o]() -> Result<int>
    {
        if (o->what.empty() && o->folder.empty())
        {
            std::cerr << "lacquer: say which stem and which file, or --offers FOLDER.\n";
            return Exit::wrongUsage;
        }
        const bool edits = ! o->what.empty() || o->all;
        auto studio = opened (o->project,
                              edits ? session::ProjectFolder::Use::edit : session::ProjectFolder::Use::read);
        if (! studio)
            return studio.problem();
        std::vector<studio::StemOffer> offers;
        if (! o->folder.empty())
            offers = studio::offeredStems (studio->project(), studio->folder(), o->folder);
        else
        {
            const auto media = mediaNamed (studio->project(), o->what);
            if (! media)
                return media.problem();
            offers.push_back ({ *media, o->what, o->file });
        }
        ProgressBar bar ("Importing");
        for (const auto& offer : offers)
        {
            if (edits)
                if (auto done = studio::replaceStem (*studio, offer.media, offer.file, bar.progress());
                    ! done)
                    return done.problem();
            bar.clear();
            std::cout << offer.track << " (media:" << offer.media.value << "): " << offer.file.string()
                      << "\n";
        }
        if (edits && ! offers.empty())
            if (auto saved = studio->save(); ! saved)
                return saved.problem();
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
    auto o = std::make_shared<std::string>();
    app.add_option ("PROJECT", *o, "A project folder.")->required();
    return [o]() -> Result<int>
    {
        int files = 0;
        const auto done = changed (*o,
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
        if (done)
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
        bool remove = false;
    };
    auto o = std::make_shared<Options>();
    app.add_option ("PROJECT", o->project, "A project folder.")->required();
    app.add_flag ("--delete", o->remove, "Deletes the files; without it they go to the folder Unused.");
    return [o]() -> Result<int>
    {
        auto studio = opened (o->project);
        if (! studio)
            return studio.problem();
        const auto cleaned =
            studio::cleanUnused (*studio, o->remove ? studio::Unused::removed : studio::Unused::moved);
        if (! cleaned)
            return cleaned.problem();
        for (const auto& name : cleaned->files)
            std::cout << name << "\n";
        std::cout << cleaned->files.size() << " files, " << cleaned->bytes << " bytes\n";
        return Exit::done;
    };
}

} // namespace lacquer::cli
