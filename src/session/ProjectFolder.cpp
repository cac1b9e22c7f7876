// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/ProjectFolder.h"

#include "core/SafeFile.h"
#include "session/Find.h"
#include "session/Words.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <string_view>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace lacquer::session
{

namespace
{

constexpr std::string_view suffix = ".lacquer";
constexpr std::size_t mostBytes = 256u << 20;

/// Which file it is, without reading it.
struct Stamp
{
    dev_t device = 0;
    ino_t inode = 0;
    off_t size = -1;
    std::int64_t seconds = 0;
    long nanoseconds = 0;
    bool operator== (const Stamp&) const = default;
};

Stamp stampOf (const std::string& path)
{
    struct stat s
    {
    };
    if (::stat (path.c_str(), &s) != 0)
        return {};
    return { s.st_dev, s.st_ino, s.st_size, s.st_mtim.tv_sec, s.st_mtim.tv_nsec };
}

bool isFolder (const std::string& path)
{
    struct stat s
    {
    };
    return ::stat (path.c_str(), &s) == 0 && S_ISDIR (s.st_mode);
}

std::vector<std::string> entries (const std::string& folder)
{
    std::vector<std::string> names;
    const std::unique_ptr<DIR, int (*) (DIR*)> dir (::opendir (folder.c_str()),
                                                    [] (DIR* d) { return ::closedir (d); });
    if (dir != nullptr)
        while (const auto* entry = ::readdir (dir.get()))
            names.emplace_back (entry->d_name);
    std::sort (names.begin(), names.end());
    return names;
}

std::string lastPart (const std::string& path)
{
    const auto slash = path.rfind ('/');
    return slash == std::string::npos ? path : path.substr (slash + 1);
}

std::string withoutSlash (std::string path)
{
    while (path.size() > 1 && path.back() == '/')
        path.pop_back();
    return path;
}

Outcome makeFolder (const std::string& path)
{
    if (::mkdir (path.c_str(), 0777) == 0 || (errno == EEXIST && isFolder (path)))
        return {};
    return Problem { "The folder could not be made because " + reasonOf (errno) + ".", nameToShow (path) };
}

/// The project file in a folder: the only one, or the one named like the folder.
Result<std::string> fileIn (const std::string& folder)
{
    std::vector<std::string> files;
    for (const auto& name : entries (folder))
        if (name.size() > suffix.size() && name.ends_with (suffix) && name.front() != '.' &&
            ! isFolder (folder + "/" + name))
            files.push_back (name);
    if (files.empty())
        return Problem { "There is no project in this folder.", nameToShow (folder),
                         "A project folder holds a file that ends in .lacquer." };
    if (files.size() == 1)
        return folder + "/" + files.front();
    const auto named = lastPart (folder) + std::string (suffix);
    if (std::find (files.begin(), files.end(), named) != files.end())
        return folder + "/" + named;
    return Problem { "There are several projects in this folder.", nameToShow (folder),
                     "Name the .lacquer file to open." };
}

/// A file name without its suffix after a folder's own name; short enough that backups and journal, whose
/// names are longer, stay within the 255 bytes of a file name.
std::string fileNameFor (const std::string& folder)
{
    const std::unique_ptr<char, void (*) (void*)> real (::realpath (folder.c_str(), nullptr), std::free);
    auto name = lastPart (real != nullptr ? real.get() : folder);
    if (name.ends_with (suffix))
        name.resize (name.size() - suffix.size());
    constexpr std::size_t most = 200;
    if (name.size() > most)
    {
        auto end = most;
        while (end > 0 && (static_cast<unsigned char> (name[end]) & 0xc0) == 0x80) // not inside a character
            --end;
        name.resize (end);
    }
    return name.empty() || name.front() == '.' ? "Project" : name;
}

/// The numbers of the files "NAME-000012.lacquer" among the backups, ascending.
std::vector<std::pair<std::uint64_t, std::string>> generations (const std::string& folder,
                                                                const std::string& name)
{
    std::vector<std::pair<std::uint64_t, std::string>> found;
    for (const auto& entry : entries (folder))
    {
        std::string_view rest = entry;
        if (! rest.starts_with (name + "-") || ! rest.ends_with (suffix))
            continue;
        rest.remove_prefix (name.size() + 1);
        rest.remove_suffix (suffix.size());
        std::uint64_t number = 0;
        const auto [end, error] = std::from_chars (rest.data(), rest.data() + rest.size(), number);
        if (error == std::errc {} && end == rest.data() + rest.size())
            found.emplace_back (number, entry);
    }
    std::sort (found.begin(), found.end());
    return found;
}

/// What a killed save left: files that were to be renamed.
void removeTemporaries (const std::string& folder)
{
    for (const auto& name : entries (folder))
        if (name.starts_with (".lacquer-") && name.size() == 25)
            ::unlink ((folder + "/" + name).c_str());
}

} // namespace

struct ProjectFolder::State
{
    std::string folder, file, name; // name: of the file without its suffix
    ProjectPtr project;
    std::vector<std::string> notes;
    bool recovered = false, readOnly = false;
    int lock = -1;
    Stamp stamp;
    std::uint64_t hash = 0;    // of the file as opened or last saved
    std::uint64_t attempt = 0; // of the file a failed save may have put there
    std::unique_ptr<Journal> journal;

    ~State()
    {
        journal.reset(); // writes what is pending while the lock is still held
        if (lock >= 0)
            ::close (lock);
    }

    std::string journalPath() const { return folder + "/." + name + ".journal"; }
    std::string lockPath() const { return folder + "/." + name + ".lock"; }

    void takeLock()
    {
        lock = ::open (lockPath().c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
        if (lock < 0)
        {
            readOnly = true;
            notes.push_back ("The project is opened for reading only because " + reasonOf (errno) + ".");
            return;
        }
        if (::flock (lock, LOCK_EX | LOCK_NB) != 0)
        {
            readOnly = true;
            notes.push_back (errno == EWOULDBLOCK
                                 ? "The project is open in another window, so this one is for reading only."
                                 : "The project is opened for reading only because it cannot be locked: " +
                                       reasonOf (errno) + ".");
            ::close (lock);
            lock = -1;
            return;
        }
        // Who holds it, for a person who looks; the lock itself is the kernel's.
        const auto who = "pid " + std::to_string (::getpid()) + "\n";
        if (::ftruncate (lock, 0) != 0 || ::pwrite (lock, who.data(), who.size(), 0) < 0)
            return;
    }

    /// The backup that the next save will make, and room for it.
    Result<std::string> nextBackup() const
    {
        const auto where = folder + "/Backups";
        if (const auto made = makeFolder (where); ! made)
            return made.problem();
        const auto all = generations (where, name);
        const auto number = std::to_string (all.empty() ? 1 : all.back().first + 1);
        const auto digits = number.size() < 6 ? std::string (6 - number.size(), '0') + number : number;
        return where + "/" + name + "-" + digits + std::string (suffix);
    }
    void dropOldBackups() const
    {
        const auto where = folder + "/Backups";
        auto all = generations (where, name);
        for (std::size_t n = 0; n + backupsKept < all.size(); ++n)
            ::unlink ((where + "/" + all[n].second).c_str());
    }

    Outcome recover()
    {
        removeTemporaries (folder);
        removeTemporaries (folder + "/Backups");
        const auto left = leftover (journalPath(), hash);
        if (! left)
        {
            notes.push_back ("The edits since the last save could not be recovered: " + left.problem().what);
            return {};
        }
        if (left->text.empty())
        {
            ::unlink (journalPath().c_str());
            return {};
        }
        auto last = loaded (left->text);
        if (! last)
        {
            const auto aside = journalPath() + ".damaged";
            (void)std::rename (journalPath().c_str(), aside.c_str());
            notes.push_back (
                "The edits since the last save could not be recovered; what there is was kept as " +
                nameToShow (lastPart (aside)) + ".");
            return {};
        }
        if (! left->follows)
        {
            // The project file is not the one these edits were made on: keep both, decide nothing.
            const auto backup = nextBackup();
            if (! backup)
                return backup.problem();
            if (const auto kept = writeSafely (*backup, left->text); ! kept)
                return kept;
            ::unlink (journalPath().c_str());
            notes.push_back (
                "The project file was replaced after Lacquer ended unexpectedly; the unsaved edits were "
                "kept as " +
                nameToShow (lastPart (*backup)) + " in the Backups folder.");
            return {};
        }
        if (canonical (last->project) == canonical (*project))
        {
            ::unlink (journalPath().c_str());
            return {};
        }
        project = std::make_shared<const Project> (std::move (last->project));
        recovered = true;
        notes.push_back (
            "Lacquer ended unexpectedly; your edits since the last save were recovered. Save to keep "
            "them.");
        return {};
    }
};

ProjectFolder::ProjectFolder (std::unique_ptr<State> s) : state (std::move (s)) {}
ProjectFolder::ProjectFolder (ProjectFolder&&) noexcept = default;
ProjectFolder& ProjectFolder::operator= (ProjectFolder&&) noexcept = default;
ProjectFolder::~ProjectFolder() = default;

Result<ProjectFolder> ProjectFolder::created (const std::string& path, const Project& project)
{
    if (const auto good = valid (project); ! good)
        return good.problem();
    const auto folder = withoutSlash (path);
    if (const auto made = makeFolder (folder); ! made)
        return made.problem();
    for (const auto& entry : entries (folder))
        if (entry.ends_with (suffix) && entry.size() > suffix.size() && ! isFolder (folder + "/" + entry))
            return Problem { "There is a project in this folder already.", nameToShow (folder),
                             "Choose another folder." };
    for (const auto* sub : { "Audio", "Peaks", "Backups", "Export" })
        if (const auto made = makeFolder (folder + "/" + sub); ! made)
            return made.problem();

    auto state = std::make_unique<State>();
    state->folder = folder;
    state->name = fileNameFor (folder);
    state->file = folder + "/" + state->name + std::string (suffix);
    state->takeLock();
    if (state->readOnly)
        return Problem { state->notes.front(), nameToShow (folder) };
    const auto text = canonical (project);
    if (const auto written = writeSafely (state->file, text); ! written)
        return written.problem();
    state->project = std::make_shared<const Project> (project);
    state->hash = contentHash (text);
    state->stamp = stampOf (state->file);
    state->journal = std::make_unique<Journal> (state->journalPath(), state->hash);
    return ProjectFolder (std::move (state));
}

Result<ProjectFolder> ProjectFolder::opened (const std::string& path, Use use)
{
    auto state = std::make_unique<State>();
    const auto given = withoutSlash (path);
    if (isFolder (given))
    {
        const auto file = fileIn (given);
        if (! file)
            return file.problem();
        state->folder = given;
        state->file = *file;
    }
    else
    {
        state->folder = folderOf (given);
        state->file = given;
    }
    const auto last = lastPart (state->file);
    if (! last.ends_with (suffix) && stampOf (state->file).size >= 0) // a sound file, say: no lock beside it
        return Problem { "This is not a project.", nameToShow (last),
                         "A project is a folder that holds a file that ends in .lacquer." };
    state->name = last.ends_with (suffix) ? last.substr (0, last.size() - suffix.size()) : last;

    // First the lock, then the file: nobody may save between the two.
    if (use == Use::edit && stampOf (state->file).size >= 0)
        state->takeLock();
    else
        state->readOnly = true;
    state->stamp = stampOf (state->file);
    const auto text = readWhole (state->file, mostBytes);
    if (! text)
        return text.problem();
    auto all = loaded (*text);
    if (! all)
    {
        auto problem = all.problem();
        problem.where = nameToShow (last);
        return problem;
    }
    state->hash = contentHash (*text);
    state->project = std::make_shared<const Project> (std::move (all->project));
    state->notes.insert (state->notes.end(), all->notes.begin(), all->notes.end());
    if (! state->readOnly)
    {
        if (const auto done = state->recover(); ! done)
            return done.problem();
        state->journal = std::make_unique<Journal> (state->journalPath(), state->hash);
        if (state->recovered) // the old journal stays until the new one has replaced it
            state->journal->note (state->project);
    }
    return ProjectFolder (std::move (state));
}

const ProjectPtr& ProjectFolder::project() const
{
    return state->project;
}
const std::vector<std::string>& ProjectFolder::notes() const
{
    return state->notes;
}
bool ProjectFolder::recovered() const
{
    return state->recovered;
}
bool ProjectFolder::readOnly() const
{
    return state->readOnly;
}
const std::string& ProjectFolder::folder() const
{
    return state->folder;
}
const std::string& ProjectFolder::file() const
{
    return state->file;
}
std::string ProjectFolder::audio() const
{
    return state->folder + "/Audio";
}
std::string ProjectFolder::peaks() const
{
    return state->folder + "/Peaks";
}
std::string ProjectFolder::backups() const
{
    return state->folder + "/Backups";
}
std::string ProjectFolder::exports() const
{
    return state->folder + "/Export";
}

std::string ProjectFolder::pathOf (const Media& m) const
{
    return m.path.starts_with ('/') ? m.path : state->folder + "/" + m.path;
}

void ProjectFolder::note (ProjectPtr p)
{
    if (state->journal != nullptr)
        state->journal->note (std::move (p));
}

Outcome ProjectFolder::flush()
{
    return state->journal != nullptr ? state->journal->flush() : Outcome {};
}

std::optional<Problem> ProjectFolder::trouble() const
{
    return state->journal != nullptr ? state->journal->trouble() : std::nullopt;
}

bool ProjectFolder::changedOutside() const
{
    const auto now = stampOf (state->file);
    if (now.size < 0 || now == state->stamp)
        return false;
    const auto text = readWhole (state->file, mostBytes);
    if (! text)
        return true;
    const auto hash = contentHash (*text);
    return hash != state->hash && hash != state->attempt;
}

Outcome ProjectFolder::save (const Project& project, Outside outside)
{
    auto& s = *state;
    if (s.readOnly)
        return Problem { "The project is opened for reading only.", nameToShow (lastPart (s.file)),
                         "Save it under another name, or close it in the other window." };
    if (const auto good = valid (project); ! good)
        return good;
    const auto text = canonical (project); // all memory is taken before a file is touched
    const auto hash = contentHash (text);
    if (outside == Outside::refuse && changedOutside())
        return Problem {
            "The project file was changed by another program since it was opened.",
            nameToShow (lastPart (s.file)),
            "Save again to replace it (it is kept in the Backups folder), or save under another name."
        };
    if (hash != s.hash || stampOf (s.file) != s.stamp)
    {
        const auto backup = s.nextBackup();
        if (! backup)
            return backup.problem();
        // A journal that cannot be written must not stop the save that makes it needless.
        (void)s.journal->mark (hash);
        s.attempt = hash;
        if (const auto written = writeSafely (s.file, text, *backup); ! written)
            return written;
        s.hash = hash;
        s.stamp = stampOf (s.file);
        s.dropOldBackups();
    }
    s.recovered = false;
    // The project is saved. A journal that cannot be removed now carries the mark of this file, or none that
    // fits: either way the next opening knows it is old.
    (void)s.journal->restart (s.hash);
    return {};
}

Outcome ProjectFolder::discard()
{
    state->recovered = false;
    return state->journal != nullptr ? state->journal->restart (state->hash) : Outcome {};
}

} // namespace lacquer::session
