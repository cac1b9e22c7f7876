// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <catch2/catch.hpp>
#include <csignal>
#include <sys/resource.h>

namespace lacquer::tests
{

/// While it lives no file may grow beyond so many bytes: the system refuses the write with EFBIG as it would
/// with ENOSPC on a full disk.
struct SmallDisk
{
    explicit SmallDisk (rlim_t bytes) : ignored (std::signal (SIGXFSZ, SIG_IGN))
    {
        REQUIRE (::getrlimit (RLIMIT_FSIZE, &before) == 0);
        const rlimit small { bytes, before.rlim_max };
        REQUIRE (::setrlimit (RLIMIT_FSIZE, &small) == 0);
    }
    ~SmallDisk()
    {
        ::setrlimit (RLIMIT_FSIZE, &before);
        std::signal (SIGXFSZ, ignored);
    }
    SmallDisk (const SmallDisk&) = delete;
    SmallDisk& operator= (const SmallDisk&) = delete;
    rlimit before {};
    void (*ignored) (int);
};

} // namespace lacquer::tests
