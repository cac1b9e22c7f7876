// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "studio/Jobs.h"
#include "studio/Versions.h"

namespace lacquer::studio
{

/// The versions of a song's mix as a list that is shown: read and changed beside the control thread, in the
/// order asked for. What was begun is finished also when the shelf is gone. [control]
class VersionShelf
{
public:
    VersionShelf (Jobs&, std::filesystem::path projectFolder, Id song);

    /// Told when something asked for is done, with the sentence it was given for success; the list is that of
    /// the disk then. Empty sentence: it was only read.
    std::function<void (const Outcome&, const std::string& said)> onDone;

    const std::vector<Version>& versions() const { return list.versions; }
    void read();
    /// The song as it is in the project now.
    void store (const session::Project&, const std::string& name, const std::string& note,
                const std::string& said);
    void rename (const std::string& name, const std::string& fresh, const std::string& said);
    void remove (const std::string& name, const std::string& said);
    /// Writes a file of the user's, whole or not at all. text: called beside the control thread.
    void write (const std::filesystem::path&, std::function<std::string()> text, const std::string& said);

private:
    void begin (const std::string& name, std::function<Outcome()> what, const std::string& said);

    Jobs& jobs;
    std::filesystem::path folder;
    Id song;
    VersionList list;
    std::shared_ptr<VersionShelf*> self { std::make_shared<VersionShelf*> (this) }; ///< while it is there
};

} // namespace lacquer::studio
