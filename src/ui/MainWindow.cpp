// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/MainWindow.h"

#include "ui/Bars.h"
#include "ui/DeliverPages.h"
#include "ui/Discard.h"
#include "ui/Flash.h"
#include "ui/KeySheet.h"
#include "ui/MasterPage.h"
#include "ui/MixPage.h"
#include "ui/MonitorPanel.h"
#include "ui/Overlays.h"
#include "ui/ProjectFiles.h"
#include "ui/Scale.h"
#include "ui/StemDialogs.h"

#include <array>
#include <atomic>
#include <csignal>
#include <cstdio>

namespace lacquer::ui
{

namespace
{

enum Command : int
{
    playStop = 1,
    playSelection,
    toStart,
    toEnd,
    loop,
    undo,
    redo,
    save,
    saveAs,
    openProject,
    newMix,
    pageMix,
    pageMaster,
    pageAlbum,
    pageExport,
    mute,
    solo,
    clearHolds,
    dim,
    monoListening,
    hearReference,
    previousStrip,
    nextStrip,
    inspector,
    mixerPanel,
    channelEditor,
    leave,
    findStrip,
    firstTool,
    lastTool = firstTool + 4,
    splitClips,
    duplicateClips,
    copyClips,
    cutClips,
    pasteClips,
    removeClips,
    selectAll,
    addMarker,
    previousSection,
    nextSection,
    stepBack,
    stepOn,
    barBack,
    barOn,
    loopSelection,
    zoomIn,
    zoomOut,
    zoomSelection,
    wavesTaller,
    wavesLower,
    laneToggle,
    snapToggle,
    groupTracks,
    reverseClips,
    repeatClips,
    muteClips,
    nudgeBack,
    nudgeOn,
    fadeInClips,
    fadeOutClips,
    metronome,
    renameTrack,
    importAudio,
    exportPage,
    keySheet,
    fullScreen,
    audioSettings
};

struct Key
{
    Command command;
    const char *name, *group;
    int code;
    int mods;
};

constexpr int ctrl = juce::ModifierKeys::commandModifier, shift = juce::ModifierKeys::shiftModifier;

/// The keyboard map (design: UI, 7), as far as there is something to command.
const std::array keys {
    Key { playStop, "Play or stop", "Transport", juce::KeyPress::spaceKey, 0 },
    Key { playSelection, "Play from the selection", "Transport", juce::KeyPress::spaceKey, shift },
    Key { toStart, "Return to start", "Transport", juce::KeyPress::homeKey, 0 },
    Key { toEnd, "Go to end", "Transport", juce::KeyPress::endKey, 0 },
    Key { loop, "Loop on or off", "Transport", 'L', 0 },
    Key { undo, "Undo", "Edit", 'Z', ctrl },
    Key { redo, "Redo", "Edit", 'Z', ctrl | shift },
    Key { save, "Save", "Project", 'S', ctrl },
    Key { saveAs, "Save as", "Project", 'S', ctrl | shift },
    Key { openProject, "Open a project", "Project", 'O', ctrl },
    Key { newMix, "New mix", "Project", 'N', ctrl },
    Key { pageMix, "MIX", "Pages", '1', ctrl },
    Key { pageMaster, "MASTER", "Pages", '2', ctrl },
    Key { pageAlbum, "ALBUM", "Pages", '3', ctrl },
    Key { pageExport, "EXPORT", "Pages", '4', ctrl },
    Key { mute, "Mute the selected strip", "Mixer", 'M', 0 },
    Key { solo, "Solo the selected strip", "Mixer", 'S', 0 },
    Key { clearHolds, "Clear clip lights and holds", "Mixer", 'C', shift },
    Key { dim, "Dim monitoring", "Monitor", 'D', 0 },
    Key { monoListening, "Mono monitoring", "Monitor", 'D', shift },
    Key { hearReference, "Reference", "Monitor", 'O', shift },
    Key { previousStrip, "Previous strip", "Mixer", juce::KeyPress::upKey, 0 },
    Key { nextStrip, "Next strip", "Mixer", juce::KeyPress::downKey, 0 },
    Key { inspector, "Show or hide the inspector", "Mixer", 'I', 0 },
    Key { mixerPanel, "Show or hide the mixer", "Mixer", 'X', 0 },
    Key { channelEditor, "Channel editor of the selected strip", "Mixer", 'E', 0 },
    Key { leave, "Back, or select nothing", "Mixer", juce::KeyPress::escapeKey, 0 },
    Key { findStrip, "Find a track", "Mixer", 'F', ctrl },
    Key { firstTool, "Pointer", "Tracks", '1', 0 },
    Key { static_cast<Command> (firstTool + 1), "Range", "Tracks", '2', 0 },
    Key { static_cast<Command> (firstTool + 2), "Split", "Tracks", '3', 0 },
    Key { static_cast<Command> (firstTool + 3), "Fade", "Tracks", '4', 0 },
    Key { lastTool, "Pencil", "Tracks", '5', 0 },
    Key { splitClips, "Split at the playhead", "Tracks", 'T', ctrl },
    Key { duplicateClips, "Duplicate", "Tracks", 'D', ctrl },
    Key { copyClips, "Copy", "Tracks", 'C', ctrl },
    Key { cutClips, "Cut", "Tracks", 'X', ctrl },
    Key { pasteClips, "Paste", "Tracks", 'V', ctrl },
    Key { removeClips, "Delete", "Tracks", juce::KeyPress::deleteKey, 0 },
    Key { selectAll, "Select all", "Tracks", 'A', ctrl },
    Key { addMarker, "Add marker", "Tracks", 'M', shift },
    Key { previousSection, "Previous section", "Transport", '[', 0 },
    Key { nextSection, "Next section", "Transport", ']', 0 },
    Key { stepBack, "One grid step back", "Transport", juce::KeyPress::leftKey, 0 },
    Key { stepOn, "One grid step on", "Transport", juce::KeyPress::rightKey, 0 },
    Key { barBack, "One bar back", "Transport", juce::KeyPress::leftKey, shift },
    Key { barOn, "One bar on", "Transport", juce::KeyPress::rightKey, shift },
    Key { loopSelection, "Loop to selection", "Transport", 'L', ctrl },
    Key { zoomIn, "Zoom in", "Tracks", '+', 0 },
    Key { zoomOut, "Zoom out", "Tracks", '-', 0 },
    Key { zoomSelection, "Zoom to selection and back", "Tracks", 'Z', 0 },
    Key { wavesTaller, "Taller waveforms", "Tracks", juce::KeyPress::upKey, shift },
    Key { wavesLower, "Lower waveforms", "Tracks", juce::KeyPress::downKey, shift },
    Key { laneToggle, "Automation lane", "Tracks", 'A', 0 },
    Key { snapToggle, "Snap", "Tracks", 'N', 0 },
    Key { groupTracks, "Group chosen tracks", "Tracks", 'G', ctrl },
    Key { reverseClips, "Reverse clips", "Tracks", 'R', ctrl | shift },
    Key { repeatClips, "Repeat clips once", "Tracks", 'R', ctrl },
    Key { muteClips, "Mute clips", "Tracks", 'M', ctrl },
    Key { nudgeBack, "Clips one grid step back", "Tracks", juce::KeyPress::leftKey, ctrl },
    Key { nudgeOn, "Clips one grid step on", "Tracks", juce::KeyPress::rightKey, ctrl },
    Key { fadeInClips, "Fade in to the playhead", "Tracks", juce::KeyPress::leftKey, ctrl | shift },
    Key { fadeOutClips, "Fade out from the playhead", "Tracks", juce::KeyPress::rightKey, ctrl | shift },
    Key { metronome, "Metronome", "Transport", 'K', 0 },
    Key { renameTrack, "Rename the selected track", "Tracks", juce::KeyPress::returnKey, 0 },
    Key { importAudio, "Import audio files", "Project", 'I', ctrl },
    Key { exportPage, "Export", "Project", 'E', ctrl },
    Key { keySheet, "This list of keys", "Program", juce::KeyPress::F1Key, 0 },
    Key { fullScreen, "Full screen", "Program", juce::KeyPress::F11Key, 0 },
    Key { audioSettings, "Audio settings", "Program", ',', ctrl },
};

std::atomic<bool> quitAsked { false };

extern "C" void askToQuit (int)
{
    quitAsked.store (true);
}

} // namespace

struct WindowContent::Parts final : public juce::ApplicationCommandTarget
{
    Parts (WindowContent& w, Model& m)
        : window (w), model (m), top (m), mix (m), master (m), album (m), deliver (m), status (m), lengthy (m)
    {
        commands.registerAllCommandsForTarget (this);
        commands.setFirstCommandTarget (this);
        window.addKeyListener (commands.getKeyMappings());
        window.setWantsKeyboardFocus (true);
    }
    ~Parts() override
    {
        keepView();
        window.removeKeyListener (commands.getKeyMappings());
    }

