// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/AutomationRegistry.h"

#include "session/AutomationEdits.h"
#include "session/ModulatorEdits.h"
#include "session/Reading.h"

namespace lacquer::session
{

namespace
{

using reading::badArgument;
using reading::Reader;
using reading::run;
using reading::Type;

LaneOf lane (const Reader& r, const std::string& name = "lane")
{
    const auto place = r.parameter (name);
    return { place.target(), place.parameter, place.param };
}

Stretch stretch (const Reader& r, Id target)
{
    Stretch s;
    const auto song = songOf (r.project, target)->id;
    if (r.has ("from"))
        s.from = r.position ("from", song);
    if (r.has ("to"))
        s.to = r.position ("to", song);
    return s;
}

/// A time that may lie before: "-1.5s".
Frames time (const Reader& r, Id target)
{
    auto text = r.text ("by");
    const bool back = text.starts_with ('-');
    if (back)
        text.erase (0, 1);
    const auto frames = r.orRefuse (positionFrom (r.project, *songOf (r.project, target), text));
    return back ? -frames : frames;
}

Edit setMode (const Reader& r)
{
    const auto which = lane (r, "address");
    if (r.text ("mode") == "off")
        return withLaneMode (r.project, which, std::nullopt);
    const auto mode = fromWord<LaneMode> (r.text ("mode"));
    if (! mode)
        return badArgument ("mode", r.text ("mode"), "off, " + wordList<LaneMode>());
    return withLaneMode (r.project, which, *mode);
}

Edit copyAutomation (const Reader& r)
{
    const auto from = lane (r);
    const auto to = r.has ("into") ? lane (r, "into") : from;
    return copiedAutomation (r.project, from, stretch (r, from.target),
                             r.position ("at", songOf (r.project, to.target)->id), to);
}

Edit shiftAutomation (const Reader& r)
{
    const auto which = lane (r);
    return shiftedAutomation (r.project, which, stretch (r, which.target), time (r, which.target));
}

Edit scaleAutomation (const Reader& r)
{
    const auto which = lane (r);
    return scaledAutomation (r.project, which, stretch (r, which.target), r.number ("factor"),
                             r.number ("around"));
}

Edit raiseAutomation (const Reader& r)
{
    const auto which = lane (r);
    return raisedAutomation (r.project, which, stretch (r, which.target), r.number ("by"));
}

Edit thinAutomation (const Reader& r)
{
    const auto which = lane (r);
    return thinnedAutomation (r.project, which, stretch (r, which.target), r.number ("tolerance", 1));
}

Edit clearAutomation (const Reader& r)
{
    const auto which = lane (r);
    return clearedAutomation (r.project, which, stretch (r, which.target));
}

Edit movePoints (const Reader& r)
{
    const auto which = lane (r);
    return movedPoints (r.project, which, stretch (r, which.target), time (r, which.target),
                        r.number ("raise"));
}

Edit followClips (const Reader& r)
{
    return withAutomationFollowing (r.project, r.song(), r.flag ("on", true));
}

Id modulator (const Reader& r)
{
    const auto text = r.text ("modulator");
    const auto place = r.orRefuse (found (
        r.project, text.starts_with ("modulator:") || text.starts_with ("song:") ? text : "modulator:" + text,
        r.catalogue));
    if (place.kind != Address::Kind::modulator || ! place.parameter.empty())
        throw reading::Refusal { badArgument ("modulator", text, "modulator:NAME") };
    return place.owner;
}

Edit addModulator (const Reader& r)
{
    return addedModulator (r.project, r.song(), r.word ("kind", ModulatorKind::lfo), r.text ("name"));
}

Edit removeModulator (const Reader& r)
{
    return removedModulator (r.project, modulator (r));
}

Edit switchModulator (const Reader& r)
{
    return switchedModulator (r.project, modulator (r), r.flag ("on", true));
}

Edit setSource (const Reader& r)
{
    return withSource (r.project, modulator (r), r.text ("strip") == "none" ? Id {} : r.strip ("strip"));
}

Edit modulate (const Reader& r)
{
    const auto to = lane (r, "address");
    return withModulation (r.project, modulator (r),
                           { to.target, to.parameter, r.number ("depth"), r.flag ("bipolar", true) });
}

Edit stopModulating (const Reader& r)
{
    const auto to = lane (r, "address");
    return withoutModulation (r.project, modulator (r), to.target, to.parameter);
}

} // namespace

std::vector<EditType> automationEdits()
{
    const Argument laneArgument { "lane", Type::address,
                                  "the automated parameter, such as track:Vox/fader.level" };
    const Argument from { "from", Type::position, "where the stretch begins; without it the start", true };
    const Argument to { "to", Type::position, "where it ends; without it the end", true };
    const Argument by { "by", Type::text, "how far, such as 2s, -1.5s or 480f" };
    const Argument which { "modulator", Type::address, "modulator:NAME" };
    const Argument song { "song", Type::text, "the song's name; without it the first song", true };
    return {
        { "set-automation-mode",
          "Set automation mode",
          "Sets what riding a parameter does to its automation.",
          { { "address", Type::address, "the parameter" },
            { "mode", Type::text, "off, read, touch, latch, write or trim" } },
          run<setMode> },
        { "copy-automation",
          "Paste automation",
          "Puts a copy of a stretch of automation somewhere else.",
          { laneArgument,
            { "at", Type::position, "where the copy begins" },
            { "into", Type::address, "another parameter to put it on", true },
            from,
            to },
          run<copyAutomation> },
        { "shift-automation",
          "Shift automation",
          "Moves a stretch of automation in time.",
          { laneArgument, by, from, to },
          run<shiftAutomation> },
        { "scale-automation",
          "Scale automation",
          "Draws the values of a stretch of automation towards a value, or away from it.",
          { laneArgument,
            { "factor", Type::number, "0.5 halves the distance, 2 doubles it" },
            { "around", Type::number, "the value that stays; without it 0", true },
            from,
            to },
          run<scaleAutomation> },
        { "raise-automation",
          "Raise automation",
          "Moves the values of a stretch of automation up or down.",
          { laneArgument, { "by", Type::number, "in the parameter's unit" }, from, to },
          run<raiseAutomation> },
        { "thin-automation",
          "Thin automation",
          "Leaves out points that make no difference.",
          { laneArgument,
            { "tolerance", Type::number, "1: up to 0.1 dB or 0.1 % of the control's travel", true },
            from,
            to },
          run<thinAutomation> },
        { "clear-automation",
          "Clear automation",
          "Removes the points of a stretch.",
          { laneArgument, from, to },
          run<clearAutomation> },
        { "move-points",
          "Move automation points",
          "Moves the points of a stretch in time and value; those around them stay.",
          { laneArgument, by, { "raise", Type::number, "in the parameter's unit", true }, from, to },
          run<movePoints> },
        { "follow-clips",
          "Automation follows clips",
          "Says whether automation goes along when clips are moved in time.",
          { { "on", Type::flag, "on or off; without it on", true }, song },
          run<followClips> },
        { "add-modulator",
          "Add modulator",
          "Adds a modulator.",
          { { "kind", Type::text, "lfo, follower, steps, random or macro" },
            { "name", Type::text, "its name" },
            song },
          run<addModulator> },
        { "remove-modulator", "Remove modulator", "Removes a modulator.", { which }, run<removeModulator> },
        { "switch-modulator",
          "Switch modulator",
          "Switches a modulator on or off.",
          { which, { "on", Type::flag, "on or off; without it on", true } },
          run<switchModulator> },
        { "set-source",
          "Follow another track",
          "Sets what a follower follows: the sound of a track or bus after its fader.",
          { which, { "strip", Type::address, "track:NAME, group:NAME, return:NAME, mix or none" } },
          run<setSource> },
        { "modulate",
          "Modulate",
          "Lets a modulator move a parameter.",
          { which,
            { "address", Type::address, "the parameter, such as track:Vox/pan.position" },
            { "depth", Type::number, "in the parameter's unit; in octaves for frequencies and times" },
            { "bipolar", Type::flag, "to both sides; without it on", true } },
          run<modulate> },
        { "stop-modulating",
          "Stop modulating",
          "Takes a parameter away from a modulator.",
          { which, { "address", Type::address, "the parameter" } },
          run<stopModulating> },
    };
}

} // namespace lacquer::session
