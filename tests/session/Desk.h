// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "session/Sample.h"

#include <catch2/catch.hpp>

namespace lacquer::session::test
{

/// A project to be edited step by step: every edit must succeed and leave it valid.
struct Desk
{
    Project p = newProject ("Desk", 48000);

    Id song() const { return p.songs[0]->id; }
    Id done (Edit e)
    {
        if (! e)
            FAIL (e.problem().sentence());
        p = std::move (e->project);
        REQUIRE (valid (p).ok());
        return e->made;
    }
    const Strip& strip (Id id) const { return *stripOf (p, id); }
};

} // namespace lacquer::session::test
