// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Progress.h"
#include "files/Import.h"
#include "studio/Studio.h"

#include <filesystem>
#include <set>
#include <string>
#include <vector>

namespace lacquer::studio
{

/// Order in the files of a project. All [control]; what copies sound takes long.

/// A new bounce for an audio file of the project: of the same name, and younger than what the project has.
struct StemOffer
{
    Id media;
    std::string track; ///< the first that plays it
    std::filesystem::path file;
};
/// Looks in a folder, or, without one, where the files came from. Offers only; replaceStem() takes one up.
std::vector<StemOffer> offeredStems (const session::Project&, const std::filesystem::path& projectFolder,
                                     const std::filesystem::path& bounces = {});

/// Of sound files those that have the name (without extension, upper or lower case) of audio that a track of
/// the song plays, with that audio. Where audio came from the very file, only that is meant.
std::vector<StemOffer> sameNamed (const session::Project&, const session::Song&,
                                  const std::vector<std::filesystem::path>& files);

/// The name of the first track that plays an audio file; empty when none does.
std::string firstTrackOf (const session::Project&, Id media);

/// An imported file, and the audio files in whose place it is to be played.
struct NewStem
{
    std::vector<Id> media;
    std::filesystem::path from; ///< where it came from
    files::Imported file;
};
/// Lets every clip of those audio files play the new ones. Strips, clips and automation stay. [any thread]
session::Edit withReplacedStems (const session::Project&, const std::vector<NewStem>&);

/// Imports a file and lets every clip of an audio file play it: one step. Strips, clips and automation stay.
/// Returns the new audio file's id.
Result<Id> replaceStem (Studio&, Id media, const std::filesystem::path& file, const Progress& = {});
/// The audio file that the clips of a track play; a Problem when it plays none or several.
Result<Id> stemOf (const session::Project&, Id track);

/// The project in a folder of its own, with its audio and, as far as it is there, what else is told, named
/// after the folder; the old one stays as it is on the disk. Nothing is left behind when it fails.
/// [any thread]
Result<Studio> savedAs (const session::Project&, const std::filesystem::path& projectFolder,
                        const std::string& folder, const std::vector<session::Media>& also = {},
                        const Progress& = {});
inline Result<Studio> savedAs (const Studio& studio, const std::string& folder, const Progress& progress = {})
{
    return savedAs (studio.project(), studio.folder(), folder, {}, progress);
}
/// The audio in the project's folder that any state of undo or redo knows, each file once.
std::vector<session::Media> audioOf (const Studio&);
/// Those of audio files that lie in one project's folder and not in the other's.
std::vector<session::Media> onlyIn (const std::filesystem::path& folder, const std::filesystem::path& notIn,
                                    std::vector<session::Media>);
/// Copies audio files from one project's folder to another's. [any thread]
Outcome copyAudio (const std::vector<session::Media>&, const std::filesystem::path& from,
                   const std::filesystem::path& to, const Progress&);

/// Audio that lay elsewhere, copied into a project's folder. The copies go again unless they are kept.
class Gathered
{
public:
    struct Place
    {
        Id media;
        std::string from, to; ///< as the project tells them
    };
    Gathered() = default;
    ~Gathered();
    Gathered (Gathered&&) noexcept;
    Gathered& operator= (Gathered&&) = delete;
    void keep() { copies.clear(); }

    std::vector<Place> places;
    std::vector<std::filesystem::path> copies; ///< that may go
    int files = 0;                             ///< copied
};
/// Copies it, and lets the versions name the copies, which then are kept. [any thread]
Result<Gathered> gathered (const session::Project&, const std::filesystem::path& projectFolder,
                           const Progress& = {});
/// The project playing the copies: one step. [any thread]
session::Edit withGathered (const session::Project&, const Gathered&);
/// Both. Returns how many files.
Result<int> collectFiles (Studio&, const Progress& = {});

/// The whole project with all its audio, collected, as one ZIP file (stored, not compressed).
Outcome archive (const session::Project&, const std::filesystem::path& projectFolder,
                 const std::filesystem::path& file, const Progress& = {});
inline Outcome archive (const Studio& studio, const std::filesystem::path& file,
                        const Progress& progress = {})
{
    return archive (studio.project(), studio.folder(), file, progress);
}
/// Unpacks an archive into a new folder and checks every audio file by its hash. Names that lead out of the
/// folder, links and anything else that is no plain file are refused. Nothing is left behind when it fails.
Outcome restore (const std::filesystem::path& file, const std::string& folder, const Progress& = {});

/// Files in Audio/ that nothing uses, or that were taken away.
struct Cleaned
{
    std::vector<std::string> files; ///< names
    std::int64_t bytes = 0;
};
enum class Unused
{
    moved,
    removed
};
/// What lies in Audio/ that is not among `used` and that no version uses. [any thread]
Result<Cleaned> unusedFiles (const std::filesystem::path& projectFolder, const std::set<std::string>& used);
/// Paths of the audio that any state of undo or redo plays.
std::set<std::string> playedAudio (const Studio&);
/// Forgets the audio files that no clip plays, and takes away those of the files told that are not played:
/// into the folder Unused/, or for good. What a step of undo could bring back stays. One step, saved.
Result<Cleaned> cleanUnused (Studio&, const Cleaned& found, Unused = Unused::moved);
/// All that unusedFiles() finds.
Result<Cleaned> cleanUnused (Studio&, Unused = Unused::moved);

} // namespace lacquer::studio
