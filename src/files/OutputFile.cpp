// SPDX-License-Identifier: GPL-3.0-or-later
#include "files/OutputFile.h"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <unistd.h>

namespace lacquer::files
{

Result<OutputFile> OutputFile::created (const std::filesystem::path& finalName)
{
    OutputFile out;
    out.name = finalName;
    for (int number = 1; number < 1000; ++number)
    {
        auto temporary = finalName;
        temporary += number == 1 ? ".part" : "." + std::to_string (number) + ".part";
        // O_EXCL: never a file, or a link planted there, that somebody else made.
        out.file = Descriptor { ::open (temporary.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
                                        0666) };
        if (out.file.isOpen())
        {
            out.temporary = temporary;
            return out;
        }
        if (errno != EEXIST)
            break;
    }
    return Problem { reason (errno), shownName (finalName), "Nothing was written." };
}

OutputFile::~OutputFile()
{
    if (! temporary.empty() && file.isOpen())
        ::unlink (temporary.c_str());
}

Outcome OutputFile::writeAt (std::int64_t offset, const void* bytes, std::size_t size)
{
    const auto* from = static_cast<const unsigned char*> (bytes);
    while (size > 0)
    {
        const auto done = ::pwrite (file.number(), from, size, static_cast<off_t> (offset));
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return Problem { reason (done < 0 ? errno : ENOSPC), shownName (name),
                             "Nothing was left behind." };
        from += done;
        offset += done;
        size -= static_cast<std::size_t> (done);
    }
    return {};
}

Outcome OutputFile::named (Existing existing)
{
    const auto failed = [&] {
        return Problem { reason (errno), shownName (name), "Nothing was left behind." };
    };
    if (::fsync (file.number()) != 0)
        return failed();
    if (existing == Existing::replace)
    {
        if (::rename (temporary.c_str(), name.c_str()) != 0)
            return failed();
    }
    else
    {
        // link() never replaces, unlike rename(); where links do not exist, look before renaming.
        if (::link (temporary.c_str(), name.c_str()) == 0)
            ::unlink (temporary.c_str());
        else if (errno == EEXIST || ::access (name.c_str(), F_OK) == 0)
        {
            errno = EEXIST;
            return failed();
        }
        else if (::rename (temporary.c_str(), name.c_str()) != 0)
            return failed();
    }
    temporary.clear();
    const auto folder = name.has_parent_path() ? name.parent_path() : std::filesystem::path (".");
    const Descriptor directory { ::open (folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC) };
    if (directory.isOpen() && ::fsync (directory.number()) != 0 && errno != EINVAL)
        return Problem { reason (errno), shownName (name) };
    return {};
}

} // namespace lacquer::files
