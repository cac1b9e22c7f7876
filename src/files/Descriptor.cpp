// SPDX-License-Identifier: GPL-3.0-or-later
#include "files/Descriptor.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace lacquer::files
{

void Descriptor::close() noexcept
{
    if (fd >= 0)
        ::close (std::exchange (fd, -1));
}

std::string reason (int errnoValue)
{
    switch (errnoValue)
    {
        case ENOENT: return "There is no such file.";
        case EACCES:
        case EPERM: return "You are not allowed to use this file or folder.";
        case ENOSPC: return "The disk is full.";
        case EDQUOT: return "Your share of the disk is used up.";
        case EROFS: return "The disk is read-only.";
        case EIO: return "The disk reports an error.";
        case EISDIR: return "This is a folder, not a sound file.";
        case ENOTDIR: return "A part of the path is not a folder.";
        case ENAMETOOLONG: return "The name is too long.";
        case EMFILE:
        case ENFILE: return "Too many files are open.";
        case ELOOP: return "The link leads in a circle.";
        case EFBIG: return "The disk cannot hold a file of this size.";
        case EEXIST: return "A file of this name exists already.";
        default: return std::string ("The system says: ") + std::strerror (errnoValue) + ".";
    }
}

std::string shownName (const std::filesystem::path& path)
{
    std::string name = path.filename().string();
    if (name.empty())
        name = path.string();
    std::string shown;
    for (std::size_t n = 0; n < name.size();)
    {
        const auto lead = static_cast<unsigned char> (name[n]);
        const std::size_t length = lead < 0x80                    ? 1
                                   : lead >= 0xC2 && lead <= 0xDF ? 2
                                   : lead >= 0xE0 && lead <= 0xEF ? 3
                                   : lead >= 0xF0 && lead <= 0xF4 ? 4
                                                                  : 0;
        bool good = length > 0 && n + length <= name.size() && lead != 0x7F && lead >= 0x20;
        for (std::size_t k = 1; good && k < length; ++k)
            good = (static_cast<unsigned char> (name[n + k]) & 0xC0) == 0x80;
        shown += good ? name.substr (n, length) : "?";
        n += good ? length : 1;
    }
    return shown;
}

Result<Descriptor> openedForReading (const std::filesystem::path& path)
{
    // O_NONBLOCK: opening a FIFO for reading waits for a writer otherwise, perhaps for ever.
    Descriptor file { ::open (path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY) };
    if (! file.isOpen())
        return Problem { reason (errno), shownName (path) };
    struct stat facts
    {
    };
    if (::fstat (file.number(), &facts) != 0)
        return Problem { reason (errno), shownName (path) };
    if (S_ISDIR (facts.st_mode))
        return Problem { reason (EISDIR), shownName (path) };
    if (! S_ISREG (facts.st_mode))
        return Problem { "This is a device or a pipe, not a sound file.", shownName (path) };
    return file;
}

std::int64_t sizeOf (const Descriptor& file)
{
    struct stat facts
    {
    };
    return ::fstat (file.number(), &facts) == 0 ? static_cast<std::int64_t> (facts.st_size) : -1;
}

std::size_t readAt (const Descriptor& file, std::int64_t offset, void* out, std::size_t size) noexcept
{
    auto* bytes = static_cast<std::byte*> (out);
    std::size_t done = 0;
    while (done < size)
    {
        const auto got = ::pread (file.number(), bytes + done, size - done,
                                  static_cast<off_t> (offset + static_cast<std::int64_t> (done)));
        if (got > 0)
            done += static_cast<std::size_t> (got);
        else if (got == 0 || errno != EINTR)
            break;
    }
    return done;
}

} // namespace lacquer::files
