// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/Json.h"

#include <catch2/catch.hpp>

TEST_CASE ("a text that is not JSON is refused with a sentence")
{
    REQUIRE_FALSE (lacquer::session::parsed ("hello"));
}
