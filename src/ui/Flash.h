// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "session/ChangedParts.h"
#include "ui/Style.h"

#include <vector>

namespace lacquer::ui
{

using ChangedParts = std::vector<session::ChangedPart>;
using Outlines = std::vector<juce::Rectangle<int>>;

/// Outlines what undo and redo changed, for 400 ms, without any movement. Lies over the whole window, takes
/// no clicks, and paints nothing while there is nothing to show.
class Flash final : public juce::Component
{
public:
    static constexpr double duration = 0.4; ///< seconds

    Flash();
    /// Begins, or begins anew with something else.
    void start (ChangedParts);
    bool runs() const noexcept { return left > 0; }
    /// Lets time pass; after the last of it nothing is outlined any more.
    void advance (double seconds);
    const ChangedParts& what() const noexcept { return parts; }
    /// Where they are now. What changed of it is painted.
    void show (Outlines);
    const Outlines& outlines() const noexcept { return drawn; }

    void paint (juce::Graphics&) override;

private:
    ChangedParts parts;
    Outlines drawn;
    double left = 0;
};

} // namespace lacquer::ui
