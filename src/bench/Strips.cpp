// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/Strips.h"

#include "bench/Clock.h"
#include "bench/ScalarStrip.h"
#include "bench/Sounds.h"
#include "core/Random.h"
#include "dsp/Targets.h"
#include "engine/FlushDenormals.h"
#include "mix/ReferenceStrip.h"
#include "mix/StripBank.h"

#include <algorithm>
#include <cmath>

namespace lacquer::bench
{

namespace
{

constexpr double rate = 48000;
constexpr int frames = engine::quantum;
constexpr int ringBlocks = 16;   // of input: what a track's reader leaves in the second cache
constexpr int songBlocks = 1024; // after which the song begins again

/// The instruction set that the kernels are held to, as long as this lives.
class OnlyIsa
{
public:
    explicit OnlyIsa (std::string_view name) : held (dsp::limitTargets (name)) {}
    ~OnlyIsa() { dsp::limitTargets ({}); }
    OnlyIsa (const OnlyIsa&) = delete;
    OnlyIsa& operator= (const OnlyIsa&) = delete;

    /// False when this machine does not have it.
    explicit operator bool() const noexcept { return held; }

private:
    bool held;
};

std::vector<Param> stripTable()
{
    const auto specs = lacquer::specs<mix::StripParams>();
    return { specs.begin(), specs.end() };
}

double drawn (int strip, int what, double low, double high)
{
    return low + (high - low) *
                     uniform (static_cast<std::uint64_t> (strip) * 1009 + static_cast<std::uint64_t> (what));
}

/// The settings of strip n. No band is flat, every threshold is crossed.
void setUp (engine::Controls& c, int n, bool saturation)
{
    const auto set = [&] (int parameter, double value) { c.set (parameter, static_cast<float> (value)); };
    set (LACQUER_STRIP_INDEX (trim.gain), drawn (n, 0, -6, 6));
    set (LACQUER_STRIP_INDEX (hpf.on), 1);
    set (LACQUER_STRIP_INDEX (hpf.frequency), drawn (n, 1, 25, 120));
    set (LACQUER_STRIP_INDEX (hpf.slope), 1); // 24 dB per octave
    const double low[] { 40, 60, 250, 900, 3000, 4000 }, high[] { 200, 250, 900, 3000, 9000, 14000 };
    constexpr int size = LACQUER_STRIP_INDEX (eq.band2) - LACQUER_STRIP_INDEX (eq.band1);
    constexpr int frequency = LACQUER_STRIP_INDEX (eq.band1.frequency),
                  gain = LACQUER_STRIP_INDEX (eq.band1.gain);
    for (int band = 0; band < mix::eqBands; ++band)
    {
        set (frequency + band * size, drawn (n, 10 + band, low[band], high[band]));
        const double g = drawn (n, 20 + band, -7, 7);
        set (gain + band * size, g + std::copysign (1.0, g));
    }
    set (LACQUER_STRIP_INDEX (comp.on), 1);
    set (LACQUER_STRIP_INDEX (comp.threshold), drawn (n, 30, -30, -14));
    set (LACQUER_STRIP_INDEX (comp.ratio), drawn (n, 31, 2, 6));
    set (LACQUER_STRIP_INDEX (comp.makeup), drawn (n, 32, 1, 5));
    set (LACQUER_STRIP_INDEX (sat.on), saturation ? 1 : 0);
    set (LACQUER_STRIP_INDEX (sat.drive), drawn (n, 33, 2, 12));
    set (LACQUER_STRIP_INDEX (pan.position), drawn (n, 34, -90, 90));
    set (LACQUER_STRIP_INDEX (fader.level), drawn (n, 35, -18, -6));
    set (LACQUER_STRIP_INDEX (send1.level), drawn (n, 36, -20, -6));
    set (LACQUER_STRIP_INDEX (send2.level), drawn (n, 37, -20, -6));
}

std::array<float, mix::stripParamCount> valuesOf (const engine::Controls& c)
{
    std::array<float, mix::stripParamCount> values;
    for (int p = 0; p < mix::stripParamCount; ++p)
        values[static_cast<std::size_t> (p)] = c[p];
    return values;
}

/// A fader that goes to and fro: over the whole song, or with a point in every block, each strip's elsewhere.
std::shared_ptr<const engine::Lane> faderLane (int n, bool breakpoints)
{
    std::vector<engine::Point> points;
    const auto length = static_cast<Frames> (songBlocks) * frames;
    if (! breakpoints)
        points = { { 0, -18, engine::Curve::linear, 0 },
                   { length / 2, -6, engine::Curve::linear, 0 },
                   { length, -18, engine::Curve::linear, 0 } };
    else
        for (int block = 0; block < songBlocks; ++block)
            points.push_back (
                { static_cast<Frames> (block) * frames + 1 + static_cast<Frames> (drawn (n, block, 0, 62)),
                  block % 2 == 0 ? -12.0 : -10.0, engine::Curve::linear, 0 });
    return std::make_shared<engine::Lane> (std::move (points));
}

/// Strips with everything around them, played block by block.
class Strips
{
public:
    Strips (const StripSetup& setup, bool moving = true) : count (setup.strips), bank (rate)
    {
        const auto table = stripTable();
        mix::StripBank::Layout layout;
        ports.assign (3, std::vector<float> (2 * frames));
        for (int n = 0; n < count; ++n)
        {
            setUp (*controls.emplace_back (std::make_unique<engine::Controls> (table)), n, setup.saturation);
            meters.push_back (std::make_unique<engine::MeterTap>());
            reductions.push_back (std::make_unique<std::atomic<float>> (0.0f));
            input.push_back (music (static_cast<std::uint64_t> (n), ringBlocks * frames, rate));
            if (moving)
                lanes.push_back ({ n, LACQUER_STRIP_INDEX (fader.level), faderLane (n, setup.breakpoints) });
            mix::StripBank::Slot slot;
            slot.key = static_cast<std::uint64_t> (n) + 1;
            slot.controls = controls.back().get();
            slot.channels = 1;
            slot.input = n;
            slot.output = 0;
            slot.sends[0] = 1;
            slot.sends[1] = 2;
            slot.meter = meters.back().get();
            slot.reduction = reductions.back().get();
            layout.push_back (slot);
        }
        ins.resize (input.size());
        for (auto& port : ports)
            outs.push_back ({ { port.data(), port.data() + frames }, 2, false });
        processor = bank.processor (layout, static_cast<int> (ports.size()));
    }

