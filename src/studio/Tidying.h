// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "studio/ProjectOrder.h"
#include "studio/Workplace.h"

#include <optional>

namespace lacquer::studio
{

/// Order in the audio files of the open project, beside the control thread; notices tell how it ended.
/// [control]
class Tidying
{
public:
    explicit Tidying (Workplace& w) : place (w) {}

    /// Copies in what lies elsewhere: one step of history.
    void collect();
    /// Looks for what nothing uses; takeQuestion() tells of it.
    void lookForUnused();
    /// What the user is to be asked to take away: Desk::clean() does.
    std::optional<Cleaned> takeQuestion() { return std::exchange (question, std::nullopt); }

private:
    Workplace& place;
    std::optional<Cleaned> question;
};

} // namespace lacquer::studio
