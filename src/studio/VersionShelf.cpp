// SPDX-License-Identifier: GPL-3.0-or-later
#include "studio/VersionShelf.h"

#include "core/SafeFile.h"

namespace lacquer::studio
{

VersionShelf::VersionShelf (Jobs& j, std::filesystem::path f, Id s)
    : jobs (j), folder (std::move (f)), song (s)
{
}

void VersionShelf::begin (const std::string& name, std::function<Outcome()> what, const std::string& said)
{
    struct Done
    {
        Outcome outcome;
        VersionList now;
    };
    jobs.start (
        { name, "versions" },
        [what = std::move (what), f = folder, s = song] (const Work&) -> Result<Done>
        {
            auto outcome = what();
            return Done { std::move (outcome), versionsIn (f, s) };
        },
        [alive = std::weak_ptr (self), said] (Result<Done> done, bool)
        {
            const auto there = alive.lock();
            if (there == nullptr)
                return;
            auto& shelf = **there;
            Outcome outcome = done ? done->outcome : Outcome (done.problem());
            if (done)
                shelf.list = std::move (done->now);
            if (outcome && said.empty() && ! shelf.list.unreadable.empty())
                outcome = shelf.list.unreadable.front();
            if (shelf.onDone)
                shelf.onDone (outcome, said);
        });
}

void VersionShelf::read()
{
    begin ("Reading versions", [] { return Outcome(); }, {});
}

void VersionShelf::store (const session::Project& project, const std::string& name, const std::string& note,
                          const std::string& said)
{
    begin (
        "Storing the version",
        [project, f = folder, s = song, name, note] { return storeVersion (project, f, s, name, note); },
        said);
}

void VersionShelf::rename (const std::string& name, const std::string& fresh, const std::string& said)
{
    begin (
        "Renaming the version",
        [f = folder, s = song, name, fresh] { return renameVersion (f, s, name, fresh); }, said);
}

void VersionShelf::remove (const std::string& name, const std::string& said)
{
    begin (
        "Deleting the version", [f = folder, s = song, name] { return deleteVersion (f, s, name); }, said);
}

void VersionShelf::write (const std::filesystem::path& file, std::function<std::string()> text,
                          const std::string& said)
{
    begin (
        "Writing the recall sheet",
        [file, text = std::move (text)] { return writeSafely (file.string(), text()); }, said);
}

} // namespace lacquer::studio
