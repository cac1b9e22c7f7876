// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Param.h"
#include "core/TempoMap.h"
#include "core/Units.h"

#include <cstdint>
#include <memory>

namespace lacquer::engine
{

/// Something that moves parameters by itself. Its value is a function of the song position alone, so no bit
/// depends on where playback began or on how time was cut.
class Modulator
{
public:
    virtual ~Modulator() = default;
    /// From -1 to 1. [any thread]
    virtual double at (Frames position) const noexcept = 0;
    /// Another number after whatever is live in it has changed.
    virtual std::uint32_t version() const noexcept { return 0; }
};
using ModulatorPtr = std::shared_ptr<const Modulator>;

/// Lengths in the song's beats, for everything that can follow its tempo.
inline constexpr std::string_view noteLengths =
    "1/32|1/16 triplet|1/16|1/8 triplet|1/16 dotted|1/8|1/4 triplet|1/8 dotted|1/4|1/2 triplet|"
    "1/4 dotted|1/2|1 bar|2 bars|4 bars|8 bars";
/// Quarter notes of an entry of noteLengths; a bar has four.
double quartersIn (int length) noexcept;

/// Swings to and fro.
template <typename T>
struct LfoParams
{
    T shape = oneOf<T> ("shape", "Shape", "Sine|Triangle|Saw up|Saw down|Square|Sample and hold", 0,
                        "Form of the swing.");
    T sync = onOff<T> ("sync", "Sync", false, "Takes its speed from the song's tempo.");
    T rate = field<T> ({ "rate", "Rate", "Hz", 0.01f, 40, 1, Taper::logarithmic, {}, "Swings per second." });
    T length = oneOf<T> ("length", "Length", noteLengths, 12, "Length of a swing, with sync.");
    T phase = asNumber<T> ("phase", "Phase", { 0, 360 }, 0, Taper::linear,
                           "Where in the swing the song begins, in degrees.");
};

/// Follows how loud a strip is.
template <typename T>
struct FollowerParams
{
    T attack = inMilliseconds<T> ("attack", "Attack", { 0.1f, 500 }, 5, "Time in which it rises.");
    T release = inMilliseconds<T> ("release", "Release", { 5, 5000 }, 150, "Time in which it falls.");
    T floor = inDecibels<T> ("floor", "Floor", { -80, -12 }, -48, "Level at and below which it rests.");
    T top = inDecibels<T> ("top", "Top", { -36, 6 }, -6, "Level at and above which it is all the way up.");
};

/// Goes from step to step.
template <typename T>
struct StepsParams
{
    T count =
        oneOf<T> ("count", "Steps", "1|2|3|4|5|6|7|8|9|10|11|12|13|14|15|16", 7, "How many steps there are.");
    T sync = onOff<T> ("sync", "Sync", true, "Takes its speed from the song's tempo.");
    T rate = field<T> ({ "rate", "Rate", "Hz", 0.01f, 40, 4, Taper::logarithmic, {}, "Steps per second." });
    T length = oneOf<T> ("length", "Length", noteLengths, 5, "Length of a step, with sync.");
    T glide = inPercent<T> ("glide", "Glide", { 0, 100 }, 0, "Share of a step in which it goes to the next.");
    T step1 = inPercent<T> ("step1", "Step 1", { -100, 100 }, 0, "Height of this step.");
    T step2 = inPercent<T> ("step2", "Step 2", { -100, 100 }, 0, "Height of this step.");
    T step3 = inPercent<T> ("step3", "Step 3", { -100, 100 }, 0, "Height of this step.");
    T step4 = inPercent<T> ("step4", "Step 4", { -100, 100 }, 0, "Height of this step.");
    T step5 = inPercent<T> ("step5", "Step 5", { -100, 100 }, 0, "Height of this step.");
    T step6 = inPercent<T> ("step6", "Step 6", { -100, 100 }, 0, "Height of this step.");
    T step7 = inPercent<T> ("step7", "Step 7", { -100, 100 }, 0, "Height of this step.");
    T step8 = inPercent<T> ("step8", "Step 8", { -100, 100 }, 0, "Height of this step.");
    T step9 = inPercent<T> ("step9", "Step 9", { -100, 100 }, 0, "Height of this step.");
    T step10 = inPercent<T> ("step10", "Step 10", { -100, 100 }, 0, "Height of this step.");
    T step11 = inPercent<T> ("step11", "Step 11", { -100, 100 }, 0, "Height of this step.");
    T step12 = inPercent<T> ("step12", "Step 12", { -100, 100 }, 0, "Height of this step.");
    T step13 = inPercent<T> ("step13", "Step 13", { -100, 100 }, 0, "Height of this step.");
    T step14 = inPercent<T> ("step14", "Step 14", { -100, 100 }, 0, "Height of this step.");
    T step15 = inPercent<T> ("step15", "Step 15", { -100, 100 }, 0, "Height of this step.");
    T step16 = inPercent<T> ("step16", "Step 16", { -100, 100 }, 0, "Height of this step.");
};

/// Wanders, the same way every time.
template <typename T>
struct RandomParams
{
    T sync = onOff<T> ("sync", "Sync", false, "Takes its speed from the song's tempo.");
    T rate =
        field<T> ({ "rate", "Rate", "Hz", 0.01f, 40, 1, Taper::logarithmic, {}, "New values per second." });
    T length = oneOf<T> ("length", "Length", noteLengths, 8, "Time between new values, with sync.");
    T smooth = inPercent<T> ("smooth", "Smooth", { 0, 100 }, 100,
                             "Share of that time in which it goes to the next value.");
    T seed = asNumber<T> ("seed", "Seed", { 0, 9999 }, 1, Taper::linear,
                          "Another number is another way; the same one always the same.");
};

/// One knob for many parameters.
template <typename T>
struct MacroParams
{
    T value = inPercent<T> ("value", "Value", { 0, 100 }, 0, "Where the knob is.");
};

using TempoMapPtr = std::shared_ptr<const TempoMap>;

/// [control]
ModulatorPtr lfo (const LfoParams<float>&, const TempoMapPtr&);
ModulatorPtr stepSequence (const StepsParams<float>&, const TempoMapPtr&);
ModulatorPtr smoothRandom (const RandomParams<float>&, const TempoMapPtr&);

} // namespace lacquer::engine
