// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/Faults.h"

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdarg>
#include <fcntl.h>
#include <sys/types.h>
#include <unistd.h>

namespace lacquer::session::test
{

static Fault fault;
static std::atomic<int> count { 0 };

/// True when this call is the one to fail; errno is set.
static bool strikes()
{
    if (++count != fault.at || fault.shorter)
        return false;
    if (fault.kill)
        ::raise (SIGKILL);
    errno = fault.error;
    return true;
}

void plan (const Fault& f)
{
    fault = f;
    count = 0;
}

int calls()
{
    return count;
}

} // namespace lacquer::session::test

extern "C"
{
    using lacquer::session::test::strikes;

    int __real_open (const char*, int, ...);
    ssize_t __real_write (int, const void*, size_t);
    ssize_t __real_read (int, void*, size_t);
    int __real_fsync (int);
    int __real_fdatasync (int);
    int __real_close (int);
    int __real_link (const char*, const char*);
    int __real_rename (const char*, const char*);
    int __real_unlink (const char*);
    int __real_ftruncate (int, off_t);
    int __real_mkdir (const char*, mode_t);

    int __wrap_open (const char* path, int flags, ...)
    {
        va_list rest;
        va_start (rest, flags);
        const auto mode = (flags & O_CREAT) != 0 ? va_arg (rest, mode_t) : 0;
        va_end (rest);
        return strikes() ? -1 : __real_open (path, flags, mode);
    }
    ssize_t __wrap_write (int fd, const void* bytes, size_t size)
    {
        using namespace lacquer::session::test;
        if (count + 1 == fault.at && (fault.kill || fault.shorter))
        {
            const auto half = __real_write (fd, bytes, (size + 1) / 2);
            if (fault.kill)
                ::raise (SIGKILL);
            ++count;
            return half;
        }
        return strikes() ? -1 : __real_write (fd, bytes, size);
    }
    ssize_t __wrap_read (int fd, void* bytes, size_t size)
    {
        return strikes() ? -1 : __real_read (fd, bytes, size);
    }
    int __wrap_fsync (int fd)
    {
        return strikes() ? -1 : __real_fsync (fd);
    }
    int __wrap_fdatasync (int fd)
    {
        return strikes() ? -1 : __real_fdatasync (fd);
    }
    int __wrap_close (int fd)
    {
        // A close that reports an error has closed all the same (Linux).
        const bool fails = strikes();
        const int error = errno;
        const int result = __real_close (fd);
        errno = error;
        return fails ? -1 : result;
    }
    int __wrap_link (const char* from, const char* to)
    {
        return strikes() ? -1 : __real_link (from, to);
    }
    int __wrap_rename (const char* from, const char* to)
    {
        return strikes() ? -1 : __real_rename (from, to);
    }
    int __wrap_unlink (const char* path)
    {
        return strikes() ? -1 : __real_unlink (path);
    }
    int __wrap_ftruncate (int fd, off_t size)
    {
        return strikes() ? -1 : __real_ftruncate (fd, size);
    }
    int __wrap_mkdir (const char* path, mode_t mode)
    {
        return strikes() ? -1 : __real_mkdir (path, mode);
    }
}
