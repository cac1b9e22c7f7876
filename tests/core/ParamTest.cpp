// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/Param.h"
#include "core/Units.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <random>

using namespace lacquer;

namespace
{

/// One parameter of every unit and taper that a Params struct can declare.
std::vector<Param> everyKind()
{
    return { inDecibels<Param> ("a", "Gain", { -24, 24 }, 0, "."),
             inDecibels<Param> ("b", "Threshold", { -60, 0 }, -18, "."),
             asLevel<Param> ("c", "Fader", 10, 0, "."),
             asLevel<Param> ("d", "Send", 6, -100, "."),
             inHertz<Param> ("e", "Frequency", { 20, 20000 }, 1000, "."),
             inHertz<Param> ("f", "Rate", { 0.05f, 12 }, 1, "."),
             inMilliseconds<Param> ("g", "Attack", { 0.05f, 250 }, 10, "."),
             inMilliseconds<Param> ("h", "Release", { 5, 5000 }, 100, "."),
             inMilliseconds<Param> ("i", "Hold", { 0, 500 }, 0, "."),
             inSeconds<Param> ("j", "Decay", { 0.1f, 20 }, 2, "."),
             inSeconds<Param> ("k", "Length", { 0, 5 }, 1, "."),
             asRatio<Param> ("l", "Ratio", { 1, 20 }, 4, "."),
             inPercent<Param> ("m", "Mix", { 0, 100 }, 100, "."),
             asNumber<Param> ("n", "Q", { 0.1f, 18 }, 0.7f, Taper::logarithmic, "."),
             asNumber<Param> ("o", "Order", { -3, 3 }, 0, Taper::linear, "."),
             asPan<Param> ("p", "Pan", "."),
             oneOf<Param> ("q", "Mode", "Peak|RMS|True peak", 1, "."),
             onOff<Param> ("r", "Active", true, ".") };
}

const Param fader = asLevel<Param> ("fader", "Fader", 10, 0, ".");
const Param frequency = inHertz<Param> ("f", "Frequency", { 20, 20000 }, 1000, ".");
const Param attack = inMilliseconds<Param> ("a", "Attack", { 0.05f, 2500 }, 10, ".");
const Param decay = inSeconds<Param> ("d", "Decay", { 0.1f, 20 }, 2, ".");
const Param ratio = asRatio<Param> ("r", "Ratio", { 1, 20 }, 4, ".");
const Param pan = asPan<Param> ("p", "Pan", ".");
const Param mode = oneOf<Param> ("m", "Mode", "Peak|RMS|True peak", 1, ".");

} // namespace

TEST_CASE ("the text of a value, read again, gives the same text, over 1000 values of every kind")
{
    // The contract of Param.h: valueOf accepts everything textOf writes.
    for (const auto& p : everyKind())
        for (int n = 0; n <= 1000; ++n)
        {
            const double value = valueAtTravel (p, n / 1000.0);
            const auto text = textOf (p, value);
            const auto read = valueOf (p, text);
            INFO (p.name << ": " << value << " -> " << text);
            REQUIRE (read.ok());
            REQUIRE (textOf (p, *read) == text);
            REQUIRE (*read >= p.min);
            REQUIRE (*read <= p.max);
            // Three digits at least for what is shown with three; a tenth of a dB, percent or pan step.
            if (! p.isChoice() && value > -89)
                REQUIRE (std::abs (*read - value) <= 0.0501 + 0.006 * std::abs (value));
        }
}

TEST_CASE ("travel and value are inverse and monotonic over 1000 positions of every kind")
{
    for (const auto& p : everyKind())
    {
        if (p.isChoice())
            continue;
        double before = -1e9;
        for (int n = 0; n <= 1000; ++n)
        {
            const double travel = n / 1000.0, value = valueAtTravel (p, travel);
            INFO (p.name << " at " << travel);
            REQUIRE (travelOf (p, value) == Approx (travel).margin (1e-6));
            REQUIRE (value > before);
            before = value;
        }
        REQUIRE (valueAtTravel (p, 0) == Approx (p.min));
        REQUIRE (valueAtTravel (p, 1) == Approx (p.max));
        REQUIRE (valueAtTravel (p, -1) == Approx (p.min));
        REQUIRE (valueAtTravel (p, 2) == Approx (p.max));
    }
}

TEST_CASE ("values read as a musician writes them")
{
    // Written by hand from the examples in Param.h.
    CHECK (textOf (fader, -3) == "-3.0 dB");
    CHECK (textOf (fader, -0.04) == "0.0 dB");
    CHECK (textOf (fader, -100) == "-inf dB");
    CHECK (textOf (frequency, 3200) == "3.20 kHz");
    CHECK (textOf (frequency, 999.4) == "999 Hz");
    CHECK (textOf (frequency, 20) == "20.0 Hz");
    CHECK (textOf (frequency, 20000) == "20.0 kHz");
    CHECK (textOf (attack, 250) == "250 ms");
    CHECK (textOf (attack, 1500) == "1.50 s");
    CHECK (textOf (attack, 0.05) == "0.05 ms");
    CHECK (textOf (ratio, 4) == "4.00:1");
    CHECK (textOf (pan, -24) == "L 24");
    CHECK (textOf (pan, 0.01) == "C");
    CHECK (textOf (pan, 28.5) == "R 28.5");
    CHECK (textOf (mode, 2) == "True peak");
}

