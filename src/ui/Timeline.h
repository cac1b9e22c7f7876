// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "session/Grid.h"
#include "session/Points.h"
#include "ui/ClipTiles.h"
#include "ui/Controls.h"
#include "ui/Flash.h"
#include "ui/Groove.h"
#include "ui/LaneModes.h"
#include "ui/Meter.h"
#include "ui/Model.h"
#include "ui/Overlays.h"
#include "ui/ViewState.h"

#include <map>
#include <optional>
#include <set>
#include <vector>

namespace lacquer::ui
{

/// Which parameter a lane shows.
struct LanePlace
{
    Id target;
    std::string param;
    bool operator== (const LanePlace&) const = default;
};

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
    /// Other clips are chosen.
    std::function<void (const std::set<Id>&)> onClips;
    /// Menus go here when it is set, in place of onto the screen: for tests.
    std::function<void (const juce::PopupMenu&)> onMenu;

    // What keys and menus do. Each is one step of history.
    void setTool (Tool);
    void splitAtPlayhead();
    void duplicate();
    void copy();
    void cut();
    void paste();
    void removeSelection();
    /// Where the chosen stretch or the first of the chosen clips begins.
    std::optional<Frames> selectionStart() const;
    /// Types another name for the selected track in its header.
    void renameSelected();
    void selectAll();
    void selectNothing();
    void reverseMute();
    void reverse();
    void repeat (int times);
    /// From the start of the chosen clips to the playhead, or from there to their end.
    void fadeToPlayhead (bool in);
    /// The chosen clips one step of the grid earlier or later.
    void nudge (int direction);
    void toggleMetronome();
    void addMarker();
    void goToSection (int direction);
    void stepPlayhead (int direction, bool bars);
    void loopSelection();
    void zoomBy (double factor);
    void zoomToSelection();
    void zoomToSong();
    /// Waveforms are drawn so much taller than they sound, 0 to 36 dB: for quiet stems. What is heard stays.
    void setWaveHeight (double db);
    double waveHeight() const noexcept { return waveDb; }
    void openWaveMenu();
    void toggleLane();
    /// Opens the lane of a parameter, whoever has it.
    void showLane (Id target, const std::string& param);
    void setMode (Id owner, std::optional<session::LaneMode>);
    void toggleSnap();
    void groupChosen();
    /// Scrolls, along and down, to the first of what changed, unless some of it is in view. heads: also to
    /// what only the headers of tracks show.
    void reveal (const ChangedParts&, bool heads);
    /// What of it is in view.
    void outline (const ChangedParts&, Outlines& into) const;
    bool showsLane (Id target, std::string_view param) const;
    const std::set<Id>& selectedClips() const { return clips; }
    TimeView& view() { return time; }
    /// As it was left in this project, and how it is to be found again.
    void setView (const ViewState&);
    void tellView (ViewState&) const;

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
    /// The graph of an open lane; empty when it is not shown.
    juce::Rectangle<int> graphOf (Id target, std::string_view param) const;
    Groove& overview() { return groove; }
    juce::Rectangle<int> modeBoxOf (Id track) const;
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
        envelope,
        range,
        point,
        bend,
        draw,      ///< automation, freehand
        laneRange, ///< a stretch of a lane is being chosen
        lanePart,  ///< a chosen stretch is moved
        height,
        switches,
        pan
    };
    struct Row
    {
        Id track;
        int y = 0, height = 34; ///< within the rows, unscrolled
        bool lane = false;      ///< the automation of the strip above
        int number = 0;         ///< 0: no track, but a bus, VCA fader, master or modulator that shows lanes
        LanePlace place {};     ///< of a lane
    };
    struct Hit
    {
        const Row* row = nullptr;
        session::ClipPtr clip;
        Grip grip = Grip::none;
        int point = -1;
    };

    /// Where something is drawn.
    struct Spot
    {
        const Row* row = nullptr; ///< null: in the ruler
        bool head = false;        ///< in the row's header
        Frames begin = 0, end = 0;
    };
    /// Where parts of the song are drawn, for many of them at once.
    class Spots
    {
    public:
        explicit Spots (const std::vector<Row>&);
        std::optional<Spot> of (const session::ChangedPart&) const;

    private:
        std::map<Id, const Row*> heads;
        std::map<std::pair<Id, std::string>, const Row*> lanes;
    };
    juce::Rectangle<int> rowsInView() const;
    juce::Rectangle<int> areaOf (const Spot&) const;
    bool isSeen (const Spot&) const;

    void scrollBarMoved (juce::ScrollBar*, double) override;
    const session::Project& project() const { return preview ? *preview : model.project(); }
    const session::Song& song() const { return *project().songs.front(); }
    int headerWidth() const { return compact ? 212 : 236; }
    int grooveHeight() const { return compact ? 20 : 26; }
    int topHeight() const { return grooveHeight() + 18 + 22; }
    juce::Rectangle<int> rowsArea() const;
    juce::Rectangle<int> rowArea (const Row&) const;
    juce::Rectangle<int> nameArea (const Row&) const;
    juce::Rectangle<int> sectionRow() const;
    juce::Rectangle<int> ruler() const;
    Frames frameAt (int x) const
    {
        return std::max<Frames> (0, time.frame (static_cast<float> (x), static_cast<float> (headerWidth())));
    }
    Frames snapped (Frames, const juce::ModifierKeys&) const;
    Frames pageLength() const;
    void setStart (double);
    void repaintLanes (const std::set<Id>& tracks);
    void layRows();
    int usualHeight() const;
    const Row* rowAt (int y) const;
    Hit hit (juce::Point<int>, const juce::ModifierKeys&) const;
    juce::String hintOf (const Hit&, juce::Point<int>) const;
    juce::Rectangle<int> switchArea (const Row&, char letter) const;
    juce::Rectangle<int> meterArea (const Row&) const;

    // Automation
    LanePlace usualLane (Id owner) const;
    const session::Lane* laneAt (const LanePlace&) const;
    const Param* laneParam (const LanePlace&) const;
    session::LaneOf laneOf (const LanePlace&) const;
    juce::Rectangle<float> laneGraph (const Row&) const;
    juce::Rectangle<int> laneBox (const Row&) const;
    juce::Rectangle<int> laneMore (const Row&) const;
    juce::String laneName (const Row&) const;
    float laneY (const Row&, const Param&, double value) const;
    double laneValue (const Row&, const Param&, float y) const;
    void openLane (Id owner, const LanePlace&);
    void closeLane (const Row&);
    void toggleLanes (Id owner);
    void addParameters (juce::PopupMenu&, Id owner, const LanePlace& now,
                        const std::function<void (const LanePlace&)>& choose);
    void addLaneEdits (juce::PopupMenu&, const Row&);
    void laneMenu (const Row&);
    void moreLanesMenu (Id owner);
    void modeMenu (Id owner);
    void pointMenu (const Row&, int point);
    void askWrite (std::optional<session::LaneMode>, std::function<void()> set);
    session::Stretch laneStretch (const LanePlace&) const;
    void copyLane (const LanePlace&, bool cuts);
    void pasteLane (const LanePlace&);
    void changeLane (const LanePlace&, const std::function<void (std::vector<session::AutomationPoint>&)>&,
                     const char* label, bool commit);
    void paintLane (juce::Graphics&, const Row&, juce::Rectangle<int>);
    void paintWriting (juce::Graphics&, const Row&, const Param&, juce::Rectangle<int>);
    void paintLaneHeader (juce::Graphics&, const Row&, juce::Rectangle<int>);
    void dragLane (const juce::MouseEvent&);
    void showMenu (juce::PopupMenu&);

    // Painting
    void paintTop (juce::Graphics&);
    void paintHeader (juce::Graphics&, const Row&);
    void paintRow (juce::Graphics&, const Row&);
    juce::String headValues (Id track) const;
    void advanceHeads();
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
    std::vector<Id> chosenIds() const;
    void clipMenu (const session::ClipPtr&, Frames at);
    static float envelopeY (juce::Rectangle<float> clip, double db);
    void addEnvelopePoint (Id clip, Frames at);
    void addTrackEditing (juce::PopupMenu&, Id track);
    void gridMenu();
    double roomAboveWaves() const;
    void clickMenu();
    void addTempoEntries (juce::PopupMenu&, Frames at);
    Frames onGrid (Frames) const;
    void readGrid();
    void showGrid();
    void setGrid (const session::Grid&, bool on);
    void rulerMenu (Frames);
    void trackMenu (const Row&);
    void laneAreaMenu (const Row&, Frames);
    void addMenu();
    void rename (Id, juce::Rectangle<int>, const juce::String& now);
    void askNumber (juce::Rectangle<int>, const juce::String& now, std::function<void (double)>);
    std::vector<session::ClipPtr> chosenClips (const session::Project&) const;

    Model& model;
    Groove groove;
    ClipTiles tiles;
    TimeView time;
    session::Grid grid { session::Grid::Unit::note, 1, 8 }; ///< what positions are drawn to
    bool snaps = true;
    Id gridOf; ///< the song whose grid was read, and what it was
    std::pair<session::Grid, bool> gridRead;
    Tool tool = Tool::pointer;
    std::vector<Row> rows;
    int rowsHeight = 0;
    std::map<Id, int> heights;                      ///< by hand
    std::map<Id, std::vector<LanePlace>> openLanes; ///< by whose they are
    struct LaneRange
    {
        LanePlace place;
        Frames from = 0, to = 0;
    };
    std::optional<LaneRange> laneRange;
    session::Points lanePoints; ///< copied, from position 0
    Frames lanePointsLength = 0;
    session::Points drawnPoints;
    Frames lastDrawn = 0;
    std::pair<Frames, Frames> fromRange;
    std::map<std::pair<Id, std::string>, juce::String> laneNow; ///< the values that headers of lanes show
    std::map<Id, juce::String> headNow;                         ///< and those of tracks, where they move
    bool writeKnown = false;                                    ///< what Write does was asked
    std::unique_ptr<juce::Component> question;
    juce::ScrollBar down { true }, along { false };
    std::vector<std::unique_ptr<Button>> tools;
    Button magnet { Icon::magnet, "Snap", Button::Shape::flat }, gridButton { "1/8", Face::plain },
        addTrack { "+ Track", Face::quiet }, click { Icon::metro, "Metronome", Button::Shape::flat },
        waves { Icon::wave, "Waveforms", Button::Shape::flat },
        whole { Icon::zoom, "Show the whole song", Button::Shape::flat };
    std::unique_ptr<juce::TextEditor> naming;

    std::shared_ptr<const session::Project> preview, before;
    session::SongPtr drawn; ///< as it was drawn last
    std::string previewLabel;
    Grip grip = Grip::none;
    Hit held;
    juce::Point<int> from;
    Frames fromFrame = 0;
    double fromGain = 0, fromStart = 0, waveDb = 0;
    int fromScroll = 0, fromHeight = 0;
    bool dragging = false, switchTo = false;
    std::string_view switchParam;
    std::set<Id> painted;
    Gesture loopGesture = 0;
    std::optional<std::pair<Frames, Frames>> range;
    std::set<Id> rangeTracks;
    std::set<Id> clips, toldClips; ///< selected; and as they were told last
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
    LanePlace hoverLane;
    std::optional<juce::Point<int>> dropAt;
    bool compact = false, zoomed = false, toldPlaying = false;
    Frames toldPosition = 0;
};

} // namespace lacquer::ui
