// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Result.h"
#include "session/Journal.h"
#include "session/Json.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace lacquer::session
{

/// A project on disk: a folder with Name.lacquer, Audio/, Peaks/, Backups/ and Export/. Whoever opens it
/// first owns it (flock on a file, so a crash frees it); everyone else may read. All [control].
class ProjectFolder
{
public:
    static constexpr int backupsKept = 10;

    /// Makes the folder (it may exist when it holds no project) and writes the project into it.
    static Result<ProjectFolder> created (const std::string& folder, const Project&);

    /// Opens a folder, or the .lacquer file in one. Edits of a session that crashed are recovered; notes()
    /// says so. Use::read takes no lock and changes nothing.
    enum class Use
    {
        edit,
        read
    };
    static Result<ProjectFolder> opened (const std::string& path, Use = Use::edit);

    ProjectFolder (ProjectFolder&&) noexcept;
    ProjectFolder& operator= (ProjectFolder&&) noexcept;
    ~ProjectFolder(); ///< writes the journal through and frees the lock; unsaved edits stay in the journal

    /// The project as it was when opened, with recovered edits.
    const ProjectPtr& project() const;
    /// Sentences for the user about the opening: recovered, read only, migrated, changed outside.
    const std::vector<std::string>& notes() const;
    /// True when project() holds edits that were never saved.
    bool recovered() const;
    /// True when someone else owns the project or the disk cannot be written: save() will refuse.
    bool readOnly() const;

    const std::string& folder() const; ///< as given, without a slash at the end
    const std::string& file() const;   ///< the .lacquer file
    std::string audio() const;
    std::string peaks() const;
    std::string backups() const;
    std::string exports() const;
    /// Where a media file lies: inside the folder, or as it is when referenced.
    std::string pathOf (const Media&) const;

    /// After every edit, undo and redo: hands the state to the journal. Returns at once.
    void note (ProjectPtr);
    /// Waits until the journal is on disk.
    Outcome flush();
    /// The journal's last trouble, for a message in the window.
    std::optional<Problem> trouble() const;

    /// Saves, keeping the file before it as one of ten backups. Refuses when the file was changed by someone
    /// else since it was opened or saved here, unless told to overwrite (the change is then kept as a backup
    /// too).
    enum class Outside
    {
        refuse,
        overwrite
    };
    Outcome save (const Project&, Outside = Outside::refuse);

    /// Forgets the edits since the last save: the user closes without saving.
    Outcome discard();

    /// True when the file on disk is no longer the one opened or saved here.
    bool changedOutside() const;

private:
    struct State;
    explicit ProjectFolder (std::unique_ptr<State>);
    std::unique_ptr<State> state;
};

} // namespace lacquer::session
