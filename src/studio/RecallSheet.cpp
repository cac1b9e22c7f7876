// SPDX-License-Identifier: GPL-3.0-or-later
#include "studio/RecallSheet.h"

#include "session/Address.h"
#include "session/Find.h"
#include "session/RoutingEdits.h"
#include "session/Words.h"
#include "studio/Catalogue.h"
#include "studio/Modulators.h"
#include "studio/Wording.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <set>

namespace lacquer::studio
{

namespace
{

using session::Project;
using session::Song;
using session::Strip;
using Line = RecallSheet::Line;
using Block = RecallSheet::Block;

std::string numberText (double v, const char* unit)
{
    std::array<char, 48> text {};
    std::snprintf (text.data(), text.size(), "%g%s", v, unit);
    return text.data();
}

void append (std::string& list, const std::string& item)
{
    if (item.empty())
        return;
    list += (list.empty() ? "" : ", ") + item;
}

/// The whole names of two lines, and what every strip shows whether initial or not.
constexpr std::array<std::string_view, 2> always { "fader.level", "pan.position" };

class Writer
{
public:
    Writer (const Project& p, const Song& s) : project (p), song (s) {}

    std::vector<Line> head() const
    {
        std::vector<Line> lines;
        const auto line = [&] (const char* name, const std::string& value)
        {
            if (! value.empty())
                lines.push_back ({ name, value });
        };
        line ("Artist", song.artist);
        line ("Writer", song.writer);
        line ("ISRC", song.isrc);
        line ("Sample rate", numberText (project.sampleRate, " Hz"));
        std::string tempi, metres;
        for (const auto& t : song.tempi)
            append (tempi, numberText (t.bpm, " BPM") +
                               (t.beat > 0 ? numberText (t.beat, "").insert (0, " from beat ") : "") +
                               (t.ramp ? " (ramp)" : ""));
        for (const auto& m : song.metres)
            append (metres, std::to_string (m.numerator) + "/" + std::to_string (m.denominator) +
                                (m.beat > 0 ? numberText (m.beat, "").insert (0, " from beat ") : ""));
        line ("Tempo", tempi);
        line ("Metre", metres);
        line ("Target", song.master->target);
        return lines;
    }

    Block strip (const Strip& s) const
    {
        Block block;
        static constexpr const char* kinds[] { "Track", "Group", "Return", "Mix bus" };
        block.title = kinds[static_cast<int> (s.kind)];
        if (s.kind != session::StripKind::mix)
            block.title += " \"" + s.name + "\"";
        if (! s.label.empty())
            block.title += " (" + s.label + ")";
        if (s.kind == session::StripKind::track)
            append (block.about, std::string (session::wordOf (session::formOf (s))));
        if (s.output)
            append (block.about, "to " + stripName (song, s.output));
        if (s.disabled)
            append (block.about, "disabled");
        if (s.soloSafe)
            append (block.about, "solo-safe");
        for (const auto& v : song.vcas)
            if (std::find (v->members.begin(), v->members.end(), s.id) != v->members.end())
                append (block.about, "VCA \"" + v->name + "\"");
        for (const auto& g : song.muteGroups)
            if (std::find (g.members.begin(), g.members.end(), s.id) != g.members.end())
                append (block.about, "mute group \"" + g.name + "\"");
        std::string tags;
        for (const auto& tag : s.tags)
            tags += (tags.empty() ? "tags: " : " / ") + tag;
        append (block.about, tags);
        block.notes = s.notes;
        if (const auto* track = trackWith (s.id))
        {
            if (track->delay != 0)
                block.lines.push_back ({ "Delay", milliseconds (track->delay, project.sampleRate) });
            if (track->frozen)
                block.lines.push_back ({ "Frozen", "its effects are rendered" });
            recordings (block, *track);
        }
        inserts (block, s.inserts, false);
        console (block, s);
        inserts (block, s.inserts, true);
        lanes (block, s.lanes, s.inserts);
        return block;
    }

