// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/Style.h"

#include <functional>
#include <vector>

namespace lacquer::ui
{

/// All keys over the window, by group. Any key or click closes it.
class KeySheet final : public juce::Component
{
public:
    KeySheet();
    void add (const juce::String& group, const juce::String& name, const juce::String& key);
    std::function<void()> onDone;

    void paint (juce::Graphics&) override;
    void mouseDown (const juce::MouseEvent&) override { onDone(); }
    bool keyPressed (const juce::KeyPress&) override;

private:
    struct Line
    {
        juce::String name, key;
    };
    struct Group
    {
        juce::String name;
        std::vector<Line> lines;
    };
    std::vector<Group> groups;
};

} // namespace lacquer::ui
