// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/Discard.h"

#include <vector>

namespace lacquer::ui
{

namespace
{

/// Made after JUCE's connection to the display, and so deleted before it.
class Discarded final : public juce::DeletedAtShutdown, private juce::AsyncUpdater
{
public:
    Discarded() { only = this; }
    ~Discarded() override { only = nullptr; }
    static Discarded& here() { return only != nullptr ? *only : *new Discarded; }
    void take (std::unique_ptr<juce::Component> c)
    {
        all.push_back (std::move (c));
        triggerAsyncUpdate();
    }

private:
    void handleAsyncUpdate() override
    {
        const auto gone = std::exchange (all, {}); // what goes may discard more
    }
    static inline Discarded* only = nullptr;
    std::vector<std::unique_ptr<juce::Component>> all;
};

} // namespace

void discard (std::unique_ptr<juce::Component> c)
{
    if (c == nullptr)
        return;
    c->setVisible (false);
    Discarded::here().take (std::move (c));
}

} // namespace lacquer::ui