    Block vca (const session::Vca& v) const
    {
        Block block;
        block.title = "VCA fader \"" + v.name + "\"";
        for (const Id member : v.members)
        {
            auto name = stripName (song, member);
            for (const auto& other : song.vcas)
                if (other->id == member)
                    name = "the VCA fader \"" + other->name + "\"";
            append (block.about, name);
        }
        values (block, stripTable(), v.values, true, false);
        lanes (block, v.lanes, {});
        return block;
    }

    Block master() const
    {
        Block block;
        block.title = "Master";
        for (std::size_t n = 0; n < song.master->modules.size(); ++n)
            effect (block, std::to_string (n + 1), *song.master->modules[n],
                    namesOf (song.master->modules)[n]);
        lanes (block, song.master->lanes, song.master->modules);
        return block;
    }

    Block modulator (const session::Modulator& m) const
    {
        Block block;
        block.title = "Modulator \"" + m.name + "\"";
        block.about = std::string (session::wordOf (m.kind)) + (m.on ? "" : ", off");
        if (m.source)
            append (block.about, "follows " + stripName (song, m.source));
        values (block, modulatorTable (m.kind), m.values, false, false);
        for (const auto& t : m.targets)
            block.lines.push_back ({ "Moves " + session::addressOf (project, t.target, t.parameter),
                                     numberText (t.depth, t.bipolar ? " to both sides" : " to one side") });
        return block;
    }

private:
    const session::Track* trackWith (Id strip) const
    {
        for (const auto& t : song.tracks)
            if (t->strip.id == strip)
                return t.get();
        return nullptr;
    }

    void recordings (Block& block, const session::Track& track) const
    {
        std::vector<std::string> names;
        for (const auto& c : track.clips)
            if (const auto* m = session::mediaOf (project, c->media))
                if (const auto name = session::readableName (m->path.substr (m->path.rfind ('/') + 1));
                    std::find (names.begin(), names.end(), name) == names.end())
                    names.push_back (name);
        std::string text;
        for (const auto& name : names)
            append (text, name);
        if (! text.empty())
            block.lines.push_back ({ "Audio", text });
    }

    void values (Block& block, std::span<const Param> table, const session::Values& all, bool console,
                 bool under) const
    {
        for (const auto& d : differing (table, {}, all, console))
            if (d.name != "Solo")
                block.lines.push_back ({ d.name, d.after, under });
    }

    void console (Block& block, const Strip& s) const
    {
        const auto table = stripTable();
        const auto numbers = numbersOf (table, s.values);
        const auto text = [&] (std::string_view id)
        {
            const int n = indexOf (table, id);
            return n < 0 ? std::string()
                         : lacquer::textOf (table[static_cast<std::size_t> (n)],
                                            static_cast<double> (numbers[static_cast<std::size_t> (n)]));
        };
        // Of a part that is in use all is told: a band with its frequency, a compressor with its ratio.
        const auto partOf = [] (const Param& p)
        {
            const auto part = p.id.substr (0, p.id.rfind ('.'));
            return part == "pan" || part == "fader" || part == "trim" || part == "eq" ? std::string_view {}
                                                                                      : part;
        };
        std::set<std::string_view> used;
        for (std::size_t n = 0; n < table.size(); ++n)
            if (numbers[n] != table[n].initial)
                used.insert (partOf (table[n]));
        used.erase (std::string_view {});
        for (std::size_t n = 0; n < table.size(); ++n)
        {
            const auto& p = table[n];
            const bool shown = std::find (always.begin(), always.end(), p.id) != always.end();
            // Sends stand together below; solo is no part of a mix.
            const bool told =
                shown || numbers[n] != p.initial || (used.contains (partOf (p)) && ! p.id.ends_with (".on"));
            if (p.id.starts_with ("send") || p.id == "fader.solo" || ! told)
                continue;
            block.lines.push_back ({ consoleName (p), text (p.id) });
        }
        for (std::size_t n = 0; n < s.sends.size(); ++n)
        {
            if (! s.sends[n])
                continue;
            const auto head = "send" + std::to_string (n + 1);
            std::string value = "to " + stripName (song, s.sends[n]) + ", " + text (head + ".level");
            if (text (head + ".pan") != "C")
                append (value, "pan " + text (head + ".pan"));
            append (value, text (head + ".pre") == "On" ? "pre-fader" : "post-fader");
            if (text (head + ".on") == "Off")
                append (value, "off");
            block.lines.push_back ({ "Send " + std::to_string (n + 1), value });
        }
    }

