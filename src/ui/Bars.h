// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/Controls.h"
#include "ui/Meter.h"
#include "ui/Model.h"

#include <array>

namespace lacquer::ui
{

enum class Page
{
    mix,
    master,
    album,
    deliver
};

/// Logo and project name, the four pages, transport, position, tempo and loop, undo and redo, output meter,
/// processor load and the door to the audio settings.
class TopBar final : public juce::Component
{
public:
    explicit TopBar (Model&);

    std::function<void (Page)> onPage;
    std::function<void()> onSave, onAudioSettings;
    std::function<void (bool back)> onStep; ///< undo, redo
    std::function<void()> onProject;        ///< a click on the project's name
    /// The monitor section, beside the output meter.
    void openMonitor();

    void setPage (Page);
    /// Reads everything that moves. master: what was heard in the last `seconds`. [message thread]
    void refresh (const Levels& master, double seconds);
    void setCompact (bool);
    void paint (juce::Graphics&) override;
    void resized() override;
    void mouseDown (const juce::MouseEvent&) override;

private:
    void paintFields (juce::Graphics&);

    Model& model;
    std::unique_ptr<juce::Drawable> logo;
    std::array<Button, 4> tabs;
    Button toStart { Icon::rtz, "Return to start" }, halt { Icon::stop, "Stop" }, play { Icon::play, "Play" },
        loop { Icon::loop, "Loop" };
    Button undo { Icon::undo, "Undo", Button::Shape::flat }, redo { Icon::redo, "Redo", Button::Shape::flat },
        save { "Save", Face::plain }, monitor { "Monitor", Face::quiet },
        settings { Icon::gear, "Audio settings", Button::Shape::flat };
    Param tempoParam;
    NumberField tempo;
    LevelMeter output { "Output" };
    juce::Rectangle<int> position, tempoBox, loopBox, outBox, loadBox;
    juce::String bars, clock, metre, loopText, loopDetail, title, detail, listening;
    DeviceStatus device;
    bool compact = false, barsLarge = true;
};

/// What the pointer is on, left; the device, right. Always there.
class StatusBar final : public juce::Component
{
public:
    explicit StatusBar (Model&);
    /// seconds since the last time.
    void refresh (double seconds);
    /// For three seconds in place of what the pointer is on.
    void tell (const juce::String& title, const juce::String& help);
    juce::String words() const { return title + ": " + help; }
    void paint (juce::Graphics&) override;

private:
    Model& model;
    juce::String title, help, device;
    double telling = 0; ///< so much longer
    bool trouble = false;
};

} // namespace lacquer::ui
