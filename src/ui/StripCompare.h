// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "session/Scene.h"
#include "ui/Model.h"

#include <array>
#include <map>

namespace lacquer::ui
{

/// Two states of each strip, A and B, of which one is heard: values, inserts, sends and output. B begins as A
/// is. To hear the other one is a step of history; which one is heard, and what the other one is, is kept as
/// long as the window. [message thread]
class StripCompare
{
public:
    explicit StripCompare (Model& m) : model (m) {}
    /// True when B is heard. What undo and redo did counts.
    bool hearsSecond (Id strip);
    /// Hears A or B.
    void hear (Id strip, bool second);
    /// The one that is not heard becomes as the other one.
    void copy (Id strip);

private:
    struct Kept
    {
        std::array<session::StripStatePtr, 2> states; ///< as it was when it was heard last; null: never
        bool second = false;
    };
    Model& model;
    std::map<Id, Kept> all;
};

} // namespace lacquer::ui