    /// How a project is looked at stays with it.
    void keepView() const
    {
        if (mix.view() != viewRead)
            mix.view().keep (viewOf);
    }
    void readView()
    {
        if (viewOf == model.folder())
            return;
        keepView();
        viewOf = model.folder();
        mix.setView (ViewState::of (viewOf));
        viewRead = mix.view();
    }

    juce::ApplicationCommandTarget* getNextCommandTarget() override { return nullptr; }
    void getAllCommands (juce::Array<juce::CommandID>& all) override
    {
        for (const auto& k : keys)
            all.add (k.command);
    }
    void getCommandInfo (juce::CommandID id, juce::ApplicationCommandInfo& info) override
    {
        for (const auto& k : keys)
            if (k.command == id)
            {
                info.setInfo (k.name, k.name, k.group, 0);
                info.addDefaultKeypress (k.code, juce::ModifierKeys (k.mods));
            }
    }
    bool perform (const InvocationInfo& info) override
    {
        switch (info.commandID)
        {
            case playStop: model.playing() ? model.stop() : model.play(); break;
            case playSelection:
                if (const auto from = mix.tracks().selectionStart())
                    model.locate (*from);
                model.play();
                break;
            case toStart: model.locate (0); break;
            case toEnd: model.locate (model.length()); break;
            case loop: model.setLooping (! model.looping()); break;
            case undo: step (true); return true;
            case redo: step (false); return true;
            case save: saveProject(); break;
            case saveAs: files.saveAs(); break;
            case openProject: chooseProject(); break;
            case newMix: files.newMix(); break;
            case pageMix:
            case pageMaster:
            case pageAlbum:
            case pageExport: window.showPage (info.commandID - pageMix); break;
            case mute: mix.toggle (stripIds::mute, {}); break;
            case solo: mix.toggle (stripIds::solo, {}); break;
            case clearHolds: mix.clearHolds(); break;
            case dim: switchMonitor (model, &MonitorState::dim); break;
            case monoListening: switchMonitor (model, &MonitorState::mono); break;
            case hearReference: switchMonitor (model, &MonitorState::reference); break;
            case previousStrip: mix.selectNeighbour (-1); break;
            case nextStrip: mix.selectNeighbour (1); break;
            case inspector: mix.showInspector (! mix.inspectorShows()); break;
            case mixerPanel: mix.showMixer (! mix.mixerShows()); break;
            case channelEditor: mix.showEditor (! mix.editorShows()); break;
            case leave:
                if (mix.editorShows())
                    mix.showEditor (false);
                else
                    mix.tracks().selectNothing();
                break;
            case splitClips: mix.tracks().splitAtPlayhead(); break;
            case duplicateClips: mix.tracks().duplicate(); break;
            case copyClips: mix.tracks().copy(); break;
            case cutClips: mix.tracks().cut(); break;
            case pasteClips: mix.tracks().paste(); break;
            case removeClips: mix.tracks().removeSelection(); break;
            case selectAll: mix.tracks().selectAll(); break;
            case addMarker: mix.tracks().addMarker(); break;
            case previousSection: mix.tracks().goToSection (-1); break;
            case nextSection: mix.tracks().goToSection (1); break;
            case stepBack: mix.tracks().stepPlayhead (-1, false); break;
            case stepOn: mix.tracks().stepPlayhead (1, false); break;
            case barBack: mix.tracks().stepPlayhead (-1, true); break;
            case barOn: mix.tracks().stepPlayhead (1, true); break;
            case loopSelection: mix.tracks().loopSelection(); break;
            case zoomIn: mix.tracks().zoomBy (1.5); break;
            case zoomOut: mix.tracks().zoomBy (1 / 1.5); break;
            case zoomSelection: mix.tracks().zoomToSelection(); break;
            case wavesTaller: mix.tracks().setWaveHeight (mix.tracks().waveHeight() + 3); break;
            case wavesLower: mix.tracks().setWaveHeight (mix.tracks().waveHeight() - 3); break;
            case laneToggle: mix.tracks().toggleLane(); break;
            case snapToggle: mix.tracks().toggleSnap(); break;
            case groupTracks: mix.tracks().groupChosen(); break;
            case reverseClips: mix.tracks().reverse(); break;
            case repeatClips: mix.tracks().repeat (1); break;
            case muteClips: mix.tracks().reverseMute(); break;
            case nudgeBack: mix.tracks().nudge (-1); break;
            case nudgeOn: mix.tracks().nudge (1); break;
            case fadeInClips: mix.tracks().fadeToPlayhead (true); break;
            case fadeOutClips: mix.tracks().fadeToPlayhead (false); break;
            case metronome: mix.tracks().toggleMetronome(); break;
            case findStrip: mix.openSearch(); break;
            case renameTrack:
                if (! mix.editorShows())
                    mix.tracks().renameSelected();
                break;
            case importAudio: chooseAudio(); break;
            case exportPage: window.showPage (3); break;
            case keySheet: showKeys(); break;
            case fullScreen:
            {
                auto& desktop = juce::Desktop::getInstance();
                auto* whole = window.getTopLevelComponent();
                desktop.setKioskModeComponent (desktop.getKioskModeComponent() == whole ? nullptr : whole,
                                               false);
                break;
            }
            case audioSettings: window.showAudioSettings(); break;
            default:
                if (info.commandID < firstTool || info.commandID > lastTool)
                    return false;
                mix.tracks().setTool (static_cast<Timeline::Tool> (info.commandID - firstTool));
                break;
        }
        readAgain();
        return true;
    }

