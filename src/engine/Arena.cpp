// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/Arena.h"

#include <cstdint>
#include <cstring>
#include <new>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

namespace lacquer::engine
{

Arena::Arena (std::size_t floats)
{
    constexpr std::size_t page = 4096, huge = std::size_t { 2 } << 20;
    const std::size_t bytes = floats * sizeof (float);
    if (bytes == 0)
        return;
    const std::size_t unit = bytes >= huge ? huge : page;
    size = (bytes + unit - 1) / unit * unit;
    // A huge page begins at a multiple of its size: what lies around it is given back.
    const std::size_t slack = unit - page;
    void* const got =
        ::mmap (nullptr, size + slack, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (got == MAP_FAILED)
        throw std::bad_alloc();
    const auto address = reinterpret_cast<std::uintptr_t> (got);
    const auto aligned = (address + unit - 1) / unit * unit;
    if (aligned > address)
        ::munmap (got, aligned - address);
    if (const auto behind = address + slack - aligned; behind > 0)
        ::munmap (reinterpret_cast<void*> (aligned + size), behind);
    begin = reinterpret_cast<void*> (aligned);
    if (unit == huge)
        ::madvise (begin, size, MADV_HUGEPAGE);
    if (::mlock (begin, size) != 0)
        std::memset (begin, 0, size); // at least there
}

void Arena::release() noexcept
{
    if (begin != nullptr)
        ::munmap (begin, size);
}

bool keepMemory() noexcept
{
    rlimit limit {};
    const bool free = ::getrlimit (RLIMIT_MEMLOCK, &limit) == 0 && limit.rlim_cur == RLIM_INFINITY;
    if (! free && ::geteuid() != 0)
        return false;
    return ::mlockall (MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) == 0;
}

} // namespace lacquer::engine
