// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "dsp/Convolver.h"
#include "dsp/EqCurve.h"
#include "dsp/Fdn.h"

#include <array>
#include <memory>
#include <span>
#include <vector>

namespace lacquer::dsp
{

/// Eight bands without any turn of phase: the level of their analog prototypes as an impulse that is the same
/// forwards and backwards, by convolution (dsp/Convolver.h).
///
/// The impulse is sampled from the level at as many frequencies as it has room for, transformed back, and
/// faded out at both ends. It is made in process(), a fixed share in every 64 frames, for sound that comes in
/// while the making begins: the sound waits for it in a delay, so that no block takes long and a change is
/// heard where it was made. New sound moves over to the new impulse while the old one is heard out; changes
/// meanwhile wait for its end, the length of an impulse.
///
/// How exact it is depends on how much of the impulse there is room for, as what is steep and low rings long.
/// The whole second (1.37 s at 48 kHz) is within 0.02 dB of the prototypes from 20 Hz, down to -60 dB: for
/// cuts of up to 48 dB per octave from 20 Hz and of up to 96 from 30 Hz, for bells, shelves and tilts of 12
/// dB whose frequency is 5 Hz times their Q or more. A notch and the zeros about a band-pass never end: they
/// are as narrow as the length lets them be. The quarter (0.34 s) is so from four times these frequencies.
class LinearPhase
{
public:
    enum class Reach
    {
        quarter,
        second
    };

    /// mid alone, or mid and side. [control] Allocates; also resets.
    void prepare (double sampleRate, int parts, Reach);
    void reset() noexcept; ///< [audio]

    /// Mid and side in place, up to 64 frames. [audio]
    void process (std::span<float* const> parts, int frames,
                  std::span<const EqBand, EqBands::count> bands) noexcept;

    /// Frames of the impulse; of the delay altogether, a whole number of EqBands::step. [any thread]
    static int lengthAt (double sampleRate, Reach) noexcept;
    static int latencyAt (double sampleRate, Reach r) noexcept { return lengthAt (sampleRate, r) / 16 * 9; }

private:
    struct Places;
    static std::shared_ptr<const Places> placesOf (int length);

    struct Voice
    {
        std::array<Convolver, 2> part;
        std::array<std::vector<float>, 2> taps;
    };

    void turn (std::span<const EqBand, EqBands::count> bands) noexcept;
    void run (int piece) noexcept;
    int pieces() const noexcept;
    void begin() noexcept;

    double rate = 48000;
    std::size_t parts = 2;
    int length = 16384, wait = 1024; // taps; frames in which they are made
    std::shared_ptr<const Places> places;
    std::array<Voice, 2> voices;
    std::array<BlockDelay, 2> before;
    std::vector<float> memory;
    float *spectrum = nullptr, *impulse = nullptr;

    std::array<EqBand, EqBands::count> known {}; // what the sound hears, or will when the making is done
    std::array<EqCurve, 2> curve;
    bool alike = true;   // mid and side
    bool making = false; // of the other voice's taps
    int made = 0;        // blocks of 64 spent on them
    std::size_t now = 0;
    bool sounding = false;
    Crossfade change;
    std::int64_t clock = 0, heardOut = 0; // frames; when the old voice has nothing left to say
};

} // namespace lacquer::dsp
