// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace lacquer::session::test
{

/// What happens at the n-th file call from now on, counted from 1 over open, write, read, fsync, fdatasync,
/// close, link, rename, unlink, ftruncate and mkdir of this program.
struct Fault
{
    int at = 0;           ///< 0: never
    int error = 0;        ///< errno of the failing call
    bool kill = false;    ///< SIGKILL instead, a write first doing half of its work
    bool shorter = false; ///< a write does half of its work and succeeds
};

void plan (const Fault&);
/// Calls since plan().
int calls();

} // namespace lacquer::session::test
