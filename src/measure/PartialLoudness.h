// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Units.h"

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace lacquer::measure
{

// Partial loudness after B. C. J. Moore, B. R. Glasberg, T. Baer, "A model for the prediction of thresholds,
// loudness, and partial loudness", JAES 45(4), 1997, with the transfer functions and constants of ANSI
// S3.4-2007. What is simpler here than there: docs/MASKING.md. Sounds are short-time power spectra in bands
// of a sixth of an octave, two to each third octave of IEC 61260-1.

/// The third octaves that are looked at, and the two ear bands in each.
struct EarBands
{
    static constexpr int thirds = 25;         ///< 50 Hz to 12.5 kHz
    static constexpr int count = 2 * thirds;  ///< ear band n lies in third octave n / 2
    static double centre (int band) noexcept; ///< Hz, of an ear band
    static double edge (int band) noexcept; ///< Hz, its lower edge; edge (count) is the upper one of the last
    static double third (int third) noexcept; ///< Hz, exact centre of a third octave: 10^(n/10)
    static double thirdEdge (int third) noexcept { return edge (2 * third); }
};

/// A value for each ear band.
using EarSpectrum = std::array<float, EarBands::count>;

/// Mean squares of short pieces of a sound in ear bands: Hann windows of about 85 ms, half overlapping.
/// Window k is centred on frame k * hop() of the sound; what lies before it is silence. Feed blocks of any
/// size: the result does not depend on the cuts, to the bit. One thread at a time.
class BandPowers
{
public:
    explicit BandPowers (double sampleRate); ///< [control] Allocates.
    ~BandPowers();
    BandPowers (BandPowers&&) noexcept;
    BandPowers& operator= (BandPowers&&) noexcept;

    static int windowOf (double sampleRate) noexcept; ///< frames, a power of two
    int hop() const noexcept { return length / 2; }

    /// Adds sound; calls take (const EarSpectrum&) for every window that has become complete. No allocation.
    template <typename F>
    void add (const float* sound, int frames, F&& take) noexcept
    {
        for (int n = 0; n < frames;)
        {
            n += fill (sound == nullptr ? nullptr : sound + n, frames - n);
            if (held == length)
                take (next());
        }
    }

    /// Forgets all. No allocation.
    void reset() noexcept;
    /// Goes on as if it had heard what another one of the same rate has. No allocation.
    void follow (const BandPowers&) noexcept;

private:
    int fill (const float* sound, int frames) noexcept; ///< null: silence
    const EarSpectrum& next() noexcept;

    struct Transform;
    struct Share // of a bin in an ear band
    {
        int bin;
        float weight;
    };
    std::unique_ptr<Transform> transform;
    int length, held, sounding = 0; ///< frames of it that may not be zero, counted from the last
    std::vector<float> window, piece;
    std::array<std::vector<Share>, EarBands::count> shares;
    EarSpectrum spectrum {};
};

/// From powers at the loudspeaker to excitation in the cochlea and to loudness. Immutable after it was made,
/// so that threads may share one. Powers are in units of the threshold's reference: 1 is 0 dB SPL.
class Ear
{
public:
    Ear(); ///< [control]

    /// What the outer and middle ear let through, as a factor of power.
    float transmission (int band) const noexcept { return passes[static_cast<std::size_t> (band)]; }

    /// How the energy of a scene spreads: the skirts of the auditory filters towards lower frequencies become
    /// flatter as its level rises. All sounds of one moment and ear spread with the same skirts, so
    /// that their excitations add up.
    struct Skirts
    {
        std::array<std::uint8_t, EarBands::count> level {};
    };
    /// all: the powers of everything that sounds, transmission included.
    Skirts skirts (const EarSpectrum& all) const noexcept;

    /// Excitation by a sound, transmission included in `powers`.
    EarSpectrum excitation (const EarSpectrum& powers, const Skirts&) const noexcept;

    /// Specific loudness (sone per Cam) of a sound alone.
    float loudness (int band, float excitation) const noexcept;
    /// Of a sound among others, whose excitations add up to `others` (equations 17 and 18 there).
    float partialLoudness (int band, float excitation, float others) const noexcept;
    /// The excitation that alone is as loud: the inverse of loudness().
    float matched (int band, float specificLoudness) const noexcept;

    /// Excitation at the threshold in quiet.
    float threshold (int band) const noexcept { return of (band).threshold; }
    /// Width of an ear band in Cam (ERB numbers).
    float width (int band) const noexcept { return of (band).width; }

private:
    struct Band
    {
        float threshold, gain, a, alpha, atZero /* a^alpha */, atThreshold, noise /* K */, width;
    };
    const Band& of (int band) const noexcept { return bands[static_cast<std::size_t> (band)]; }

    static constexpr int levels = 40; // of 3 dB from 0 dB SPL
    static constexpr float levelStep = 3;
    static constexpr std::size_t n = EarBands::count;
    std::array<float, n> passes;
    std::array<Band, n> bands;
    std::vector<float> even;  // [source][band]: filters that do not know the level
    std::vector<float> skirt; // [level][source][band]
};

} // namespace lacquer::measure
