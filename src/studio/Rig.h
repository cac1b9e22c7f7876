// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/FrameSource.h"
#include "core/TempoMap.h"
#include "engine/ControlTap.h"
#include "engine/EffectNode.h"
#include "engine/Graph.h"
#include "engine/Plan.h"
#include "engine/Scope.h"
#include "engine/SourceNode.h"
#include "measure/LiveMeter.h"
#include "mix/StripBank.h"
#include "session/Project.h"
#include "studio/Modulators.h"
#include "studio/Monitor.h"

#include <functional>
#include <map>
#include <memory>
#include <utility>
#include <vector>

namespace lacquer::studio
{

/// Which point of the graph is heard or rendered.
struct Tap
{
    enum class Point
    {
        master,
        mix,        ///< after the mix bus, before the mastering chain
        strip,      ///< after the fader and pan of one strip
        beforeFader ///< of one strip, with its channels: what mute, solo and fader have no part in
    };
    Point point = Point::master;
    Id strip {};
};

/// Makes the player of a track's clips. [control]
using SourceMaker =
    std::function<Result<std::shared_ptr<FrameSource>> (const session::Project&, const session::Track&)>;

/// Reads a recording for an effect, at most so many seconds of it. [control]
using RecordingReader = std::function<Result<std::shared_ptr<const engine::Recording>> (
    const session::Project&, Id media, double longest)>;

/// The effect of an id, or null. [control]
using EffectFinder = const engine::EffectType* (*)(std::string_view);

/// The graph of a song, and what its banks are made of: enough to cross from it to the next.
struct Wiring
{
    struct Bank
    {
        std::shared_ptr<mix::StripBank> bank;
        mix::StripBank::Layout layout;
    };
    engine::Graph graph;
    std::map<Id, Bank> banks; ///< by node
    std::uint64_t number = 0; ///< counts the graphs of a Rig from 1
};

/// What is heard of a song live, behind its end. An export has none of it.
struct LiveEnd
{
    std::shared_ptr<Monitor> monitor;
    std::vector<Id> listened;               ///< strips that are heard in place of the song
    bool beforeFader = false;               ///< how they are
    std::shared_ptr<FrameSource> reference; ///< in song time; may be null
};

/// Someone who hears a strip other than the mix bus, or what comes into any bus, beside the song and as far
/// as the mix bus is heard: a processor of one stereo input and one mono output, which has to be silent. A
/// mono strip is heard on both sides.
struct Listener
{
    Id strip;
    bool beforeFader = false;
    bool input = false; ///< all that comes into a bus, before its inserts, in place of what leaves it
    std::shared_ptr<engine::Processor> node;
};

/// The processors of one song: they outlive graphs, are found by id and keep their sound. A Rig turns a song
/// into the engine's graph and hands values to the processors. [control] throughout, except the meters.
class Rig
{
public:
    /// effects: those that inserts may be; without it all there are.
    Rig (double sampleRate, SourceMaker, RecordingReader = {}, EffectFinder effects = nullptr);

    /// The graph of a song, with every value and lane in place. Processors of things that are gone are let go
    /// (plans in use still hold theirs). A Problem when a track cannot be played or the tap does not exist.
    Result<engine::Graph> graph (const session::Project&, const session::Song&, const Tap& = {});

    /// The same. What the graph of number `heard` and later ones have in use keeps its ports: heard is what
    /// plays now. 0: nothing does.
    Result<Wiring> wire (const session::Project&, const session::Song&, std::uint64_t heard, const Tap& = {});

    /// Both graphs with one processor in the place of every bank that they share: for engine::follow(). What
    /// only one of them has lies beside what both have.
    static std::pair<engine::Graph, engine::Graph> together (const Wiring& from, const Wiring& to);

    /// The next graph lays out its strips as if it were the first: they start from silence. For a start.
    void clearBanks() { banks.clear(); }

    /// Behind graphs to come whose tap is the master.
    void listenThrough (LiveEnd);

    /// In graphs to come, whatever their tap. A strip that is not there is not heard.
    void listenBeside (std::vector<Listener> all) { listeners = std::move (all); }

    /// Hands the song's values to the processors. Precondition: the graph was made from a song of the same
    /// structure.
    void control (const session::Song&);

    /// True when going from one song to the other changes values only: then control() is enough, and no plan
    /// is compiled.
    static bool sameStructure (const session::Song&, const session::Song&);

    /// The latency of every effect: when it has changed, a new graph must be compiled though the structure is
    /// the same.
    std::vector<int> latencies() const;

    /// A live value of a parameter whose lane is ready to be written, that changed while the song played:
    /// where in the song it took effect, to the quantum.
    struct Landed
    {
        Id target;
        std::string parameter;
        Frames position = 0;
        double value = 0;
    };
    /// The changes since last asked. The plan in use says how late each place hears the song.
    std::vector<Landed> landed (const engine::Plan&);
    /// How far behind the engine a parameter works: what the engine plays at a position is what such a value
    /// changes there. 0 for what is not in the plan.
    Frames lateness (const engine::Plan&, Id target, const std::string& parameter) const;

    /// What modulates which parameter of a song, by the very sources that its graphs hear.
    auto modulations (const session::Song& song) { return modulators.moves (song).all; }

