// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "studio/Workplace.h"

#include <chrono>
#include <cstdint>
#include <optional>

namespace lacquer::studio
{

/// Whether what is heard has gaps: both kinds may come a hundred times in a second, so one sentence a minute
/// says it. [control]
class SoundWatch
{
public:
    using Time = std::chrono::steady_clock::time_point;

    /// A device was opened: it counts from 0, and a server that takes a new client in is late by itself.
    void deviceStarted (Time now)
    {
        toldDropouts = 0;
        settles = now + std::chrono::seconds (2);
    }
    /// underruns: of the player; dropouts: of the device, both since they began.
    std::optional<Notice> look (std::uint64_t underruns, int dropouts, Time now)
    {
        if (now < settles)
            toldDropouts = dropouts;
        if ((underruns <= toldUnderruns && dropouts <= toldDropouts) || now < mayTell)
            return {};
        const bool disk = underruns > toldUnderruns;
        toldUnderruns = underruns;
        toldDropouts = dropouts;
        mayTell = now + std::chrono::minutes (1);
        if (disk)
            return Notice { Notice::Kind::look, "The sound has gaps",
                            "The disk did not deliver in time. What is exported has no gaps." };
        return Notice { Notice::Kind::look, "The sound stuttered",
                        "The computer was too busy for a moment. If it happens often, choose more samples in "
                        "the audio settings." };
    }

private:
    std::uint64_t toldUnderruns = 0;
    int toldDropouts = 0;
    Time mayTell {}, settles {};
};

} // namespace lacquer::studio
