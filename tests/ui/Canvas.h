// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <juce_gui_basics/juce_gui_basics.h>

#include <ctime>

namespace lacquer::ui::fakes
{

/// A window without a display: it keeps what was marked to be painted anew, and paints just that into an
/// image by JUCE's software renderer, as the X11 window does.
class Canvas final : public juce::ComponentPeer
{
public:
    explicit Canvas (juce::Component& c)
        : ComponentPeer (c, 0), image (juce::Image::RGB, c.getWidth(), c.getHeight(), true)
    {
    }
    /// Paints what is marked. Returns the processor time it took, in ms.
    double paintMarked()
    {
        auto region = std::exchange (marked, {});
        if (region.isEmpty())
            return 0;
        const auto start = now();
        juce::LowLevelGraphicsSoftwareRenderer renderer (image, {}, region);
        handlePaint (renderer);
        return now() - start;
    }
    int area() const
    {
        int sum = 0;
        for (const auto& r : marked)
            sum += r.getWidth() * r.getHeight();
        return sum;
    }
    juce::Image image;

    void repaint (const juce::Rectangle<int>& r) override
    {
        marked.add (r.getIntersection (image.getBounds()));
        marked.consolidate();
    }
    void performAnyPendingRepaintsNow() override {}
    void* getNativeHandle() const override { return nullptr; }
    void setVisible (bool) override {}
    void setTitle (const juce::String&) override {}
    void setBounds (const juce::Rectangle<int>&, bool) override {}
    juce::Rectangle<int> getBounds() const override { return image.getBounds(); }
    juce::Point<float> localToGlobal (juce::Point<float> p) override { return p; }
    juce::Point<float> globalToLocal (juce::Point<float> p) override { return p; }
    using ComponentPeer::globalToLocal;
    using ComponentPeer::localToGlobal;
    void setMinimised (bool) override {}
    bool isMinimised() const override { return false; }
    void setFullScreen (bool) override {}
    bool isFullScreen() const override { return false; }
    void setIcon (const juce::Image&) override {}
    bool contains (juce::Point<int> p, bool) const override { return image.getBounds().contains (p); }
    OptionalBorderSize getFrameSizeIfPresent() const override { return {}; }
    juce::BorderSize<int> getFrameSize() const override { return {}; }
    bool setAlwaysOnTop (bool) override { return true; }
    void toFront (bool) override {}
    void toBehind (ComponentPeer*) override {}
    bool isFocused() const override { return false; }
    void grabFocus() override {}
    void textInputRequired (juce::Point<int>, juce::TextInputTarget&) override {}
    void setAlpha (float) override {}
    juce::StringArray getAvailableRenderingEngines() override { return {}; }

    /// Processor time of this thread, ms.
    static double now()
    {
        timespec t {};
        ::clock_gettime (CLOCK_THREAD_CPUTIME_ID, &t);
        return static_cast<double> (t.tv_sec) * 1e3 + static_cast<double> (t.tv_nsec) / 1e6;
    }

private:
    juce::RectangleList<int> marked;
};

/// Holds a component as the content of a Canvas.
class Shown final : public juce::Component
{
public:
    Shown (juce::Component& content, int width, int height)
    {
        setOpaque (true);
        setSize (width, height);
        content.setBounds (getLocalBounds());
        addAndMakeVisible (content);
        setVisible (true);
        addToDesktop (0);
    }
    ~Shown() override { removeFromDesktop(); }
    Canvas& canvas() { return *static_cast<Canvas*> (getPeer()); }
    juce::ComponentPeer* createNewPeer (int, void*) override { return new Canvas (*this); }
};

} // namespace lacquer::ui::fakes