    void play() noexcept
    {
        engine::Chunk chunk;
        chunk.frames = frames;
        chunk.time.position = static_cast<Frames> (block % songBlocks) * frames;
        chunk.time.playing = true;
        chunk.automation = lanes;
        const auto at = static_cast<std::size_t> (block % ringBlocks) * frames;
        for (std::size_t n = 0; n < ins.size(); ++n)
            ins[n] = { { input[n].data() + at, nullptr }, 1, false };
        for (auto& out : outs)
            out.silent = false;
        processor->process (chunk, ins, outs);
        ++block;
    }

    /// Nanoseconds per strip and sample over so many blocks.
    double cost (int blocks)
    {
        const engine::FlushDenormals flush;
        const CpuWatch watch;
        for (int n = 0; n < blocks; ++n)
            play();
        return 1e9 * watch.seconds() / blocks / frames / count;
    }

    int count;
    std::vector<std::unique_ptr<engine::Controls>> controls;
    std::vector<std::unique_ptr<engine::MeterTap>> meters;
    std::vector<std::unique_ptr<std::atomic<float>>> reductions;
    std::vector<engine::Binding> lanes;
    std::vector<std::vector<float>> input, ports;
    std::vector<engine::Signal> ins, outs;
    mix::StripBank bank; // after what it points at
    std::shared_ptr<engine::Processor> processor;
    int block = 0;
};

/// RMS of the difference between a mix of strips at rest and that of their double twins, against the RMS of
/// the latter, in dB.
double accuracy (StripSetup setup)
{
    setup.strips = 64;
    Strips strips (setup, false);
    std::vector<mix::ReferenceStrip> twins;
    for (const auto& c : strips.controls)
        twins.emplace_back (valuesOf (*c), rate, 1);
    double error = 0, power = 0;
    const engine::FlushDenormals flush;
    for (int block = 0; block < 128; ++block)
    {
        const auto at = static_cast<std::size_t> (block % ringBlocks) * frames;
        strips.play();
        const auto& mix = strips.ports.front();
        for (std::size_t n = 0; n < frames; ++n)
        {
            double left = 0, right = 0;
            for (std::size_t t = 0; t < twins.size(); ++t)
            {
                const auto wanted = twins[t]({ strips.input[t][at + n], 0 }).direct;
                left += wanted.left;
                right += wanted.right;
            }
            error += std::pow (mix[n] - left, 2) + std::pow (mix[frames + n] - right, 2);
            power += left * left + right * right;
        }
    }
    return 10 * std::log10 (error / power + 1e-40);
}

constexpr int blocksOfSample = 64;

} // namespace

Result<Sampler> stripCost (StripSetup setup, Session&)
{
    const OnlyIsa only (setup.isa);
    if (! only)
        return Problem { "This machine does not have " + std::string (setup.isa) + "." };
    auto strips = std::make_shared<Strips> (setup);
    strips->cost (blocksOfSample);
    const double error = accuracy (setup);
    return Sampler { [=]() -> Result<Sample>
                     {
                         const OnlyIsa again (setup.isa);
                         return Sample { strips->cost (blocksOfSample), 1, { { "accuracy_db", error } } };
                     } };
}

Result<Sampler> automationCost (Session&)
{
    StripSetup setup;
    auto without = std::make_shared<Strips> (setup);
    setup.breakpoints = true;
    auto with = std::make_shared<Strips> (setup);
    for (auto& strips : { with, without })
        strips->cost (blocksOfSample);
    return Sampler { [=]() -> Result<Sample> {
        return Sample { with->cost (blocksOfSample), without->cost (blocksOfSample) };
    } };
}

Result<Sampler> stripsPerCore (Session& session)
{
    const int blocks = session.quick ? 16 : 96;
    return Sampler { [&session, blocks]() -> Result<Sample>
                     {
                         const double period = frames / rate;
                         const auto load = [&] (int count)
                         {
                             Strips strips ({ count });
                             strips.cost (8);
                             return 1e-9 * strips.cost (blocks) * count * frames / period;
                         };
                         // Doubled until it is too much, then halved between: to 16 strips.
                         int fits = 0, much = 1024;
                         while (load (much) <= 0.7 && much < 65536 && ! session.progress.stopped())
                         {
                             fits = much;
                             much *= 2;
                         }
                         while (much - fits > 16 && ! session.progress.stopped())
                         {
                             const int middle = (fits + much) / 32 * 16;
                             (load (middle) <= 0.7 ? fits : much) = middle;
                         }
                         return Sample { static_cast<double> (fits) };
                     } };
}

Result<Sampler> scalarStripCost (Session&)
{
    struct Scalar
    {
        std::vector<ScalarStrip> strips;
        std::vector<std::shared_ptr<const engine::Lane>> lanes;
        std::vector<std::vector<float>> input;
        ScalarBuses buses;
        int block = 0;
    };
    auto all = std::make_shared<Scalar>();
    const auto table = stripTable();
    for (int n = 0; n < StripSetup {}.strips; ++n)
    {
        engine::Controls controls (table);
        setUp (controls, n, false);
        all->strips.emplace_back (valuesOf (controls), rate);
        all->lanes.push_back (faderLane (n, false));
        all->input.push_back (music (static_cast<std::uint64_t> (n), ringBlocks * frames, rate));
    }
    const auto cost = [all]
    {
        const engine::FlushDenormals flush;
        const CpuWatch watch;
        for (int n = 0; n < blocksOfSample; ++n, ++all->block)
        {
            const auto at = static_cast<Frames> (all->block % songBlocks) * frames;
            all->buses.clear();
            for (std::size_t s = 0; s < all->strips.size(); ++s)
            {
                const double level = all->lanes[s]->at (at + frames - 1);
                all->strips[s].setFader (static_cast<float> (gainOf (Decibels { level })));
                all->strips[s].process (all->input[s].data() + all->block % ringBlocks * frames, frames,
                                        all->buses);
            }
        }
        return 1e9 * watch.seconds() / blocksOfSample / frames / static_cast<double> (all->strips.size());
    };
    cost();
    return Sampler { [cost]() -> Result<Sample> { return Sample { cost() }; } };
}

} // namespace lacquer::bench
