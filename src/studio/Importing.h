// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "studio/ProjectOrder.h"
#include "studio/Workplace.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace lacquer::studio
{

/// Files to import of which some have the names of audio that tracks play: whether they are to be played in
/// its place is for the user to say.
struct Drop
{
    std::vector<std::filesystem::path> files; ///< all of them
    std::vector<StemOffer> known;             ///< what some of them could replace
    Id track;
    Frames at = 0;
    std::string folder; ///< of the project
};

/// Imports sound files and the sound files of folders beside the control thread: onto a track, or with no
/// track each on a new one, or in place of what clips play. All of one call are one step of history; what
/// went wrong becomes notices. [control]
class Importing
{
public:
    explicit Importing (Workplace& w) : place (w) {}

    /// Where every file has a time reference, the earliest lies at `at` and the others as much later.
    /// When some have the names of audio that tracks play, nothing is imported: takeQuestion() tells of it.
    void import (const std::vector<std::filesystem::path>& filesAndFolders, Id track, Frames at);

    /// What the user is to be asked next.
    std::optional<Drop> takeQuestion();
    enum class Meant
    {
        replace, ///< what is known is played in place of what it is known as; the rest is added
        add
    };
    /// The answer to a question. There need be none; one of another project does nothing.
    void answer (const Drop&, Meant);

    /// Looks whether there are newer bounces where the stems came from; a notice tells when there are.
    void lookForNewer();
    /// Those that were found and not taken up.
    std::vector<StemOffer> newer() const;
    /// Takes offers up, all as one step.
    void update (const std::vector<StemOffer>&);

private:
    void begin (const std::vector<std::filesystem::path>& files, std::vector<StemOffer> known, Id track,
                Frames at);
    void arrived (const Result<files::Imported>&, const std::filesystem::path&, Id track, Frames at, Gesture);
    bool replace (std::vector<NewStem>, Gesture);

    Workplace& place;
    std::uint32_t count = 0;
    std::vector<Drop> questions;
    std::vector<StemOffer> offers;
};

} // namespace lacquer::studio
