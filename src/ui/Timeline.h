// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/ClipTiles.h"
#include "ui/Controls.h"
#include "ui/Groove.h"
#include "ui/Meter.h"
#include "ui/Model.h"

#include <map>
#include <optional>
#include <set>
#include <vector>

namespace lacquer::ui
{

/// The song: overview, sections, ruler, and for every track its header and its clips, with automation lanes
/// below. Edits are shown as they are made and become one step of history when the pointer is let go.
class Timeline final : public juce::Component,
                       public juce::FileDragAndDropTarget,
                       private juce::ScrollBar::Listener
{
public:
    enum class Tool
    {
        pointer,
        range,
        split,
        fade,
        pencil
    };

    explicit Timeline (Model&);
    ~Timeline() override;
    /// Reads the song again.
    void rebuild();
    void refresh();
    void advance();
    void setCompact (bool);
    void select (Id strip, const std::set<Id>& chosen);
    std::function<void (Id, juce::ModifierKeys)> onSelect;
    std::function<void (Id, std::string_view param, juce::ModifierKeys)> onSwitch;
    std::function<const LevelMeter*(Id)> meterOf;

    // What keys and menus do. Each is one step of history.
    void setTool (Tool);
    void splitAtPlayhead();
    void duplicate();
    void copy();
    void cut();
    void paste();
    void removeSelection();
    void selectAll();
    void selectNothing();
    void reverseMute();
    void addMarker();
    void goToSection (int direction);
    void stepPlayhead (int direction, bool bars);
    void loopSelection();
    void zoomBy (double factor);
    void zoomToSelection();
    void zoomToSong();
    void toggleLane();
    void toggleSnap();
    void groupChosen();
    const std::set<Id>& selectedClips() const { return clips; }
    TimeView& view() { return time; }
    Snap& snapping() { return snap; }

    void paint (juce::Graphics&) override;
    void resized() override;
    void mouseDown (const juce::MouseEvent&) override;
    void mouseDrag (const juce::MouseEvent&) override;
    void mouseUp (const juce::MouseEvent&) override;
    void mouseMove (const juce::MouseEvent&) override;
    void mouseExit (const juce::MouseEvent&) override;
    void mouseDoubleClick (const juce::MouseEvent&) override;
    void mouseWheelMove (const juce::MouseEvent&, const juce::MouseWheelDetails&) override;
    bool isInterestedInFileDrag (const juce::StringArray&) override { return true; }
    void fileDragMove (const juce::StringArray&, int x, int y) override;
    void fileDragExit (const juce::StringArray&) override;
    void filesDropped (const juce::StringArray&, int x, int y) override;

    /// For tests: where things are.
    juce::Rectangle<int> laneOf (Id track) const;
    float xOf (Frames f) const { return time.x (f, static_cast<float> (headerWidth())); }

private:
    /// What the pointer took hold of.
    enum class Grip
    {
        none,
        playhead,
        loop,
        marker,
        move,
        copy,
        slip,
        trimStart,
        trimEnd,
        fadeIn,
        fadeOut,
        gain,
        range,
        point,
        bend,
        height,
        switches,
        pan
    };
    struct Row
    {
        Id track;
        int y = 0, height = 34; ///< within the rows, unscrolled
        bool lane = false;      ///< the automation of the track above
        int number = 0;
    };
    struct LanePlace
    {
        Id target;
        std::string param;
        bool operator== (const LanePlace&) const = default;
    };
    struct Hit
    {
        const Row* row = nullptr;
        session::ClipPtr clip;
        Grip grip = Grip::none;
        int point = -1;
    };

    void scrollBarMoved (juce::ScrollBar*, double) override;
    const session::Project& project() const { return preview ? *preview : model.project(); }
    const session::Song& song() const { return *project().songs.front(); }
    int headerWidth() const { return compact ? 212 : 236; }
    int grooveHeight() const { return compact ? 20 : 26; }
    int topHeight() const { return grooveHeight() + 18 + 22; }
    juce::Rectangle<int> rowsArea() const;
    juce::Rectangle<int> rowArea (const Row&) const;
    juce::Rectangle<int> sectionRow() const;
    juce::Rectangle<int> ruler() const;
    Frames frameAt (int x) const
    {
        return std::max<Frames> (0, time.frame (static_cast<float> (x), static_cast<float> (headerWidth())));
    }
    Frames snapped (Frames, const juce::ModifierKeys&) const;
    Frames pageLength() const;
    void setStart (double);
    void layRows();
    int usualHeight() const;
    const Row* rowAt (int y) const;
    Hit hit (juce::Point<int>, const juce::ModifierKeys&) const;
    juce::Rectangle<int> switchArea (const Row&, char letter) const;
    juce::Rectangle<int> meterArea (const Row&) const;

    // Automation
    LanePlace laneOfTrack (Id track) const;
    const session::Lane* laneAt (const Row&) const;
    const Param* laneParam (Id track) const;
    juce::Rectangle<float> laneGraph (const Row&) const;
    float laneY (const Row&, const Param&, double value) const;
    double laneValue (const Row&, const Param&, float y) const;
    void laneMenu (Id track);
    void pointMenu (const Row&, int point);
    void changeLane (const Row&, const std::function<void (std::vector<session::AutomationPoint>&)>&,
                     const char* label, bool commit);
    void paintLane (juce::Graphics&, const Row&, juce::Rectangle<int>);

    // Painting
    void paintTop (juce::Graphics&);
    void paintHeader (juce::Graphics&, const Row&);
    void paintRow (juce::Graphics&, const Row&);
    void paintOver (juce::Graphics&);
    void paintSelected (juce::Graphics&, const session::Track&, juce::Rectangle<int> lane);

    // Edits
    /// Shows what an edit of the project as it was at the start of the drag gives.
    void show (const std::function<session::Edit (const session::Project&)>&);
    void commit();
    /// Several edits as one step; each gets what the one before gave.
    void edit (const char* label, const std::function<bool (session::Project&)>&);
    static bool apply (session::Project&, session::Edit);
    session::Edit movedSelection (const session::Project&, Frames by, int tracks, bool copies) const;
    void clipMenu (const session::ClipPtr&);
    void rulerMenu (Frames);
    void trackMenu (const Row&);
    void addMenu();
    void rename (Id, juce::Rectangle<int>, const juce::String& now);
    void askNumber (juce::Rectangle<int>, const juce::String& now, std::function<void (double)>);
    std::vector<session::ClipPtr> chosenClips (const session::Project&) const;

    Model& model;
    Groove groove;
    ClipTiles tiles;
    TimeView time;
    Snap snap;
    Tool tool = Tool::pointer;
    std::vector<Row> rows;
    int rowsHeight = 0;
    std::map<Id, int> heights; ///< by hand
    std::set<Id> openLanes;    ///< tracks whose lane is shown
    std::map<Id, LanePlace> laneChoice;
    juce::ScrollBar down { true }, along { false };
    std::vector<std::unique_ptr<Button>> tools;
    Button magnet { Icon::magnet, "Snap", Button::Shape::flat }, grid { "1/8", Face::plain },
        addTrack { "+ Track", Face::quiet }, whole { Icon::zoom, "Show the whole song", Button::Shape::flat };
    std::unique_ptr<juce::TextEditor> naming;

    std::shared_ptr<const session::Project> preview, before;
    std::string previewLabel;
    Grip grip = Grip::none;
    Hit held;
    juce::Point<int> from;
    Frames fromFrame = 0;
    double fromGain = 0, fromStart = 0;
    int fromScroll = 0, fromHeight = 0;
    bool dragging = false, switchTo = false;
    std::string_view switchParam;
    std::set<Id> painted;
    Gesture loopGesture = 0;
    std::optional<std::pair<Frames, Frames>> range;
    std::set<Id> rangeTracks;
    std::set<Id> clips; ///< selected
    std::vector<std::pair<session::Clip, Id>> clipboard;
    Id selected, hoveredPoint;
    std::set<Id> chosen;
    std::optional<TimeView> zoomedFrom;
    struct Shown
    {
        Frames loopStart = 0, loopEnd = 0;
        bool looping = false;
    } shownLoop;
    float playhead = -1;
    std::map<Id, std::pair<int, int>> levels; ///< pixels of the header meters
    std::uint64_t shownOutlines = 0;
    int hoverPoint = -1;
    Id hoverLane;
    std::optional<juce::Point<int>> dropAt;
    bool compact = false, zoomed = false, inView = true;
};

} // namespace lacquer::ui
