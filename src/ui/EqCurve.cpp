// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/EqCurve.h"

#include "ui/Controls.h"

#include <array>
#include <cmath>
#include <map>

namespace lacquer::ui
{

namespace
{

constexpr const char* shapeNames[] { "Bell",     "Low shelf", "High shelf", "Low cut",
                                     "High cut", "Notch",     "Band-pass",  "Tilt" };

EqTable::Shape shapeOf (std::string_view word)
{
    for (int n = 0; n < 8; ++n)
        if (word == shapeNames[n])
            return static_cast<EqTable::Shape> (n);
    return EqTable::Shape::bell;
}

} // namespace

const char* nameOf (EqTable::Shape s)
{
    return shapeNames[static_cast<int> (s)];
}

juce::String EqTable::Band::sign() const
{
    return number > 0 ? juce::String (number) : cutsLow ? "L" : "H";
}

bool EqTable::State::hasGain() const
{
    return shape == Shape::bell || shape == Shape::lowShelf || shape == Shape::highShelf ||
           shape == Shape::tilt;
}

const std::optional<EqTable>& EqTable::of (std::span<const Param> table)
{
    // Tables live as long as the program, and every strip has the same one.
    static std::map<std::pair<const Param*, std::size_t>, std::optional<EqTable>> known;
    const auto key = std::pair (table.data(), table.size());
    if (const auto at = known.find (key); at != known.end())
        return at->second;
    return known[key] = made (table);
}

std::optional<EqTable> EqTable::made (std::span<const Param> table)
{
    EqTable found;
    for (const auto& p : table)
    {
        if (! p.id.ends_with (".frequency"))
            continue;
        const auto stem = p.id.substr (0, p.id.size() - std::string_view ("frequency").size());
        const auto part = [&] (std::string_view name) -> const Param*
        {
            for (const auto& q : table)
                if (q.id.starts_with (stem) && q.id.substr (stem.size()) == name)
                    return &q;
            return nullptr;
        };
        Band band;
        band.cutsLow = stem == "hpf.";
        band.cutsHigh = stem == "lpf.";
        const auto at = stem.rfind ("band");
        if (at != std::string_view::npos && at + 5 < stem.size())
            band.number = stem[at + 4] - '0';
        if (! band.cutsLow && ! band.cutsHigh && (band.number < 1 || part ("gain") == nullptr))
            continue;
        band.frequency = &p;
        band.on = part ("on");
        band.type = part ("type");
        band.gain = part ("gain");
        band.q = part ("q");
        band.slope = part ("slope");
        band.channel = part ("channel");
        band.dynamic = part ("dynamic");
        band.threshold = part ("threshold");
        band.ratio = part ("ratio");
        band.attack = part ("attack");
        band.release = part ("release");
        band.range = part ("range");
        band.key = part ("key");
        found.list.push_back (band);
    }
    if (found.list.size() < 2)
        return std::nullopt;
    // Low cut first, high cut last, as they stand on the graph.
    std::stable_sort (found.list.begin(), found.list.end(),
                      [] (const Band& a, const Band& b)
                      {
                          const auto rank = [] (const Band& x) { return x.cutsLow ? 0 : x.cutsHigh ? 2 : 1; };
                          return rank (a) < rank (b);
                      });
    found.power = findParam (table, "eq.on");
    found.turn = findParam (table, "phase");
    return found;
}

EqTable::State EqTable::state (const Model& model, Id owner, const Band& band, Of of) const
{
    State s;
    const auto value = [&] (const Param* p, double fallback)
    {
        return p == nullptr        ? fallback
               : of == Of::setting ? model.value (owner, p->id)
                                   : model.sounding (owner, p->id);
    };
    s.on = value (band.on, 1) >= 0.5 && (band.number == 0 || value (power, 1) >= 0.5);
    s.frequency = value (band.frequency, 1000);
    s.gain = value (band.gain, 0);
    s.q = value (band.q, 0.71);
    if (band.type != nullptr)
        s.shape = shapeOf (choiceText (*band.type, static_cast<int> (std::lround (value (band.type, 0)))));
    else if (band.cutsLow || band.cutsHigh)
        s.shape = band.cutsLow ? Shape::lowCut : Shape::highCut;
    if (band.slope != nullptr)
        s.slope = utf8 (choiceText (*band.slope, static_cast<int> (std::lround (value (band.slope, 0)))))
                      .getIntValue();
    s.dynamic = value (band.dynamic, 0) >= 0.5;
    if (s.dynamic)
        s.range = value (band.range, 0);
    return s;
}

EqReach reachOf (const EqTable::State& s)
{
    using Shape = EqTable::Shape;
    switch (s.shape)
    {
        case Shape::lowShelf:
        case Shape::lowCut: return { 0, s.frequency };
        case Shape::highShelf:
        case Shape::highCut: return { s.frequency, 0 };
        default:
        {
            const double half = 1 / (2 * s.q), side = std::sqrt (1 + half * half);
            return { s.frequency * (side - half), s.frequency * (side + half) };
        }
    }
}

std::vector<EqTable::State> EqTable::states (const Model& model, Id owner, Of of) const
{
    std::vector<State> all;
    for (const auto& b : list)
        all.push_back (state (model, owner, b, of));
    return all;
}

EqResponse::EqResponse (const EqTable::State& s, double sampleRate) : rate (sampleRate)
{
    using Shape = EqTable::Shape;
    const auto add = [&] (dsp::EqShape shape, double gain)
    { sections.push_back (dsp::eqSection (shape, s.frequency, s.q, gain, rate)); };
    switch (s.shape)
    {
        case Shape::bell: add (dsp::EqShape::bell, s.gain); break;
        case Shape::lowShelf: add (dsp::EqShape::lowShelf, s.gain); break;
        case Shape::highShelf: add (dsp::EqShape::highShelf, s.gain); break;
        case Shape::notch: add (dsp::EqShape::notch, 0); break;
        case Shape::bandPass: add (dsp::EqShape::bandPass, 0); break;
        case Shape::tilt:
            add (dsp::EqShape::lowShelf, -s.gain);
            add (dsp::EqShape::highShelf, s.gain);
            break;
        case Shape::lowCut:
        case Shape::highCut:
        {
            const auto cut =
                dsp::butterworth (s.shape == Shape::lowCut ? dsp::EqShape::highPass : dsp::EqShape::lowPass,
                                  s.frequency, std::clamp (s.slope / 6, 1, 16), rate);
            sections.assign (cut.section.begin(), cut.section.begin() + cut.count);
            break;
        }
    }
}

double EqResponse::db (double frequency) const
{
    double sum = 0;
    for (const auto& s : sections)
        sum += s.responseDb (frequency, rate);
    return sum;
}

std::vector<double> eqSum (const std::vector<EqTable::State>& bands, const std::vector<double>& frequencies,
                           double sampleRate)
{
    std::vector<double> sum (frequencies.size());
    for (const auto& b : bands)
    {
        if (! b.acts())
            continue;
        const EqResponse response (b, sampleRate);
        for (std::size_t n = 0; n < sum.size(); ++n)
            sum[n] += response.db (std::min (frequencies[n], 0.495 * sampleRate));
    }
    return sum;
}

juce::Path signOf (EqTable::Shape shape, juce::Rectangle<float> r)
{
    // Level at the left, in the middle and at the right, 0 below to 1 above.
    using Shape = EqTable::Shape;
    const auto x = [&] (float share) { return r.getX() + share * r.getWidth(); };
    const auto y = [&] (float share) { return r.getBottom() - share * r.getHeight(); };
    juce::Path p;
    const auto line = [&] (std::initializer_list<juce::Point<float>> points)
    {
        bool first = true;
        for (const auto& at : points)
        {
            if (std::exchange (first, false))
                p.startNewSubPath (x (at.x), y (at.y));
            else
                p.lineTo (x (at.x), y (at.y));
        }
    };
    switch (shape)
    {
        case Shape::bell:
            line ({ { 0, 0.2f }, { 0.25f, 0.3f }, { 0.5f, 0.9f }, { 0.75f, 0.3f }, { 1, 0.2f } });
            break;
        case Shape::lowShelf: line ({ { 0, 0.85f }, { 0.35f, 0.8f }, { 0.65f, 0.3f }, { 1, 0.25f } }); break;
        case Shape::highShelf: line ({ { 0, 0.25f }, { 0.35f, 0.3f }, { 0.65f, 0.8f }, { 1, 0.85f } }); break;
        case Shape::lowCut: line ({ { 0, 0 }, { 0.35f, 0.7f }, { 0.55f, 0.8f }, { 1, 0.8f } }); break;
        case Shape::highCut: line ({ { 0, 0.8f }, { 0.45f, 0.8f }, { 0.65f, 0.7f }, { 1, 0 } }); break;
        case Shape::notch:
            line ({ { 0, 0.8f }, { 0.4f, 0.8f }, { 0.5f, 0 }, { 0.6f, 0.8f }, { 1, 0.8f } });
            break;
        case Shape::bandPass: line ({ { 0, 0 }, { 0.4f, 0.8f }, { 0.6f, 0.8f }, { 1, 0 } }); break;
        case Shape::tilt: line ({ { 0, 0.15f }, { 1, 0.85f } }); break;
    }
    return p;
}

} // namespace lacquer::ui
