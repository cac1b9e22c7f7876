// SPDX-License-Identifier: GPL-3.0-or-later
// Interposes the functions that may allocate, wait or touch files, in test programs. The exported definitions
// come before those of libc and libstdc++ in symbol lookup, so calls from inside libraries are seen as well.
#include "RtGuard.h"

#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <dlfcn.h>
#include <execinfo.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <sys/mman.h>
#include <unistd.h>

namespace
{

thread_local int depth = 0;
std::atomic<int> violations { 0 };
std::atomic<const char*> last { "" };
std::atomic<bool> muted { false };

[[maybe_unused]] void
report (const char* what) noexcept // unused where a sanitizer interposes the same functions
{
    if (depth == 0)
        return;
    // What reporting itself calls is no violation.
    const int saved = depth;
    depth = 0;
    last.store (what);
    // A planted or repeated violation must not drown the log.
    if (violations.fetch_add (1) < 3 && ! muted.load())
    {
        const char head[] = "real-time violation: ";
        [[maybe_unused]] auto written = ::write (2, head, sizeof head - 1);
        written = ::write (2, what, std::strlen (what));
        written = ::write (2, "\n", 1);
        void* callers[24];
        backtrace_symbols_fd (callers, backtrace (callers, 24), 2);
    }
    depth = saved;
}

/// The next definition of a function after ours.
template <typename F>
F* original (const char* name) noexcept
{
    return reinterpret_cast<F*> (dlsym (RTLD_NEXT, name));
}

} // namespace

extern "C" void lacquer_realtime_enter()
{
    ++depth;
}
extern "C" void lacquer_realtime_leave()
{
    --depth;
}

namespace lacquer::test
{

int realTimeViolations() noexcept
{
    return violations.load();
}
void clearRealTimeViolations() noexcept
{
    violations.store (0);
    last.store ("");
}
const char* lastRealTimeViolation() noexcept
{
    return last.load();
}
void muteRealTimeGuard (bool on) noexcept
{
    muted.store (on);
}
bool realTimeGuardIsActive() noexcept
{
#ifdef LACQUER_RT_GUARD_OFF
    return false;
#else
    return true;
#endif
}

} // namespace lacquer::test

#ifndef LACQUER_RT_GUARD_OFF

