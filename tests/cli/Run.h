// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <cstdio>
#include <filesystem>
#include <string>
#include <sys/wait.h>

namespace lacquer::tests
{

/// Runs the program with a config folder of its own inside `folder`, for which "@" in the arguments stands.
/// Its exit code, and all that it says. `before` is put before the program: "ulimit -f 100;".
inline int run (const std::filesystem::path& folder, std::string arguments, std::string& said,
                const std::string& before = {})
{
    for (std::size_t at; (at = arguments.find ('@')) != std::string::npos;)
        arguments.replace (at, 1, folder.string());
    const auto command = before + " XDG_CONFIG_HOME='" + folder.string() + "/config' '" LACQUER_PROGRAM "' " +
                         arguments + " 2>&1 </dev/null";
    FILE* pipe = ::popen (command.c_str(), "r");
    said.clear();
    for (int c; (c = std::fgetc (pipe)) != EOF;)
        said += static_cast<char> (c);
    const int status = ::pclose (pipe);
    return WIFEXITED (status) ? WEXITSTATUS (status) : -1;
}

} // namespace lacquer::tests
