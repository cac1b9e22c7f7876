// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/AutomationMenu.h"
#include "ui/Model.h"
#include "ui/Overlays.h"

#include <juce_gui_basics/juce_gui_basics.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace lacquer::ui
{

/// Everything inside the window's frame: bars, pages, messages, keys. Works without a display, so that it can
/// be painted into an image and sent keys. [message thread]
class WindowContent final : public juce::Component,
                            public juce::FileDragAndDropTarget,
                            public OverlayHost,
                            public LaneShower
{
public:
    explicit WindowContent (Model&);
    ~WindowContent() override;

    /// Reads everything that moves; the window's timer calls it, tests may. seconds since the last call.
    void frame (double seconds);
    void showPage (int page); ///< 0 MIX, 1 MASTER, 2 ALBUM, 3 EXPORT
    int page() const;
    void showAudioSettings();
    void showOverlay (std::unique_ptr<juce::Component>) override;
    void dismissOverlay() override;
    juce::Component* overlay();
    /// Everything is drawn at another size.
    std::function<void()> onScale;
    /// Asks about unsaved changes, then calls `leave`; at once when there are none.
    void askToLeave (std::function<void()> leave);
    /// A key as if pressed with nothing in focus.
    bool press (const juce::KeyPress&);
    void showLane (Id target, const std::string& param) override;
    void showModulator (Id) override;

    void paint (juce::Graphics&) override;
    void resized() override;
    bool isInterestedInFileDrag (const juce::StringArray&) override { return true; }
    void filesDropped (const juce::StringArray&, int x, int y) override;

private:
    struct Parts;
    std::unique_ptr<Parts> parts;
};

/// The program's window. Below it lies the Model, which must outlive it.
class MainWindow final : public juce::DocumentWindow
{
public:
    explicit MainWindow (Model&);
    ~MainWindow() override;
    void closeButtonPressed() override;
    bool keyPressed (const juce::KeyPress&) override;
    WindowContent& content() noexcept { return *inside; }

private:
    class Frames;
    /// After the project.
    void nameIt();
    /// As large as the display has room for, up to 1920 x 1080, in its middle.
    void place();
    Model& model;
    std::unique_ptr<WindowContent> inside;
    std::unique_ptr<Frames> frames;
};

/// Opens the window on the Model that `open` makes of the arguments (argv without the program's name and
/// without --scale PERCENT) and runs until it is closed. Returns the exit code: 0, or 3 when `open` gave no
/// Model or there is no display. Call once, on the main thread.
int run (int argc, char* argv[],
         const std::function<std::unique_ptr<Model> (const std::vector<std::string>&)>& open);

} // namespace lacquer::ui
