// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/FixedString.h"
#include "core/Param.h"

#include <cstddef>

namespace lacquer::mix
{

inline constexpr int eqBands = 6, stripSends = 8;

namespace strip
{

template <typename T, FixedString id>
struct Cut
{
    static constexpr bool high = id.view() == "hpf";
    static constexpr std::string_view label = high ? "High-pass" : "Low-pass";

    T on = onOff<T> (joined<id, ".on">, label, false,
                     high ? "Removes what lies below the corner." : "Removes what lies above the corner.");
    T frequency =
        inHertz<T> (joined<id, ".frequency">, high ? "High-pass frequency" : "Low-pass frequency",
                    { 20, 20000 }, high ? 80 : 12000, "Corner of the filter, where it is 3 dB down.");
    T slope = oneOf<T> (joined<id, ".slope">, high ? "High-pass slope" : "Low-pass slope", "12|24|48", 1,
                        "Steepness of the filter in dB per octave.");
};

template <typename T, FixedString id>
struct Band
{
    static constexpr int number = id.text[id.view().size() - 1] - '0';
    static constexpr float frequencies[eqBands] { 100, 250, 700, 2000, 5000, 10000 };
    static constexpr float type0 = number == 1 ? 1 : number == eqBands ? 2 : 0;

    T on = onOff<T> (joined<id, ".on">, "Band", true, "Switches this band of the EQ.");
    T type = oneOf<T> (joined<id, ".type">, "Type", "Bell|Low shelf|High shelf|Notch", type0,
                       "Shape of the band.");
    T frequency = inHertz<T> (joined<id, ".frequency">, "Frequency", { 20, 20000 }, frequencies[number - 1],
                              "Centre of a bell or notch, corner of a shelf.");
    T gain = inDecibels<T> (joined<id, ".gain">, "Gain", { -18, 18 }, 0, "Boost or cut of the band.");
    T q = asNumber<T> (joined<id, ".q">, "Q", { 0.1f, 20 }, number == 1 || number == eqBands ? 0.71f : 1.0f,
                       Taper::logarithmic, "Narrowness of the band; for shelves, 0.71 has no overshoot.");
};

template <typename T, FixedString id>
struct Send
{
    T level = asLevel<T> (joined<id, ".level">, "Send level", 10, -100, "Level sent to the return.");
    T on = onOff<T> (joined<id, ".on">, "Send", true, "Switches this send.");
    T pre = onOff<T> (joined<id, ".pre">, "Pre-fader", false,
                      "Takes the sound before fader and pan; mute and solo still apply.");
};

template <typename T, FixedString id>
struct SendPan
{
    T pan = asPan<T> (joined<id, ".pan">, "Send pan",
                      "Balance of what is sent; of a mono strip before its fader, its place.");
};

/// Position of one side of a stereo strip.
template <typename T>
constexpr T sidePan (std::string_view id, std::string_view name, float initial, std::string_view help)
{
    return field<T> ({ id, name, "pan", -100, 100, initial, Taper::linear, {}, help });
}

} // namespace strip

/// The parameters of a channel strip, in the order of the signal path.
template <typename T>
struct StripParams
{
    struct
    {
        T gain = inDecibels<T> ("trim.gain", "Trim", { -24, 24 }, 0, "Gain at the input of the strip.");
        T polarity = onOff<T> ("trim.polarity", "Polarity", false, "Turns the sound upside down.");
    } trim;

    strip::Cut<T, "hpf"> hpf;
    strip::Cut<T, "lpf"> lpf;

    struct
    {
        T on = onOff<T> ("gate.on", "Gate", false, "Switches the gate.");
        T threshold = inDecibels<T> ("gate.threshold", "Gate threshold", { -80, 0 }, -40,
                                     "Level above which the gate opens.");
        T range = inDecibels<T> ("gate.range", "Gate range", { 0, 80 }, 40,
                                 "How far the closed gate turns the sound down.");
        T attack = inMilliseconds<T> ("gate.attack", "Gate attack", { 0.05f, 50 }, 0.5f,
                                      "Time in which the gate opens.");
        T hold = inMilliseconds<T> ("gate.hold", "Gate hold", { 1, 500 }, 30,
                                    "How long the gate stays open after the sound has fallen.");
        T release = inMilliseconds<T> ("gate.release", "Gate release", { 5, 2000 }, 150,
                                       "Time in which the gate closes.");
        T hysteresis =
            inDecibels<T> ("gate.hysteresis", "Gate hysteresis", { 0, 12 }, 4,
                           "How far below the threshold the sound must fall before the gate closes.");
    } gate;

