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
        /// What lets the level move its gain.
        const Param *dynamic = nullptr, *threshold = nullptr, *ratio = nullptr, *attack = nullptr,
                    *release = nullptr, *range = nullptr, *key = nullptr;

        juce::String sign() const;
    };

    /// What a band is set to.
    struct State
    {
        bool on = false;
        Shape shape = Shape::bell;
        double frequency = 1000, gain = 0, q = 0.71;
        int slope = 24; ///< dB per octave, of cuts
        bool dynamic = false;
        double range = 0; ///< dB, the farthest that the gain moves
        bool operator== (const State&) const = default;

        bool hasGain() const;
        bool cuts() const { return shape == Shape::lowCut || shape == Shape::highCut; }
        /// Bells and shelves: their gain can follow the level.
        bool canFollow() const { return hasGain() && shape != Shape::tilt; }
        bool follows() const { return dynamic && canFollow(); }
        /// It changes the sound.
        bool acts() const { return on && (! (hasGain() && gain == 0) || (follows() && range != 0)); }
    };

    /// Nothing when the table has no bands. The table must live as long as the program.
    static const std::optional<EqTable>& of (std::span<const Param>);

    const std::vector<Band>& bands() const { return list; }
    const Param* allOn() const { return power; } ///< the switch over all bands, where there is one
    const Param* phase() const { return turn; }  ///< how the phase is treated, where one can choose

    /// As it is set, or as it is heard now.
    enum class Of
    {
        setting,
        sound
    };
    State state (const Model&, Id owner, const Band&, Of = Of::setting) const;
    std::vector<State> states (const Model&, Id owner, Of = Of::setting) const;

private:
    static std::optional<EqTable> made (std::span<const Param>);
    std::vector<Band> list;
    const Param *power = nullptr, *turn = nullptr;
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

/// The borders of what a band works on, Hz; 0: it has none there. For listening to it alone: where a bell has
/// half its gain in dB, what a shelf moves, what a cut takes away.
struct EqReach
{
    double low = 0, high = 0;
};
EqReach reachOf (const EqTable::State&);

const char* nameOf (EqTable::Shape);
/// The small curve that says what a band is.
juce::Path signOf (EqTable::Shape, juce::Rectangle<float>);

} // namespace lacquer::ui