    void effect (Block& block, const std::string& place, const session::Effect& e,
                 const std::string& name) const
    {
        std::string about = name;
        if (! e.on)
            append (about, "bypassed");
        if (e.postConsole)
            append (about, "after the console part");
        if (e.sidechain)
            append (about, "key: " + stripName (song, e.sidechain));
        if (const auto* m = session::mediaOf (project, e.media))
            append (about, "recording: " + session::readableName (m->path.substr (m->path.rfind ('/') + 1)));
        const auto* type = effectOf (e.type);
        if (type == nullptr)
            append (about, "not known to this version");
        block.lines.push_back ({ "Effect " + place, about });
        if (type != nullptr)
            values (block, tableOf (*type), e.values, false, true);
    }

    void inserts (Block& block, const std::vector<session::EffectPtr>& all, bool post) const
    {
        const auto names = namesOf (all);
        for (std::size_t n = 0; n < all.size(); ++n)
            if (all[n]->postConsole == post)
                effect (block, std::to_string (n + 1), *all[n], names[n]);
    }

    void lanes (Block& block, const std::vector<session::Lane>& all,
                const std::vector<session::EffectPtr>& effects) const
    {
        const auto names = namesOf (effects);
        std::string text;
        for (const auto& l : all)
        {
            if (! l.enabled || l.points.empty())
                continue;
            std::string name = l.parameter;
            for (std::size_t n = 0; n < effects.size(); ++n)
                if (effects[n]->id == l.target)
                    name = names[n] + " " + l.parameter;
            append (text, name + " (" + std::to_string (l.points.size()) +
                              (l.points.size() == 1 ? " point)" : " points)"));
        }
        if (! text.empty())
            block.lines.push_back ({ "Automated", text });
    }

