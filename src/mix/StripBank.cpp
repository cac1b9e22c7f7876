// SPDX-License-Identifier: GPL-3.0-or-later
#include "mix/StripBank.h"

#include "core/Units.h"
#include "dsp/FastMath.h"
#include "dsp/kernels/Strip.h"
#include "mix/Arena.h"
#include "mix/StripDesign.h"

#include <algorithm>
#include <bitset>
#include <cmath>
#include <cstring>
#include <limits>
#include <map>
#include <mutex>

namespace lacquer::mix
{

namespace
{

using engine::quantum;

constexpr int grid = 16;          ///< frames between two designs of moving coefficients
constexpr int toggleFrames = 512; ///< in which a module is faded in or out
constexpr int gates = dsp::stripSections, comps = gates + 1, sats = gates + 2, weights = gates + 3;

constexpr int firstSend = LACQUER_STRIP_INDEX (send1), sendSize = LACQUER_STRIP_INDEX (send2) - firstSend,
              sendLevel = 0, sendOn = 1, sendPre = 2;
constexpr int faderLevel = LACQUER_STRIP_INDEX (fader.level), faderMute = LACQUER_STRIP_INDEX (fader.mute),
              panPosition = LACQUER_STRIP_INDEX (pan.position), panLaw = LACQUER_STRIP_INDEX (pan.law),
              panMode = LACQUER_STRIP_INDEX (stereo.mode), panLeft = LACQUER_STRIP_INDEX (stereo.left),
              panRight = LACQUER_STRIP_INDEX (stereo.right), panWidth = LACQUER_STRIP_INDEX (stereo.width),
              firstSendPan = LACQUER_STRIP_INDEX (send1Pan);
/// What lanes may drive: the parameters, and the gain of the VCA faders.
constexpr std::size_t laneCount = stripParamCount + 1;

using Mask = std::uint32_t;
constexpr Mask bit (int n)
{
    return Mask { 1 } << n;
}
constexpr Mask allModules = bit (moduleCount) - 1, allButGain = allModules & ~bit (moduleGain);

/// The modules to compute anew when a parameter has changed.
Mask modulesOf (int parameter)
{
    const auto module = moduleOf (parameter);
    if (parameter == LACQUER_STRIP_INDEX (eq.on))
        return (bit (eqBands) - 1) << moduleBand1;
    return bit (module);
}

/// A number that goes to its target in a straight line, a quantum at a time.
struct Glide
{
    double from = 0, to = 0;
    bool moves() const { return from != to; }
    double at (double way) const { return way >= 1 ? to : from + (to - from) * way; }
};

/// A gain between 0 and 1 that takes 64 frames from one to the other; exact in steps of 1/64.
struct Switch
{
    double now = 1;
    double towards (bool on)
    {
        constexpr double step = 1.0 / quantum;
        now = on ? std::min (now + step, 1.0) : std::max (now - step, 0.0);
        return now;
    }
    bool rests (bool on) const { return now == (on ? 1.0 : 0.0); }
};

/// The four gains of a pan, each on its way.
struct PanGlide
{
    Glide ll, lr, rl, rr;

    void to (const PanMatrix& m)
    {
        ll.to = m.leftToLeft;
        lr.to = m.leftToRight;
        rl.to = m.rightToLeft;
        rr.to = m.rightToRight;
    }
    void jump (const PanMatrix& m)
    {
        to (m);
        settle();
    }
    void settle()
    {
        for (auto* g : { &ll, &lr, &rl, &rr })
            g->from = g->to;
    }
    bool moves() const { return ll.moves() || lr.moves() || rl.moves() || rr.moves(); }
    PanMatrix at (double way) const { return { ll.at (way), lr.at (way), rl.at (way), rr.at (way) }; }
    /// True when a channel reaches the other side.
    bool crosses() const { return lr.from != 0 || lr.to != 0 || rl.from != 0 || rl.to != 0; }
};

/// Where a send is heard: of what has passed the fader, and of what has not.
struct SendPlace
{
    Glide left { 1, 1 }, right { 1, 1 }, beforeLeft, beforeRight;

    void to (double position, int law, int channels)
    {
        const auto after = panGains (position, 0, 2), before = panGains (position, law, channels);
        left.to = after.left;
        right.to = after.right;
        beforeLeft.to = before.left;
        beforeRight.to = before.right;
    }
    void settle()
    {
        for (auto* g : { &left, &right, &beforeLeft, &beforeRight })
            g->from = g->to;
    }
    bool moves() const { return left.moves() || right.moves(); }
    bool movesBefore() const { return beforeLeft.moves() || beforeRight.moves(); }
    bool isAside() const { return left.from != 1 || left.to != 1 || right.from != 1 || right.to != 1; }
};

/// Frames in which a strip goes over to other VCA faders: 10 ms at 48 kHz.
constexpr int vcaWay = 480;

/// What a strip is, apart from what its lanes remember. Audio thread only, but for `open`.
struct alignas (64) Strip
{
    // What is looked at in every quantum, together.
    std::uint32_t version = 0; ///< of the controls, as read last
    int channels = 2, group = 0, lane = 0;
    Mask gliding = 0; ///< modules whose live values move in this quantum
    Mask dirty = 0;   ///< modules to compute anew at the next grid point
    Mask driven = 0;  ///< modules whose automation moves in this chunk
    std::atomic<std::uint32_t> open { StripBank::allRoutes };
    bool fresh = true;      ///< has never run, or was reset
    bool gainsMove = false; ///< live values of the fader, pan or sends are on their way in this quantum
    bool switching = false; ///< a mute or a send's switch is on its way
    bool faderAutomated = false, sendAutomated = false,
         deskAutomated = false; ///< any of mute, pan and sends
    bool followedLines = false; ///< the fader, in the part before
    bool revived = false, audibleNow = true;
    bool crossed = false; ///< each of its channels may reach both sides
    std::uint32_t openNow = StripBank::allRoutes;
    Switch heard, direct;
    std::uint32_t faderHint = 0;                     ///< where in the fader's lane playback was last
    std::span<const engine::Stretch> faderStretches; ///< of its lane; empty without one and when modulated

    std::uint64_t runner = 0;                          ///< number of the processor that ran it last
    const engine::Controls* source = nullptr;          ///< of the live values
    std::array<float, stripParamCount> from {}, to {}; ///< live values over this quantum
    std::bitset<laneCount> automated;
    std::array<const engine::Lane*, laneCount> lanes {};
    std::array<float, laneCount> last {};  ///< automated values as used last
    std::array<double, weights> weight {}; ///< 0: module out, 1: in

    Glide fader, vca { 1, 1 };
    // Another lane of VCA faders than before, as a strip joins or leaves one: from what they were to what
    // they are.
    double vcaHeard = 1, vcaFrom = 1; ///< with their lanes: as of the last frame; where the way began
    int vcaLeft = 0;                  ///< frames of the way that are still to come
    bool vcaAnew = false;             ///< nobody has looked yet whether there is a way to go
    PanGlide pan;
    std::array<Glide, stripSends> sends, pre;
    std::array<SendPlace, stripSends> places;
    std::array<Switch, stripSends> sendOn;
    std::array<std::uint32_t, laneCount> hints {}; ///< where in each other lane playback was last

    void settle()
    {
        for (auto* g : { &fader, &vca })
            g->from = g->to;
        pan.settle();
        for (auto& place : places)
            place.settle();
        for (auto* list : { &sends, &pre })
            for (auto& g : *list)
                g.from = g.to;
    }
};

/// What a lane does over one quantum.
enum class Course
{
    rests,
    lines, ///< straight lines
    free   ///< anything else: to be asked for every frame
};

struct Lines
{
    static constexpr int most = dsp::StripLines::most;
    double value[most] {}, slope[most] {};
    int turn[most] {}; ///< frame at which each begins
    int count = 1;
};

/// The course of a lane over a quantum from a position on. hint: what the last call left there.
Course courseOf (std::span<const engine::Stretch> all, std::uint32_t& hint, Frames from, Lines& lines)
{
    const auto isNext = [&] (std::size_t k) {
        return k <= all.size() && (k == 0 || all[k - 1].from <= from) &&
               (k == all.size() || all[k].from > from);
    };
    std::size_t next = hint;
    if (! isNext (next) && ! isNext (++next))
        next = static_cast<std::size_t> (std::ranges::upper_bound (all, from, {}, &engine::Stretch::from) -
                                         all.begin());
    hint = static_cast<std::uint32_t> (next);
    // What the next call asks for: of many lanes it is not in the cache.
    if (next + 2 < all.size())
        __builtin_prefetch (&all[next + 2]);

    if (next == 0)
    {
        lines.value[0] = all.front().value;
        lines.slope[0] = 0;
    }
    else
    {
        const auto& now = all[next - 1];
        lines.slope[0] = now.slope;
        lines.value[0] = now.value;
        if (now.slope != 0 && ! std::isnan (now.slope))
            lines.value[0] += now.slope * static_cast<double> (from - now.from);
    }
    bool bent = std::isnan (lines.slope[0]), rests = lines.slope[0] == 0;
    for (lines.count = 1; next < all.size() && all[next].from < from + quantum; ++next)
    {
        const int k = lines.count++;
        if (k == Lines::most)
            return Course::free;
        lines.value[k] = all[next].value;
        lines.slope[k] = all[next].slope;
        lines.turn[k] = static_cast<int> (all[next].from - from);
        bent = bent || std::isnan (lines.slope[k]);
        rests = rests && lines.slope[k] == 0 && lines.value[k] == lines.value[0];
    }
    return bent ? Course::free : rests ? Course::rests : Course::lines;
}

/// The same of a lane that may be modulated: then it goes in one line.
Course courseOf (const engine::Lane& lane, std::uint32_t& hint, Frames from, Lines& lines)
{
    if (! lane.isModulated())
        return courseOf (lane.stretches(), hint, from, lines);
    lines.value[0] = lane.at (from);
    lines.slope[0] = (lane.at (from + quantum) - lines.value[0]) / quantum;
    lines.count = 1;
    return lines.slope[0] == 0 ? Course::rests : Course::lines;
}

/// Gains of a lane in dB at the first frames of a quantum that begins at a position; hint: as courseOf() left
/// it. Along a straight line every frame multiplies the gain by the same number.
void gainsAlong (const engine::Lane& lane, std::uint32_t hint, Frames from, int frames, double* gain)
{
    if (lane.isModulated())
    {
        Lines lines;
        courseOf (lane, hint, from, lines);
        for (int n = 0; n < frames; ++n)
            gain[n] = gainOf (Decibels { lines.value[0] + lines.slope[0] * n });
        return;
    }
    const auto& points = lane.points();
    std::size_t next = hint;
    for (int n = 0; n < frames; ++next)
    {
        const int end = next == points.size() || points[next].position >= from + frames
                            ? frames
                            : static_cast<int> (points[next].position - from);
        const auto* const a = next == 0 ? nullptr : &points[next - 1];
        const double first = gainOf (Decibels { lane.at (from + n) });
        if (a == nullptr || next == points.size() || a->curve == engine::Curve::hold ||
            a->value == points[next].value)
            std::fill (gain + n, gain + end, first);
        else if (a->curve == engine::Curve::linear)
        {
            const double factor =
                std::exp2 ((points[next].value - a->value) /
                           static_cast<double> (points[next].position - a->position) * dsp::octavesPerDb);
            gain[n] = first;
            // Silence has no logarithm: the line starts again behind it.
            if (first == 0 && n + 1 < end)
            {
                ++n;
                gain[n] = gainOf (Decibels { lane.at (from + n) });
            }
            while (++n < end)
                gain[n] = gain[n - 1] * factor;
        }
        else
            for (; n < end; ++n)
                gain[n] = gainOf (Decibels { lane.at (from + n) });
        n = end;
    }
}

/// Lanes and what a stretch of time needs to know about all of them.
struct Group
{
    dsp::StripGroup lanes;
    // Where the ramps of the running grid step end, by lane.
    alignas (64) float trim[dsp::stripLanes] {}, section[dsp::stripSections][6][dsp::stripLanes] {};
    float gateRange[dsp::stripLanes] {}, gateWeight[dsp::stripLanes] {};
    float comp[6][dsp::stripLanes] {}, sat[3][dsp::stripLanes] {};
    std::array<Mask, dsp::stripLanes> active {}; ///< sections of each lane that are not the identity
    std::uint32_t gateLanes = 0, compLanes = 0, satLanes = 0;
    alignas (64) float lineEnd[dsp::stripLanes] {}; ///< last gain of the faders that followed lines
    int quiet = 0;                                  ///< parts of quanta in which nothing came in or changed
    bool asleep = false; ///< silence in leaves everything as it is: nothing is computed until that changes
    bool odd = false;    ///< the frames left out since then are an odd number
    Mask moving = 0;     ///< modules of any lane whose ramps are under way in this grid step
    std::uint32_t movingSections = 0;

