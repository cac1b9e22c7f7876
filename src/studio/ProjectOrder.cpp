// SPDX-License-Identifier: GPL-3.0-or-later
#include "studio/ProjectOrder.h"

#include "core/SafeFile.h"
#include "files/Descriptor.h"
#include "files/Hash.h"
#include "files/Import.h"
#include "session/Find.h"
#include "session/MediaEdits.h"
#include "studio/Archive.h"
#include "studio/Build.h"
#include "studio/NewProject.h"
#include "studio/Sources.h"
#include "studio/Versions.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace lacquer::studio
{

namespace fs = std::filesystem;

namespace
{

std::string lower (std::string s)
{
    std::transform (s.begin(), s.end(), s.begin(),
                    [] (char c) { return c >= 'A' && c <= 'Z' ? static_cast<char> (c - 'A' + 'a') : c; });
    return s;
}

/// A name in Audio/ that no file of the project and none in `taken` has.
std::string freePath (const fs::path& wanted, std::set<std::string>& taken)
{
    auto name = (fs::path ("Audio") / wanted.filename()).string();
    for (int n = 2; ! taken.insert (lower (name)).second; ++n)
        name = (fs::path ("Audio") /
                (wanted.stem().string() + " " + std::to_string (n) + wanted.extension().string()))
                   .string();
    return name;
}

/// The project with all audio inside, and where each file comes from and goes to.
struct Collected
{
    session::Project project;
    std::vector<ArchivedFile> files;   ///< of all audio
    std::vector<ArchivedFile> outside; ///< those of them that lay elsewhere
    std::vector<Version> versions;     ///< those that name other places now
    std::vector<ArchivedFile> texts;   ///< of all versions
};

/// Lets versions find their audio inside the project as well. What only they use and is missing stays as it
/// was told.
void collectVersions (Collected& result, std::vector<Version> versions, const session::Project& project,
                      const fs::path& folder, std::set<std::string>& taken)
{
    std::map<std::string, std::string> moved; // by the place elsewhere
    for (const auto& m : project.media)
        if (const auto* now = session::mediaOf (result.project, m.id); m.referenced && now != nullptr)
            moved[m.path] = now->path;
    std::set<std::string> there;
    for (const auto& file : result.files)
        there.insert (file.path);
    std::error_code error;
    for (auto& v : versions)
    {
        bool changed = false;
        for (auto& m : v.project.media)
        {
            ArchivedFile file { pathOf (folder, m), m.path, m.hash };
            const bool known = m.referenced ? moved.contains (m.path) : there.contains (m.path);
            if (! known && ! fs::is_regular_file (file.source, error))
                continue;
            if (m.referenced)
            {
                if (! known)
                {
                    file.path = freePath (file.source, taken);
                    moved[m.path] = file.path;
                    result.outside.push_back (file);
                }
                m.path = moved[m.path];
                m.referenced = false;
                changed = true;
            }
            if (! known && there.insert (file.path).second)
                result.files.push_back (std::move (file));
        }
        result.texts.push_back ({ {}, "Versions/" + v.file.filename().string(), {}, textOf (v) });
        if (changed)
            result.versions.push_back (std::move (v));
    }
}

Result<Collected> collected (const session::Project& project, const fs::path& folder)
{
    auto versions = allVersions (folder);
    if (! versions)
        return versions.problem();
    Collected result { project, {}, {}, {}, {} };
    std::set<std::string> taken;
    for (const auto& v : *versions)
        for (const auto& m : v.project.media)
            if (! m.referenced)
                taken.insert (lower (m.path));
    for (const auto& m : project.media)
        if (! m.referenced)
            taken.insert (lower (m.path));
    for (const auto& m : project.media)
    {
        ArchivedFile file { pathOf (folder, m), m.path, m.hash };
        std::error_code error;
        if (! fs::is_regular_file (file.source, error))
        {
            if (! session::isUsed (project, m.id))
            {
                auto rest = session::removedMedia (result.project, m.id);
                if (! rest)
                    return rest.problem();
                result.project = std::move (rest->project);
                continue;
            }
            return Problem { "An audio file of the project is missing.", file.source.string(),
                             "Put the file back where it was." };
        }
        if (m.referenced)
        {
            file.path = freePath (file.source, taken);
            auto inside = session::withCollectedMedia (result.project, m.id, file.path);
            if (! inside)
                return inside.problem();
            result.project = std::move (inside->project);
            result.outside.push_back (file);
        }
        result.files.push_back (std::move (file));
    }
    collectVersions (result, *std::move (versions), project, folder, taken);
    return result;
}

/// Copies one file; it appears under its name when it is whole. Not by std::filesystem, which tells a full
/// disk as "Input/output error".
Outcome copiedFile (const fs::path& from, const fs::path& to, std::vector<char>& bytes,
                    const Progress& progress)
{
    const auto source = files::openedForReading (from);
    if (! source)
        return source.problem();
    auto file = SafeFile::create (to.string());
    if (! file)
        return file.problem();
    const auto size = files::sizeOf (*source);
    for (std::int64_t at = 0; at < size;)
    {
        if (progress.stopped())
            return Problem { "Copying was stopped." };
        const auto wanted =
            static_cast<std::size_t> (std::min (size - at, static_cast<std::int64_t> (bytes.size())));
        if (files::readAt (*source, at, bytes.data(), wanted) != wanted)
            return Problem { "An audio file cannot be read.", from.string() };
        if (auto done = file->write (bytes.data(), wanted); ! done)
            return done;
        at += static_cast<std::int64_t> (wanted);
    }
    return file->commit();
}

Outcome copied (const std::vector<ArchivedFile>& files, const fs::path& folder, const Progress& progress)
{
    std::error_code error;
    std::vector<char> bytes (1 << 20);
    for (std::size_t n = 0; n < files.size(); ++n)
    {
        if (progress.stopped())
            return Problem { "Copying was stopped." };
        progress.at (static_cast<double> (n) / static_cast<double> (files.size()));
        const auto to = folder / files[n].path;
        fs::create_directories (to.parent_path(), error);
        if (auto done = copiedFile (files[n].source, to, bytes, progress); ! done)
            return done;
    }
    return {};
}

} // namespace

std::string firstTrackOf (const session::Project& project, Id media)
{
    for (const auto& s : project.songs)
        for (const auto& t : s->tracks)
            if (std::any_of (t->clips.begin(), t->clips.end(),
                             [&] (const session::ClipPtr& c) { return c->media == media; }))
                return t->strip.name;
    return {};
}

std::vector<StemOffer> offeredStems (const session::Project& project, const fs::path& folder,
                                     const fs::path& bounces)
{
    std::vector<StemOffer> offers;
    std::error_code error;
    for (const auto& m : project.media)
    {
        if (m.referenced || ! session::isUsed (project, m.id))
            continue; // one that is played from where it lies is up to date
        const fs::path original = m.original;
        const auto ours = fs::last_write_time (pathOf (folder, m), error);
        if (error)
            continue;
        std::vector<fs::path> candidates;
        if (bounces.empty())
            candidates = { original };
        else
            for (const auto& path : soundFilesIn ({ bounces }))
                if (lower (path.stem().string()) == lower (original.stem().string()))
                    candidates.push_back (path);
        for (const auto& path : candidates)
        {
            const auto theirs = fs::last_write_time (path, error);
            if (error || theirs <= ours)
                continue;
            offers.push_back ({ m.id, firstTrackOf (project, m.id), path });
            break;
        }
    }
    return offers;
}

std::vector<StemOffer> sameNamed (const session::Project& project, const session::Song& song,
                                  const std::vector<fs::path>& files)
{
    struct Played
    {
        Id media;
        std::string track;
        fs::path original;
        std::string name;
    };
    std::vector<Played> played;
    std::set<Id> known;
    for (const auto& t : song.tracks)
        for (const auto& c : t->clips)
            if (const auto* m = session::mediaOf (project, c->media);
                m != nullptr && known.insert (m->id).second)
            {
                const fs::path original = m->original.empty() ? m->path : m->original;
                played.push_back ({ m->id, t->strip.name, original, lower (original.stem().string()) });
            }
    std::vector<StemOffer> same;
    for (const auto& file : files)
    {
        const auto isIt = [&] (const Played& p) { return p.original == file; };
        const bool exact = std::any_of (played.begin(), played.end(), isIt);
        const auto name = lower (file.stem().string());
        for (const auto& p : played)
            if (exact ? isIt (p) : p.name == name)
                same.push_back ({ p.media, p.track, file });
    }
    return same;
}

Result<Id> stemOf (const session::Project& project, Id track)
{
    const auto* t = session::trackOf (project, track);
    if (t == nullptr || t->clips.empty())
        return Problem { "The track plays no audio file." };
    const auto first = t->clips.front()->media;
    for (const auto& c : t->clips)
        if (c->media != first)
            return Problem { "The track plays several audio files.", {}, "Say which one: media:ID." };
    return first;
}

session::Edit withReplacedStems (const session::Project& project, const std::vector<NewStem>& stems)
{
    session::Edited all { project, "Replace " + std::to_string (stems.size()) + " stems" };
    for (const auto& stem : stems)
    {
        auto added = session::addedMedia (all.project, mediaFrom (stem.file, stem.from));
        if (! added)
            return added;
        all.project = std::move (added->project);
        all.made = added->made;
        for (const auto media : stem.media)
        {
            auto replaced = session::withReplacedMedia (all.project, media, all.made);
            if (! replaced)
                return replaced;
            all.project = std::move (replaced->project);
            all.notes.insert (all.notes.end(), replaced->notes.begin(), replaced->notes.end());
        }
        if (! stem.file.note.empty())
            all.notes.push_back (stem.file.note);
        if (stems.size() == 1)
            all.label = "Replace stem by \"" + session::nameToShow (stem.from.filename().string()) + "\"";
    }
    return all;
}

Result<Id> replaceStem (Studio& studio, Id media, const fs::path& file, const Progress& progress)
{
    if (! session::isUsed (studio.project(), media))
        return Problem { "No clip plays this audio file." };
    files::ImportOptions importing;
    importing.rate = studio.project().sampleRate;
    importing.folder = fs::path (studio.folder()) / "Audio";
    importing.progress = progress;
    const auto imported = files::imported (file, importing);
    if (! imported)
        return imported.problem();
    auto edit = withReplacedStems (studio.project(), { { { media }, file, *imported } });
    if (! edit)
    {
        std::error_code error;
        fs::remove (imported->file, error);
        return edit.problem();
    }
    return studio.take (std::move (edit));
}

Result<Studio> savedAs (const session::Project& project, const fs::path& from, const std::string& folder,
                        const std::vector<session::Media>& also, const Progress& progress)
{
    const auto versions = allVersions (from);
    if (! versions)
        return versions.problem();
    auto place = NewFolder::made (folder);
    if (! place)
        return place.problem();
    std::vector<ArchivedFile> files;
    std::set<std::string> there;
    std::error_code error;
    const auto add = [&] (const session::Media& m, bool needed)
    {
        if (const auto path = pathOf (from, m);
            ! m.referenced && (needed || fs::exists (path, error)) && there.insert (m.path).second)
            files.push_back ({ path, m.path, m.hash });
    };
    for (const auto& m : project.media)
        add (m, session::isUsed (project, m.id));
    for (const auto& m : also)
        add (m, false);
    for (const auto& v : *versions)
    {
        for (const auto& m : v.project.media)
            add (m, false);
        files.push_back ({ v.file, "Versions/" + v.file.filename().string(), {} });
    }
    if (auto done = copied (files, folder, progress); ! done)
        return done.problem();
    auto named = session::renamed (project, {}, nameOfFolder (folder));
    if (! named)
        return named.problem();
    auto made = Studio::created (folder, named->project);
    if (made)
        place->keep();
    return made;
}

std::vector<session::Media> audioOf (const Studio& studio)
{
    std::vector<session::Media> all;
    std::set<std::string> known;
    studio.forEachState (
        [&] (const session::Project& p)
        {
            for (const auto& m : p.media)
                if (! m.referenced && known.insert (m.path).second)
                    all.push_back (m);
        });
    return all;
}

std::vector<session::Media> onlyIn (const fs::path& folder, const fs::path& notIn,
                                    std::vector<session::Media> audio)
{
    std::error_code error;
    std::erase_if (
        audio, [&] (const session::Media& m)
        { return fs::exists (pathOf (notIn, m), error) || ! fs::exists (pathOf (folder, m), error); });
    return audio;
}

Outcome copyAudio (const std::vector<session::Media>& audio, const fs::path& from, const fs::path& to,
                   const Progress& progress)
{
    std::vector<ArchivedFile> files;
    for (const auto& m : audio)
        files.push_back ({ pathOf (from, m), m.path, m.hash });
    return copied (files, to, progress);
}

Gathered::Gathered (Gathered&& other) noexcept
    : places (std::move (other.places)), copies (std::exchange (other.copies, {})), files (other.files)
{
}

Gathered::~Gathered()
{
    std::error_code error;
    for (const auto& path : copies)
        fs::remove (path, error);
}

Result<Gathered> gathered (const session::Project& project, const fs::path& folder, const Progress& progress)
{
    const auto all = collected (project, folder);
    if (! all)
        return all.problem();
    // Never over a file that lies there already, known or not.
    std::error_code error;
    for (const auto& file : all->outside)
        if (fs::exists (folder / file.path, error))
            return Problem { "A file of this name lies in the Audio folder already.", file.path,
                             "Clean the project's unused files first." };
    Gathered result;
    result.files = static_cast<int> (all->outside.size());
    for (const auto& file : all->outside)
        result.copies.push_back (folder / file.path);
    if (auto done = copied (all->outside, folder, progress); ! done)
        return done.problem();
    for (const auto& m : project.media)
        if (const auto* now = session::mediaOf (all->project, m.id); m.referenced && now != nullptr)
            result.places.push_back ({ m.id, m.path, now->path });
    for (const auto& v : all->versions)
    {
        if (auto done = writeSafely (v.file.string(), textOf (v)); ! done)
            return done.problem();
        result.keep();
    }
    return result;
}

session::Edit withGathered (const session::Project& project, const Gathered& all)
{
    session::Edited edited { project, "Collect audio files" };
    for (const auto& p : all.places)
    {
        const auto* media = session::mediaOf (edited.project, p.media);
        if (media == nullptr || ! media->referenced || media->path != p.from)
            continue; // it was changed meanwhile
        auto inside = session::withCollectedMedia (edited.project, p.media, p.to);
        if (! inside)
            return inside;
        edited.project = std::move (inside->project);
    }
    return edited;
}

Result<int> collectFiles (Studio& studio, const Progress& progress)
{
    auto all = gathered (studio.project(), studio.folder(), progress);
    if (! all)
        return all.problem();
    if (all->files > 0)
        if (auto taken = studio.take (withGathered (studio.project(), *all)); ! taken)
            return taken.problem();
    all->keep();
    return all->files;
}

Outcome archive (const session::Project& project, const fs::path& folder, const fs::path& file,
                 const Progress& progress)
{
    const auto all = collected (project, folder);
    if (! all)
        return all.problem();
    auto files = all->files;
    files.insert (files.end(), all->texts.begin(), all->texts.end());
    return written (file, all->project.name, session::canonical (all->project), files, progress);
}

Outcome restore (const fs::path& file, const std::string& folder, const Progress& progress)
{
    auto place = NewFolder::made (folder);
    if (! place)
        return place.problem();
    if (auto all = unpacked (file, folder, progress); ! all)
        return all;
    const auto studio = Studio::opened (folder, session::ProjectFolder::Use::read);
    if (! studio)
        return studio.problem();
    auto media = studio->project().media;
    const auto versions = allVersions (folder);
    if (! versions)
        return versions.problem();
    std::set<std::string> there;
    for (const auto& m : media)
        there.insert (m.path);
    std::error_code none;
    for (const auto& v : *versions)
        for (const auto& m : v.project.media)
            if (! m.referenced && fs::exists (pathOf (folder, m), none) && there.insert (m.path).second)
                media.push_back (m);
    for (const auto& m : media)
    {
        if (m.hash.empty())
            continue;
        const auto hash = files::contentHash (pathOf (folder, m), progress);
        if (! hash)
            return hash.problem();
        if (*hash != m.hash)
            return Problem { "An audio file of the archive is damaged.", m.path,
                             "Copy the archive again from where it came." };
    }
    place->keep();
    return {};
}

std::set<std::string> playedAudio (const Studio& studio)
{
    std::set<std::string> played;
    studio.forEachState (
        [&] (const session::Project& p)
        {
            for (const auto& m : p.media)
                if (! m.referenced && session::isUsed (p, m.id))
                    played.insert (fs::path (m.path).lexically_normal().string());
        });
    return played;
}

Result<Cleaned> unusedFiles (const fs::path& folder, const std::set<std::string>& used)
{
    const auto versions = allVersions (folder);
    if (! versions)
        return versions.problem();
    auto kept = used;
    for (const auto& v : *versions)
        for (const auto& m : v.project.media)
            if (! m.referenced)
                kept.insert (fs::path (m.path).lexically_normal().string());
    Cleaned found;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator (folder / "Audio", error))
        if (entry.is_regular_file (error) && ! entry.is_symlink (error) &&
            ! kept.contains ((fs::path ("Audio") / entry.path().filename()).string()))
        {
            found.files.push_back (entry.path().filename().string());
            if (const auto size = entry.file_size (error); ! error)
                found.bytes += static_cast<std::int64_t> (size);
        }
    std::sort (found.files.begin(), found.files.end());
    return found;
}

