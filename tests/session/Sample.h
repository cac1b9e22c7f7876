// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "session/Edits.h"
#include "session/Find.h"
#include "session/Json.h"

#include <catch2/catch.hpp>
#include <random>

namespace lacquer::session::test
{

/// The project of an edit that must work.
inline Project made (Edit e)
{
    if (! e)
        FAIL (e.problem().sentence());
    return std::move (e->project);
}

/// A small project that uses every kind of value there is.
inline Project sample()
{
    auto p = newProject ("Two Rooms", 48000);
    const auto run = [&] (std::string_view op, Arguments a)
    {
        INFO (op);
        p = made (applied (p, op, a));
    };
    run ("rename", { { "what", "song:Two Rooms" }, { "name", "First" } });
    run ("add-media",
         { { "path", "Audio/Kick 1.wav" }, { "frames", "480000" }, { "channels", "1" }, { "hash", "ab" } });
    const auto kick = p.media.back().id;
    run ("add-track", { { "name", "Kick" }, { "channels", "1" }, { "colour", "asagi" } });
    run ("add-track", { { "name", "Lead/Vox: #1 \\o/" } });
    run ("add-track", { { "name", "Kick" } });
    run ("add-group", { { "name", "Drums" } });
    run ("add-group", { { "name", "All" } });
    run ("add-return", { { "name", "Echo" } });
    run ("set-output", { { "strip", "track:Kick" }, { "output", "group:Drums" } });
    run ("set-output", { { "strip", "group:Drums" }, { "output", "group:All" } });
    run ("set-send", { { "strip", "track:Kick" }, { "slot", "3" }, { "to", "return:Echo" } });
    run ("add-effect", { { "place", "return:Echo" }, { "type", "delay" } });
    run ("add-effect", { { "place", "return:Echo" }, { "type", "delay" } });
    run ("add-effect", { { "place", "master" }, { "type", "limiter" } });
    run ("set", { { "address", "return:Echo/delay#2.feedback" }, { "value", "0.1" } });
    run ("set", { { "address", "return:Echo/delay.sync" }, { "value", "1/8 dotted" } });
    run ("set", { { "address", "master/limiter.ceiling" }, { "value", "-1" } });
    run ("set", { { "address", "track:Kick/eq.band3.gain" }, { "value", "-3.3333333333333335" } });
    run ("set", { { "address", "track:Kick/fader" }, { "value", "1e-7" } });
    run ("switch-effect", { { "effect", "return:Echo/delay" }, { "on", "off" } });
    run ("set-recording",
         { { "effect", "return:Echo/delay#2" }, { "media", "media:" + std::to_string (kick.value) } });
    run ("add-clip", { { "track", "track:Kick" },
                       { "media", "media:" + std::to_string (kick.value) },
                       { "start", "1|2" } });
    const auto clip = p.songs[0]->tracks[0]->clips[0]->id;
    run ("split-clip", { { "clip", "clip:" + std::to_string (clip.value) }, { "at", "2.5" } });
    run ("fade-clip",
         { { "clip", std::to_string (clip.value) }, { "in", "100f" }, { "in-shape", "s-curve" } });
    const auto name = "clip:" + std::to_string (p.songs[0]->tracks[0]->clips[1]->id.value);
    run ("reverse-clips", { { "clips", name } });
    run ("envelope-clip", { { "clip", name }, { "points", "0:-6, 0.5:0.25, 0.75:-inf" } });
    run ("copy-clips", { { "clips", name }, { "by", "+10" }, { "tracks", "2" } });
    run ("copy-clips", { { "clips", name }, { "by", "+11" }, { "tracks", "2" } }); // overlaps the copy
    run ("add-edit-group", { { "name", "Kicks" }, { "tracks", "track:Kick, track:Kick#2" } });
    run ("set-crossfades", { { "shape", "equal-power" } });
    run ("set-grid", { { "grid", "1/8T" }, { "snap", "on" } });
    run ("automate",
         { { "address", "track:Kick/fader" },
           { "points", "0:0:-inf, 4.0:-6:curve=s, 1:02.5:-3.25:curve=exponential:tension=-0.5" } });
    run ("set-automation-mode", { { "address", "track:Kick/fader" }, { "mode", "touch" } });
    run ("set-automation-mode", { { "address", "track:Kick/pan" }, { "mode", "trim" } });
    run ("follow-clips", {});
    run ("automate", { { "address", "master/limiter.ceiling" }, { "points", "0:-1, 3:-2:curve=hold" } });
    run ("automate",
         { { "address", "return:Echo/delay#2.on" }, { "points", "0:1:curve=hold, 3:0:curve=hold" } });
    run ("set", { { "address", "return:Echo/delay#2.on" }, { "value", "Off" } });
    run ("add-modulator", { { "kind", "lfo" }, { "name", "Wobble" } });
    run ("add-modulator", { { "kind", "follower" }, { "name", "Duck" } });
    run ("add-modulator", { { "kind", "macro" }, { "name", "Wobble" } });
    run ("set", { { "address", "modulator:Wobble/rate" }, { "value", "0.25" } });
    run ("automate", { { "address", "modulator:Wobble#2/value" }, { "points", "0:0, 3:100" } });
    run ("set-source", { { "modulator", "Duck" }, { "strip", "track:Kick" } });
    run ("modulate", { { "modulator", "Wobble" }, { "address", "track:Kick/pan" }, { "depth", "-33.3" } });
    run ("modulate", { { "modulator", "modulator:Duck" },
                       { "address", "return:Echo/delay#2.feedback" },
                       { "depth", "0.5" },
                       { "bipolar", "off" } });
    run ("switch-modulator", { { "modulator", "modulator:Wobble#2" }, { "on", "off" } });
    run ("add-marker", { { "at", "1:00" }, { "name", "Chorus" }, { "section", "on" } });
    run ("add-marker", { { "at", "3|1" }, { "name", "Verse" } });
    run ("set-marker-range",
         { { "marker", std::to_string (p.songs[0]->markers.front().id.value) }, { "end", "9" } });
    run ("colour-marker",
         { { "marker", std::to_string (p.songs[0]->markers.front().id.value) }, { "colour", "beni" } });
    run ("set-tempo", { { "tempo", "0:120, 64:90.5, 128:100:ramp, 160:80" } });
    run ("set-metre", { { "metre", "0:4/4, 64:7/8" } });
    run ("set-loop", { { "from", "1" }, { "to", "2" } });
    run ("set-target", { { "target", "spotify" } });
    run ("add-effect", { { "place", "track:Lead\\/Vox\\: \\#1 \\\\o\\/" }, { "type", "compressor" } });
    run ("set-sidechain",
         { { "effect", "track:Lead\\/Vox\\: \\#1 \\\\o\\//compressor" }, { "from", "track:Kick" } });
    run ("place-effect", { { "effect", "track:Lead\\/Vox\\: \\#1 \\\\o\\//compressor" } });
    run ("copy-effect",
         { { "effect", "track:Lead\\/Vox\\: \\#1 \\\\o\\//compressor" }, { "to", "group:Drums" } });
    run ("carry-effect", { { "effect", "group:Drums/compressor" }, { "to", "group:All" }, { "index", "1" } });
    run ("set-form", { { "track", "track:Kick#2" }, { "form", "dual-mono" } });
    run ("set-delay", { { "track", "track:Kick#2" }, { "delay", "-2.5ms" } });
    run ("freeze", { { "track", "track:Kick#2" },
                     { "media", "media:" + std::to_string (kick.value) },
                     { "lead", "321" } });
    run ("solo-safe", { { "strip", "track:Kick" } });
    run ("disable", { { "strip", "group:All" } });
    run ("add-vca", { { "name", "Rhythm" }, { "colour", "kon" } });
    run ("add-vca", { { "name", "Band" } });
    run ("set-members", { { "of", "vca:Rhythm" }, { "members", "track:Kick, group:Drums" } });
    run ("set-members", { { "of", "vca:Band" }, { "members", "vca:Rhythm, return:Echo" } });
    run ("set", { { "address", "vca:Band/fader.level" }, { "value", "-3" } });
    run ("automate", { { "address", "vca:Rhythm/fader.level" }, { "points", "0:0, 4.0:-6:curve=s" } });
    run ("add-mute-group", { { "name", "Verse" } });
    run ("switch-mute-group", { { "group", "Verse" } });
    run ("set-members", { { "of", "mute-group:" + std::to_string (p.songs[0]->muteGroups[0].id.value) },
                          { "members", "track:Kick#2" } });
    run ("set-label", { { "strip", "track:Kick" }, { "text", "KD in" } });
    run ("set-tags", { { "strip", "track:Kick" }, { "tags", "live, low end" } });
    run ("tag", { { "strips", "track:Kick#2, mix" }, { "tag", "live" } });
    run ("set-notes", { { "what", "track:Kick" }, { "text", "D112 inside,\n\"clicky\"." } });
    run ("set-notes", { { "what", "song:First" }, { "text", "Louder than the demo." } });
    run ("store-scene", { { "name", "Rough" } });
    run ("set", { { "address", "track:Kick/eq.band3.gain" }, { "value", "2" } });
    run ("store-scene", { { "name", "Verse" } });
    run ("set-priority", { { "track", "track:Kick#2" }, { "priority", "background" } });
    run ("ignore-masking", { { "lead", "track:Kick" }, { "masker", "track:Kick#2" } });
    run ("cut-masking", { { "lead", "track:Kick" },
                          { "masker", "track:Lead\\/Vox\\: \\#1 \\\\o\\/" },
                          { "frequency", "2500" },
                          { "depth", "7.5" },
                          { "make-up", "0.25" } });
    run ("add-song", { { "name", "Second" }, { "kind", "stereo" } });
    run ("set-gap", { { "song", "Second" }, { "seconds", "0.5" } });
    run ("set-order", { { "songs", "Second" } });
    run ("set-isrc", { { "text", "DE-A12-26-00001" } });
    run ("set-ean", { { "text", "4006381333931" } });
    run ("set-album-artist", { { "text", "M\xc3\xbcller & S\xc3\xb8n" } });
    run ("add-media", { { "path", "Audio/Kick 2.wav" }, { "frames", "480000" }, { "channels", "1" } });
    return p;
}

} // namespace lacquer::session::test