    Group()
    {
        for (auto& s : lanes.section)
            std::fill_n (s[3].now, dsp::stripLanes, 1.0f);
        for (auto& s : section)
            std::fill_n (s[3], dsp::stripLanes, 1.0f);
        std::fill_n (lanes.satRoot, dsp::stripLanes, 1.0f);
        std::fill_n (lanes.gateHold, dsp::stripLanes, 1.0f);
    }
    std::uint32_t sections() const
    {
        std::uint32_t all = 0;
        for (const auto a : active)
            all |= a;
        return all;
    }
};

/// Sets one lane of a ramp: to a value at once, or to a target over some frames.
void jump (dsp::StripRamp& r, float* target, int lane, double value)
{
    r.now[lane] = target[lane] = static_cast<float> (value);
    r.step[lane] = 0;
}

bool aim (dsp::StripRamp& r, float* target, int lane, double value, int frames)
{
    target[lane] = static_cast<float> (value);
    r.step[lane] = (target[lane] - r.now[lane]) / static_cast<float> (frames);
    return target[lane] != r.now[lane];
}

void rest (dsp::StripRamp& r, const float* target)
{
    std::copy_n (target, dsp::stripLanes, r.now);
    std::fill_n (r.step, dsp::stripLanes, 0.0f);
}

void startGate (dsp::StripGroup& l, Group& g, int lane, double range)
{
    jump (l.gateRange, g.gateRange, lane, range);
    l.gatePeak[lane] = l.gateLevel[lane] = l.gateRest[lane] = 0;
    l.gateLeft[lane] = l.gateHold[lane];
}

void startSaturation (dsp::StripGroup& l, Group& g, int lane, double drive, double inverse)
{
    jump (l.satDrive, g.sat[0], lane, drive);
    jump (l.satInverse, g.sat[1], lane, inverse);
    for (int k = 0; k < dsp::halfbandSize; ++k)
        for (int j = 0; j < 2; ++j)
            l.satUp[k][j][lane] = l.satDown[k][j][lane] = 0;
    for (auto& tap : l.satTaps)
        tap[lane] = 0;
    l.satLast[lane] = 0;
    l.satRoot[lane] = 1;
}

} // namespace

struct StripBank::State
{
    double sampleRate, meterPart; ///< share of the way to a new mean square that a quantum takes
    dsp::StripConstants constants = dsp::stripConstants();

    // Control thread.
    std::mutex editing; // control threads only: never taken by audio
    std::map<std::pair<std::uint64_t, int>, std::weak_ptr<Strip>> strips; ///< by key and channels
    std::map<std::uint64_t, Routes> open; ///< as told last, whether or not the strip is there
    std::vector<std::shared_ptr<Group>> groups;
    std::vector<std::uint32_t> taken; ///< lanes of each group that a strip owns
    std::uint64_t processors = 0;     ///< made so far

    // Audio thread: where the chunk before ended.
    Frames expected = 0, stoppedFrames = 0;
    bool wasPlaying = false;
    bool started = false;
    std::uint64_t running = 0; ///< number of the processor that ran last

    /// Gives away the lanes of strips that nobody knows any more.
    void forget()
    {
        std::erase_if (strips, [] (const auto& entry) { return entry.second.expired(); });
        std::ranges::fill (taken, 0);
        for (const auto& [key, known] : strips)
            if (const auto strip = known.lock())
                taken[static_cast<std::size_t> (strip->group)] |= (strip->channels == 2 ? 3u : 1u)
                                                                  << strip->lane;
    }

    /// The strip of a key, made when there is none.
    std::shared_ptr<Strip> strip (std::uint64_t key, int channels)
    {
        auto& known = strips[{ key, channels }];
        auto found = known.lock();
        if (found == nullptr)
        {
            known = found = place (channels);
            if (const auto told = open.find (key); told != open.end())
                found->open = told->second;
        }
        return found;
    }

    std::shared_ptr<Strip> place (int channels)
    {
        const std::uint32_t want = channels == 2 ? 3 : 1;
        for (std::size_t g = 0;; ++g)
        {
            if (g == groups.size())
            {
                groups.push_back (Arena<Group>::common()->made());
                taken.push_back (0);
            }
            for (int lane = 0; lane < dsp::stripLanes; lane += channels)
                if ((taken[g] >> lane & want) == 0)
                {
                    taken[g] |= want << lane;
                    auto made = std::make_shared<Strip>();
                    made->channels = channels;
                    made->group = static_cast<int> (g);
                    made->lane = lane;
                    return made;
                }
        }
    }
};

class StripBank::Node final : public engine::Processor
{
public:
    Node (std::shared_ptr<State> s, const Layout& l, int ports) : state (std::move (s)), layout (l)
    {
        const std::lock_guard lock (state->editing);
        number = ++state->processors;
        // A strip has its lanes for as long as any processor knows it: one of an older plan may run still.
        state->forget();
        for (const auto& slot : layout)
            strips.push_back (slot.key != 0 ? state->strip (slot.key, slot.channels) : nullptr);
        groups = state->groups;

        rows.resize (groups.size());
        routes.resize (layout.size());
        buses = std::vector<Bus> (static_cast<std::size_t> (ports));
        inputs.assign (groups.size() * dsp::stripLanes, silence);
        desks.resize (groups.size());
        for (std::size_t n = 0; n < layout.size(); ++n)
            if (strips[n] != nullptr)
            {
                const auto g = static_cast<std::size_t> (strips[n]->group);
                auto& list = rows[g];
                auto& plan = routes[n];
                const auto route = [&] (int port)
                {
                    if (port < 0 || port >= ports)
                        return -1;
                    const auto row = std::ranges::find (list, port, &Row::port) - list.begin();
                    if (row == std::ssize (list))
                        list.emplace_back().port = port;
                    const auto own = std::ranges::find (plan.rows, row) - plan.rows.begin();
                    if (own == std::ssize (plan.rows))
                        plan.rows.push_back (static_cast<int> (row));
                    buses[static_cast<std::size_t> (port)].wanted = true;
                    return static_cast<int> (own);
                };
                plan.output = route (layout[n].output);
                plan.leaving = route (layout[n].leaving);
                for (std::size_t k = 0; k < stripSends; ++k)
                {
                    plan.sends[k] = route (layout[n].sends[k]);
                    plan.leavingSends[k] = route (layout[n].leavingSends[k]);
                }
                members.push_back (static_cast<int> (n));
            }
        for (const auto& list : rows)
            adding.resize (std::max (adding.size(), list.size()));
        addingTo.resize (adding.size());
        bound.resize (members.size() * laneCount);
        driven.reserve (members.size());
        // By lane, so that work on a group's strips stays together.
        std::ranges::stable_sort (
            members, {}, [this] (int n) { return strip (n).group * dsp::stripLanes + strip (n).lane; });
    }

    void process (const engine::Chunk& chunk, std::span<const engine::Signal> in,
                  std::span<engine::Signal> out) noexcept override;

    void reset() noexcept override
    {
        for (const int n : members)
            strip (n).fresh = true;
        state->started = false;
    }

    int latency() const noexcept override { return dsp::stripDelay; }

private:
    /// Gains of a group's lanes: constant, or a table over the frames while any of them moves.
    struct alignas (64) Gains
    {
        alignas (64) float table[quantum * dsp::stripLanes] {}, rest[dsp::stripLanes] {};
        Mask moved = 0;      ///< lanes whose frames are in the table
        bool moving = false; ///< the table counts
        bool any = false;    ///< some gain is not 0
        bool stale = false;  ///< `any` is out of date

        void set (int lane, double gain) noexcept
        {
            const auto value = static_cast<float> (gain);
            stale = stale || rest[lane] != value;
            rest[lane] = value;
        }
        void set (int lane, int frame, double gain) noexcept
        {
            table[frame * dsp::stripLanes + lane] = static_cast<float> (gain);
        }
        /// The frames of a lane are written: its last gain stays.
        void keep (int lane, int frames) noexcept
        {
            rest[lane] = table[(frames - 1) * dsp::stripLanes + lane];
            moved |= bit (lane);
            moving = stale = true;
        }
        /// Before use: fills in the lanes that rest.
        void spread (int frames) noexcept
        {
            if (moving)
            {
                if (moved != (bit (dsp::stripLanes) - 1))
                    dsp::spreadGains (rest, moved, frames, table);
                any = true;
            }
            else if (std::exchange (stale, false))
                any = std::any_of (rest, rest + dsp::stripLanes, [] (float x) { return x != 0; });
        }
        void settle() noexcept
        {
            moved = 0;
            moving = false;
        }
        dsp::StripGains view() const noexcept { return { moving ? table : rest, moving }; }
    };
    /// What a group sends to one port.
    struct Row
    {
        int port = -1;
        Gains after;        ///< of what has passed fader and pan
        Gains afterRight;   ///< the right side's, where a send has a pan
        bool apart = false; ///< some send has

        void divide() noexcept
        {
            if (! std::exchange (apart, true))
                afterRight = after;
        }
        Gains beforeLeft, beforeRight; ///< of what has not
    };
    /// Gains of one route for each side.
    struct SideGains
    {
        double left = 0, right = 0;

