// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Param.h"
#include "dsp/EqDesign.h"
#include "ui/Controls.h"

#include <optional>
#include <string>
#include <vector>

namespace lacquer::ui
{

/// The bands that a parameter table holds, wherever it keeps them: a strip's console ("eq.band2.gain",
/// "hpf.frequency") or an equaliser's own ("band2.gain"). [message thread]
class EqTable
{
public:
    enum class Shape
    {
        bell,
        lowShelf,
        highShelf,
        lowCut,
        highCut,
        notch,
        bandPass,
        tilt
    };

    /// Where a band's parameters are; null where the table has none.
    struct Band
    {
        int number = 0; ///< as it is shown; 0 for the cut filters of a console
        bool cutsLow = false, cutsHigh = false;
        const Param *on = nullptr, *type = nullptr, *frequency = nullptr, *gain = nullptr, *q = nullptr,
                    *slope = nullptr, *channel = nullptr;

        juce::String sign() const;
    };

    /// What a band is set to.
    struct State
    {
        bool on = false;
        Shape shape = Shape::bell;
        double frequency = 1000, gain = 0, q = 0.71;
        int slope = 24; ///< dB per octave, of cuts
        bool operator== (const State&) const = default;

        bool hasGain() const;
        bool cuts() const { return shape == Shape::lowCut || shape == Shape::highCut; }
        /// It changes the sound.
        bool acts() const { return on && ! (hasGain() && gain == 0); }
    };

    /// Nothing when the table has no bands. The table must live as long as the program.
    static const std::optional<EqTable>& of (std::span<const Param>);

    const std::vector<Band>& bands() const { return list; }
    const Param* allOn() const { return power; } ///< the switch over all bands, where there is one

    State state (const Model&, Id owner, const Band&) const;
    std::vector<State> states (const Model&, Id owner) const;

private:
    static std::optional<EqTable> made (std::span<const Param>);
    std::vector<Band> list;
    const Param* power = nullptr;
};

/// The level that a set of bands has at a frequency. [any thread]
class EqResponse
{
public:
    EqResponse (const EqTable::State&, double sampleRate);
    double db (double frequency) const;

private:
    std::vector<dsp::Biquad> sections;
    double rate;
};

/// The sum of bands at frequencies, dB: those that are off add nothing.
std::vector<double> eqSum (const std::vector<EqTable::State>&, const std::vector<double>& frequencies,
                           double sampleRate);

const char* nameOf (EqTable::Shape);
/// The small curve that says what a band is.
juce::Path signOf (EqTable::Shape, juce::Rectangle<float>);

} // namespace lacquer::ui
