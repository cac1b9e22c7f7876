// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "engine/Processor.h"
#include "engine/Scope.h"
#include "mix/StripParams.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

namespace lacquer::mix
{

/// Many channel strips, computed side by side in SIMD lanes (dsp/kernels/Strip.h): trim, high- and low-pass,
/// gate, EQ, compressor, saturation, fader, pan and sends. A mono strip is one lane, a stereo strip two with
/// linked detectors. A strip's sound does not depend on which lanes it lies in, on its neighbours, or on how
/// time was cut into chunks.
///
/// The bank owns the sound state and outlives plans; every plan gets its own processor() with its own layout.
class StripBank
{
public:
    /// The number under which a binding drives the gain that VCA faders add to the fader, in dB.
    static constexpr int vcaLane = stripParamCount;
    /// Routes of a strip, for setOpen(): its output, and after it its sends.
    using Routes = std::uint32_t;
    static constexpr Routes outputRoute = 1, allRoutes = (1u << (1 + stripSends)) - 1;
    static constexpr Routes sendRoute (int send) noexcept { return 2u << send; }

    struct Slot
    {
        std::uint64_t key = 0; ///< who the strip is (its id); a strip keeps its state while its key and
                               ///< channels stay. Unique in a layout; 0: an empty slot.
        const engine::Controls* controls = nullptr; ///< table: StripParams; outlives the bank
        int channels = 2;                           ///< 1 or 2
        bool dualMono = false;                      ///< the detectors of the two are not linked
        int input = -1;                             ///< input port; its channels equal `channels`
        int output = -1;                            ///< stereo output port of the direct out, or -1
        std::array<int, stripSends> sends { -1, -1, -1, -1, -1, -1, -1, -1 }; ///< stereo output ports, or -1
        /// As output and sends, beside them: where the strip went before a crossing of plans.
        int leaving = -1;
        std::array<int, stripSends> leavingSends { -1, -1, -1, -1, -1, -1, -1, -1 };
        int tap = -1;    ///< stereo output port with the strip alone, after fader and pan, or -1
        int preTap = -1; ///< output port of `channels` channels with the strip before the fader, or -1
        /// Gain that VCA faders add to the fader, linear; null: 1. Outlives the bank.
        const std::atomic<double>* vca = nullptr;
        engine::MeterTap* meter = nullptr;       ///< after fader and pan; outlives the bank
        std::atomic<float>* reduction = nullptr; ///< of the compressor, dB (0 or more); outlives the bank
        engine::ScopeTap* scope =
            nullptr; ///< what comes in, and with a meter what goes out; outlives the bank
    };
    using Layout = std::vector<Slot>; ///< Binding::strip is the index

    explicit StripBank (double sampleRate);
    ~StripBank();
    StripBank (const StripBank&) = delete;
    StripBank& operator= (const StripBank&) = delete;

    /// A processor over this bank's state with its own inputs and outputs; `outputs`: how many output ports
    /// it has. When it first runs, strips that ran in the chunk before go on, others start from silence. At
    /// most one processor of a bank runs at a time. A strip has its lanes for as long as a processor that
    /// knows it lives. [control] Allocates.
    std::shared_ptr<engine::Processor> processor (const Layout&, int outputs);

    /// Closes routes of a strip (for solo elsewhere) in 64 frames, without touching its mute and switches; 0
    /// silences it whole. Kept by key, also for strips that come later. [control]
    void setOpen (std::uint64_t key, Routes);

    /// The delay of every strip at every setting, in frames: that of the saturation.
    static int latency() noexcept;

private:
    struct State;
    class Node;
    std::shared_ptr<State> state;
};

} // namespace lacquer::mix