    struct
    {
        T on = onOff<T> ("eq.on", "EQ", true, "Switches all bands of the EQ.");
        strip::Band<T, "eq.band1"> band1;
        strip::Band<T, "eq.band2"> band2;
        strip::Band<T, "eq.band3"> band3;
        strip::Band<T, "eq.band4"> band4;
        strip::Band<T, "eq.band5"> band5;
        strip::Band<T, "eq.band6"> band6;
    } eq;

    struct
    {
        T on = onOff<T> ("comp.on", "Compressor", false, "Switches the compressor.");
        T threshold = inDecibels<T> ("comp.threshold", "Threshold", { -60, 0 }, -18,
                                     "Level above which the compressor turns the sound down.");
        T ratio = asRatio<T> ("comp.ratio", "Ratio", { 1, 20 }, 3,
                              "How many dB more at the input make 1 dB more at the output.");
        T knee = inDecibels<T> ("comp.knee", "Knee", { 0, 24 }, 6, "Width of the bend around the threshold.");
        T attack = inMilliseconds<T> ("comp.attack", "Attack", { 0.1f, 200 }, 10,
                                      "Time in which the sound is turned down.");
        T release = inMilliseconds<T> ("comp.release", "Release", { 5, 3000 }, 120,
                                       "Time in which the sound comes back.");
        T makeup = inDecibels<T> ("comp.makeup", "Makeup", { -12, 24 }, 0, "Gain after the compressor.");
    } comp;

    struct
    {
        T on = onOff<T> ("sat.on", "Saturation", false, "Switches the saturation.");
        T drive = inDecibels<T> ("sat.drive", "Drive", { 0, 36 }, 6,
                                 "How hard the sound is pushed into the curve; its level stays.");
        T mix = inPercent<T> ("sat.mix", "Saturation mix", { 0, 100 }, 100, "Share of the saturated sound.");
    } sat;

    struct
    {
        T position =
            asPan<T> ("pan.position", "Pan", "Place between left and right; balance on a stereo strip.");
        T law =
            oneOf<T> ("pan.law", "Pan law",
                      "0 dB|-3 dB|-4.5 dB|-6 dB|-3 dB compensated|-4.5 dB compensated|-6 dB compensated", 1,
                      "Level of a mono strip in the middle, below that at the side; compensated: the "
                      "middle stays and the sides are raised. A stereo strip is not turned down there.");
    } pan;

    struct
    {
        T level = asLevel<T> ("fader.level", "Fader", 10, 0, "Level of the strip.");
        T mute = onOff<T> ("fader.mute", "Mute", false, "Silences the strip.");
        T solo = onOff<T> ("fader.solo", "Solo", false, "Silences what is not soloed.");
    } fader;

    strip::Send<T, "send1"> send1;
    strip::Send<T, "send2"> send2;
    strip::Send<T, "send3"> send3;
    strip::Send<T, "send4"> send4;
    strip::Send<T, "send5"> send5;
    strip::Send<T, "send6"> send6;
    strip::Send<T, "send7"> send7;
    strip::Send<T, "send8"> send8;

    // Indices are kept by automation while a song plays: what came later stands at the end.
    struct
    {
        T mode = oneOf<T> ("pan.mode", "Pan mode", "Balance|Stereo pan|Width", 0,
                           "How a stereo strip is placed: by balance, by a position for each side, or by "
                           "width and balance.");
        T left =
            strip::sidePan<T> ("pan.left", "Left position", -100, "Stereo pan: place of the left channel.");
        T right =
            strip::sidePan<T> ("pan.right", "Right position", 100, "Stereo pan: place of the right channel.");
        T width = inPercent<T> ("pan.width", "Width", { -100, 100 }, 100,
                                "Width of a stereo strip: 0 is mono, below the sides change places.");
    } stereo;
    strip::SendPan<T, "send1"> send1Pan;
    strip::SendPan<T, "send2"> send2Pan;
    strip::SendPan<T, "send3"> send3Pan;
    strip::SendPan<T, "send4"> send4Pan;
    strip::SendPan<T, "send5"> send5Pan;
    strip::SendPan<T, "send6"> send6Pan;
    strip::SendPan<T, "send7"> send7Pan;
    strip::SendPan<T, "send8"> send8Pan;
};

inline constexpr int stripParamCount = static_cast<int> (paramCount<StripParams>);

/// The index of a parameter in the table, Controls and Bindings: indexOf (&...) by name at compile time.
#define LACQUER_STRIP_INDEX(member)                                                                          \
    (static_cast<int> (offsetof (::lacquer::mix::StripParams<float>, member) / sizeof (float)))

} // namespace lacquer::mix