TEST_CASE ("values are understood as a musician types them")
{
    const auto is = [] (const Param& p, std::string_view text, double value)
    {
        const auto read = valueOf (p, text);
        INFO (text);
        REQUIRE (read.ok());
        CHECK (*read == Approx (value));
    };
    is (fader, "-6", -6);
    is (fader, "-6dB", -6);
    is (fader, " - 6 db ", -6);
    is (fader, "\u22126 dB", -6); // a real minus sign
    is (fader, "+3", 3);
    is (fader, "-inf", -100);
    is (fader, "-120", -100); // all that is shown as -inf is silence
    is (fader, "-\u221e", -100);
    is (fader, "Off", -100);
    is (fader, "100%", 0);
    is (fader, "0%", -100);
    is (frequency, "3k2", 3200);
    is (frequency, "3k25", 3250);
    is (frequency, "3.2 kHz", 3200);
    is (frequency, "3.2K", 3200);
    is (frequency, "440", 440);
    is (frequency, "440 hz", 440);
    is (attack, "1.5 s", 1500);
    is (attack, "12 ms", 12);
    is (decay, "250ms", 0.25);
    is (attack, "0:00.25", 250);
    is (inSeconds<Param> ("t", "Tail", { 0.1f, 600 }, 2, "."), "1:07.5", 67.5);
    is (ratio, "1:4", 4);
    is (ratio, "4:1", 4);
    is (ratio, "4", 4);
    is (pan, "L20", -20);
    is (pan, "r 28", 28);
    is (pan, "center", 0);
    is (pan, "-50", -50);
    is (inPercent<Param> ("m", "Mix", { 0, 100 }, 100, "."), "50%", 50);
    // Half of the amplitude: 20 log10 (0.5).
    CHECK (valueOf (fader, "50%").value() == Approx (-6.0206).margin (1e-4));
    is (mode, "rms", 1);
    is (mode, "true PEAK", 2);
}

TEST_CASE ("what is no value is refused with the range in the remedy")
{
    for (std::string_view text :
         { "", "loud", "12", "nan", "inf", "1e999", "-6 Hz", "6 dB dB", "--6", "3k2", "-50%", "1:07" })
    {
        INFO (text);
        CHECK (! valueOf (fader, text).ok());
    }
    for (std::string_view text : { "1:", "1:60", "1:-5", "0.5:10", "-1:05", "1:0:0", "1:5s" })
    {
        INFO (text);
        CHECK (! valueOf (attack, text).ok());
    }
    for (std::string_view text : { "3kk", "3k-2", "3k2x", "k", "19", "20.1k", "3k2 dB", "0x40", "1e3e3" })
    {
        INFO (text);
        CHECK (! valueOf (frequency, text).ok());
    }
    for (std::string_view text : { "L", "L-5", "LL5", "R101", "C5" })
    {
        INFO (text);
        CHECK (! valueOf (pan, text).ok());
    }
    CHECK (! valueOf (mode, "").ok());
    CHECK (! valueOf (mode, "1").ok());
    const auto problem = valueOf (frequency, "loud").problem();
    CHECK (problem.what == "\"loud\" is not a value of Frequency.");
    CHECK (problem.remedy == "Use a number from 20.0 Hz to 20.0 kHz.");
    CHECK (valueOf (mode, "x").problem().remedy == "Use one of: Peak|RMS|True peak.");
}

TEST_CASE ("random bytes are never more than a refused value")
{
    const unsigned seed = std::random_device {}();
    INFO ("seed " << seed);
    std::mt19937 random (seed);
    const std::string alphabet = "0123456789.-+kKmMsSdDbBhHzZlLrRcC:%einf \xe2\x88\x92";
    for (int round = 0; round < 20000; ++round)
    {
        std::string text;
        for (auto n = random() % 12; n > 0; --n)
            text += random() % 8 == 0 ? static_cast<char> (random()) : alphabet[random() % alphabet.size()];
        for (const auto& p : everyKind())
            if (const auto read = valueOf (p, text))
                REQUIRE ((std::isfinite (*read) && *read >= p.min && *read <= p.max));
    }
}

TEST_CASE ("the fader law passes through its printed points")
{
    // UI.md, fader: level in dB to share of the travel.
    for (auto [level, travel] : { std::pair { 10.0, 1.0 },
                                  { 5.0, .885 },
                                  { 0.0, .770 },
                                  { -5.0, .650 },
                                  { -10.0, .535 },
                                  { -20.0, .340 },
                                  { -30.0, .210 },
                                  { -40.0, .130 },
                                  { -50.0, .075 },
                                  { -60.0, .035 },
                                  { -100.0, 0.0 } })
    {
        CHECK (travelOf (fader, level) == Approx (travel));
        CHECK (valueAtTravel (fader, travel) == Approx (level).margin (1e-9));
    }
}

TEST_CASE ("decibels and gains convert exactly where it matters")
{
    CHECK (gainOf (Decibels { 0 }) == 1.0);
    CHECK (gainOf (Decibels { -100 }) == 0.0);
    CHECK (gainOf (Decibels { 20 }) == Approx (10));
    CHECK (gainOf (Decibels { -6.0205999132796239 }) == Approx (0.5));
    CHECK (decibelsOf (0).value == -100);
    CHECK (decibelsOf (1).value == 0);
    CHECK (decibelsOf (-1).value == -100);
    CHECK (framesIn (Seconds { 1.5 }, 44100) == 66150);
}
