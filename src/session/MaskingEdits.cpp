// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/MaskingEdits.h"

#include "session/Changes.h"
#include "session/Reading.h"
#include "session/Steps.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace lacquer::session
{

using namespace change;
using namespace reading;

namespace
{

constexpr std::string_view equaliser = "equaliser", makeUpFader = "fader.level";

/// A track, and another one or a group or return of the same song; the song.
Result<Id> songOfPair (const Project& p, Id lead, Id masker)
{
    if (trackOf (p, lead) == nullptr)
        return nothing ("track", lead);
    const auto* strip = stripOf (p, masker);
    if (strip == nullptr)
        return nothing ("track or bus", masker);
    if (lead == masker || strip->kind == StripKind::mix || songOf (p, lead) != songOf (p, masker))
        return Problem { "A track can only be hidden by another one, a group or a return of the same song." };
    return songOf (p, lead)->id;
}

std::string bandName (int band, std::string_view parameter)
{
    return "band" + std::to_string (band) + "." + std::string (parameter);
}

bool isOff (const Values& values, int band)
{
    const auto on = values.find (bandName (band, "on"));
    if (on == values.end())
        return true;
    const auto* number = std::get_if<double> (&on->second);
    return number != nullptr ? *number < 0.5 : on->second == Value (std::string ("Off"));
}

/// Nothing when all eight are in use. Those that open as bells come first.
std::optional<int> spareBand (const Values& values)
{
    for (const int band : { 3, 4, 5, 6, 2, 7, 1, 8 })
        if (isOff (values, band))
            return band;
    return std::nullopt;
}

Outcome goodCut (const MaskingCut& cut)
{
    const auto within = [] (double v, double least, double most) { return v >= least && v <= most; };
    if (! within (cut.frequency, 10, 22000) || ! within (cut.q, 0.1, 18) || ! within (cut.depth, 0, 24) ||
        ! within (cut.threshold, -80, 0) || ! within (cut.makeUp, -12, 12))
        return Problem { "The cut is out of range.",
                         {},
                         "10 to 22000 Hz, Q 0.1 to 18, 0 to 24 dB deep, threshold -80 to 0 dB." };
    return {};
}

} // namespace

Edit withPriority (const Project& p, Id track, Priority priority)
{
    const auto* t = trackOf (p, track);
    if (t == nullptr)
        return nothing ("track", track);
    return inTrack (p, track, "Change priority of " + quoted (t->strip.name),
                    [&] (Track& copy, Edited&)
                    {
                        copy.priority = priority;
                        return Outcome {};
                    });
}

Edit ignoredMasking (const Project& p, Id lead, Id masker, bool ignored)
{
    const auto song = songOfPair (p, lead, masker);
    if (! song)
        return song.problem();
    const MaskedPair pair { lead, masker };
    const auto label = (ignored ? "Ignore " : "Heed ") + quoted (stripOf (p, masker)->name) + " over " +
                       quoted (stripOf (p, lead)->name);
    return inSong (p, *song, label,
                   [&] (Song& s, Edited&) -> Outcome
                   {
                       std::erase (s.maskingIgnored, pair);
                       if (! ignored)
                           return {};
                       if (s.maskingIgnored.size() >= limit::pairs)
                           return Problem { "No more pairs of tracks can be ignored." };
                       s.maskingIgnored.push_back (pair);
                       return {};
                   });
}

Edit cutMasking (const Project& p, const MaskingCut& cut)
{
    const auto song = songOfPair (p, cut.lead, cut.masker);
    if (! song)
        return song.problem();
    if (const auto good = goodCut (cut); ! good)
        return good.problem();
    const auto* masker = stripOf (p, cut.masker);
    const auto& mix = *songOf (p, *song)->mix;
    Steps steps (p, "Make room for " + quoted (stripOf (p, cut.lead)->name) + " in " + quoted (masker->name));

    Id effect;
    std::optional<int> band;
    for (const auto& e : masker->inserts)
        if (e->type == equaliser && e->sidechain == cut.lead && e->on && e->postConsole && ! band)
        {
            effect = e->id;
            band = spareBand (e->values);
        }
    if (! band)
    {
        band = spareBand ({});
        effect = steps.then ([&] (const Project& q)
                             { return addedEffect (q, cut.masker, std::string (equaliser), -1, true); });
        steps.then ([&] (const Project& q) { return withSidechain (q, effect, cut.lead); });
    }
    Values values;
    const auto set = [&] (std::string_view parameter, Value v)
    { values[bandName (*band, parameter)] = std::move (v); };
    set ("on", std::string ("On"));
    set ("type", std::string ("Bell"));
    set ("frequency", cut.frequency);
    set ("gain", 0.0);
    set ("q", cut.q);
    set ("channel", std::string ("Stereo"));
    set ("dynamic", std::string ("On"));
    set ("threshold", cut.threshold);
    set ("ratio", 20.0);    // whenever the lead sounds, all of it
    set ("attack", 10.0);   // ms: before the ear has told the lead's beginning
    set ("release", 150.0); // ms: through the gaps in a word
    set ("range", -cut.depth);
    set ("key", std::string ("Sidechain"));
    steps.setAll (effect, values);

    if (cut.makeUp != 0)
    {
        const auto lane =
            std::any_of (mix.lanes.begin(), mix.lanes.end(),
                         [&] (const Lane& l) { return l.target == mix.id && l.parameter == makeUpFader; });
        if (lane)
            return Problem { "The fader of the mix bus is automated, so no level can be made up there." };
        const auto level = mix.values.find (std::string (makeUpFader));
        const auto* now = level != mix.values.end() ? std::get_if<double> (&level->second) : nullptr;
        steps.then (
            [&] (const Project& q) {
                return withValue (q, mix.id, std::string (makeUpFader),
                                  (now != nullptr ? *now : 0.0) + cut.makeUp);
            });
    }
    auto end = steps.end();
    if (end)
        end->made = effect;
    return end;
}

namespace
{

Edit setPriority (const Reader& r)
{
    return withPriority (r.project, r.strip ("track"), r.word ("priority", Priority::guessed));
}

Edit ignoreMasking (const Reader& r)
{
    return ignoredMasking (r.project, r.strip ("lead"), r.strip ("masker"), r.flag ("on", true));
}

Edit cut (const Reader& r)
{
    MaskingCut cut;
    cut.lead = r.strip ("lead");
    cut.masker = r.strip ("masker");
    cut.frequency = r.number ("frequency");
    cut.q = r.number ("q", cut.q);
    cut.depth = r.number ("depth", cut.depth);
    cut.threshold = r.number ("threshold", cut.threshold);
    cut.makeUp = r.number ("make-up", cut.makeUp);
    return cutMasking (r.project, cut);
}

} // namespace

std::vector<EditType> maskingEdits()
{
    const Argument lead { "lead", Type::address, "track:NAME, the one that is hidden" },
        masker { "masker", Type::address, "track:NAME or return:NAME, the one that hides it" };
    return {
        { "set-priority",
          "Change priority",
          "Says what a track is for in the mix, so that masking knows who may hide whom.",
          { { "track", Type::address, "track:NAME" },
            { "priority", Type::text, "lead, support, background or guessed (from the name)" } },
          run<setPriority> },
        { "ignore-masking",
          "Ignore masking",
          "Says nothing more of one track hiding another, or does again.",
          { lead, masker, { "on", Type::flag, "on: ignored; without it on", true } },
          run<ignoreMasking> },
        { "cut-masking",
          "Make room",
          "Cuts a band of one track, dynamically, while another sounds there.",
          { lead,
            masker,
            { "frequency", Type::number, "Hz, the middle of the cut" },
            { "depth", Type::number, "dB, the deepest it cuts; without it 6", true },
            { "q", Type::number, "how narrow; without it 1.4", true },
            { "threshold", Type::number, "dB in the lead's band above which it cuts; without it -40", true },
            { "make-up", Type::number, "dB added to the fader of the mix bus; without it 0", true } },
          run<cut> },
    };
}

} // namespace lacquer::session
