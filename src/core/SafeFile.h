// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Result.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace lacquer
{

/// A file that appears under its name only when it is whole and on the disk.
///
/// The bytes go to a new file of an unguessable name in the same folder; commit() writes them through, keeps
/// the file that was there before by a link, renames, and writes the folder through. Whatever fails, at
/// whatever step, the old file stays as it was and the new one is removed. [control]
class SafeFile
{
public:
    /// Starts a file that is to be called `path`.
    static Result<SafeFile> create (const std::string& path);

    SafeFile (SafeFile&&) noexcept;
    SafeFile& operator= (SafeFile&&) noexcept;
    ~SafeFile(); ///< removes what was not committed

    /// Appends bytes.
    Outcome write (const void* bytes, std::size_t count);

    /// Makes the file take its name. previous: where the file that had the name is kept (a hard link, in
    /// place of a file of that name); empty: nowhere. Once, and last.
    Outcome commit (const std::string& previous = {});

    /// The file while it is being written, for a library that wants to write it itself.
    int descriptor() const noexcept { return fd; }
    const std::string& temporaryPath() const noexcept { return temporary; }

private:
    SafeFile() = default;
    void discard() noexcept;

    int fd = -1;
    std::string path, temporary;
};

/// Writes a whole file the safe way.
Outcome writeSafely (const std::string& path, std::string_view bytes, const std::string& previous = {});

/// Reads a regular file of at most `most` bytes. Never waits on a pipe or device.
Result<std::string> readWhole (const std::string& path, std::size_t most);

/// Writes a folder's entries through to the disk.
Outcome syncFolder (const std::string& folder);

/// What errno means, in plain words: "the disk is full".
std::string reasonOf (int error);

/// The folder a path lies in: "." for a bare name.
std::string folderOf (std::string_view path);

} // namespace lacquer