        void add (double gain, double toLeft, double toRight) noexcept
        {
            left += gain * toLeft;
            right += gain * toRight;
        }
    };
    /// Fader and pan of a group.
    struct Desk
    {
        Gains fader, left, right;
        dsp::StripLines lines;
        Mask lined = 0;        ///< lanes whose fader follows the lines
        Gains heard;           ///< mutes that are on their way
        bool sounding = false; ///< something comes in
    };
    struct alignas (64) Bus
    {
        float columns[2 * dsp::stripFrames * 8];
        bool wanted = false, any = false;
    };
    /// Where a strip goes: rows of its group, and which of them each route adds to.
    struct Routes
    {
        std::vector<int> rows;
        int output = -1, leaving = -1;
        std::array<int, stripSends> sends, leavingSends;

        bool sendsTo (std::size_t n) const { return sends[n] >= 0 || leavingSends[n] >= 0; }
    };

    Strip& strip (int slot) const { return *strips[static_cast<std::size_t> (slot)]; }
    const Slot& slotOf (int n) const { return layout[static_cast<std::size_t> (n)]; }

    void bind (const engine::Chunk&) noexcept;
    void rebind (std::span<const engine::Binding>) noexcept;
    void leaveStrangers() noexcept;
    void readControls (int slot) noexcept;
    void revive (int slot, Frames position) noexcept;
    void aimStrip (Strip&, Group&, Frames end, double way, int frames) noexcept;
    void land (Group&) noexcept;
    void gains (int slot, Frames position, bool playing, int phase, int frames, bool quantumStarts) noexcept;
    void fade (Strip&, Frames heardAt, bool playing, int phase, int frames, bool audible) noexcept;
    bool sendGains (int slot, const double* heard, Frames heardAt, bool playing, int phase, int frames,
                    bool fresh) noexcept;
    static dsp::StripStretch stretchOf (const Group&, int frames) noexcept;
    void passSilence (dsp::StripGroup&, dsp::StripStretch) noexcept;
    bool isAtRest (const Group&) noexcept;
    void wake (Group&) noexcept;
    void moveFaders (std::size_t group, int phase, int frames) noexcept;
    void mixDown (std::size_t group, int frames) noexcept;
    void settle (std::size_t group) noexcept;
    void tellSilence (int slot, int first, int frames, std::span<engine::Signal> out) noexcept;
    void tell (int slot, const Group&, int first, int frames, std::span<engine::Signal> out) noexcept;
    void watch (int slot, std::size_t group, int frames) noexcept;
    void run (Frames position, bool playing, int phase, int first, int frames, bool starts, bool jumped,
              std::span<const engine::Signal> in, std::span<engine::Signal> out) noexcept;
    float valueAt (const Strip&, int parameter, Frames position, double way) const noexcept;
    /// The live gain of a strip's VCA faders.
    double vcaOf (int slot) const noexcept
    {
        const auto* gain = slotOf (slot).vca;
        return gain != nullptr ? gain->load (std::memory_order_relaxed) : 1;
    }
    /// What nobody hears is closed as a whole: its routes are as they will be.
    static bool isOpen (const Strip& s, std::uint32_t route) noexcept
    {
        return s.openNow == 0 || (s.openNow & route) != 0;
    }

