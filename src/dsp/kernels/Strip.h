// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <cstdint>

namespace lacquer::dsp
{

/// Channel strips side by side: 16 lanes a group, each array one value per lane. The layout is the same for
/// every instruction set. The arithmetic of a lane uses correctly rounded operations only (no estimates), in
/// one order, and no other lane except the partner in a stereo pair (lanes 2k and 2k + 1), so AVX2 and
/// AVX-512 agree to the bit, in any lane and for any cut of time.
inline constexpr int stripLanes = 16;
inline constexpr int stripSections = 14; ///< 4 high-pass, 4 low-pass, 6 EQ
inline constexpr int stripFrames = 64;   ///< longest block
inline constexpr int stripDelay = 4;     ///< frames by which the saturator's path lags, hence every strip
inline constexpr int halfbandSize = 6;

/// A value of each lane that moves in a straight line: `now` plus `step` per frame.
struct alignas (64) StripRamp
{
    float now[stripLanes] {};
    float step[stripLanes] {};
};

struct alignas (64) StripGroup
{
    StripRamp trim;
    alignas (64) float past[stripDelay][stripLanes] {}; ///< what comes out first in the next block

    StripRamp section[stripSections][6]; ///< a1 a2 a3 m0 m1 m2
    alignas (64) float sectionState[stripSections][2][stripLanes] {};

    /// All ones in a lane whose partner's detector counts too.
    alignas (64) std::uint32_t link[stripLanes] {};

    // Gate. Levels are log2 of the gain; an idle lane has range and weight 0.
    alignas (64) float gateOpen[stripLanes] {}, gateClose[stripLanes] {}, gateHold[stripLanes] {},
        gateAttack[stripLanes] {}, gateRelease[stripLanes] {}, gateFall[stripLanes] {};
    StripRamp gateRange, gateWeight;
    alignas (64) float gatePeak[stripLanes] {}, gateLeft[stripLanes] {}, gateLevel[stripLanes] {},
        gateRest[stripLanes] {};

    // Compressor, in log2 of the gain: offset is half the knee minus the threshold, bend the slope over twice
    // the knee. An idle lane has slope, bend and weight 0.
    alignas (64) float compAttack[stripLanes] {}, compRelease[stripLanes] {};
    StripRamp compOffset, compKnee, compSlope, compBend, compMakeup, compWeight;
    alignas (64) float compLevel[stripLanes] {}, compRest[stripLanes] {};

    // Saturation. An idle lane has drive and mix 0.
    StripRamp satDrive, satInverse, satMix;
    alignas (64) float satUp[halfbandSize][2][stripLanes] {}, satDown[halfbandSize][2][stripLanes] {};
    alignas (64) float satTaps[4][stripLanes] {}, satLast[stripLanes] {}, satRoot[stripLanes] {};

    // What left the fader and pan in this block.
    alignas (64) float peakLeft[stripLanes] {}, peakRight[stripLanes] {}, energyLeft[stripLanes] {},
        energyRight[stripLanes] {};
};

/// Values of the saturator's resampler, the same in all lanes.
struct StripConstants
{
    float halfband[halfbandSize];
    float tilt[3]; ///< middle and side taps of the filter at twice the rate that lifts what the ADAA loses
};

/// Which modules a stretch of a block needs: those that no lane uses are left out, without a difference.
struct StripStretch
{
    int first = 0, frames = 0;
    std::uint32_t sections = 0, movingSections = 0;
    bool trimMoves = false;
    bool gate = false, comp = false, sat = false;
};

/// Gains of one block: one row of lanes, or a row for every frame when they move.
struct StripGains
{
    const float* rows;
    bool moving;
};

/// Fader levels that follow straight lines in dB, several in a quantum. Computed in double: from the first
/// frame of a line on, every frame multiplies the gain by the same number.
struct alignas (64) StripLines
{
    static constexpr int most = 3;     ///< of two points in a quantum
    double level[most][stripLanes] {}; ///< log2 of the gain where each line begins
    double step[most][stripLanes] {};  ///< log2 per frame
    double turn[most][stripLanes] {};  ///< frame at which it begins: 0, ...; stripFrames: it does not
};

/// Frames of a group in flight: [stripDelay + frame][lane].
using StripBuffer = float[(stripDelay + stripFrames) * stripLanes];

/// Fills rows stripDelay ... of the buffer from one planar channel per lane, the rows before from the past.
/// [audio]
void stripsIn (StripGroup&, const float* const* channels, int frames, float* buffer);

/// Runs the strips up to the fader; the result lies in rows first ... of the buffer. Values that are not a
/// number, and those above +200 dBFS, count as silence. [audio]
void runStrips (StripGroup&, const StripConstants&, const StripStretch&, float* buffer);

/// Keeps the last rows for the next block. [audio]
void stripsOut (StripGroup&, int frames, const float* buffer);

/// Where all that a lane's filters remember is below 1e-30 (-600 dB), it becomes zero: left alone it would
/// stay there for good, since steps from there on are too small for single precision. [audio]
void endTails (StripGroup&);

/// Gains of the frames phase ... of a quantum for the lanes set in `lanes`, into the rows 0 ... of a table
/// [frame][lane]. What it writes depends on the frame's place in the quantum only. [audio]
void followLines (const StripLines&, std::uint32_t lanes, int phase, int frames, float* table);

/// Fills the lanes not set in `moved` with their constant gains. [audio]
void spreadGains (const float* rest, std::uint32_t moved, int frames, float* table);

/// Fader and pan: sides [side][frame][lane] become ((x fader) left) and ((x fader) right), and are measured.
/// [audio]
void levelStrips (StripGroup&, StripGains fader, StripGains left, StripGains right, int frames,
                  const float* buffer, float* sides);

/// Adds all lanes, each times its gain, to stereo buses of 8 columns [side][frame][8], lanes 0 to 7 before 8
/// to 15. [audio]
void addStrips (const StripGains* gains, float* const* buses, int count, int frames, const float* sides);

/// The same with gains for each side. [audio]
void addSides (StripGains left, StripGains right, int frames, const float* sides, float* bus);

/// Adds what has not passed the fader, with gains for each side. [audio]
void addBefore (StripGains left, StripGains right, int frames, const float* buffer, float* bus);

/// The bus as two planar channels: the columns' sum by the tree ((0+4)+(2+6)) + ((1+5)+(3+7)). [audio]
void sumBus (const float* bus, int frames, float* left, float* right);

/// The names of the instruction sets that runStrips() chooses from on this machine, best first. [any thread]
const char* stripTarget();

/// The constants; the same at all rates. [control]
StripConstants stripConstants();

} // namespace lacquer::dsp
