// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/Model.h"
#include "ui/Style.h"
#include "ui/TimeView.h"

#include <map>
#include <set>

namespace lacquer::ui
{

/// Pictures of clips, in tiles that are kept while what they show stays: scrolling copies them, an edit draws
/// the ones anew that it touched. [message thread]
class ClipTiles
{
public:
    explicit ClipTiles (Model& m) : model (m) {}

    /// Paints the clips of a track into a lane, the frame `view.start` at its left edge. Only what the clip
    /// region needs. Once the budget of the picture is used up, tiles are drawn without their waveforms and
    /// pending() is true until they are painted again.
    void paint (juce::Graphics&, const session::Track&, const TimeView&, juce::Rectangle<int> lane,
                const std::set<Id>& selected);
    /// A picture begins.
    void begin();
    /// How much taller waveforms are drawn than they sound, dB.
    void setTaller (double db)
    {
        if (std::exchange (taller, db) != db)
            tiles.clear();
    }
    bool pending() const { return unfinished; }

    static constexpr int width = 256;

private:
    struct Tile
    {
        juce::Image image;
        std::vector<session::ClipPtr> clips;
        std::vector<bool> selected;
        std::uint64_t outlines = 0;
        std::string colour;
        bool whole = false;
        std::uint64_t used = 0;
    };
    void draw (Tile&, const TimeView&, std::int64_t index, int height);
    void drawClip (juce::Graphics&, const session::Clip&, juce::Rectangle<float>, const TimeView&,
                   std::int64_t index, juce::Colour tint, bool selected, bool whole);
    const std::vector<session::ClipPtr>& sorted (const session::Track&);

    Model& model;
    std::map<std::tuple<Id, std::int64_t, int>, Tile> tiles; ///< by track, place and height
    std::map<Id, std::pair<std::vector<session::ClipPtr>, std::vector<session::ClipPtr>>> order;
    double perPixel = 0, taller = 0;
    std::uint64_t pictures = 0;
    double startedAt = 0;
    bool unfinished = false;
    std::vector<Column> columns;
};

/// The gain of a fade, 0 to 1, at a share of its length. The engine's shapes: files/ClipReader.
float fadeGain (session::Fade, float share);

} // namespace lacquer::ui
