// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/Sample.h"

#include <catch2/catch.hpp>

using namespace lacquer;
using namespace lacquer::session;

TEST_CASE ("a project comes back from its text byte for byte")
{
    const auto text = canonical (test::sample());
    const auto back = loaded (text);
    if (! back)
        FAIL (back.problem().sentence());
    REQUIRE (back->notes.empty());
    REQUIRE (canonical (back->project) == text);
    REQUIRE (back->project == test::sample());
}