    const Project& project;
    const Song& song;
};

/// Names may hold anything: on a sheet they are one line.
std::string oneLine (std::string text)
{
    for (auto& c : text)
        if (static_cast<unsigned char> (c) < 0x20 || c == 0x7f)
            c = ' ';
    return text;
}

std::string escaped (const std::string& text)
{
    std::string out;
    for (const char c : text)
        switch (c)
        {
            case '&': out += "&amp;"; break;
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            case '"': out += "&quot;"; break;
            case '\'': out += "&#39;"; break;
            default: out += c == '\n' || c == '\t' || static_cast<unsigned char> (c) >= 0x20 ? c : ' ';
        }
    return out;
}

void putText (std::string& out, const std::vector<Line>& lines)
{
    std::size_t width = 0;
    const auto indent = [] (const Line& l) { return l.under ? std::size_t { 6 } : std::size_t { 2 }; };
    for (const auto& l : lines)
        width = std::max (width, indent (l) + l.name.size());
    width = std::min<std::size_t> (width, 40);
    for (const auto& l : lines)
    {
        const auto length = indent (l) + l.name.size();
        out += std::string (indent (l), ' ') + oneLine (l.name) +
               std::string (length < width ? width - length : 0, ' ') + "  " + oneLine (l.value) + "\n";
    }
}

void putRows (std::string& out, const std::vector<Line>& lines)
{
    if (lines.empty())
        return;
    out += "<table>\n";
    for (const auto& l : lines)
        out += std::string (l.under ? "<tr class=\"under\">" : "<tr>") + "<th scope=\"row\">" +
               escaped (oneLine (l.name)) + "</th><td>" + escaped (oneLine (l.value)) + "</td></tr>\n";
    out += "</table>\n";
}

constexpr std::string_view style =
    "body{font:14px/1.4 sans-serif;color:#111;background:#fff;margin:2em auto;max-width:70em;padding:0 1em}\n"
    "h1{font-size:1.5em;margin:0 0 .2em}h2{font-size:1.05em;margin:0;border-bottom:1px solid #111}\n"
    "main{columns:26em;column-gap:2em}section{break-inside:avoid;margin:0 0 1.2em}\n"
    ".long{break-inside:auto}p{margin:.2em "
    "0}.about{color:#555}.notes{white-space:pre-wrap;font-style:italic}\n"
    "table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:1px 6px 1px "
    "0}\n"
    "th{font-weight:normal;width:45%}td{font-variant-numeric:tabular-nums;overflow-wrap:anywhere}\n"
    "tr.under th{padding-left:1.5em;color:#555}tr{break-inside:avoid}\n"
    "@media print{body{margin:0;max-width:none;font-size:9pt}.about,tr.under th{color:#000}}\n"
    "@page{margin:15mm}\n";

} // namespace

RecallSheet recallSheet (const Project& project, const Song& song, const std::string& version,
                         std::string note)
{
    const Writer writer (project, song);
    RecallSheet sheet;
    sheet.title = song.name + (version.empty() ? "" : ", version \"" + version + "\"");
    sheet.note = std::move (note);
    if (! song.notes.empty())
        sheet.note += (sheet.note.empty() ? "" : "\n") + song.notes;
    sheet.head = writer.head();
    session::forEachStrip (song, [&] (const Strip& s) { sheet.blocks.push_back (writer.strip (s)); });
    for (const auto& v : song.vcas)
        sheet.blocks.push_back (writer.vca (*v));
    for (const auto& m : song.modulators)
        sheet.blocks.push_back (writer.modulator (*m));
    sheet.blocks.push_back (writer.master());
    return sheet;
}

std::string textOf (const RecallSheet& sheet)
{
    const auto notes = [] (const std::string& text, const char* indent)
    {
        std::string out = indent;
        for (const char c : text)
        {
            out += c == '\n' || static_cast<unsigned char> (c) >= 0x20 ? c : ' ';
            if (c == '\n')
                out += indent;
        }
        return out + "\n";
    };
    std::string out = "Recall sheet: " + oneLine (sheet.title) + "\n\n";
    if (! sheet.note.empty())
        out += notes (sheet.note, "") + "\n";
    putText (out, sheet.head);
    for (const auto& block : sheet.blocks)
    {
        out += "\n" + oneLine (block.title) + "\n";
        if (! block.about.empty())
            out += "  " + oneLine (block.about) + "\n";
        if (! block.notes.empty())
            out += notes (block.notes, "  | ");
        putText (out, block.lines);
    }
    return out + "\nWhat is not listed has its initial value.\n";
}

std::string htmlOf (const RecallSheet& sheet)
{
    constexpr std::size_t longBlock = 30; // rows: one that may be cut at the end of a page
    const auto title = escaped (oneLine (sheet.title));
    std::string out =
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>Recall sheet: " +
        title + "</title>\n<style>\n" + std::string (style) + "</style>\n</head>\n<body>\n<h1>" + title +
        "</h1>\n";
    if (! sheet.note.empty())
        out += "<p class=\"notes\">" + escaped (sheet.note) + "</p>\n";
    out += "<main>\n<section>\n";
    putRows (out, sheet.head);
    out += "</section>\n";
    for (const auto& block : sheet.blocks)
    {
        out += block.lines.size() > longBlock ? "<section class=\"long\">\n<h2>" : "<section>\n<h2>";
        out += escaped (oneLine (block.title)) + "</h2>\n";
        if (! block.about.empty())
            out += "<p class=\"about\">" + escaped (oneLine (block.about)) + "</p>\n";
        if (! block.notes.empty())
            out += "<p class=\"notes\">" + escaped (block.notes) + "</p>\n";
        putRows (out, block.lines);
        out += "</section>\n";
    }
    return out +
           "</main>\n<p class=\"about\">What is not listed has its initial value.</p>\n</body>\n</html>\n";
}

} // namespace lacquer::studio
