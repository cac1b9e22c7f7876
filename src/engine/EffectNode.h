// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Handoff.h"
#include "engine/DelayLine.h"
#include "engine/Processor.h"

#include <limits>
#include <memory>
#include <vector>

namespace lacquer::engine
{

/// Runs an Effect as a node: input 0 and output 0 of the format's channels; input 1, if the graph has one, is
/// the sidechain (give the node a second input only when something is connected to it), of one or two
/// channels: the effect is handed as many as it has. Automation is exact: the chunk is cut where lanes
/// turn, and each part is told the value of its last frame. Where a level moves fast, parts are short, so
/// that the straight lines in gain that effects go along stay near those in dB.
///
/// Every effect gets a "mix" with the dry sound, as late as its own, and one that is keyed a
/// "sidechain.listen" that lets the key be heard in its place, unless it has a parameter of that id itself;
/// and "on", the switch that setOn() turns. Lanes of "mix" and "on" are followed by what comes out: the song
/// there is as late as the effect.
///
/// Once nothing has come in for as long as the effect needs to come to rest (Effect::rest), and before the
/// first sound, it is not called: the output is silent until the next frame that is not. Counted in frames,
/// so no bit depends on cuts.
class EffectNode final : public Processor
{
public:
    /// Creates and prepares the effect. [control]
    /// dualMono: of two channels, each has an effect of its own that hears nothing of the other.
    EffectNode (const EffectType&, const Format&, bool on = true, bool dualMono = false);

    /// The parameters of a node with an effect of this type: the effect's, then those of every node. [any
    /// thread]
    static std::vector<Param> tableOf (const EffectType&);

    Controls& controls() noexcept { return values; }
    const Controls& controls() const noexcept { return values; }

    /// Switches the effect on or off, crossfading in 10 ms with the input delayed by the effect's latency:
    /// the latency stays. It begins afresh when it is switched on. A lane of the switch does the same, to the
    /// frame, and has its way as long as it is bound. [control]
    void setOn (bool) noexcept;
    /// See Effect::hear(). [control]
    void hear (const std::shared_ptr<const Recording>&);
    /// Makes the effect ready for all that lanes may choose. Before the first sound with them. [control]
    void expect (std::span<const Binding>);
    /// The parameters that every node has: what they do, they do to what comes out. [any thread]
    bool isMix (int parameter) const noexcept { return parameter == mixParameter; }
    bool isSwitch (int parameter) const noexcept { return parameter == onParameter; }
    bool isOn() const noexcept { return lacquer::isOn (values[onParameter]); }

    float reduction() const noexcept; ///< [any thread] see Effect; the larger of two
    bool isDualMono() const noexcept { return effects[1] != nullptr; }
    Frames tail() const; ///< [control] for the values now

    void process (const Chunk&, std::span<const Signal> inputs, std::span<Signal> outputs) noexcept override;
    void reset() noexcept override;
    int latency() const noexcept override;

private:
    /// Whether the effect works on a frame, and whether what comes out then is its sound.
    struct Switch
    {
        bool in = true, out = true;
        bool operator== (const Switch&) const = default;
    };
    Switch switchAt (const Chunk&, int frame) const noexcept;
    bool processStretch (const Chunk&, std::span<const Signal> inputs, Signal& out, const Signal* sidechain,
                         Switch, int from, int to) noexcept;
    const float* lateDryOf (int channel) noexcept;
    void fade (Signal& out, bool towardsEffect, int from, int to) noexcept;
    void mix (const Chunk&, Signal& out, int from, int to) noexcept;
    void processSpan (const Chunk&, Signal& out, const Signal* sidechain, int from, int to) noexcept;
    void processTurn (const Chunk&, Signal& out, const Signal* sidechain, int from, int to) noexcept;
    void processPart (const Chunk&, Signal& out, const Signal* sidechain, int from, int to) noexcept;
    const Signal* keyed (std::span<const Signal> inputs, int frames) noexcept;
    const Signal& dryOf (const Signal& in, const Signal* key, bool listens, int frames) noexcept;
    bool mixes (const Chunk&) const noexcept;
    const Lane* laneOf (const Chunk&, int parameter) const noexcept;
    float valueIn (const Chunk&, int parameter, int to, Frames late = 0) const noexcept;
    Frames restNow (const Chunk&) const noexcept;
    std::vector<float> valuesNow() const;
    void ready (std::span<const float>) const; // see Effect

    std::unique_ptr<Effect> effects[2]; // the second: of the right channel, where they are two
    Controls values;
    int own = 0; // parameters of the effect itself
    int mixParameter = -1, listenParameter = -1, onParameter = -1;
    std::vector<float> told; // audio: the values of the part being processed
    struct DryDelay // Handoff hands over constant objects; the line in it belongs to the audio thread
    {
        DryDelay (int channels, Frames frames) : line (std::make_unique<DelayLine> (channels, frames)) {}
        std::unique_ptr<DelayLine> line;
    };
    mutable Handoff<DryDelay> dryDelays;           // as long as the effect's latency
    mutable Frames dryLength = -1;                 // control
    mutable std::atomic<std::uint64_t> rest { 0 }; // for the values of a version: frames << 32 | version
    static constexpr Frames silentForEver = std::numeric_limits<Frames>::max() / 2;
    Frames quiet = silentForEver; // audio: frames since something came in
    Format format;
    int fadeFrames;            // of a crossfade
    int faded;                 // audio: how far it has come, towards the effect
    Frames warmUp = 0;         // audio: frames the effect must still run before it may be heard
    Frames inside = 0;         // audio: frames until a sound that a lane let in has come out
    bool running;              // audio
    bool worked;               // audio: what came in last was let into the effect
    bool begun = false;        // audio: since reset()
    Frames late = 0;           // audio: what the effect delays by, in this chunk
    const float* dryNow[2] {}; // audio: the dry sound of this chunk, as late as the effect's
    float mixed = -1;          // audio: where the mix has arrived; negative: not begun
    bool mixing = false;       // audio: in this chunk
    float listened = 0;        // audio: share of the key in the dry sound
    Signal key, drySound;
    float keyRoom[quantum], dryRoom[2][quantum], lateDry[2][quantum], shares[quantum];
};

} // namespace lacquer::engine
