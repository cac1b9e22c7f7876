// SPDX-License-Identifier: GPL-3.0-or-later
#define CATCH_CONFIG_RUNNER
#include "files/Decoder.h"

#include <catch2/catch.hpp>
#include <string_view>

int main (int argc, char* argv[])
{
    // A test program is, like the program itself, its own decoding child.
    if (argc > 1 && std::string_view (argv[1]) == "--import-helper")
        return lacquer::files::importHelperMain (argc, argv);
    return Catch::Session().run (argc, argv);
}
