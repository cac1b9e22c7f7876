// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace lacquer::files
{

/// What shuts this process in.
struct Walls
{
    bool limits = false;      ///< memory, files, core dumps
    bool fileSystem = false;  ///< Landlock: no file can be opened
    bool systemCalls = false; ///< seccomp: only reading, writing, memory and exit are left
};

/// Gives up every right that decoding does not need: open files, network, other processes, new programs. For
/// a process that reads and writes descriptors it already has. Where the kernel lacks one wall the others
/// still stand; what stands is returned.
Walls shutIn();

} // namespace lacquer::files
