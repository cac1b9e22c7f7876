// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Result.h"
#include "session/Address.h"
#include "session/Catalogue.h"
#include "session/Edits.h"
#include "session/History.h"
#include "session/ProjectFolder.h"

#include <map>
#include <string>
#include <vector>

namespace lacquer::studio
{

/// The tables of mix and master for session's addresses and edits.
const session::Catalogue& catalogue();

/// A parameter's change, for the answer of `set`.
struct Change
{
    std::string address, before, after; ///< values as text with unit
};

/// One parameter with its address and value, for `show`.
struct Listed
{
    std::string address;
    const Param* param = nullptr;
    session::Value value;
};

/// An open project: its folder, its history, its edits. Every edit goes through here, is undoable and is in
/// the journal. [control]
class Studio
{
public:
    static Result<Studio> opened (const std::string& path,
                                  session::ProjectFolder::Use = session::ProjectFolder::Use::edit);
    static Result<Studio> created (const std::string& folder, const session::Project&);

    const session::Project& project() const { return *history.current(); }
    const session::ProjectPtr& shared() const { return history.current(); }
    const std::string& folder() const { return disk.folder(); }
    /// Sentences about the opening.
    const std::vector<std::string>& notes() const { return disk.notes(); }
    std::optional<Problem> trouble() const { return disk.trouble(); }

    /// The song of a name; the first one for an empty name.
    Result<session::SongPtr> song (const std::string& name = {}) const;

    /// Does an edit of the registry, by id. Returns its undo label; made() is what it made.
    Result<std::string> edit (const std::string& id, const session::Arguments&);
    /// Takes the result of an edit function. `gesture`: edits with the same key are one step.
    Result<Id> take (session::Edit, const std::string& gesture = {});
    /// Changes without a step of undo: solo, loop while playing.
    Outcome takeQuietly (session::Edit);
    void endGesture() { history.endGesture(); }
    /// What the last edit left out or did besides, as sentences.
    const std::vector<std::string>& remarks() const { return said; }
    /// What the last edit made; none when it only changed something.
    Id made() const { return fresh; }

    /// "ADDRESS=VALUE".
    Result<Change> set (const std::string& assignment);

    bool canUndo() const { return history.canUndo(); }
    bool canRedo() const { return history.canRedo(); }
    std::string undoLabel() const { return history.undoLabel(); }
    std::string redoLabel() const { return history.redoLabel(); }
    void undo();
    void redo();

    /// Calls f (const Project&) for every state that undo or redo can reach, and the current one.
    template <typename F>
    void forEachState (const F& f) const
    {
        history.forEachState (f);
    }

    bool unsaved() const;
    Outcome save();
    /// Goes on where another project is, with all its steps of undo and redo; the name stays this one's. For
    /// a copy of the other that has the audio of all of them.
    void carryOn (const Studio& other);
    /// Leaves the disk as it was at the opening or the last save: the next opening does not bring this
    /// session's edits back. What the opening itself recovered stays recoverable. Last before closing.
    void abandon();

private:
    Studio (session::ProjectFolder, const session::Project&);

    session::ProjectFolder disk;
    session::History history;
    session::ProjectPtr saved;
    std::vector<std::string> said;
    Id fresh;
};

/// All parameters of a strip, its inserts included, of a master, or of a modulator: addresses within the
/// song. [any thread]
std::vector<Listed> parametersOf (const session::Project&, const session::Strip&);
std::vector<Listed> parametersOf (const session::Project&, const session::Master&);
std::vector<Listed> parametersOf (const session::Project&, const session::Vca&);
std::vector<Listed> parametersOf (const session::Project&, const session::Modulator&);

} // namespace lacquer::studio
