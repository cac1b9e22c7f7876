// SPDX-License-Identifier: GPL-3.0-or-later
#include "files/Sandbox.h"

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <sys/resource.h>

#ifdef __linux__
#include <csignal>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

// The sanitizers map terabytes and call the system as they please.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define LACQUER_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define LACQUER_SANITIZED 1
#endif
#endif

namespace lacquer::files
{
namespace
{

bool limitedTo (int what, rlim_t value)
{
    const rlimit limit { value, value };
    return ::setrlimit (static_cast<decltype (RLIMIT_CORE)> (what), &limit) == 0;
}

#ifdef __linux__

/// Landlock with a rule set that handles everything and allows nothing: nothing can be opened any more.
bool denyFileSystem()
{
    const long version = ::syscall (SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
    if (version < 1)
        return false;
    // Access rights by version of the interface: 13 bits in 1, REFER in 2, TRUNCATE in 3.
    const std::uint64_t rights = version == 1 ? 0x1FFF : version == 2 ? 0x3FFF : 0x7FFF;
    const landlock_ruleset_attr everything { .handled_access_fs = rights };
    const auto rules =
        static_cast<int> (::syscall (SYS_landlock_create_ruleset, &everything, sizeof everything, 0));
    if (rules < 0)
        return false;
    const bool done = ::syscall (SYS_landlock_restrict_self, rules, 0) == 0;
    ::close (rules);
    return done;
}

#ifndef LACQUER_SANITIZED
#if defined(__x86_64__)
constexpr std::uint32_t architecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t architecture = AUDIT_ARCH_AARCH64;
#else
constexpr std::uint32_t architecture = 0;
#endif

/// A seccomp filter: the calls that decoding needs pass, mapping memory only when it cannot be executed; all
/// others fail with EPERM, so that a library that tries one can go on without.
bool denySystemCalls()
{
    if (architecture == 0)
        return false;
    constexpr std::uint32_t allow = SECCOMP_RET_ALLOW, refuse = SECCOMP_RET_ERRNO | EPERM;
    const auto field = [] (std::size_t offset)
    { return sock_filter BPF_STMT (BPF_LD | BPF_W | BPF_ABS, static_cast<std::uint32_t> (offset)); };
    const auto finish = [] (std::uint32_t verdict)
    { return sock_filter BPF_STMT (BPF_RET | BPF_K, verdict); };
    const auto skipUnless = [] (std::uint32_t value, std::uint8_t skip)
    { return sock_filter BPF_JUMP (BPF_JMP | BPF_JEQ | BPF_K, value, 0, skip); };

    static constexpr int harmless[] = { SYS_read,          SYS_write,     SYS_lseek,      SYS_pread64,
                                        SYS_fstat,         SYS_munmap,    SYS_mremap,     SYS_madvise,
                                        SYS_brk,           SYS_exit,      SYS_exit_group, SYS_rt_sigreturn,
                                        SYS_rt_sigaction,  SYS_futex,     SYS_close,      SYS_rt_sigprocmask,
                                        SYS_clock_gettime, SYS_getrandom, SYS_sched_yield };
    sock_filter program[16 + 2 * (sizeof harmless / sizeof *harmless)];
    unsigned short length = 0;
    const auto add = [&] (sock_filter line) { program[length++] = line; };

    add (field (offsetof (seccomp_data, arch)));
    add (skipUnless (architecture, 1));
    add (sock_filter BPF_JUMP (BPF_JMP | BPF_JA, 1, 0, 0));
    add (finish (SECCOMP_RET_KILL_PROCESS));
    add (field (offsetof (seccomp_data, nr)));
    for (const int call : harmless)
    {
        add (skipUnless (static_cast<std::uint32_t> (call), 1));
        add (finish (allow));
    }
    for (const int call : { SYS_mmap, SYS_mprotect })
    {
        add (skipUnless (static_cast<std::uint32_t> (call), 3));
        add (field (offsetof (seccomp_data, args) +
                    2 * sizeof (std::uint64_t))); // prot; little-endian low half
        add (sock_filter BPF_JUMP (BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 1, 0));
        add (finish (allow));
        // The accumulator holds prot now: the refusal must follow here, not after the next comparison.
        add (finish (refuse));
    }
    add (finish (refuse));
    const sock_fprog filter { length, program };
    return ::prctl (PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}
#endif

#endif

} // namespace

Walls shutIn()
{
    Walls walls;
    walls.limits = limitedTo (RLIMIT_CORE, 0) && limitedTo (RLIMIT_NOFILE, 16);
    // An hour of processor time: longer than any decoding, shorter than for ever.
    walls.limits = limitedTo (RLIMIT_CPU, 3600) && walls.limits;
#ifndef LACQUER_SANITIZED
    walls.limits = limitedTo (RLIMIT_AS, rlim_t { 1 } << 30) && walls.limits;
#endif
#ifdef __linux__
    ::prctl (PR_SET_DUMPABLE, 0);
    if (::prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0)
    {
        walls.fileSystem = denyFileSystem();
#ifndef LACQUER_SANITIZED
        walls.systemCalls = denySystemCalls();
#endif
    }
#endif
    return walls;
}

} // namespace lacquer::files