    std::shared_ptr<State> state;
    Layout layout;
    std::vector<std::shared_ptr<Strip>> strips; ///< by slot
    std::vector<std::shared_ptr<Group>> groups;
    std::vector<int> members; ///< slots in the order of their lanes
    struct Bound
    {
        int strip, parameter;
        const engine::Lane* lane;
    };
    std::vector<Bound> bound; ///< the automation of the chunk before
    std::size_t boundCount = 0;
    std::vector<int> driven; ///< slots with automation before the fader
    std::vector<std::vector<Row>> rows;
    std::vector<Desk> desks;             ///< by group
    std::vector<dsp::StripGains> adding; ///< room for the rows of a group
    std::vector<float*> addingTo;
    std::vector<const float*> inputs;
    std::vector<Routes> routes; ///< by slot
    std::vector<Bus> buses;     ///< by output port
    std::uint64_t number = 0;   ///< of this processor
    bool takesOver = false;     ///< in the first chunk after another processor of the bank
    double meterPart = 0;       ///< of the way to a meter's new mean square, in these frames
    double glideStart = 0;      ///< phase at which this quantum's live values began to move
    alignas (64) float buffer[(dsp::stripDelay + dsp::stripFrames) * dsp::stripLanes];
    alignas (64) float sides[2 * dsp::stripFrames * dsp::stripLanes];
    alignas (64) float silence[dsp::stripFrames] {};
    dsp::StripGroup trial; ///< for isAtRest()
};

float StripBank::Node::valueAt (const Strip& s, int p, Frames position, double way) const noexcept
{
    const auto n = static_cast<std::size_t> (p);
    if (s.lanes[n] != nullptr)
        return static_cast<float> (s.lanes[n]->at (position));
    const float from = s.from[n], to = s.to[n];
    return from == to || way >= 1 ? to : static_cast<float> (from + (to - from) * way);
}

/// Notes which parameters are driven by lanes in this chunk.
void StripBank::Node::bind (const engine::Chunk& chunk) noexcept
{
    const auto& all = chunk.automation;
    const auto isGain = [] (const engine::Binding& b) { return modulesOf (b.parameter) == bit (moduleGain); };
    const auto isKnown = [&] (std::size_t n)
    {
        return all[n].strip == bound[n].strip && all[n].parameter == bound[n].parameter &&
               all[n].lane.get() == bound[n].lane;
    };
    bool known = ! takesOver && all.size() == boundCount;
    for (std::size_t n = 0; known && n < all.size(); ++n)
        known = isKnown (n);
    if (! known)
        rebind (all);

    // What the fader meets is looked up when it is reached; the modules before it look ahead.
    const Frames start = chunk.time.position, end = start + (chunk.time.playing ? chunk.frames : 0);
    for (const int slot : driven)
        strip (slot).driven = 0;
    for (std::size_t n = 0; n < boundCount; ++n)
    {
        if (bound[n].lane == nullptr || isGain (all[n]))
            continue;
        auto& s = strip (bound[n].strip);
        const auto p = static_cast<std::size_t> (bound[n].parameter);
        const auto modules = modulesOf (bound[n].parameter);
        // The last grid step may end up to 15 frames after the chunk.
        const float value = static_cast<float> (bound[n].lane->at (start));
        const bool moves = ! bound[n].lane->isConstant (start - dsp::stripDelay, end + grid);
        if (moves)
            s.driven |= modules;
        if (value != s.last[p])
            s.dirty |= modules;
        // What comes after a move is always looked at once more.
        s.last[p] = moves ? std::numeric_limits<float>::quiet_NaN() : value;
    }
}

/// Takes note of lanes that were not bound in the chunk before, and of those that are gone.
void StripBank::Node::rebind (std::span<const engine::Binding> all) noexcept
{
    boundCount = std::min (all.size(), bound.size());
    driven.clear();
    std::size_t b = 0;
    for (std::size_t n = 0; n < strips.size(); ++n)
    {
        for (; b < boundCount && all[b].strip < static_cast<int> (n); ++b)
            bound[b] = { all[b].strip, all[b].parameter, nullptr };
        if (strips[n] == nullptr)
            continue;
        auto& s = *strips[n];
        s.driven = 0;
        s.faderAutomated = s.sendAutomated = s.deskAutomated = false;
        std::bitset<laneCount> now;
        for (; b < boundCount && all[b].strip == static_cast<int> (n); ++b)
        {
            const auto p = static_cast<std::size_t> (all[b].parameter);
            const auto* lane = all[b].lane.get();
            const bool counts = p < laneCount && lane != nullptr && ! lane->isEmpty();
            bound[b] = { all[b].strip, all[b].parameter, counts ? lane : nullptr };
            if (! counts)
                continue;
            now.set (p);
            if (p == StripBank::vcaLane && s.lanes[p] != lane)
                s.vcaAnew = true;
            s.lanes[p] = lane;
            const auto modules = modulesOf (static_cast<int> (p));
            if (! s.automated.test (p))
                s.dirty |= modules;
            if (modules != bit (moduleGain))
            {
                if (driven.empty() || driven.back() != static_cast<int> (n))
                    driven.push_back (static_cast<int> (n));
            }
            else if (p == faderLevel || p == StripBank::vcaLane)
                s.faderAutomated = true;
            else
                s.deskAutomated = true;
            s.sendAutomated = s.sendAutomated || (static_cast<int> (p) >= firstSend && p < stripParamCount);
        }
        const auto ended = s.automated & ~now;
        for (std::size_t p = 0; ended.any() && p < laneCount; ++p)
            if (ended.test (p))
            {
                s.lanes[p] = nullptr;
                s.vcaAnew = s.vcaAnew || p == StripBank::vcaLane;
                s.dirty |= modulesOf (static_cast<int> (p));
            }
        s.automated = now;
        s.faderStretches = {};
        if (s.lanes[faderLevel] != nullptr && ! s.lanes[faderLevel]->isModulated())
            s.faderStretches = s.lanes[faderLevel]->stretches();
        if (s.faderStretches.empty())
            s.faderHint = 0;
    }
    for (; b < boundCount; ++b)
        bound[b] = { all[b].strip, all[b].parameter, nullptr };
}

/// Lanes whose strips are not of this layout need no modules any more.
void StripBank::Node::leaveStrangers() noexcept
{
    for (std::size_t index = 0; index < groups.size(); ++index)
    {
        std::uint32_t own = 0;
        for (const int slot : members)
            if (const auto& s = strip (slot); s.group == static_cast<int> (index))
                own |= (s.channels == 2 ? 3u : 1u) << s.lane;
        auto& g = *groups[index];
        wake (g);
        for (int lane = 0; lane < dsp::stripLanes; ++lane)
            if ((own >> lane & 1) == 0)
            {
                g.active[static_cast<std::size_t> (lane)] = 0;
                for (auto& section : g.lanes.sectionState)
                    section[0][lane] = section[1][lane] = 0;
                startSaturation (g.lanes, g, lane, 0, 0);
            }
        g.gateLanes &= own;
        g.compLanes &= own;
        g.satLanes &= own;
    }
}

/// At the start of a quantum: live values that have changed glide to the new ones by its end.
void StripBank::Node::readControls (int slot) noexcept
{
    auto& s = strip (slot);
    if (s.gliding != 0)
    {
        s.from = s.to;
        s.gliding = 0;
    }
    const auto* controls = slotOf (slot).controls;
    if (controls == nullptr)
        return;
    const auto version = controls->version();
    if (version == s.version && controls == s.source && ! s.fresh)
        return;
    s.version = version;
    s.source = controls;
    if (s.fresh) // revive() starts at these values: nothing glides there
    {
        for (int p = 0; p < stripParamCount; ++p)
            s.to[static_cast<std::size_t> (p)] = (*controls)[p];
        return;
    }
    for (int p = 0; p < stripParamCount; ++p)
    {
        const auto n = static_cast<std::size_t> (p);
        const float value = (*controls)[p];
        if (value == s.to[n])
            continue;
        s.to[n] = value;
        // A choice has nothing between its entries.
        if (controls->table()[n].isChoice())
            s.from[n] = value;
        s.gliding |= modulesOf (p);
    }
    s.dirty |= s.gliding;
}

/// Starts a strip from silence with the values of this moment.
void StripBank::Node::revive (int slot, Frames position) noexcept
{
    auto& s = strip (slot);
    auto& g = *groups[static_cast<std::size_t> (s.group)];
    wake (g);
    const double rate = state->sampleRate;
    s.from = s.to;
    s.gliding = 0;
    s.dirty = 0;
    s.fresh = false;

    std::array<float, stripParamCount> values;
    for (int p = 0; p < stripParamCount; ++p)
        values[static_cast<std::size_t> (p)] = valueAt (s, p, position, 1);
    const StripValues v (values);

    const auto gate = gateDesign (v, rate);
    const auto comp = compDesign (v, rate);
    const auto sat = satDesign (v);
    s.weight[gates] = gate.on ? 1 : 0;
    s.weight[comps] = comp.on ? 1 : 0;
    s.weight[sats] = sat.on ? 1 : 0;
    std::uint32_t active = 0;
    for (int k = 0; k < dsp::stripSections; ++k)
    {
        const auto d = sectionDesign (k, v, rate);
        s.weight[static_cast<std::size_t> (k)] = d.on ? 1 : 0;
        const double c6[] { d.coefficients.a1, d.coefficients.a2, d.coefficients.a3,
                            d.coefficients.m0, d.coefficients.m1, d.coefficients.m2 };
        for (int lane = s.lane; lane < s.lane + s.channels; ++lane)
        {
            for (int j = 0; j < 6; ++j)
                jump (g.lanes.section[k][j], g.section[k][j], lane, c6[j]);
            g.lanes.sectionState[k][0][lane] = g.lanes.sectionState[k][1][lane] = 0;
        }
        if (! d.flat)
            active |= bit (k);
    }

    for (int c = 0; c < s.channels; ++c)
    {
        const int lane = s.lane + c;
        const auto mask = bit (lane);
        auto& l = g.lanes;
        l.link[lane] = s.channels == 2 && ! slotOf (slot).dualMono ? ~0u : 0u;
        for (auto& row : l.past)
            row[lane] = 0;
        jump (l.trim, g.trim, lane, trimGain (v));

        g.active[static_cast<std::size_t> (lane)] = active;

        l.gateOpen[lane] = gate.on ? static_cast<float> (gate.open) : 0;
        l.gateClose[lane] = gate.on ? static_cast<float> (gate.close) : 0;
        l.gateHold[lane] = static_cast<float> (gate.hold);
        l.gateAttack[lane] = static_cast<float> (gate.attack);
        l.gateRelease[lane] = static_cast<float> (gate.release);
        l.gateFall[lane] = static_cast<float> (gate.fall);
        startGate (l, g, lane, gate.on ? gate.range : 0);
        jump (l.gateWeight, g.gateWeight, lane, gate.on ? 1 : 0);
        g.gateLanes = gate.on ? g.gateLanes | mask : g.gateLanes & ~mask;

        l.compAttack[lane] = static_cast<float> (comp.attack);
        l.compRelease[lane] = static_cast<float> (comp.release);
        jump (l.compOffset, g.comp[0], lane, comp.offset);
        jump (l.compKnee, g.comp[1], lane, comp.knee);
        jump (l.compSlope, g.comp[2], lane, comp.on ? comp.slope : 0);
        jump (l.compBend, g.comp[3], lane, comp.on ? comp.bend : 0);
        jump (l.compMakeup, g.comp[4], lane, comp.makeup);
        jump (l.compWeight, g.comp[5], lane, comp.on ? 1 : 0);
        l.compLevel[lane] = l.compRest[lane] = 0;
        g.compLanes = comp.on ? g.compLanes | mask : g.compLanes & ~mask;

        startSaturation (l, g, lane, sat.on ? sat.drive : 0, sat.on ? sat.inverse : 0);
        jump (l.satMix, g.sat[2], lane, sat.on ? sat.mix : 0);
        g.satLanes = sat.on ? g.satLanes | mask : g.satLanes & ~mask;
    }

    const int law = static_cast<int> (values[panLaw] + 0.5f);
    s.pan.jump (panMatrix ({ static_cast<int> (values[panMode] + 0.5f), law, values[panPosition],
                             values[panLeft], values[panRight], values[panWidth] },
                           s.channels));
    const double fader = gainOf (Decibels { values[faderLevel] });
    s.fader = { fader, fader };
    s.vca.from = s.vca.to = vcaOf (slot);
    s.vcaAnew = false;
    s.vcaLeft = 0;
    s.openNow = s.open.load (std::memory_order_relaxed);
    s.audibleNow = s.openNow != 0;
    s.heard.now = s.audibleNow && ! isOn (values[faderMute]) ? 1 : 0;
    s.direct.now = isOpen (s, StripBank::outputRoute) ? 1 : 0;
    for (int k = 0; k < stripSends; ++k)
    {
        const auto m = static_cast<std::size_t> (k),
                   base = static_cast<std::size_t> (firstSend + k * sendSize);
        const double level = gainOf (Decibels { values[base + sendLevel] });
        s.sends[m] = { level, level };
        const double pre = isOn (values[base + sendPre]) ? 1 : 0;
        s.pre[m] = { pre, pre };
        s.sendOn[m].now = isOn (values[base + sendOn]) && isOpen (s, StripBank::sendRoute (k)) ? 1 : 0;
        s.places[m].to (values[static_cast<std::size_t> (firstSendPan + k)], law, s.channels);
        s.places[m].settle();
    }
    s.gainsMove = s.revived = true; // the constant gains are written once
}

/// Computes the dirty modules of a strip for the end of a grid step, `frames` ahead.
void StripBank::Node::aimStrip (Strip& s, Group& g, Frames end, double way, int frames) noexcept
{
    const double rate = state->sampleRate;
    const Mask work = (s.dirty | s.driven) & allButGain;
    std::array<float, stripParamCount> values {};
    for (int p = 0; p < LACQUER_STRIP_INDEX (pan); ++p)
        values[static_cast<std::size_t> (p)] = valueAt (s, p, end, way);
    const StripValues v (values);
    const double part = static_cast<double> (frames) / toggleFrames;
    Mask again = 0; // modules whose weights are still under way
    g.moving |= work;
    auto& l = g.lanes;
    const auto both = s.channels == 2 ? 3u << s.lane : 1u << s.lane;

    const auto eachLane = [&] (auto&& f)
    {
        for (int c = 0; c < s.channels; ++c)
            f (s.lane + c);
    };
    /// Moves a weight a step further; false while the module stays out.
    const auto weigh = [&] (int n, bool on, int module)
    {
        auto& w = s.weight[static_cast<std::size_t> (n)];
        const double before = w;
        w = on ? std::min (w + part, 1.0) : std::max (w - part, 0.0);
        if (w != (on ? 1.0 : 0.0))
            again |= bit (module);
        return w > 0 || before > 0;
    };

    if ((work & bit (moduleTrim)) != 0)
        eachLane ([&] (int lane) { aim (l.trim, g.trim, lane, trimGain (v), frames); });

    for (int k = 0; k < dsp::stripSections; ++k)
    {
        const int module = k < cutSections       ? moduleHighPass
                           : k < 2 * cutSections ? moduleLowPass
                                                 : moduleBand1 + k - 2 * cutSections;
        if ((work & bit (module)) == 0)
            continue;
        const auto d = sectionDesign (k, v, rate);
        if (! weigh (k, d.on, module))
            continue;
        const bool wasActive = (g.active[static_cast<std::size_t> (s.lane)] & bit (k)) != 0;
        const double w = s.weight[static_cast<std::size_t> (k)];
        if (! wasActive && (w == 0 || d.flat))
            continue;
        const auto& c = d.coefficients;
        g.movingSections |= bit (k);
        eachLane (
            [&] (int lane)
            {
                auto& section = l.section[k];
                auto& target = g.section[k];
                g.active[static_cast<std::size_t> (lane)] |= bit (k);
                const double poles[] { c.a1, c.a2, c.a3 };
                for (int j = 0; j < 3; ++j)
                    if (! wasActive)
                        jump (section[j], target[j], lane, poles[j]);
                    else if (! d.flat)
                        aim (section[j], target[j], lane, poles[j], frames);
                if (! wasActive)
                    l.sectionState[k][0][lane] = l.sectionState[k][1][lane] = 0;
                if (d.on)
                {
                    aim (section[3], target[3], lane, 1 + w * (c.m0 - 1), frames);
                    aim (section[4], target[4], lane, w * c.m1, frames);
                    aim (section[5], target[5], lane, w * c.m2, frames);
                }
                else
                {
                    // On the way out: what is left of the way to the identity shrinks with the weight.
                    const double left = w / (w + part);
                    aim (section[3], target[3], lane, 1 + left * (section[3].now[lane] - 1.0), frames);
                    aim (section[4], target[4], lane, left * section[4].now[lane], frames);
                    aim (section[5], target[5], lane, left * section[5].now[lane], frames);
                }
            });
    }

    if ((work & bit (moduleGate)) != 0)
    {
        const auto d = gateDesign (v, rate);
        const bool starts = (g.gateLanes & both) == 0;
        if (weigh (gates, d.on, moduleGate))
            eachLane (
                [&] (int lane)
                {
                    l.gateOpen[lane] = static_cast<float> (d.open);
                    l.gateClose[lane] = static_cast<float> (d.close);
                    l.gateHold[lane] = static_cast<float> (d.hold);
                    l.gateAttack[lane] = static_cast<float> (d.attack);
                    l.gateRelease[lane] = static_cast<float> (d.release);
                    l.gateFall[lane] = static_cast<float> (d.fall);
                    if (starts)
                        startGate (l, g, lane, d.range);
                    g.gateLanes |= bit (lane);
                    aim (l.gateRange, g.gateRange, lane, d.range, frames);
                    aim (l.gateWeight, g.gateWeight, lane, s.weight[gates], frames);
                });
    }

    if ((work & bit (moduleComp)) != 0)
    {
        const auto d = compDesign (v, rate);
        const bool starts = (g.compLanes & both) == 0;
        if (weigh (comps, d.on, moduleComp))
            eachLane (
                [&] (int lane)
                {
                    l.compAttack[lane] = static_cast<float> (d.attack);
                    l.compRelease[lane] = static_cast<float> (d.release);
                    const double wanted[] { d.offset, d.knee, d.slope, d.bend, d.makeup };
                    dsp::StripRamp* const ramps[] { &l.compOffset, &l.compKnee, &l.compSlope, &l.compBend,
                                                    &l.compMakeup };
                    for (int j = 0; j < 5; ++j)
                    {
                        if (starts)
                            jump (*ramps[j], g.comp[j], lane, wanted[j]);
                        aim (*ramps[j], g.comp[j], lane, wanted[j], frames);
                    }
                    if (starts)
                        l.compLevel[lane] = l.compRest[lane] = 0;
                    g.compLanes |= bit (lane);
                    aim (l.compWeight, g.comp[5], lane, s.weight[comps], frames);
                });
    }

    if ((work & bit (moduleSat)) != 0)
    {
        const auto d = satDesign (v);
        const bool starts = (g.satLanes & both) == 0;
        if (weigh (sats, d.on, moduleSat))
            eachLane (
                [&] (int lane)
                {
                    if (starts)
                        startSaturation (l, g, lane, d.drive, d.inverse);
                    g.satLanes |= bit (lane);
                    aim (l.satDrive, g.sat[0], lane, d.drive, frames);
                    aim (l.satInverse, g.sat[1], lane, d.inverse, frames);
                    aim (l.satMix, g.sat[2], lane, s.weight[sats] * d.mix, frames);
                });
    }

    // Live values are looked at until they have arrived, weights until they rest.
    s.dirty = (s.dirty & bit (moduleGain)) | again | (way < 1 ? s.gliding & allButGain : 0);
}

/// Ends a grid step: ramps rest exactly at their targets, and modules that have faded out are left.
void StripBank::Node::land (Group& g) noexcept
{
    auto& l = g.lanes;
    if ((g.moving & bit (moduleTrim)) != 0)
        rest (l.trim, g.trim);
    for (int k = 0; k < dsp::stripSections; ++k)
    {
        if ((g.movingSections & bit (k)) == 0)
            continue;
        for (int j = 0; j < 6; ++j)
            rest (l.section[k][j], g.section[k][j]);
        for (int lane = 0; lane < dsp::stripLanes; ++lane)
            if (g.section[k][3][lane] == 1 && g.section[k][4][lane] == 0 && g.section[k][5][lane] == 0)
            {
                g.active[static_cast<std::size_t> (lane)] &= ~bit (k);
                for (int j = 0; j < 3; ++j)
                    jump (l.section[k][j], g.section[k][j], lane, 0);
                l.sectionState[k][0][lane] = l.sectionState[k][1][lane] = 0;
            }
    }
    if ((g.moving & bit (moduleGate)) != 0)
    {
        rest (l.gateRange, g.gateRange);
        rest (l.gateWeight, g.gateWeight);
        for (int lane = 0; lane < dsp::stripLanes; ++lane)
            if (g.gateWeight[lane] == 0)
            {
                g.gateLanes &= ~bit (lane);
                l.gateOpen[lane] = l.gateClose[lane] = 0;
                jump (l.gateRange, g.gateRange, lane, 0);
            }
    }
    if ((g.moving & bit (moduleComp)) != 0)
    {
        dsp::StripRamp* const ramps[] { &l.compOffset, &l.compKnee,   &l.compSlope,
                                        &l.compBend,   &l.compMakeup, &l.compWeight };
        for (int j = 0; j < 6; ++j)
            rest (*ramps[j], g.comp[j]);
        for (int lane = 0; lane < dsp::stripLanes; ++lane)
            if (g.comp[5][lane] == 0)
            {
                g.compLanes &= ~bit (lane);
                jump (l.compSlope, g.comp[2], lane, 0);
                jump (l.compBend, g.comp[3], lane, 0);
            }
    }
    if ((g.moving & bit (moduleSat)) != 0)
    {
        rest (l.satDrive, g.sat[0]);
        rest (l.satInverse, g.sat[1]);
        rest (l.satMix, g.sat[2]);
        for (int lane = 0; lane < dsp::stripLanes; ++lane)
            if (g.sat[2][lane] == 0)
            {
                g.satLanes &= ~bit (lane);
                startSaturation (l, g, lane, 0, 0);
            }
    }
    g.moving = 0;
    g.movingSections = 0;
}

/// The gains of a strip over some frames of a quantum: constants while nothing moves, else lines or tables.
void StripBank::Node::gains (int slot, Frames position, bool playing, int phase, int frames,
                             bool quantumStarts) noexcept
{
    auto& s = strip (slot);
    const bool fresh = std::exchange (s.revived, false);
    if (fresh)
        s.vcaAnew = false; // it begins where it is
    if (quantumStarts && ! fresh)
    {
        if (s.gainsMove)
            s.settle();
        const auto open = s.open.load (std::memory_order_relaxed);
        if (open != s.openNow)
        {
            // From silence, nothing needs time to close.
            if (s.openNow == 0 && s.heard.now == 0)
            {
                s.direct.now = (open & StripBank::outputRoute) != 0 ? 1 : 0;
                for (int k = 0; k < stripSends; ++k)
                    if ((open & StripBank::sendRoute (k)) == 0)
                        s.sendOn[static_cast<std::size_t> (k)].now = 0;
            }
            s.openNow = open;
            s.audibleNow = open != 0;
            s.switching = true;
        }
        if (const double vca = vcaOf (slot); vca != s.vca.to)
        {
            s.vca.to = vca;
            s.gainsMove = true;
        }
        if (s.vcaAnew || s.vcaLeft > 0)
            s.gainsMove = true;
    }
    const auto live = [&] (int p) { return s.to[static_cast<std::size_t> (p)]; };
    const auto lane = [&] (int p) { return s.lanes[static_cast<std::size_t> (p)]; };
    // What meets the fader now went into the strip one latency ago: its automation is that of then.
    const Frames heardAt = playing ? position - dsp::stripDelay : position;
    const auto at = [&] (int p, int n) { return lane (p)->at (heardAt + (playing ? n : 0)); };
    // Of the whole quantum, so that it does not matter how the quantum is cut.
    const auto course = [&] (int p, Lines& lines)
    {
        if (playing)
            return courseOf (*lane (p), s.hints[static_cast<std::size_t> (p)], heardAt - phase, lines);
        lines.value[0] = lane (p)->at (heardAt);
        return Course::rests;
    };

    const int law = static_cast<int> (live (panLaw) + 0.5f);
    // Lanes of what bends the pan in another way than along its position: asked for every frame.
    const bool panFree = s.deskAutomated && (lane (panLaw) != nullptr || lane (panMode) != nullptr ||
                                             lane (panLeft) != nullptr || lane (panRight) != nullptr ||
                                             lane (panWidth) != nullptr);
    if ((s.dirty & bit (moduleGain)) != 0)
    {
        s.dirty &= ~bit (moduleGain);
        // Automated values are kept as they move, and go on from there when the automation ends.
        if (lane (faderLevel) == nullptr)
        {
            if (std::exchange (s.followedLines, false))
                s.fader.from = groups[static_cast<std::size_t> (s.group)]->lineEnd[s.lane];
            s.fader.to = gainOf (Decibels { live (faderLevel) });
        }
        if (lane (panPosition) == nullptr && ! panFree)
            s.pan.to (panMatrix ({ static_cast<int> (live (panMode) + 0.5f), law, live (panPosition),
                                   live (panLeft), live (panRight), live (panWidth) },
                                 s.channels));
        for (int k = 0; k < stripSends; ++k)
        {
            const int base = firstSend + k * sendSize;
            const auto m = static_cast<std::size_t> (k);
            if (lane (base + sendLevel) == nullptr)
                s.sends[m].to = gainOf (Decibels { live (base + sendLevel) });
            if (lane (base + sendPre) == nullptr)
                s.pre[m].to = isOn (live (base + sendPre)) ? 1 : 0;
            if (lane (firstSendPan + k) == nullptr)
                s.places[m].to (live (firstSendPan + k), law, s.channels);
        }
        s.gainsMove = s.switching = true;
    }
    if (! s.gainsMove && ! s.switching && ! s.deskAutomated && ! takesOver && ! fresh)
    {
        if (s.faderAutomated)
            fade (s, heardAt, playing, phase, frames, s.heard.now != 0);
        return;
    }

    auto& desk = desks[static_cast<std::size_t> (s.group)];
    const double start = glideStart;
    const auto glided = [&] (int n) { return (phase + n + 1 - start) / (quantum - start); };
    const auto eachLane = [&] (auto&& f)
    {
        for (int c = 0; c < s.channels; ++c)
            f (s.lane + c);
    };
    Lines lines;

    // Mute, and solo elsewhere.
    __attribute__ ((uninitialized)) std::array<double, quantum> heard;
    bool muted = isOn (live (faderMute)), mutesMove = false;
    if (lane (faderMute) != nullptr)
    {
        mutesMove = course (faderMute, lines) != Course::rests;
        muted = isOn (static_cast<float> (lines.value[0]));
    }
    const bool heardMoves = mutesMove || ! s.heard.rests (s.audibleNow && ! muted);
    if (heardMoves)
    {
        for (int n = 0; n < frames; ++n)
        {
            if (mutesMove)
                muted = isOn (static_cast<float> (at (faderMute, n)));
            heard[static_cast<std::size_t> (n)] = s.heard.towards (s.audibleNow && ! muted);
            eachLane ([&] (int l) { desk.heard.set (l, n, heard[static_cast<std::size_t> (n)]); });
        }
        eachLane ([&] (int l) { desk.heard.keep (l, frames); });
    }

    fade (s, heardAt, playing, phase, frames, heardMoves || s.heard.now != 0);

    // Pan. Of a stereo strip in balance, each lane has one side.
    const bool stereo = s.channels == 2;
    const auto panned = [&] (auto&& put, const PanMatrix& pan)
    {
        put (desk.left, s.lane, pan.leftToLeft);
        put (desk.right, s.lane, pan.leftToRight);
        if (stereo)
        {
            put (desk.left, s.lane + 1, pan.rightToLeft);
            put (desk.right, s.lane + 1, pan.rightToRight);
        }
    };
    const auto panMoves = [&] (auto&& panAt)
    {
        for (int n = 0; n < frames; ++n)
            panned ([n] (Gains& g, int l, double gain) { g.set (l, n, gain); }, panAt (n));
        eachLane (
            [&] (int l)
            {
                desk.left.keep (l, frames);
                desk.right.keep (l, frames);
            });
    };
    const auto panRests = [&] (const PanMatrix& pan)
    { panned ([] (Gains& g, int l, double gain) { g.set (l, gain); }, pan); };
    const auto balanced = [&] (const PanGains& g) {
        return stereo ? PanMatrix { g.left, 0, 0, g.right } : PanMatrix { g.left, g.right, 0, 0 };
    };
    const bool asWidth = stereo && live (panMode) != 0;
    if (panFree || (asWidth && lane (panPosition) != nullptr))
    {
        PanMatrix pan {};
        panMoves (
            [&] (int n)
            {
                const auto value = [&] (int p)
                { return lane (p) != nullptr ? at (p, n) : static_cast<double> (live (p)); };
                return pan = panMatrix ({ static_cast<int> (value (panMode) + 0.5),
                                          static_cast<int> (value (panLaw) + 0.5), value (panPosition),
                                          value (panLeft), value (panRight), value (panWidth) },
                                        s.channels);
            });
        s.pan.jump (pan);
    }
    else if (lane (panPosition) == nullptr)
    {
        if (s.gainsMove && s.pan.moves())
            panMoves ([&] (int n) { return s.pan.at (glided (n)); });
        else
            panRests (s.pan.at (1));
    }
    else
    {
        PanGains pan {};
        const auto way = course (panPosition, lines);
        if (way == Course::rests)
            panRests (balanced (pan = panGains (lines.value[0], law, s.channels)));
        else if (way == Course::lines)
        {
            PanLine line (lines.value[0], lines.slope[0], law, s.channels);
            auto gainsAt = [&, later = 1] (int n) mutable
            {
                for (; later < lines.count && n + phase == lines.turn[later]; ++later)
                    line = { lines.value[later], lines.slope[later], law, s.channels };
                return line.next();
            };
            for (int n = -phase; n < 0; ++n)
                gainsAt (n);
            panMoves ([&] (int n) { return balanced (pan = gainsAt (n)); });
        }
        else
            panMoves ([&] (int n)
                      { return balanced (pan = panGains (at (panPosition, n), law, s.channels)); });
        s.pan.jump (balanced (pan));
    }
    s.crossed = stereo && (panFree || asWidth || s.pan.crosses());

    const bool switched =
        sendGains (slot, heardMoves ? heard.data() : nullptr, heardAt, playing, phase, frames, fresh);
    s.switching = heardMoves || switched;
    if (phase + frames >= quantum && s.gainsMove)
    {
        s.settle();
        s.gainsMove = false;
    }
}

/// The fader's gains over some frames of a quantum. audible: false while the strip is muted throughout.
void StripBank::Node::fade (Strip& s, Frames heardAt, bool playing, int phase, int frames,
                            bool audible) noexcept
{
    auto& desk = desks[static_cast<std::size_t> (s.group)];
    const auto eachLane = [&] (auto&& f)
    {
        f (s.lane);
        if (s.channels == 2)
            f (s.lane + 1);
    };
    const auto glided = [&] (int n) { return (phase + n + 1 - glideStart) / (quantum - glideStart); };
    if (! audible)
    {
        s.vcaAnew = false;
        s.vcaLeft = 0;
        return eachLane ([&] (int l) { desk.fader.set (l, 0); });
    }

    // What VCA faders add: a constant, or a gain for every frame.
    __attribute__ ((uninitialized)) std::array<double, quantum> vca;
    double vcaRests = s.vca.to;
    bool vcaMoves = s.gainsMove && s.vca.moves();
    if (const auto* const lane = s.lanes[StripBank::vcaLane]; lane != nullptr)
    {
        Lines lines;
        auto& hint = s.hints[StripBank::vcaLane];
        auto course = Course::rests;
        if (playing)
            course = courseOf (lane->stretches(), hint, heardAt - phase, lines);
        else
            lines.value[0] = lane->at (heardAt);
        if (course == Course::rests)
            vcaRests *= gainOf (Decibels { lines.value[0] });
        if (course != Course::rests || vcaMoves)
        {
            if (playing)
                gainsAlong (*lane, hint, heardAt - phase, phase + frames, vca.data());
            else
                std::ranges::fill (vca, gainOf (Decibels { lines.value[0] }));
            std::copy (vca.begin() + phase, vca.begin() + phase + frames, vca.begin());
            for (int n = 0; n < frames; ++n)
                vca[static_cast<std::size_t> (n)] *= vcaMoves ? s.vca.at (glided (n)) : s.vca.to;
            vcaMoves = true;
        }
    }
    else if (vcaMoves)
        for (int n = 0; n < frames; ++n)
            vca[static_cast<std::size_t> (n)] = s.vca.at (glided (n));
    if (std::exchange (s.vcaAnew, false))
    {
        const auto* const lane = s.lanes[StripBank::vcaLane];
        const double before =
            (lane != nullptr ? gainOf (Decibels { lane->at (heardAt - (playing ? 1 : 0)) }) : 1.0) *
            s.vca.from;
        // A lane that says what the one before said is no other.
        if (std::abs (before - s.vcaHeard) > 1e-6)
        {
            s.vcaFrom = s.vcaHeard;
            s.vcaLeft = vcaWay;
        }
    }
    if (s.vcaLeft > 0)
    {
        for (int n = 0; n < frames; ++n)
        {
            double& gain = vca[static_cast<std::size_t> (n)];
            const double to = vcaMoves ? gain : vcaRests;
            const double share = static_cast<double> (std::max (0, s.vcaLeft - n - 1)) / vcaWay;
            gain = to + share * (s.vcaFrom - to);
        }
        s.vcaLeft = std::max (0, s.vcaLeft - frames);
        vcaMoves = true;
    }
    s.vcaHeard = vcaMoves ? vca[static_cast<std::size_t> (frames - 1)] : vcaRests;
    const bool alone = ! vcaMoves && vcaRests == 1;

    const auto put = [&] (auto&& gainAt)
    {
        for (int n = 0; n < frames; ++n)
        {
            const double gain = gainAt (n) * (vcaMoves ? vca[static_cast<std::size_t> (n)] : vcaRests);
            eachLane ([&] (int l) { desk.fader.set (l, n, gain); });
        }
        eachLane ([&] (int l) { desk.fader.keep (l, frames); });
    };
    const auto rests = [&] (double gain)
    {
        s.followedLines = false;
        s.fader = { gain, gain };
        if (vcaMoves)
            put ([gain] (int) { return gain; });
        else
            eachLane ([&] (int l) { desk.fader.set (l, gain * vcaRests); });
    };
    const auto moves = [&] (auto&& gainAt)
    {
        s.followedLines = false;
        put (gainAt);
    };
    if (s.lanes[faderLevel] == nullptr)
    {
        if (s.gainsMove && s.fader.moves())
            moves ([&] (int n) { return s.fader.at (glided (n)); });
        else
            rests (s.fader.to);
        return;
    }
    // The lane itself is not looked at while its points say enough.
    const auto lane = [&]() -> const engine::Lane& { return *s.lanes[faderLevel]; };
    if (! playing)
        return rests (gainOf (Decibels { lane().at (heardAt) }));
    Lines lines;
    const auto course = s.faderStretches.empty()
                            ? courseOf (lane(), s.faderHint, heardAt - phase, lines)
                            : courseOf (s.faderStretches, s.faderHint, heardAt - phase, lines);
    if (course == Course::rests)
        return rests (gainOf (Decibels { lines.value[0] }));
    // Silence has no logarithm.
    if (alone && course == Course::lines &&
        std::all_of (lines.value, lines.value + lines.count, [] (double v) { return v > silenceDb; }))
    {
        s.followedLines = true;
        return eachLane (
            [&] (int l)
            {
                for (int k = 0; k < Lines::most; ++k)
                {
                    desk.lines.level[k][l] = lines.value[k] * dsp::octavesPerDb;
                    desk.lines.step[k][l] = lines.slope[k] * dsp::octavesPerDb;
                    desk.lines.turn[k][l] = k < lines.count ? lines.turn[k] : quantum;
                }
                desk.lined |= bit (l);
            });
    }
    __attribute__ ((uninitialized)) std::array<double, quantum> gain;
    gainsAlong (lane(), s.faderHint, heardAt - phase, phase + frames, gain.data());
    moves ([&] (int n) { return gain[static_cast<std::size_t> (phase + n)]; });
    s.fader.from = s.fader.to = gain[static_cast<std::size_t> (phase + frames - 1)];
}

/// What a strip sends to its ports. heard: the mute's gain by frame while it moves. True while a send is
/// being switched.
bool StripBank::Node::sendGains (int slot, const double* heard, Frames heardAt, bool playing, int phase,
                                 int frames, bool fresh) noexcept
{
    auto& s = strip (slot);
    if (! s.gainsMove && ! s.switching && ! s.sendAutomated && ! takesOver && ! fresh && heard == nullptr)
        return false;
    auto& plan = routes[static_cast<std::size_t> (slot)];
    auto& list = rows[static_cast<std::size_t> (s.group)];
    const auto live = [&] (int p) { return s.to[static_cast<std::size_t> (p)]; };
    const auto lane = [&] (int p) { return s.lanes[static_cast<std::size_t> (p)]; };
    const double start = glideStart;
    const int law = static_cast<int> (live (panLaw) + 0.5f);

    // How each send begins, and whether any moves.
    struct Send
    {
        bool levelMoves = false, onMoves = false, on = false, open = true, panMoves = false;
    };
    std::array<Send, stripSends> sends;
    __attribute__ ((uninitialized)) std::array<std::array<double, quantum>, stripSends> levels;
    bool moves = false, switched = false, before = false;
    for (int k = 0; k < stripSends; ++k)
    {
        const int base = firstSend + k * sendSize;
        const auto m = static_cast<std::size_t> (k);
        auto& send = sends[m];
        Lines lines;
        const auto course = [&] (int p)
        {
            if (playing)
                return courseOf (*lane (p), s.hints[static_cast<std::size_t> (p)], heardAt - phase, lines);
            lines.value[0] = lane (p)->at (heardAt);
            return Course::rests;
        };
        send.open = isOpen (s, StripBank::sendRoute (k));
        send.on = isOn (live (base + sendOn));
        if (lane (base + sendOn) != nullptr)
        {
            send.onMoves = course (base + sendOn) != Course::rests;
            send.on = isOn (static_cast<float> (lines.value[0]));
        }
        send.onMoves = send.onMoves || ! s.sendOn[m].rests (send.on && send.open);
        if (const auto* const place = lane (firstSendPan + k); place != nullptr && plan.sendsTo (m))
        {
            send.panMoves = course (firstSendPan + k) != Course::rests;
            s.places[m].to (place->at (heardAt), law, s.channels);
            s.places[m].settle();
        }
        if (lane (base + sendLevel) != nullptr)
        {
            send.levelMoves = course (base + sendLevel) != Course::rests;
            if (send.levelMoves)
                gainsAlong (*lane (base + sendLevel), s.hints[static_cast<std::size_t> (base + sendLevel)],
                            heardAt - phase, phase + frames, levels[m].data());
            const double gain = send.levelMoves ? levels[m][static_cast<std::size_t> (phase)]
                                                : gainOf (Decibels { lines.value[0] });
            s.sends[m] = { gain, gain };
        }
        if (lane (base + sendPre) != nullptr)
        {
            const double to =
                isOn (static_cast<float> (lane (base + sendPre)->at (heardAt - (playing ? phase : 0)))) ? 1
                                                                                                        : 0;
            s.gainsMove = s.gainsMove || to != s.pre[m].to;
            s.pre[m].to = to;
        }
        switched = switched || send.onMoves;
        const bool glides = s.gainsMove && (s.sends[m].moves() || s.pre[m].moves() || s.places[m].moves());
        const bool isBefore = s.pre[m].from > 0 || s.pre[m].to > 0;
        moves = moves || send.onMoves ||
                (plan.sendsTo (m) &&
                 (send.levelMoves || send.panMoves || glides ||
                  (isBefore && (heard != nullptr || (s.gainsMove && s.places[m].movesBefore())))));
        before = before || (isBefore && plan.sendsTo (m));
        if (plan.sendsTo (m) && (send.panMoves || s.places[m].isAside()))
            for (const int to : { plan.sends[m], plan.leavingSends[m] })
                if (to >= 0)
                    list[static_cast<std::size_t> (plan.rows[static_cast<std::size_t> (to)])].divide();
    }
    const bool outputOpen = isOpen (s, StripBank::outputRoute), outputMoves = ! s.direct.rests (outputOpen);
    moves = moves || outputMoves;
    switched = switched || outputMoves;

    const auto gainsAt = [&] (int n, auto&& put)
    {
        const double way = (phase + n + 1 - start) / (quantum - start);
        constexpr std::size_t most = 2 * (1 + stripSends);
        SideGains after[most] {}, pre[most] {};
        const double out = outputMoves ? s.direct.towards (outputOpen) : s.direct.now;
        for (const int to : { plan.output, plan.leaving })
            if (to >= 0)
                after[to].add (out, 1, 1);
        const double heardNow = moves && heard != nullptr ? heard[n] : s.heard.now;
        for (int k = 0; k < stripSends; ++k)
        {
            const int base = firstSend + k * sendSize;
            const auto m = static_cast<std::size_t> (k);
            const Frames now = heardAt + (playing ? n : 0);
            double on = s.sendOn[m].now;
            if (sends[m].onMoves)
                on = s.sendOn[m].towards (sends[m].open &&
                                          (lane (base + sendOn) != nullptr
                                               ? isOn (static_cast<float> (lane (base + sendOn)->at (now)))
                                               : sends[m].on));
            if (! plan.sendsTo (m))
                continue;
            double level = s.sends[m].at (way);
            if (sends[m].levelMoves)
            {
                level = levels[m][static_cast<std::size_t> (phase + n)];
                s.sends[m] = { level, level };
            }
            const double share = s.pre[m].at (way);
            auto& place = s.places[m];
            if (sends[m].panMoves)
            {
                place.to (lane (firstSendPan + k)->at (now), law, s.channels);
                place.settle();
            }
            for (const int to : { plan.sends[m], plan.leavingSends[m] })
                if (to >= 0)
                {
                    after[to].add (level * on * (1 - share), place.left.at (way), place.right.at (way));
                    pre[to].add (level * on * share * heardNow, place.beforeLeft.at (way),
                                 place.beforeRight.at (way));
                }
        }
        for (std::size_t r = 0; r < plan.rows.size(); ++r)
            put (list[static_cast<std::size_t> (plan.rows[r])], after[r], pre[r]);
    };
    // A stereo strip's lanes each have one side.
    const bool stereo = s.channels == 2;
    if (! moves)
    {
        gainsAt (quantum - 1 - phase,
                 [&] (Row& row, const SideGains& after, const SideGains& pre)
                 {
                     for (int c = 0; c < s.channels; ++c)
                     {
                         row.after.set (s.lane + c, after.left);
                         if (row.apart)
                             row.afterRight.set (s.lane + c, after.right);
                     }
                     row.beforeLeft.set (s.lane, pre.left);
                     row.beforeRight.set (s.lane, stereo ? 0 : pre.right);
                     if (stereo)
                     {
                         row.beforeLeft.set (s.lane + 1, 0);
                         row.beforeRight.set (s.lane + 1, pre.right);
                     }
                 });
        return switched;
    }
    for (int n = 0; n < frames; ++n)
        gainsAt (n,
                 [&] (Row& row, const SideGains& after, const SideGains& pre)
                 {
                     for (int c = 0; c < s.channels; ++c)
                     {
                         row.after.set (s.lane + c, n, after.left);
                         if (row.apart)
                             row.afterRight.set (s.lane + c, n, after.right);
                     }
                     if (! before)
                         return;
                     row.beforeLeft.set (s.lane, n, pre.left);
                     row.beforeRight.set (s.lane, n, stereo ? 0 : pre.right);
                     if (stereo)
                     {
                         row.beforeLeft.set (s.lane + 1, n, 0);
                         row.beforeRight.set (s.lane + 1, n, pre.right);
                     }
                 });
    for (const int r : plan.rows)
        for (int c = 0; c < s.channels; ++c)
        {
            auto& row = list[static_cast<std::size_t> (r)];
            row.after.keep (s.lane + c, frames);
            if (row.apart)
                row.afterRight.keep (s.lane + c, frames);
            if (before)
            {
                row.beforeLeft.keep (s.lane + c, frames);
                row.beforeRight.keep (s.lane + c, frames);
            }
            else
            {
                row.beforeLeft.set (s.lane + c, 0);
                row.beforeRight.set (s.lane + c, 0);
            }
        }
    return switched;
}

/// What a group needs computed over some frames.
dsp::StripStretch StripBank::Node::stretchOf (const Group& g, int frames) noexcept
{
    dsp::StripStretch stretch;
    stretch.frames = frames;
    stretch.sections = g.sections();
    stretch.movingSections = g.movingSections;
    stretch.trimMoves = (g.moving & bit (moduleTrim)) != 0;
    stretch.gate = g.gateLanes != 0;
    stretch.comp = g.compLanes != 0;
    stretch.sat = g.satLanes != 0;
    return stretch;
}

/// One or two frames of silence through a group; its output begins the buffer.
void StripBank::Node::passSilence (dsp::StripGroup& lanes, dsp::StripStretch stretch) noexcept
{
    std::array<const float*, dsp::stripLanes> none;
    none.fill (silence);
    dsp::stripsIn (lanes, none.data(), stretch.frames, buffer);
    dsp::runStrips (lanes, state->constants, stretch, buffer);
    dsp::stripsOut (lanes, stretch.frames, buffer);
}

/// True when silence puts out silence and leaves the group as it is to the bit: after every frame, or after
/// every second one. (A filter's state that has become too small for its products to be normal numbers is
/// turned upside down in every frame.)
bool StripBank::Node::isAtRest (const Group& g) noexcept
{
    trial = g.lanes;
    passSilence (trial, stretchOf (g, 2));
    return std::memcmp (&trial, &g.lanes, sizeof trial) == 0 &&
           std::all_of (buffer, buffer + 2 * dsp::stripLanes, [] (float x) { return x == 0; });
}

/// Before anything in a group that may be asleep is changed.
void StripBank::Node::wake (Group& g) noexcept
{
    if (std::exchange (g.odd, false))
        passSilence (g.lanes, stretchOf (g, 1));
    g.asleep = false;
    g.quiet = 0;
}

/// The frames of one quantum or of a part of it.
void StripBank::Node::run (Frames position, bool playing, int phase, int first, int frames, bool starts,
                           bool jumped, std::span<const engine::Signal> in,
                           std::span<engine::Signal> out) noexcept
{
    if (starts)
        glideStart = phase;
    meterPart = frames == quantum ? state->meterPart : 1 - std::exp (-frames / (0.3 * state->sampleRate));
    for (std::size_t n = 0; n < members.size(); ++n)
    {
        const int slot = members[n];
        auto& s = strip (slot);
        if (n + 2 < members.size())
            if (const auto& later = strip (members[n + 2]); later.faderAutomated)
                __builtin_prefetch (later.faderStretches.data() + later.faderHint);
        if (starts || s.fresh)
            readControls (slot);
        if (s.fresh)
            revive (slot, position);
        if (jumped && groups[static_cast<std::size_t> (s.group)]->moving != 0)
            s.dirty |= allModules;
        gains (slot, position, playing, phase, frames, starts);

        const auto& signal = slotOf (slot).input >= 0 ? in[static_cast<std::size_t> (slotOf (slot).input)]
                                                      : engine::Signal { {}, 2, true };
        const bool silent = signal.silent || signal.channel[0] == nullptr;
        auto& desk = desks[static_cast<std::size_t> (s.group)];
        desk.sounding = desk.sounding || ! silent;
        for (int c = 0; c < s.channels; ++c)
            inputs[static_cast<std::size_t> (s.group * dsp::stripLanes + s.lane + c)] =
                silent ? silence : signal.channel[c] + first;
    }

    for (auto& bus : buses)
        bus.any = false;
    // Where tails may end: at fixed places of the song, so that it does not matter how time is cut.
    constexpr Frames tailGrid = 32 * quantum;
    const Frames stopped = state->stoppedFrames;
    if (! playing)
        state->stoppedFrames += frames;
    const bool tailsMayEnd = playing ? phase == 0 && position % tailGrid == 0
                                     : stopped / tailGrid != state->stoppedFrames / tailGrid;

    std::size_t member = 0;
    for (std::size_t index = 0; index < groups.size(); ++index)
    {
        const auto begin = member;
        while (member < members.size() && strip (members[member]).group == static_cast<int> (index))
            ++member;
        if (begin == member)
            continue;
        const std::span<const int> own (members.data() + begin, member - begin);
        auto& g = *groups[index];
        auto& l = g.lanes;
        const bool still =
            ! std::exchange (desks[index].sounding, false) && g.moving == 0 &&
            std::ranges::none_of (own, [&] (int slot)
                                  { return ((strip (slot).dirty | strip (slot).driven) & allButGain) != 0; });
        if (tailsMayEnd)
            dsp::endTails (l);
        // Asked now and then: it costs a copy of the group.
        constexpr int firstTime = 8, again = 32;
        if (! still)
            wake (g);
        else if (! g.asleep)
            g.asleep = ++g.quiet % again == firstTime && isAtRest (g);
        moveFaders (index, phase, frames);
        if (g.asleep)
        {
            g.odd = g.odd != (frames % 2 != 0);
            settle (index);
            for (const int slot : own)
                tellSilence (slot, first, frames, out);
            continue;
        }
        for (const int slot : own)
            watch (slot, index, frames);
        dsp::stripsIn (l, inputs.data() + index * dsp::stripLanes, frames, buffer);
        if (index + 1 < groups.size())
            for (int lane = 0; lane < dsp::stripLanes; ++lane)
                for (int n = 0; n < frames; n += 16)
                    __builtin_prefetch (
                        inputs[(index + 1) * dsp::stripLanes + static_cast<std::size_t> (lane)] + n);

        for (int n = 0; n < frames;)
        {
            const int at = phase + n;
            int length = grid - at % grid;
            bool works = g.moving != 0, waits = false;
            const bool newStep = at % grid == 0 || (jumped && n == 0);
            const double way = (at + length - glideStart) / (quantum - glideStart);
            const Frames end = position + (playing ? n + length : 0);
            for (const int slot : own)
            {
                auto& s = strip (slot);
                if (((s.dirty | s.driven) & allButGain) == 0)
                    continue;
                waits = true;
                if (newStep)
                {
                    aimStrip (s, g, end, way, length);
                    works = true;
                }
            }
            length = works || waits ? std::min (length, frames - n) : frames - n;

            auto stretch = stretchOf (g, length);
            stretch.first = n;
            dsp::runStrips (l, state->constants, stretch, buffer);
            n += length;
            if (works && (phase + n) % grid == 0)
                land (g);
        }

        mixDown (index, frames);
        settle (index);
        for (const int slot : own)
            tell (slot, g, first, frames, out);
        dsp::stripsOut (l, frames, buffer);
    }

    for (std::size_t port = 0; port < out.size() && port < buses.size(); ++port)
    {
        if (! buses[port].wanted)
            continue;
        float *left = out[port].channel[0] + first, *right = out[port].channel[1] + first;
        if (buses[port].any)
        {
            dsp::sumBus (buses[port].columns, frames, left, right);
            out[port].silent = false;
        }
        else
        {
            std::fill_n (left, frames, 0.0f);
            std::fill_n (right, frames, 0.0f);
        }
    }
}

/// The gains of faders that follow lines.
void StripBank::Node::moveFaders (std::size_t index, int phase, int frames) noexcept
{
    auto& desk = desks[index];
    if (desk.lined != 0)
    {
        dsp::followLines (desk.lines, desk.lined, phase, frames, desk.fader.table);
        const float* const last = desk.fader.table + (frames - 1) * dsp::stripLanes;
        float* const end = groups[index]->lineEnd;
        for (int lane = 0; lane < dsp::stripLanes; ++lane)
        {
            const bool own = (desk.lined >> lane & 1) != 0;
            desk.fader.rest[lane] = own ? last[lane] : desk.fader.rest[lane];
            end[lane] = own ? last[lane] : end[lane];
        }
        desk.fader.moved |= std::exchange (desk.lined, 0);
        desk.fader.moving = desk.fader.stale = true;
    }
}

/// From the strips' ends through faders and pans to the buses.
void StripBank::Node::mixDown (std::size_t index, int frames) noexcept
{
    auto& desk = desks[index];
    if (desk.heard.moving)
        desk.fader.moving = true;
    desk.fader.spread (frames);
    if (desk.heard.moving)
        for (int lane = 0; lane < dsp::stripLanes; ++lane)
            if ((desk.heard.moved >> lane & 1) != 0)
                for (int at = lane; at < frames * dsp::stripLanes; at += dsp::stripLanes)
                    desk.fader.table[at] *= desk.heard.table[at];
    desk.left.spread (frames);
    desk.right.spread (frames);
    dsp::levelStrips (groups[index]->lanes, desk.fader.view(), desk.left.view(), desk.right.view(), frames,
                      buffer, sides);

    const auto columnsOf = [this] (const Row& row)
    {
        auto& bus = buses[static_cast<std::size_t> (row.port)];
        if (! std::exchange (bus.any, true))
            std::memset (bus.columns, 0, sizeof bus.columns);
        return bus.columns;
    };
    int count = 0;
    for (auto& row : rows[index])
    {
        row.after.spread (frames);
        row.beforeLeft.spread (frames);
        row.beforeRight.spread (frames);
        if (row.apart)
            row.afterRight.spread (frames);
        const bool sounds = desk.fader.any && (row.after.any || (row.apart && row.afterRight.any));
        if (sounds && ! row.apart)
        {
            adding[static_cast<std::size_t> (count)] = row.after.view();
            addingTo[static_cast<std::size_t> (count++)] = columnsOf (row);
        }
        if (row.beforeLeft.any || row.beforeRight.any)
            dsp::addBefore (row.beforeLeft.view(), row.beforeRight.view(), frames, buffer, columnsOf (row));
        if (sounds && row.apart)
            dsp::addSides (row.after.view(), row.afterRight.view(), frames, sides, columnsOf (row));
    }
    dsp::addStrips (adding.data(), addingTo.data(), count, frames, sides);
}

/// Ends a part of a quantum: what moved in it rests until something moves again.
void StripBank::Node::settle (std::size_t index) noexcept
{
    auto& desk = desks[index];
    for (auto* g : { &desk.fader, &desk.left, &desk.right, &desk.heard })
        g->settle();
    for (auto& row : rows[index])
        for (auto* g : { &row.after, &row.afterRight, &row.beforeLeft, &row.beforeRight })
            g->settle();
}

/// Meters and single outputs of a strip.
void StripBank::Node::tell (int slot, const Group& g, int first, int frames,
                            std::span<engine::Signal> out) noexcept
{
    const auto& s = strip (slot);
    const auto& to = slotOf (slot);
    const auto& l = g.lanes;
    const int a = s.lane, b = s.lane + s.channels - 1;
    // Frame n of a side of what leaves the pan.
    const auto heard = [&] (int side, int n)
    {
        const float* const row = sides + (side * dsp::stripFrames + n) * dsp::stripLanes;
        return s.crossed ? row[a] + row[b] : row[side == 0 ? a : b];
    };
    if (to.meter != nullptr)
    {
        float peak[] { l.peakLeft[a], l.peakRight[b] }, energy[] { l.energyLeft[a], l.energyRight[b] };
        for (int side = 0; s.crossed && side < 2; ++side)
        {
            peak[side] = energy[side] = 0;
            for (int n = 0; n < frames; ++n)
            {
                const float x = heard (side, n);
                peak[side] = std::max (peak[side], std::abs (x));
                energy[side] += x * x;
            }
        }
        to.meter->raise (0, peak[0]);
        to.meter->raise (1, peak[1]);
        for (int c = 0; c < 2; ++c)
        {
            auto& e = to.meter->energy[c];
            const double now = e.load (std::memory_order_relaxed);
            e.store (static_cast<float> (now + meterPart * (energy[c] / static_cast<float> (frames) - now)),
                     std::memory_order_relaxed);
        }
    }
    if (auto* scope = to.scope != nullptr && to.meter != nullptr
                          ? to.scope->output.load (std::memory_order_acquire)
                          : nullptr)
        scope->write (frames,
                      [&] (int n, int c) {
                          return c == 0 ? sides[n * dsp::stripLanes + a]
                                        : sides[(dsp::stripFrames + n) * dsp::stripLanes + b];
                      });
    if (to.reduction != nullptr)
        to.reduction->store (static_cast<float> (l.compWeight.now[a] * l.compLevel[a] / dsp::octavesPerDb),
                             std::memory_order_relaxed);
    if (to.tap >= 0)
    {
        auto& signal = out[static_cast<std::size_t> (to.tap)];
        for (int n = 0; n < frames; ++n)
            for (int side = 0; side < 2; ++side)
                signal.channel[side][first + n] = heard (side, n);
        signal.silent = false;
    }
    if (to.preTap >= 0)
    {
        auto& signal = out[static_cast<std::size_t> (to.preTap)];
        for (int c = 0; c < s.channels; ++c)
            for (int n = 0; n < frames; ++n)
                signal.channel[c][first + n] = buffer[n * dsp::stripLanes + a + c];
        signal.silent = false;
    }
}

/// What comes into a strip that is being looked at.
void StripBank::Node::watch (int slot, std::size_t group, int frames) noexcept
{
    const auto& to = slotOf (slot);
    auto* scope = to.scope != nullptr && to.reduction != nullptr
                      ? to.scope->input.load (std::memory_order_acquire)
                      : nullptr;
    if (scope == nullptr)
        return;
    const auto& s = strip (slot);
    const float* const* lane = inputs.data() + group * dsp::stripLanes + static_cast<std::size_t> (s.lane);
    scope->write (frames, [&] (int n, int c) { return lane[std::min (c, s.channels - 1)][n]; });
}

/// The same for a strip of a group that is asleep.
void StripBank::Node::tellSilence (int slot, int first, int frames, std::span<engine::Signal> out) noexcept
{
    const auto& s = strip (slot);
    const auto& to = slotOf (slot);
    if (to.meter != nullptr)
        for (auto& e : to.meter->energy)
            if (const double now = e.load (std::memory_order_relaxed); now != 0)
                e.store (static_cast<float> (now - meterPart * now), std::memory_order_relaxed);
    if (to.scope != nullptr)
        for (auto* scope :
             { to.reduction != nullptr ? to.scope->input.load (std::memory_order_acquire) : nullptr,
               to.meter != nullptr ? to.scope->output.load (std::memory_order_acquire) : nullptr })
            if (scope != nullptr)
                scope->write (frames, [] (int, int) { return 0.0f; });
    for (const int port : { to.tap, to.preTap })
        if (port >= 0)
            for (int c = 0; c < (port == to.tap ? 2 : s.channels); ++c)
                std::fill_n (out[static_cast<std::size_t> (port)].channel[c] + first, frames, 0.0f);
}

void StripBank::Node::process (const engine::Chunk& chunk, std::span<const engine::Signal> in,
                               std::span<engine::Signal> out) noexcept
{
    const auto& time = chunk.time;
    const bool jumped = ! state->started || time.position != state->expected ||
                        time.playing != state->wasPlaying || ! time.playing;
    state->started = true;
    state->wasPlaying = time.playing;
    state->expected = time.position + (time.playing ? chunk.frames : 0);

    for (auto& signal : out)
        signal.silent = true;
    const auto before = std::exchange (state->running, number);
    takesOver = before != number;
    if (takesOver)
    {
        leaveStrangers();
        for (const int n : members)
        {
            // Who was not there a chunk ago starts from silence.
            auto& s = strip (n);
            s.fresh = s.fresh || s.runner != before;
            s.runner = number;
            auto& link = groups[static_cast<std::size_t> (s.group)]->lanes.link;
            if (const auto linked = slotOf (n).dualMono ? 0 : ~0u; s.channels == 2 && link[s.lane] != linked)
                link[s.lane] = link[s.lane + 1] = linked;
        }
    }
    bind (chunk);
    // While time stands still, chunks are still laid out from the position's place in the quantum.
    int phase = static_cast<int> (((time.position % quantum) + quantum) % quantum);
    for (int n = 0; n < chunk.frames;)
    {
        const int frames = std::min (chunk.frames - n, quantum - phase);
        run (time.position + (time.playing ? n : 0), time.playing, phase, n, frames,
             phase == 0 || (n == 0 && jumped), n == 0 && jumped, in, out);
        n += frames;
        phase = 0;
        takesOver = false;
    }
}

StripBank::StripBank (double sampleRate) : state (std::make_shared<State>())
{
    state->sampleRate = sampleRate;
    state->meterPart = 1 - std::exp (-quantum / (0.3 * sampleRate));
}

StripBank::~StripBank() = default;

std::shared_ptr<engine::Processor> StripBank::processor (const Layout& layout, int outputs)
{
    return std::make_shared<Node> (state, layout, outputs);
}

void StripBank::setOpen (std::uint64_t key, Routes routes)
{
    const std::lock_guard lock (state->editing);
    state->open[key] = routes;
    for (const int channels : { 1, 2 })
        if (const auto found = state->strips.find ({ key, channels }); found != state->strips.end())
            if (const auto strip = found->second.lock())
                strip->open.store (routes, std::memory_order_relaxed);
}

int StripBank::latency() noexcept
{
    return dsp::stripDelay;
}

} // namespace lacquer::mix
