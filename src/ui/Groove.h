// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/Model.h"
#include "ui/Style.h"
#include "ui/TimeView.h"

#include <functional>
#include <map>

namespace lacquer::ui
{

/// The whole song as the groove of a record: its level moves the lines. The box is what the lanes show; drag
/// it, or click elsewhere to go there.
class Groove final : public juce::Component
{
public:
    explicit Groove (Model&);
    /// What the lanes show, in frames, and how long the page is.
    void show (double start, double end, Frames length);
    /// Looks for what has changed, a little at a time.
    void advance();
    std::function<void (double start)> onScroll;

    /// RMS of the song by column, linear: what the lines swing by.
    const std::vector<float>& levels() const { return level; }

    void paint (juce::Graphics&) override;
    void resized() override;
    void mouseDown (const juce::MouseEvent&) override;
    void mouseDrag (const juce::MouseEvent&) override;
    void mouseDoubleClick (const juce::MouseEvent&) override;
    std::function<void()> onWhole; ///< all of the song is wanted

private:
    void draw();
    struct Part
    {
        std::vector<session::ClipPtr> clips;
        std::uint64_t outlines = 0;
        Frames length = 0;
        std::vector<float> energy; ///< of the clips, mean square by column
        session::TrackPtr strip;   ///< whose fader is in the picture
    };
    Model& model;
    double start = 0, end = 1;
    Frames length = 1;
    std::map<Id, Part> parts;
    std::vector<float> level;
    juce::Image image;
    float playhead = -1;
    double grabbed = 0;
    bool stale = true;
};

} // namespace lacquer::ui
