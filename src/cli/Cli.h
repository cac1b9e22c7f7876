// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <string>
#include <vector>

namespace lacquer::cli
{

/// Exit codes scripts rely on.
enum Exit
{
    done = 0,
    checkFailed = 1,
    wrongUsage = 2,
    problem = 3
};

/// True when the first argument is a verb, or asks for help or version: then run() does the work; else the
/// window opens.
bool isVerb (const std::string& argument);

/// Runs a command line (without the program's name). Results go to stdout, problems to stderr. Never needs a
/// display.
int run (const std::vector<std::string>& arguments);

} // namespace lacquer::cli
