// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "measure/PartialLoudness.h"
#include "session/Project.h"
#include "studio/Rig.h"

#include <array>
#include <memory>
#include <span>
#include <vector>

namespace lacquer::studio
{

/// Hears a strip through both ears: mean squares in ear bands, column by column. A window's powers are kept
/// as the upper halves of floats: 8 bits of precision, 0.03 dB.
class StripEar final : public engine::Processor
{
public:
    StripEar (double sampleRate, std::size_t columnCount); ///< [control] Allocates.

    void process (const engine::Chunk&, std::span<const engine::Signal> in,
                  std::span<engine::Signal> out) noexcept override;
    void reset() noexcept override;
    int latency() const noexcept override { return 0; }

    /// Frames of the song's time; null: silence.
    void hear (const float* left, const float* right, int frames) noexcept;

    float power (std::size_t ear, std::size_t column, int band) const noexcept;

private:
    void hearWith (std::size_t ear, const float* sound, int frames) noexcept;

    std::array<measure::BandPowers, 2> ears;
    std::size_t columns;
    std::array<std::size_t, 2> filled {};
    // Not touched before it is written, so that what sounds in the middle takes the memory of one ear.
    std::array<std::unique_ptr<std::uint16_t[]>, 2> rows;
    bool apart = false; ///< the ears have heard different sounds
};

/// What sounds by itself in a mix: a track, or what rings on in a bus.
struct Voice
{
    const session::Strip* strip;
    const session::Track* track = nullptr; ///< none: a bus
};

/// Follows every track through its groups, sends and returns into the mix: docs/MASKING.md, "What is heard of
/// a track".
class Hearing
{
public:
    /// The song has to outlive it. [control]
    Hearing (double sampleRate, const session::Song&, std::size_t columns);

    const std::vector<Voice>& voices() const { return all; }

    /// For the render: an ear at every strip and at what comes into groups and the mix bus.
    std::vector<Listener> listeners() const;
    /// What leaves the mix bus.
    void hearMix (const float* const* channels, int frames) noexcept;
    /// After the render.
    void settle();

    /// What of each voice reaches the end of the mix bus in a column: mean squares in ear bands. Threads may
    /// ask at the same time, each with a room of its own.
    struct Room
    {
        std::vector<std::vector<measure::EarSpectrum>> passed; ///< by bus, then by its voices
    };
    void arriving (std::size_t ear, std::size_t column, std::vector<measure::EarSpectrum>& byVoice,
                   Room&) const;

private:
    struct Feed
    {
        std::size_t bus;             ///< which one, or none: a track
        std::size_t voice;           ///< of a track
        float weight;                ///< of power, of a send
        std::vector<std::size_t> to; ///< where its voices are in the list of the bus it feeds
    };
    struct Bus
    {
        const session::Strip* strip;
        std::shared_ptr<StripEar> in, out;
        std::vector<Feed> feeds;
        std::vector<std::size_t> voices; ///< that come out of it; the last is its own, if it may have one
        bool bySends = false;            ///< how much each brings is known by proportion only
        bool rings = false;
        bool own = false;
        std::array<measure::EarSpectrum, 2> most {}; ///< that it passes on when it rings
    };
    static constexpr std::size_t none = ~std::size_t { 0 };

    void pass (const Bus&, std::size_t ear, std::size_t column, const Room&,
               std::vector<measure::EarSpectrum>& passed) const;

    std::size_t length;
    std::vector<Voice> all;
    std::vector<std::shared_ptr<StripEar>> tracks; ///< by voice
    std::vector<Bus> buses;                        ///< each after those that feed it; the mix bus last
};

} // namespace lacquer::studio
