// SPDX-License-Identifier: GPL-3.0-or-later
#include "studio/Templates.h"

#include "core/SafeFile.h"
#include "session/Find.h"
#include "session/Json.h"
#include "session/TemplateEdits.h"
#include "studio/Presets.h"
#include "studio/UserFolder.h"

#include <algorithm>

namespace lacquer::studio
{

namespace fs = std::filesystem;

namespace
{

constexpr std::string_view suffix = ".lacquer", object = "template", use = "use";
constexpr std::size_t mostBytes = 16 << 20, mostName = 120, mostFiles = 10'000;

Result<Template> userTemplate (const fs::path& file, bool ofTrack)
{
    const auto text = readWhole (file.string(), mostBytes);
    if (! text)
        return text.problem();
    auto one = templateFrom (*text, ofTrack);
    if (! one)
        return Problem { one.problem().what, file.string() };
    one->file = file;
    return one;
}

} // namespace

fs::path templateFolder (bool ofTracks)
{
    return userFolder ("templates") / (ofTracks ? "tracks" : "songs");
}

Result<Template> templateFrom (std::string_view text, bool ofTrack)
{
    auto project = storedProjectFrom (text, "The template");
    if (! project)
        return project.problem();
    if (const auto good = session::goodTemplate (*project, ofTrack); ! good)
        return good.problem();
    Template result;
    result.ofTrack = ofTrack;
    result.name = project->name;
    if (result.name.size() > mostName || slugOf (result.name).empty())
        return Problem { "This is no template: it has no name, or one that is too long." };
    auto remarks = remarksIn (project->extras, object);
    result.use = std::move (remarks[std::string (use)]);
    result.project = *std::move (project);
    return result;
}

std::string textOf (const Template& one)
{
    auto project = one.project;
    project.name = one.name;
    project.extras =
        withRemarks (object, one.use.empty() ? Remarks {} : Remarks { { std::string (use), one.use } });
    return session::canonical (project);
}

TemplateList templates (bool ofTracks)
{
    TemplateList list;
    std::error_code error;
    std::size_t files = 0;
    for (fs::directory_iterator entry (templateFolder (ofTracks), error), end; ! error && entry != end;
         entry.increment (error))
    {
        if (entry->path().extension() != suffix || ++files > mostFiles)
            continue;
        if (auto one = userTemplate (entry->path(), ofTracks))
            list.templates.push_back (*std::move (one));
        else
            list.unreadable.push_back (one.problem());
    }
    std::sort (list.templates.begin(), list.templates.end(),
               [] (const Template& a, const Template& b) { return slugOf (a.name) < slugOf (b.name); });
    std::sort (list.unreadable.begin(), list.unreadable.end(),
               [] (const Problem& a, const Problem& b) { return a.where < b.where; });
    return list;
}

Result<Template> templateCalled (bool ofTrack, std::string_view name)
{
    const auto slug = slugOf (name);
    const auto file = templateFolder (ofTrack) / (slug + std::string (suffix));
    std::error_code error;
    if (slug.empty() || ! fs::exists (fs::symlink_status (file, error)))
        return Problem { std::string ("There is no template of a ") + (ofTrack ? "track" : "song") +
                             " called \"" + session::nameToShow (name) + "\".",
                         {},
                         "`lacquer templates` lists them all." };
    return userTemplate (file, ofTrack);
}

Result<Template> templateOf (const session::Project& project, Id id, std::string name, std::string forWhat)
{
    Template result;
    result.name = std::move (name);
    result.use = std::move (forWhat);
    if (session::trackOf (project, id) != nullptr)
    {
        auto track = session::trackTemplate (project, id);
        if (! track)
            return track.problem();
        result.project = *std::move (track);
        return result;
    }
    if (std::none_of (project.songs.begin(), project.songs.end(),
                      [&] (const session::SongPtr& s) { return s->id == id; }))
        return Problem { "A template is saved from a track or a song." };
    result.ofTrack = false;
    result.project = session::songTemplate (project, id);
    return result;
}

Outcome saveTemplate (const Template& one, bool replace)
{
    const auto slug = slugOf (one.name);
    if (slug.empty())
        return Problem { "A template needs a name with a letter or a digit in it." };
    const auto text = textOf (one);
    // What could not be loaded again is not saved.
    if (const auto again = templateFrom (text, one.ofTrack); ! again)
        return again.problem();
    const auto folder = templateFolder (one.ofTrack);
    if (auto made = makeUserFolder (folder, "templates"); ! made)
        return made;
    const auto file = folder / (slug + std::string (suffix));
    std::error_code error;
    if (! replace && fs::exists (fs::symlink_status (file, error)))
        return Problem { "You have a template \"" + session::nameToShow (one.name) + "\" already.",
                         file.string(), "Replace it, or choose another name." };
    return writeSafely (file.string(), text);
}

Outcome deleteTemplate (bool ofTrack, std::string_view name)
{
    const auto slug = slugOf (name);
    const auto file = templateFolder (ofTrack) / (slug + std::string (suffix));
    std::error_code error;
    if (slug.empty() || ! fs::exists (fs::symlink_status (file, error)))
        return templateCalled (ofTrack, name).problem();
    if (! fs::remove (file, error))
        return Problem { "The template could not be deleted because " + reasonOf (error.value()) + ".",
                         file.string() };
    return {};
}

} // namespace lacquer::studio
