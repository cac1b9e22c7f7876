// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/Cli.h"
#include "files/Decoder.h"
#ifdef LACQUER_HAS_WINDOW
#include "ui/Start.h"
#endif

#include <cstring>
#include <iostream>
#include <string>
#include <vector>

int main (int argc, char* argv[])
{
    // A foreign file is decoded by this very program in a child process without rights.
    if (argc > 1 && std::strcmp (argv[1], "--import-helper") == 0)
        return lacquer::files::importHelperMain (argc, argv);

    const std::vector<std::string> arguments (argv + 1, argv + argc);
    // The window has one option of its own.
    if (! arguments.empty() && (lacquer::cli::isVerb (arguments[0]) ||
                                (arguments[0].starts_with ("-") && arguments[0] != "--scale")))
        return lacquer::cli::run (arguments);
#ifdef LACQUER_HAS_WINDOW
    return lacquer::ui::start (arguments);
#else
    return lacquer::cli::run (arguments);
#endif
}
