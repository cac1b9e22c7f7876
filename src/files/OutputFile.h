// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "files/Descriptor.h"

namespace lacquer::files
{

enum class Existing
{
    replace, ///< a file of the final name is replaced
    keep     ///< it is kept, and naming fails
};

/// A file that has its name only when it is whole: written as name.part, renamed by named(). Removed when
/// destroyed before that.
class OutputFile
{
public:
    /// Creates path + ".part" (a number is added while that exists).
    static Result<OutputFile> created (const std::filesystem::path& finalName);

    OutputFile (OutputFile&&) noexcept = default;
    OutputFile& operator= (OutputFile&&) noexcept = default;
    ~OutputFile();

    /// Writes all bytes at an offset, over interruptions and short writes.
    Outcome writeAt (std::int64_t offset, const void* bytes, std::size_t size);

    /// Waits for the disk (fsync), renames, and waits for the folder.
    Outcome named (Existing = Existing::replace);

    const Descriptor& descriptor() const noexcept { return file; }
    const std::filesystem::path& temporaryName() const noexcept { return temporary; }
    const std::filesystem::path& finalName() const noexcept { return name; }

private:
    OutputFile() = default;
    Descriptor file;
    std::filesystem::path name, temporary;
};

} // namespace lacquer::files
