// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/SafeFile.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace lacquer
{

namespace
{

/// The process's umask; it can only be read by setting it, so that is done before there are threads.
const mode_t creationMask = []
{
    const auto mask = ::umask (0);
    ::umask (mask);
    return mask;
}();

std::string nameIn (const std::string& path)
{
    const auto slash = path.rfind ('/');
    return slash == std::string::npos ? path : path.substr (slash + 1);
}

Problem notWritten (const std::string& path, int error)
{
    return { "The file could not be written because " +
                 (error == ENOENT ? "its folder does not exist" : reasonOf (error)) + ".",
             nameIn (path), "What was there before is unchanged." };
}

/// Sixteen hexadecimal digits nobody can foresee.
std::string randomName()
{
    std::uint64_t bits = 0;
    if (::getrandom (&bits, sizeof bits, 0) != static_cast<ssize_t> (sizeof bits))
        bits = static_cast<std::uint64_t> (::getpid()) * 0x9e3779b97f4a7c15; // O_EXCL still guards the name
    std::string text;
    for (int n = 0; n < 16; ++n, bits >>= 4)
        text += "0123456789abcdef"[bits & 15];
    return text;
}

/// Links from to to, in place of what is there, without a moment in which `to` is missing.
int linkOver (const std::string& from, const std::string& to)
{
    if (::link (from.c_str(), to.c_str()) == 0)
        return 0;
    if (errno != EEXIST)
        return errno;
    const auto between = folderOf (to) + "/." + randomName();
    if (::link (from.c_str(), between.c_str()) != 0)
        return errno;
    if (::rename (between.c_str(), to.c_str()) != 0)
    {
        const int error = errno;
        ::unlink (between.c_str());
        return error;
    }
    // rename() of two links to one file does nothing and leaves both.
    ::unlink (between.c_str());
    return 0;
}

/// Keeps the file at `from` as `to` as well. No file at `from` is nothing to keep.
Outcome keep (const std::string& from, const std::string& to)
{
    const int error = linkOver (from, to);
    if (error == ENOENT && ::access (from.c_str(), F_OK) != 0)
        return {};
    if (error == 0)
        return folderOf (from) == folderOf (to) ? Outcome {} : syncFolder (folderOf (to));
    // Disks without hard links (FAT, some networks): a copy, which is written as safely as any file.
    if (error != EPERM && error != EOPNOTSUPP && error != EXDEV && error != EMLINK && error != ENOSYS)
        return notWritten (from, error);
    const auto bytes = readWhole (from, std::size_t { 1 } << 32);
    return bytes ? writeSafely (to, *bytes) : Outcome (bytes.problem());
}

} // namespace

Result<SafeFile> SafeFile::create (const std::string& path)
{
    SafeFile f;
    f.path = path;
    for (int attempt = 0; attempt < 16; ++attempt)
    {
        f.temporary = folderOf (path) + "/.lacquer-" + randomName();
        f.fd = ::open (f.temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (f.fd >= 0)
            return f;
        if (errno != EEXIST && errno != EINTR)
            break;
    }
    const int error = errno;
    f.temporary.clear();
    return notWritten (path, error);
}

SafeFile::SafeFile (SafeFile&& other) noexcept
    : fd (std::exchange (other.fd, -1)), path (std::move (other.path)),
      temporary (std::exchange (other.temporary, {}))
{
}

SafeFile& SafeFile::operator= (SafeFile&& other) noexcept
{
    if (this != &other)
    {
        discard();
        fd = std::exchange (other.fd, -1);
        path = std::move (other.path);
        temporary = std::exchange (other.temporary, {});
    }
    return *this;
}

SafeFile::~SafeFile()
{
    discard();
}

void SafeFile::discard() noexcept
{
    if (fd >= 0)
        ::close (fd);
    fd = -1;
    if (! temporary.empty())
        ::unlink (temporary.c_str());
    temporary.clear();
}

Outcome SafeFile::write (const void* bytes, std::size_t count)
{
    const auto* from = static_cast<const char*> (bytes);
    while (count > 0)
    {
        const auto done = ::write (fd, from, count);
        if (done < 0)
        {
            if (errno == EINTR)
                continue;
            return notWritten (path, errno);
        }
        if (done == 0)
            return notWritten (path, ENOSPC);
        from += done;
        count -= static_cast<std::size_t> (done);
    }
    return {};
}

Outcome SafeFile::commit (const std::string& previous)
{
    const auto failed = [this] (int error)
    {
        discard();
        return notWritten (path, error);
    };
    // Hidden from others while it is made; then readable by whom the file before it was, or any new file is.
    struct stat old
    {
    };
    const mode_t mode = ::stat (path.c_str(), &old) == 0 ? old.st_mode & 0777 : 0666 & ~creationMask;
    if (::fchmod (fd, mode) != 0 && errno != EPERM && errno != ENOTSUP)
        return failed (errno);
    while (::fsync (fd) != 0)
        if (errno != EINTR)
            return failed (errno);
    // A network disk may report a full disk only here. EINTR closes on Linux all the same.
    const int closed = ::close (std::exchange (fd, -1));
    if (closed != 0 && errno != EINTR)
        return failed (errno);
    if (! previous.empty())
        if (const auto kept = keep (path, previous); ! kept)
        {
            discard();
            return kept;
        }
    if (::rename (temporary.c_str(), path.c_str()) != 0)
        return failed (errno);
    temporary.clear();
    return syncFolder (folderOf (path));
}

Outcome writeSafely (const std::string& path, std::string_view bytes, const std::string& previous)
{
    auto file = SafeFile::create (path);
    if (! file)
        return file.problem();
    if (const auto done = file->write (bytes.data(), bytes.size()); ! done)
        return done;
    return file->commit (previous);
}

Result<std::string> readWhole (const std::string& path, std::size_t most)
{
    const auto failed = [&] (int error) {
        return Problem { "The file cannot be read because " + reasonOf (error) + ".", nameIn (path) };
    };
    const int fd = ::open (path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0)
        return failed (errno);
    struct stat status
    {
    };
    if (::fstat (fd, &status) != 0 || ! S_ISREG (status.st_mode))
    {
        ::close (fd);
        return Problem { "This is not an ordinary file.", nameIn (path) };
    }
    std::string bytes;
    if (static_cast<std::uint64_t> (status.st_size) > most)
    {
        ::close (fd);
        return Problem { "The file is larger than the limit of " + std::to_string (most >> 20) + " MB.",
                         nameIn (path) };
    }
    bytes.resize (static_cast<std::size_t> (status.st_size));
    std::size_t have = 0;
    while (have < bytes.size())
    {
        const auto done = ::read (fd, bytes.data() + have, bytes.size() - have);
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
        {
            const int error = errno;
            ::close (fd);
            return failed (error);
        }
        if (done == 0)
            break;
        have += static_cast<std::size_t> (done);
    }
    ::close (fd);
    bytes.resize (have);
    return bytes;
}

Outcome syncFolder (const std::string& folder)
{
    const int fd = ::open (folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int error = fd < 0 ? errno : 0;
    while (fd >= 0 && ::fsync (fd) != 0)
        if (errno != EINTR)
        {
            // Some network file systems cannot write a folder through and say EINVAL; there is nothing to do.
            error = errno == EINVAL ? 0 : errno;
            break;
        }
    if (fd >= 0)
        ::close (fd);
    if (error != 0)
        return Problem { "The folder could not be written through to the disk because " + reasonOf (error) +
                             ".",
                         folder, "The file is there, but a power cut now could lose it: save again." };
    return {};
}

std::string reasonOf (int error)
{
    switch (error)
    {
        case ENOSPC: return "the disk is full";
        case EDQUOT: return "your share of the disk is used up";
        case EIO: return "the disk reports an error";
        case EROFS: return "the disk can only be read";
        case EACCES:
        case EPERM: return "you are not allowed to do this here";
        case ENOENT: return "it does not exist";
        case ENOTDIR: return "its folder is not a folder";
        case EISDIR: return "a folder has this name";
        case EMFILE:
        case ENFILE: return "too many files are open";
        case ENAMETOOLONG: return "its name is too long";
        case EFBIG: return "it would become too large for the disk";
        case ELOOP: return "links lead in a circle";
        case EXDEV: return "it lies on another disk";
        case EMLINK: return "it has too many links";
        default: break;
    }
    return "of the system error " + std::to_string (error);
}

std::string folderOf (std::string_view path)
{
    const auto slash = path.rfind ('/');
    if (slash == std::string_view::npos)
        return ".";
    return std::string (path.substr (0, slash == 0 ? 1 : slash));
}

} // namespace lacquer
