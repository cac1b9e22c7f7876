// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Progress.h"
#include "core/Result.h"
#include "core/Units.h"
#include "session/Project.h"

#include <filesystem>

namespace lacquer::bench
{

/// A folder for the files of a measurement; gone with it.
class Folder
{
public:
    static Result<Folder> made();
    ~Folder();
    Folder (Folder&& from) noexcept : path (std::exchange (from.path, {})) {}
    Folder& operator= (Folder&&) = delete;
    Folder (const Folder&) = delete;

    std::filesystem::path path;

private:
    explicit Folder (std::filesystem::path p) : path (std::move (p)) {}
};

struct SongSetup
{
    int tracks = 8;
    int channels = 2;
    double seconds = 10;
    int repeats = 1; ///< clips of that length, one behind the other
    bool inserts =
        false;         ///< equaliser, compressor, gate, saturator at twice the rate and delay on each track
    bool chain = true; ///< reverb and delay returns with sends, and all five mastering modules at work
};

/// A project whose every track has its own file of music and a full strip without saturation: trim, 24 dB
/// high-pass, six EQ bands, compressor, pan, fader, two sends. Files are WAV of 24 bits at 48 kHz, in
/// `folder`/Audio. [control] Takes seconds.
Result<session::Project> songOf (const std::filesystem::path& folder, const SongSetup&, const Progress&);

/// The same without files: every track has one clip of a media that does not exist. For players of other
/// sources.
Result<session::Project> songWithoutFiles (const SongSetup&);

} // namespace lacquer::bench