Result<Cleaned> cleanUnused (Studio& studio, const Cleaned& found, Unused what)
{
    const auto played = playedAudio (studio);
    if (auto edit = session::withoutUnusedMedia (studio.project()))
    {
        if (auto taken = studio.take (std::move (edit)); ! taken)
            return taken.problem();
        // The project forgets them before they go: a crash between leaves a file too many, not one too few.
        if (auto saved = studio.save(); ! saved)
            return saved.problem();
    }
    Cleaned cleaned;
    std::error_code error;
    const fs::path folder = studio.folder();
    for (const auto& name : found.files)
    {
        const auto path = folder / "Audio" / name;
        if (played.contains ((fs::path ("Audio") / name).string()))
            continue; // it has come into use
        const auto bytes = static_cast<std::int64_t> (fs::file_size (path, error));
        if (what == Unused::removed)
            fs::remove (path, error);
        else
        {
            fs::create_directories (folder / "Unused", error);
            auto to = folder / "Unused" / name;
            for (int n = 2; fs::exists (to, error); ++n)
                to = folder / "Unused" /
                     (path.stem().string() + " " + std::to_string (n) + path.extension().string());
            fs::rename (path, to, error);
        }
        if (error)
            return Problem { "An unused file cannot be taken away: " + error.message() + ".", path.string() };
        cleaned.files.push_back (name);
        cleaned.bytes += bytes;
    }
    return cleaned;
}

Result<Cleaned> cleanUnused (Studio& studio, Unused what)
{
    const auto found = unusedFiles (studio.folder(), playedAudio (studio));
    if (! found)
        return found.problem();
    return cleanUnused (studio, *found, what);
}

} // namespace lacquer::studio
