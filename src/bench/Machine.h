// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <string>

namespace lacquer::bench
{

/// Where a benchmark ran: without it no figure means anything.
struct Machine
{
    std::string processor; ///< as the system names it
    int cores = 1;         ///< that this program may use at once
    double memory = 0;     ///< MiB
    std::string isa;       ///< instruction sets of the strip kernels, best first
    std::string compiler, system;
    bool optimised = true; ///< false: a build for debugging, whose figures mean nothing
    double load = 0;       ///< programs that wanted a core in the last minute: above 0 when it is not idle
};

/// This one. [control]
Machine thisMachine();

} // namespace lacquer::bench