    /// The meter of a strip, after its fader; nullptr when there is none. [reader]
    engine::MeterTap* meter (Id strip);
    /// Gain reduction in dB of a strip's compressor or of an effect. [any thread]
    float reduction (Id stripOrEffect) const;
    /// From now on the scopes show this strip's sound; none: nobody's.
    void watch (Id strip);
    /// What comes into the watched strip, and what leaves it after the fader. [reader]
    const engine::Scope& scopeIn() const { return *scopes.first; }
    const engine::Scope& scopeOut() const { return *scopes.second; }
    /// True when another strip's solo mutes this one.
    static bool mutedBySolo (const session::Song&, Id strip);

    engine::MeterTap& masterMeter() { return *masterTap; }
    measure::LiveMeter& masterLoudness() { return *loudness; }

private:
    struct StripParts
    {
        std::shared_ptr<engine::Controls> console,
            fader; ///< the same object, unless inserts stand between the two or the strip is frozen
        std::unique_ptr<std::atomic<double>> vca = std::make_unique<std::atomic<double>> (1.0);
        std::unique_ptr<engine::MeterTap> meter = std::make_unique<engine::MeterTap>();
        std::unique_ptr<std::atomic<float>> reduction = std::make_unique<std::atomic<float>> (0.0f);
        std::unique_ptr<engine::ScopeTap> scope = std::make_unique<engine::ScopeTap>();
    };
    struct Playing
    {
        std::vector<session::ClipPtr> clips;
        Frames delay = 0;
        Id frozen;
        Frames lead = 0;
        int channels = 0;
        std::shared_ptr<engine::SourceNode> node;
    };
    struct Insert
    {
        std::shared_ptr<engine::EffectNode> node;
        int channels = 0;
    };

    struct Bank;
    /// The bank of a list and the input port there that a strip has, or is given.
    std::pair<std::size_t, int> placeIn (std::vector<Bank>&, Id key, int channels);
    std::shared_ptr<engine::EffectNode> nodeOf (const session::Effect&, int channels, bool dualMono);
    Outcome give (const session::Project&, const session::Effect&, engine::EffectNode&);
    Outcome play (Playing&, const session::Project&, const session::Track&);
    void controlStrip (const session::Song&, const session::Strip&, mix::StripBank::Routes open);
    bool hasLateInserts (const session::Strip&) const;
    void controlEffect (const session::Effect&);

    double rate;
    SourceMaker sourceOf;
    RecordingReader recordingOf;
    EffectFinder typeOf;
    std::pair<std::unique_ptr<engine::Scope>, std::unique_ptr<engine::Scope>> scopes {
        std::make_unique<engine::Scope>(), std::make_unique<engine::Scope>()
    };
    Id watched;
    // Banks point into the parts of strips, so these live as long as the Rig.
    std::map<Id, StripParts> strips;
    std::vector<std::shared_ptr<engine::Controls>> retired;
    std::map<Id, Insert> effects;
    std::map<Id, Id> given; ///< the recording that an effect has
    std::map<Id, Playing> sources;
    Modulators modulators;
    /// What may be ridden, by the number of the tap's list: only the last ones are still asked for.
    struct Armed
    {
        Id target;
        std::string parameter;
        Id node;
        bool strip = false, behind = false; ///< works after the strip's or effect's own delay
        bool switches = false;              ///< an effect on and off
    };
    std::shared_ptr<engine::ControlTap> watcher = std::make_shared<engine::ControlTap>();
    std::map<std::uint32_t, std::vector<Armed>> armed;
    Frames lateness (const engine::Plan&, const Armed&) const;
    /// Strips of one depth that are computed together. A depth has as many banks as it takes, so that cores
    /// can share them. While a strip stays at its depth it keeps its bank, its input port and its output
    /// ports: what the edges hold stays with it, whoever comes or goes beside it.
    struct Bank
    {
        enum class PortKind
        {
            bus,   ///< to another strip
            own,   ///< of one strip: the mix, or a tap
            before ///< of one slot, before its fader: to late inserts, or as the key of others
        };
        struct Port
        {
            PortKind kind = PortKind::bus;
            Id id; ///< of the other strip, or of its own slot
            int channels = 2;
            std::uint64_t used = 0; ///< number of the last graph that uses it
        };
        struct Place
        {
            Id key; ///< none: free
            int channels = 0;
            std::uint64_t used = 0;
        };
        std::shared_ptr<mix::StripBank> bank;
        std::vector<Place> places; ///< by input port
        std::vector<Port> ports;   ///< by output port

        int lanes() const;
        int port (PortKind, Id, int channels, std::uint64_t number);
    };
    std::map<int, std::vector<Bank>> banks; ///< by stage
    std::uint64_t graphs = 0;               ///< made so far
    LiveEnd live;
    std::vector<Listener> listeners;
    std::shared_ptr<engine::Processor> monitorNode, referenceNode;
    std::unique_ptr<engine::MeterTap> masterTap = std::make_unique<engine::MeterTap>();
    std::shared_ptr<measure::LiveMeter> loudness;
    std::shared_ptr<engine::Processor> loudnessNode;
};

} // namespace lacquer::studio
