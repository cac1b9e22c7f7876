// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/Machine.h"

#include "dsp/kernels/Strip.h"

#include <cstdlib>
#include <fstream>
#include <sched.h>
#include <sys/utsname.h>
#include <unistd.h>

namespace lacquer::bench
{

Machine thisMachine()
{
    Machine m;
    std::ifstream info ("/proc/cpuinfo");
    for (std::string line; std::getline (info, line);)
        if (line.starts_with ("model name") || line.starts_with ("Model"))
        {
            const auto colon = line.find (':');
            m.processor = colon == std::string::npos ? "" : line.substr (colon + 2);
            break;
        }
    cpu_set_t allowed;
    CPU_ZERO (&allowed);
    if (::sched_getaffinity (0, sizeof allowed, &allowed) == 0)
        m.cores = CPU_COUNT (&allowed);
    m.memory = static_cast<double> (::sysconf (_SC_PHYS_PAGES)) *
               static_cast<double> (::sysconf (_SC_PAGESIZE)) / 1048576;
    m.isa = dsp::stripTarget();
#if defined(__clang__)
    m.compiler = "clang " __clang_version__;
#else
    m.compiler = "g++ " __VERSION__;
#endif
    while (m.compiler.ends_with (' '))
        m.compiler.pop_back();
#if ! defined(__OPTIMIZE__)
    m.optimised = false;
#endif
    utsname system {};
    if (::uname (&system) == 0)
        m.system = std::string (system.sysname) + " " + system.release;
    double load[1] {};
    if (::getloadavg (load, 1) == 1)
        m.load = load[0];
    return m;
}

} // namespace lacquer::bench