    /// Top right of the lanes, so that no fader and no meter is under them.
    void placeToasts()
    {
        auto room = mix.getBounds();
        if (shown == 0)
            room.setWidth (mix.lanesRight());
        toasts.setBounds (room.reduced (16, 12).removeFromRight (std::min (452, room.getWidth() - 32)));
    }

    void tell (const Outcome& o, const char* title)
    {
        if (! o)
            toasts.add ({ Notice::Kind::error, title, o.problem().sentence() });
    }
    void saveProject() { tell (model.save(), "The project could not be saved"); }
    void enter (const studio::Next& next)
    {
        if (next.copy) // it is looked at as what it is a copy of
            mix.view().keep (next.studio->folder());
        tell (model.enter (next), "The audio device could not be opened");
    }
    void chooseProject()
    {
        chooser = std::make_unique<juce::FileChooser> ("Open a project", juce::File(), "*.lacquer");
        chooser->launchAsync (juce::FileBrowserComponent::openMode |
                                  juce::FileBrowserComponent::canSelectFiles,
                              [this] (const juce::FileChooser& c)
                              {
                                  if (const auto file = c.getResult(); file != juce::File())
                                      window.askToLeave (
                                          [this, file] {
                                              tell (model.open (file.getFullPathName().toStdString()),
                                                    "The project could not be opened");
                                          });
                              });
    }
    void chooseAudio()
    {
        chooser = std::make_unique<juce::FileChooser> ("Import audio: one file becomes one track",
                                                       juce::File(), "*.wav;*.flac;*.aif;*.aiff;*.mp3;*.ogg");
        chooser->launchAsync (juce::FileBrowserComponent::openMode |
                                  juce::FileBrowserComponent::canSelectFiles |
                                  juce::FileBrowserComponent::canSelectMultipleItems,
                              [this] (const juce::FileChooser& c)
                              {
                                  juce::StringArray paths;
                                  for (const auto& f : c.getResults())
                                      paths.add (f.getFullPathName());
                                  if (! paths.isEmpty())
                                      window.filesDropped (paths, 0, 0);
                              });
    }
    void showKeys()
    {
        auto sheet = std::make_unique<KeySheet>();
        for (const auto& k : keys)
            sheet->add (k.group, k.name,
                        juce::KeyPress (k.code, juce::ModifierKeys (k.mods), 0).getTextDescription());
        sheet->onDone = [this] { window.dismissOverlay(); };
        window.showOverlay (std::move (sheet));
    }
    void ask (std::unique_ptr<Dialog> dialog)
    {
        dialog->onDone = [this] { window.dismissOverlay(); };
        window.showOverlay (std::move (dialog));
    }
    void showProjectMenu()
    {
        files.readTemplates (
            [this, safe = juce::Component::SafePointer<WindowContent> (&window)] (const auto& templates)
            {
                if (safe == nullptr)
                    return;
                juce::PopupMenu menu;
                menu.addCommandItem (&commands, newMix, "New mix...");
                files.addTemplates (menu, templates);
                menu.addCommandItem (&commands, openProject, "Open a project...");
                menu.addCommandItem (&commands, save);
                menu.addCommandItem (&commands, saveAs, "Save as...");
                menu.addSeparator();
                files.addTo (menu);
                menu.addSeparator();
                menu.addSubMenu ("Size of everything", sizeMenu());
                menu.showMenuAsync (juce::PopupMenu::Options().withDeletionCheck (window));
            });
    }
    juce::PopupMenu sizeMenu()
    {
        juce::PopupMenu menu;
        for (const int percent : scales)
            menu.addItem (juce::String (percent) + " %", scaleFits (percent), percent == keptScale (model),
                          [this, percent]
                          {
                              keepScale (model, percent);
                              useScale (percent);
                              if (window.onScale)
                                  window.onScale();
                          });
        return menu;
    }
    void readAgain()
    {
        readView();
        revision = model.revision();
        if (structure != model.structure())
        {
            structure = model.structure();
            mix.rebuild();
            master.rebuild();
            deliver.rebuild();
        }
        mix.refresh();
        if (shown == 1)
            master.refresh();
        if (shown == 2)
            album.rebuild();
    }
    /// Undo and redo tell what they did and show where.
    void step (bool back)
    {
        const auto before = model.project().songs.front();
        const auto label = utf8 (back ? model.undoLabel() : model.redoLabel());
        back ? model.undo() : model.redo();
        readAgain();
        if (label.isEmpty())
            return;
        status.tell (back ? "Undone" : "Redone", label);
        flash.start (session::changedParts (*before, model.song()));
        if (shown == 0)
            mix.reveal (flash.what());
        outlineStep();
    }
    void outlineStep()
    {
        auto all = shown == 0   ? mix.outlinesOf (flash.what())
                   : shown == 1 ? master.outlinesOf (flash.what())
                                : Outlines {};
        for (auto& r : all)
            r += mix.getPosition(); // where every page is
        flash.show (std::move (all));
    }
    std::array<juce::Component*, 4> pages() { return { &mix, &master, &album, &deliver }; }

