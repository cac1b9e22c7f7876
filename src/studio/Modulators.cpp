// SPDX-License-Identifier: GPL-3.0-or-later
#include "studio/Modulators.h"

#include "session/Find.h"
#include "session/ModulatorEdits.h"
#include "session/Parameters.h"
#include "studio/Catalogue.h"

#include <algorithm>
#include <set>

namespace lacquer::studio
{

using session::Modulator;
using session::ModulatorKind;
using session::Song;

namespace
{

template <template <typename> class P>
P<float> settingsOf (const Modulator& m)
{
    static const auto table = specs<P>();
    const auto numbers = numbersOf (table, m.values);
    std::array<float, paramCount<P>> all {};
    std::copy (numbers.begin(), numbers.end(), all.begin());
    return unpack<P> (all);
}

/// A knob, or the automation of one.
class Macro final : public engine::Modulator
{
public:
    Macro (std::shared_ptr<engine::Controls> k, std::vector<engine::Point> points)
        : knob (std::move (k)), lane (std::move (points))
    {
    }
    double at (Frames position) const noexcept override
    {
        const double percent = lane.isEmpty() ? static_cast<double> ((*knob)[0]) : lane.at (position);
        return std::clamp (percent / 50 - 1, -1.0, 1.0);
    }
    std::uint32_t version() const noexcept override { return knob->version(); }

private:
    std::shared_ptr<engine::Controls> knob;
    engine::Lane lane;
};

bool isLive (const Modulator& m)
{
    return m.kind == ModulatorKind::macro || m.kind == ModulatorKind::follower;
}

} // namespace

std::span<const Param> modulatorTable (ModulatorKind kind)
{
    static const auto lfo = specs<engine::LfoParams>();
    static const auto follower = specs<engine::FollowerParams>();
    static const auto steps = specs<engine::StepsParams>();
    static const auto random = specs<engine::RandomParams>();
    static const auto macro = specs<engine::MacroParams>();
    switch (kind)
    {
        case ModulatorKind::lfo: return lfo;
        case ModulatorKind::follower: return follower;
        case ModulatorKind::steps: return steps;
        case ModulatorKind::random: return random;
        case ModulatorKind::macro: break;
    }
    return macro;
}

engine::ModulatorPtr courseOf (const Modulator& m, const engine::TempoMapPtr& tempo)
{
    switch (m.kind)
    {
        case ModulatorKind::lfo: return engine::lfo (settingsOf<engine::LfoParams> (m), tempo);
        case ModulatorKind::steps: return engine::stepSequence (settingsOf<engine::StepsParams> (m), tempo);
        case ModulatorKind::random: return engine::smoothRandom (settingsOf<engine::RandomParams> (m), tempo);
        case ModulatorKind::macro:
        case ModulatorKind::follower: break;
    }
    return nullptr;
}

namespace
{

void setAll (engine::Controls& controls, std::span<const float> numbers)
{
    for (int n = 0; n < controls.size(); ++n)
        if (controls[n] != numbers[static_cast<std::size_t> (n)])
            controls.set (n, numbers[static_cast<std::size_t> (n)]);
}

} // namespace

void push (engine::Controls& controls, const session::Values& values)
{
    setAll (controls, numbersOf (controls.table(), values));
}

void push (engine::Controls& controls, const session::Effect& effect)
{
    auto numbers = numbersOf (controls.table(), effect.values);
    if (const int n = indexOf (controls.table(), session::effectSwitch); n >= 0)
        numbers[static_cast<std::size_t> (n)] = effect.on ? 1.0f : 0.0f;
    setAll (controls, numbers);
}

std::vector<engine::Point> pointsOf (const session::Lane& lane)
{
    std::vector<engine::Point> points;
    points.reserve (lane.points.size());
    for (const auto& p : lane.points)
        points.push_back ({ p.position, p.value, p.curve, p.tension });
    return points;
}

Modulators::Moves Modulators::moves (const Song& song)
{
    const auto gone = [&] (const auto& entry)
    {
        return std::none_of (song.modulators.begin(), song.modulators.end(),
                             [&] (const auto& m) { return m->id == entry.first; });
    };
    std::erase_if (macros, gone);
    std::erase_if (followers, gone);

    std::set<Id> disabled;
    session::forEachStrip (song,
                           [&] (const session::Strip& s)
                           {
                               if (s.disabled)
                                   disabled.insert (s.id);
                           });

    Moves moves;
    const auto tempo = std::make_shared<const TempoMap> (rate, song.tempi, song.metres);
    for (const auto& m : song.modulators)
    {
        if (! m->on || m->targets.empty())
            continue;
        engine::ModulatorPtr source;
        switch (m->kind)
        {
            case ModulatorKind::lfo:
            case ModulatorKind::steps:
            case ModulatorKind::random: source = courseOf (*m, tempo); break;
            case ModulatorKind::macro:
            {
                auto& knob = macros[m->id];
                if (knob == nullptr)
                    knob = std::make_shared<engine::Controls> (modulatorTable (m->kind));
                std::vector<engine::Point> points;
                for (const auto& lane : m->lanes)
                    if (lane.enabled && lane.parameter == "value")
                        points = pointsOf (lane);
                source = std::make_shared<Macro> (knob, std::move (points));
                break;
            }
            case ModulatorKind::follower:
            {
                if (! m->source || disabled.contains (m->source) ||
                    ! session::followingCycle (song, *m).empty())
                    continue;
                auto& node = followers[m->id];
                if (node == nullptr)
                    node = std::make_shared<engine::FollowerNode> (rate);
                moves.followers.push_back ({ m->id, m->source, node });
                for (const auto& t : m->targets)
                    moves.heardBy[t.target].push_back (m->id);
                source = node->modulator();
                break;
            }
        }
        for (const auto& t : m->targets)
            moves.all[{ t.target, t.parameter }].push_back ({ source, t.depth, t.bipolar });
    }
    control (song);
    return moves;
}

void Modulators::control (const Song& song)
{
    for (const auto& m : song.modulators)
    {
        if (const auto knob = macros.find (m->id); knob != macros.end())
            push (*knob->second, m->values);
        if (const auto node = followers.find (m->id); node != followers.end())
            push (node->second->controls(), m->values);
    }
}

bool Modulators::sameStructure (const Song& a, const Song& b)
{
    return a.modulators.size() == b.modulators.size() &&
           std::equal (a.modulators.begin(), a.modulators.end(), b.modulators.begin(),
                       [] (const auto& x, const auto& y)
                       {
                           return x == y || (x->id == y->id && x->kind == y->kind && x->on == y->on &&
                                             x->source == y->source && x->targets == y->targets &&
                                             x->lanes == y->lanes && (isLive (*x) || x->values == y->values));
                       });
}

} // namespace lacquer::studio
