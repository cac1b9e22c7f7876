// SPDX-License-Identifier: GPL-3.0-or-later
#include "studio/Versions.h"

#include "core/SafeFile.h"
#include "session/Find.h"
#include "session/Json.h"
#include "session/VersionEdits.h"
#include "studio/Presets.h"
#include "studio/UserFolder.h"

#include <algorithm>
#include <array>
#include <ctime>

namespace lacquer::studio
{

namespace fs = std::filesystem;

namespace
{

constexpr std::string_view suffix = ".lacquer", object = "version", folderName = "Versions";
constexpr std::size_t mostName = 120, mostFiles = 10'000;

fs::path fileOf (const fs::path& folder, Id song, std::string_view name)
{
    return folder / folderName / (std::to_string (song.value) + "-" + slugOf (name) + std::string (suffix));
}

Result<Version> versionAt (const fs::path& file)
{
    auto project = storedProject (file, "The version");
    if (! project)
        return project.problem();
    if (project->songs.size() != 1)
        return Problem { "This is no version of a mix: it does not hold one song.", file.string() };
    auto remarks = remarksIn (project->extras, object);
    Version v;
    v.name = project->name;
    v.note = std::move (remarks["note"]);
    v.stored = std::move (remarks["stored"]);
    v.song = project->songs.front()->id;
    v.project = *std::move (project);
    v.file = file;
    return v;
}

Outcome goodName (const std::string& name)
{
    if (slugOf (name).empty() || name.size() > mostName)
        return Problem { "A version needs a name with a letter or a digit in it, of at most " +
                         std::to_string (mostName) + " bytes." };
    return {};
}

Outcome writtenTo (const fs::path& file, const Version& v)
{
    const auto text = textOf (v);
    // What could not be read again is not stored.
    if (const auto again = storedProjectFrom (text, "The version"); ! again)
        return again.problem();
    std::error_code error;
    fs::create_directories (file.parent_path(), error);
    if (error)
        return Problem { "The folder for versions could not be made because " + reasonOf (error.value()) +
                             ".",
                         file.parent_path().string() };
    return writeSafely (file.string(), text);
}

} // namespace

std::string textOf (const Version& v)
{
    auto project = v.project;
    project.name = v.name;
    Remarks remarks;
    if (! v.note.empty())
        remarks["note"] = v.note;
    if (! v.stored.empty())
        remarks["stored"] = v.stored;
    project.extras = withRemarks (object, remarks);
    return session::canonical (project);
}

VersionList versionsIn (const fs::path& folder, Id song)
{
    VersionList list;
    std::error_code error;
    std::size_t files = 0;
    for (fs::directory_iterator entry (folder / folderName, error), end; ! error && entry != end;
         entry.increment (error))
    {
        // A file that is being written has a name of its own until it is whole.
        if (entry->path().extension() != suffix || entry->path().filename().string().front() == '.' ||
            ++files > mostFiles)
            continue;
        auto v = versionAt (entry->path());
        if (! v)
            list.unreadable.push_back (v.problem());
        else if (! song || v->song == song)
            list.versions.push_back (*std::move (v));
    }
    std::sort (list.versions.begin(), list.versions.end(),
               [] (const Version& a, const Version& b)
               { return std::pair (a.stored, a.name) < std::pair (b.stored, b.name); });
    std::sort (list.unreadable.begin(), list.unreadable.end(),
               [] (const Problem& a, const Problem& b) { return a.where < b.where; });
    return list;
}

Result<Version> versionCalled (const fs::path& folder, Id song, std::string_view name)
{
    const auto file = fileOf (folder, song, name);
    std::error_code error;
    if (slugOf (name).empty() || ! fs::exists (fs::symlink_status (file, error)))
        return Problem { "There is no version \"" + session::nameToShow (name) + "\" of this song.",
                         {},
                         "`lacquer versions PROJECT` lists them." };
    auto v = versionAt (file);
    if (v && v->song != song)
        return Problem { "This is the version of another song.", file.string() };
    return v;
}

std::string timeNow()
{
    const std::time_t now = std::time (nullptr);
    std::tm parts {};
    if (::gmtime_r (&now, &parts) == nullptr)
        return {};
    std::array<char, 32> text {};
    const auto length = std::strftime (text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
    return { text.data(), length };
}

Outcome storeVersion (const session::Project& project, const fs::path& folder, Id song, std::string name,
                      std::string note, bool replace, std::string time)
{
    if (const auto good = goodName (name); ! good)
        return good;
    if (note.size() > session::limit::notesBytes)
        return Problem { "The note is too long." };
    if (std::none_of (project.songs.begin(), project.songs.end(),
                      [&] (const session::SongPtr& s) { return s->id == song; }))
        return Problem { "There is no such song." };
    const auto file = fileOf (folder, song, name);
    std::error_code error;
    if (! replace && fs::exists (fs::symlink_status (file, error)))
        return Problem { "There is a version \"" + session::nameToShow (name) + "\" already.",
                         {},
                         "Replace it, or choose another name." };
    Version v;
    v.project = session::versionOf (project, song, name);
    v.name = std::move (name);
    v.note = std::move (note);
    v.stored = std::move (time);
    return writtenTo (file, v);
}

Outcome renameVersion (const fs::path& folder, Id song, std::string_view name, std::string fresh)
{
    if (const auto good = goodName (fresh); ! good)
        return good;
    auto v = versionCalled (folder, song, name);
    if (! v)
        return v.problem();
    const auto to = fileOf (folder, song, fresh);
    std::error_code error;
    if (to != v->file && fs::exists (fs::symlink_status (to, error)))
        return Problem { "There is a version \"" + session::nameToShow (fresh) + "\" already." };
    v->name = std::move (fresh);
    if (auto done = writtenTo (to, *v); ! done)
        return done;
    if (to != v->file && ! fs::remove (v->file, error))
        return Problem { "The version is there under both names: " + error.message() + ".",
                         v->file.string() };
    return {};
}

Outcome deleteVersion (const fs::path& folder, Id song, std::string_view name)
{
    const auto file = fileOf (folder, song, name);
    std::error_code error;
    if (slugOf (name).empty() || ! fs::exists (fs::symlink_status (file, error)))
        return versionCalled (folder, song, name).problem();
    if (! fs::remove (file, error))
        return Problem { "The version could not be deleted because " + reasonOf (error.value()) + ".",
                         file.string() };
    return {};
}

session::Edit recalled (const session::Project& project, const Version& v)
{
    return session::recalledVersion (project, v.song, v.project);
}

Result<session::Arguments> withVersionText (const fs::path& folder, const session::Project& project,
                                            std::string_view edit, session::Arguments arguments)
{
    if (edit != "recall-version" || arguments.contains ("text") || ! arguments.contains ("name"))
        return arguments;
    const auto name = arguments.contains ("song") ? arguments.at ("song") : std::string();
    for (const auto& song : project.songs)
        if (name.empty() || song->name == name || "song:" + song->name == name)
        {
            const auto v = versionCalled (folder, song->id, arguments.at ("name"));
            if (! v)
                return v.problem();
            arguments["text"] = textOf (*v);
            return arguments;
        }
    return arguments; // the edit says that there is no such song
}

Result<std::vector<Version>> allVersions (const fs::path& folder)
{
    auto list = versionsIn (folder);
    if (! list.unreadable.empty())
        return Problem { "A version cannot be read, so that nobody knows which audio it uses: " +
                             list.unreadable.front().what,
                         list.unreadable.front().where, "Delete it if it is not needed." };
    return std::move (list.versions);
}

} // namespace lacquer::studio