extern "C"
{

    // glibc's own names for the real ones: dlsym() cannot be used here, it allocates.
    void* __libc_malloc (size_t);
    void __libc_free (void*);
    void* __libc_calloc (size_t, size_t);
    void* __libc_realloc (void*, size_t);
    void* __libc_memalign (size_t, size_t);

    // operator new and delete of libstdc++ end in these.
    void* malloc (size_t n)
    {
        report ("malloc");
        return __libc_malloc (n);
    }
    void free (void* p)
    {
        if (p != nullptr)
            report ("free");
        const int error = errno; // glibc before 2.33 may change it, and callers rely on it
        __libc_free (p);
        errno = error;
    }
    void* calloc (size_t count, size_t n)
    {
        report ("calloc");
        return __libc_calloc (count, n);
    }
    void* realloc (void* p, size_t n)
    {
        report ("realloc");
        return __libc_realloc (p, n);
    }
    int posix_memalign (void** out, size_t alignment, size_t n)
    {
        report ("posix_memalign");
        *out = __libc_memalign (alignment, n);
        return *out != nullptr ? 0 : ENOMEM;
    }
    void* aligned_alloc (size_t alignment, size_t n)
    {
        report ("aligned_alloc");
        return __libc_memalign (alignment, n);
    }
    void* memalign (size_t alignment, size_t n)
    {
        report ("memalign");
        return __libc_memalign (alignment, n);
    }

    int pthread_mutex_lock (pthread_mutex_t* m)
    {
        static auto* real = original<int (pthread_mutex_t*)> ("pthread_mutex_lock");
        report ("pthread_mutex_lock");
        return real (m);
    }
    int pthread_rwlock_rdlock (pthread_rwlock_t* l)
    {
        static auto* real = original<int (pthread_rwlock_t*)> ("pthread_rwlock_rdlock");
        report ("pthread_rwlock_rdlock");
        return real (l);
    }
    int pthread_rwlock_wrlock (pthread_rwlock_t* l)
    {
        static auto* real = original<int (pthread_rwlock_t*)> ("pthread_rwlock_wrlock");
        report ("pthread_rwlock_wrlock");
        return real (l);
    }
    int pthread_cond_wait (pthread_cond_t* c, pthread_mutex_t* m)
    {
        static auto* real = original<int (pthread_cond_t*, pthread_mutex_t*)> ("pthread_cond_wait");
        report ("pthread_cond_wait");
        return real (c, m);
    }
    int sem_wait (sem_t* s)
    {
        static auto* real = original<int (sem_t*)> ("sem_wait");
        report ("sem_wait");
        return real (s);
    }

    int open (const char* path, int flags, ...)
    {
        static auto* real = original<int (const char*, int, ...)> ("open");
        report ("open");
        va_list args;
        va_start (args, flags);
        const mode_t mode = va_arg (args, mode_t);
        va_end (args);
        return real (path, flags, mode);
    }
    int open64 (const char* path, int flags, ...)
    {
        static auto* real = original<int (const char*, int, ...)> ("open64");
        report ("open");
        va_list args;
        va_start (args, flags);
        const mode_t mode = va_arg (args, mode_t);
        va_end (args);
        return real (path, flags, mode);
    }
    ssize_t read (int file, void* to, size_t n)
    {
        static auto* real = original<ssize_t (int, void*, size_t)> ("read");
        report ("read");
        return real (file, to, n);
    }
    ssize_t write (int file, const void* from, size_t n)
    {
        static auto* real = original<ssize_t (int, const void*, size_t)> ("write");
        report ("write");
        return real (file, from, n);
    }
    FILE* fopen (const char* path, const char* mode)
    {
        static auto* real = original<FILE*(const char*, const char*)> ("fopen");
        report ("fopen");
        return real (path, mode);
    }
    FILE* fopen64 (const char* path, const char* mode)
    {
        static auto* real = original<FILE*(const char*, const char*)> ("fopen64");
        report ("fopen");
        return real (path, mode);
    }
    size_t fread (void* to, size_t size, size_t n, FILE* file)
    {
        static auto* real = original<size_t (void*, size_t, size_t, FILE*)> ("fread");
        report ("fread");
        return real (to, size, n, file);
    }
    size_t fwrite (const void* from, size_t size, size_t n, FILE* file)
    {
        static auto* real = original<size_t (const void*, size_t, size_t, FILE*)> ("fwrite");
        report ("fwrite");
        return real (from, size, n, file);
    }
    int vfprintf (FILE* file, const char* format, va_list args)
    {
        static auto* real = original<int (FILE*, const char*, va_list)> ("vfprintf");
        report ("vfprintf");
        return real (file, format, args);
    }
    int puts (const char* text)
    {
        static auto* real = original<int (const char*)> ("puts");
        report ("puts");
        return real (text);
    }

    int nanosleep (const timespec* wanted, timespec* left)
    {
        static auto* real = original<int (const timespec*, timespec*)> ("nanosleep");
        report ("nanosleep");
        return real (wanted, left);
    }
    int clock_nanosleep (clockid_t clock, int flags, const timespec* wanted, timespec* left)
    {
        static auto* real = original<int (clockid_t, int, const timespec*, timespec*)> ("clock_nanosleep");
        report ("clock_nanosleep");
        return real (clock, flags, wanted, left);
    }
    int usleep (useconds_t time)
    {
        static auto* real = original<int (useconds_t)> ("usleep");
        report ("usleep");
        return real (time);
    }
    int poll (pollfd* files, nfds_t n, int timeout)
    {
        static auto* real = original<int (pollfd*, nfds_t, int)> ("poll");
        report ("poll");
        return real (files, n, timeout);
    }

    void* mmap (void* at, size_t n, int protection, int flags, int file, off_t offset)
    {
        static auto* real = original<void*(void*, size_t, int, int, int, off_t)> ("mmap");
        report ("mmap");
        return real (at, n, protection, flags, file, offset);
    }
    int munmap (void* at, size_t n)
    {
        static auto* real = original<int (void*, size_t)> ("munmap");
        report ("munmap");
        return real (at, n);
    }

    void __cxa_throw (void* thrown, void* type, void (*destroy) (void*))
    {
        using Throw = void (void*, void*, void (*) (void*));
        static auto* real = original<Throw> ("__cxa_throw");
        report ("throw");
        real (thrown, type, destroy);
        std::abort(); // never reached: the real one does not return
    }
}

namespace
{

/// Everything that would allocate when first used is used once before any test runs.
[[maybe_unused]] const bool warm = []
{
    void* callers[4];
    return backtrace (callers, 4) >= 0;
}();

} // namespace

#endif