    WindowContent& window;
    Model& model;
    LookAndFeel look;
    juce::ApplicationCommandManager commands;
    TopBar top;
    MixPage mix;
    MasterPage master;
    AlbumPage album;
    ExportPage deliver;
    StatusBar status;
    LengthyWork lengthy;
    Toasts toasts;
    Flash flash;
    FocusRing ring;
    juce::TooltipWindow tooltip { &window, 600 };
    std::unique_ptr<juce::Component> overlay;
    std::unique_ptr<juce::FileChooser> chooser;
    ProjectFiles files { model, window, top };
    std::uint64_t revision = 0, structure = 0;
    double slow = 0;
    int shown = 0;
    std::string viewOf; ///< the folder of the project that is looked at
    ViewState viewRead;
};

WindowContent::WindowContent (Model& model) : parts (std::make_unique<Parts> (*this, model))
{
    auto& p = *parts;
    setLookAndFeel (&p.look);
    juce::LookAndFeel::setDefaultLookAndFeel (&p.look); // menus that belong to no component
    setOpaque (true);
    p.structure = model.structure();
    addAndMakeVisible (p.top);
    for (auto* page : p.pages())
        addChildComponent (page);
    addAndMakeVisible (p.status);
    addAndMakeVisible (p.lengthy);
    addAndMakeVisible (p.flash);
    addAndMakeVisible (p.toasts);
    addAndMakeVisible (p.ring);
    p.top.onPage = [this] (Page page) { showPage (static_cast<int> (page)); };
    p.top.onSave = [this] { parts->saveProject(); };
    p.top.onAudioSettings = [this] { showAudioSettings(); };
    p.top.onStep = [this] (bool back) { parts->step (back); };
    p.top.onProject = [this] { parts->showProjectMenu(); };
    showPage (0);
    p.readView();
    setSize (1440, 860);
    frame (0);
}

WindowContent::~WindowContent()
{
    juce::LookAndFeel::setDefaultLookAndFeel (nullptr);
    setLookAndFeel (nullptr);
}

void WindowContent::showPage (int page)
{
    auto& p = *parts;
    p.shown = std::clamp (page, 0, 3);
    p.readAgain();
    p.top.setPage (static_cast<Page> (p.shown));
    const auto pages = p.pages();
    for (std::size_t n = 0; n < pages.size(); ++n)
        pages[n]->setVisible (static_cast<int> (n) == p.shown);
}

void WindowContent::showLane (Id target, const std::string& param)
{
    showPage (0);
    parts->mix.showLane (target, param);
}

void WindowContent::showModulator (Id modulator)
{
    showPage (0);
    parts->mix.showModulator (modulator);
}

int WindowContent::page() const
{
    return parts->shown;
}

void WindowContent::frame (double seconds)
{
    auto& p = *parts;
    if (p.revision != p.model.revision() || p.structure != p.model.structure())
        p.readAgain();
    const auto heard = p.model.takeMaster();
    p.top.refresh (heard, seconds);
    // Meters are read even while hidden, so that the numbers kept in them are true.
    p.mix.advance (seconds);
    p.master.advance (heard, seconds);
    if (p.flash.runs())
    {
        p.flash.advance (seconds);
        p.outlineStep();
    }
    p.slow += seconds;
    if (p.slow >= 0.1 || seconds <= 0)
    {
        p.status.refresh (std::exchange (p.slow, 0));
        p.deliver.refresh();
    }
    while (const auto notice = p.model.takeNotice())
        p.toasts.add (*notice);
    // One question at a time, and nobody types into what is about to go.
    if (p.overlay == nullptr)
        if (const auto next = p.model.takeNext())
        {
            const auto enter = [this, next = *next] { parts->enter (next); };
            next->copy ? enter() : askToLeave (enter);
        }
    if (p.overlay == nullptr)
        if (const auto drop = p.model.takeImportQuestion())
            p.ask (importDialog (p.model, *drop));
    if (p.overlay == nullptr)
        if (const auto unused = p.model.takeCleanQuestion())
            p.ask (cleanDialog (p.model, *unused));
    p.placeToasts();
    p.lengthy.refresh();
    p.toasts.advance (seconds);
    p.toasts.setInterceptsMouseClicks (false, p.toasts.count() > 0);
}

void WindowContent::showOverlay (std::unique_ptr<juce::Component> what)
{
    auto& p = *parts;
    p.overlay = std::move (what);
    addAndMakeVisible (*p.overlay);
    p.overlay->setBounds (getLocalBounds());
    if (p.overlay->isShowing())
        p.overlay->grabKeyboardFocus();
}

void WindowContent::dismissOverlay()
{
    discard (std::move (parts->overlay)); // something in it is calling
}

juce::Component* WindowContent::overlay()
{
    return parts->overlay.get();
}

void WindowContent::showAudioSettings()
{
    auto settings = std::make_unique<AudioSettings> (parts->model);
    settings->onDone = [this] { dismissOverlay(); };
    showOverlay (std::move (settings));
}

void WindowContent::askToLeave (std::function<void()> leave)
{
    const auto& p = *parts;
    if (! p.model.unsaved())
    {
        leave();
        return;
    }
    auto dialog = std::make_unique<Dialog> (
        "Save changes to \"" + utf8 (p.model.projectName()) + "\"?",
        "The audio files stay where they are either way.",
        std::vector<Dialog::Choice> { { "Save", Face::primary,
                                        [this, leave]
                                        {
                                            const auto o = parts->model.save();
                                            parts->tell (o, "The project could not be saved");
                                            if (o)
                                                leave();
                                        } },
                                      { "Don't save", Face::quiet,
                                        [this, leave]
                                        {
                                            parts->model.forgetEdits();
                                            leave();
                                        } },
                                      { "Cancel", Face::plain, {} } });
    parts->ask (std::move (dialog));
}

bool WindowContent::press (const juce::KeyPress& key)
{
    return parts->commands.getKeyMappings()->keyPressed (key, this);
}

void WindowContent::filesDropped (const juce::StringArray& files, int, int)
{
    std::vector<std::string> paths;
    for (const auto& f : files)
        paths.push_back (f.toStdString());
    parts->model.importFiles (paths, {}, 0);
    showPage (0);
}

void WindowContent::paint (juce::Graphics& g)
{
    g.fillAll (colour (tokens::ground));
}

void WindowContent::resized()
{
    auto& p = *parts;
    auto r = getLocalBounds();
    const bool compact = getWidth() < 1500 || getHeight() < 860;
    p.top.setCompact (compact);
    p.mix.setCompact (compact);
    p.master.setCompact (compact);
    p.top.setBounds (r.removeFromTop (compact ? 46 : 54));
    p.status.setBounds (r.removeFromBottom (24));
    for (auto* page : p.pages())
        page->setBounds (r);
    p.lengthy.setBounds (r);
    p.placeToasts();
    p.flash.setBounds (getLocalBounds());
    p.ring.setBounds (getLocalBounds());
    if (p.overlay != nullptr)
        p.overlay->setBounds (getLocalBounds());
}

/// One clock for everything that moves: 30 Hz.
class MainWindow::Frames final : private juce::Timer
{
public:
    explicit Frames (MainWindow& w) : window (w), last (juce::Time::getMillisecondCounterHiRes())
    {
        startTimerHz (30);
    }

private:
    void timerCallback() override
    {
        const double now = juce::Time::getMillisecondCounterHiRes();
        window.inside->frame ((now - last) / 1000);
        window.nameIt();
        last = now;
        if (quitAsked.exchange (false))
            juce::MessageManager::getInstance()->stopDispatchLoop();
    }
    MainWindow& window;
    double last;
};

MainWindow::MainWindow (Model& m)
    : DocumentWindow ("Lacquer", colour (tokens::ground), DocumentWindow::allButtons, false), model (m),
      inside (std::make_unique<WindowContent> (m))
{
    setUsingNativeTitleBar (true);
    nameIt();
    setContentNonOwned (inside.get(), true);
    setResizable (true, false);
    setResizeLimits (smallestWidth, smallestHeight, 7680, 4320);
    addToDesktop();
    place();
    inside->onScale = [this] { place(); };
    setVisible (true);
    inside->grabKeyboardFocus();
    frames = std::make_unique<Frames> (*this);
}

void MainWindow::place()
{
    const auto* display = juce::Desktop::getInstance().getDisplays().getPrimaryDisplay();
    if (display != nullptr)
    {
        // The window manager moves what is asked for down by its title bar, whose height it tells too late.
        const auto room = display->userArea.withTrimmedBottom (titleBar);
        setBounds (
            room.withSizeKeepingCentre (std::min (1920, room.getWidth()), std::min (1080, room.getHeight())));
    }
}

MainWindow::~MainWindow()
{
    frames.reset();
    clearContentComponent();
}

void MainWindow::nameIt()
{
    if (const auto name = "Lacquer: " + utf8 (model.projectName()); name != getName())
        setName (name);
}

void MainWindow::closeButtonPressed()
{
    inside->askToLeave ([] { juce::MessageManager::getInstance()->stopDispatchLoop(); });
}

bool MainWindow::keyPressed (const juce::KeyPress& key)
{
    // Comes here when nothing inside has focus.
    return inside->press (key) || DocumentWindow::keyPressed (key);
}

int run (int argc, char* argv[],
         const std::function<std::unique_ptr<Model> (const std::vector<std::string>&)>& open)
{
    // Without an application object JUCE still must take the tolerant handler for errors of the X server.
    juce::JUCEApplicationBase::createInstance = []() -> juce::JUCEApplicationBase* { return nullptr; };
    const juce::ScopedJuceInitialiser_GUI juceIsUp;
    std::vector<std::string> args;
    double scale = 0;
    for (int n = 1; n < argc; ++n)
    {
        if (std::string_view (argv[n]) == "--scale" && n + 1 < argc)
            scale = juce::String (argv[++n]).getDoubleValue();
        else
            args.emplace_back (argv[n]);
    }
    if (juce::Desktop::getInstance().getDisplays().displays.isEmpty())
    {
        std::fputs (
            "There is no display to open a window on. Use the commands instead: lacquer --help lists them.\n",
            stderr);
        return 3;
    }
    const auto model = open (args);
    if (model == nullptr)
        return 3;
    useScale (scale > 0 ? scale : keptScale (*model));
    std::signal (SIGINT, askToQuit);
    std::signal (SIGTERM, askToQuit);
    MainWindow window (*model);
    juce::MessageManager::getInstance()->runDispatchLoop();
    return 0;
}

} // namespace lacquer::ui
