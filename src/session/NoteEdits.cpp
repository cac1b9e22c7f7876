// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/NoteEdits.h"

#include "session/Reading.h"
#include "session/StripChanges.h"

namespace lacquer::session
{

using namespace change;

namespace
{

Outcome oneLine (std::string_view what, std::string_view text)
{
    if (std::any_of (text.begin(), text.end(), [] (char c) { return static_cast<unsigned char> (c) < 0x20; }))
        return Problem { std::string (what) + " is one line of text." };
    return goodText (what, text);
}

Outcome goodTag (std::string_view tag)
{
    if (tag.empty())
        return Problem { "A tag cannot be empty." };
    if (tag.find (',') != std::string_view::npos)
        return Problem { "A tag cannot have a comma in it." };
    return oneLine ("A tag", tag);
}

Outcome put (std::vector<std::string>& tags, const std::string& tag)
{
    if (std::find (tags.begin(), tags.end(), tag) != tags.end())
        return {};
    if (tags.size() >= limit::tags)
        return Problem { "A track or bus cannot have more than " + std::to_string (limit::tags) + " tags." };
    tags.push_back (tag);
    return {};
}

} // namespace

Edit withNotes (const Project& p, Id id, std::string text)
{
    if (const auto good = goodText ("The text", text, limit::notesBytes); ! good)
        return good.problem();
    const auto label = text.empty() ? "Remove notes" : "Write notes";
    for (const auto& song : p.songs)
        if (song->id == id)
            return inSong (p, id, label,
                           [&] (Song& s, Edited&)
                           {
                               s.notes = text;
                               return Outcome {};
                           });
    return inStrip (p, id, label,
                    [&] (Strip& s, Edited&)
                    {
                        s.notes = text;
                        return Outcome {};
                    });
}

Edit withLabel (const Project& p, Id strip, std::string label)
{
    if (const auto good = oneLine ("A label", label); ! good)
        return good.problem();
    return inStrip (p, strip, label.empty() ? "Remove label" : "Label " + quoted (label),
                    [&] (Strip& s, Edited&)
                    {
                        s.label = label;
                        return Outcome {};
                    });
}

Edit withTags (const Project& p, Id strip, const std::vector<std::string>& tags)
{
    std::vector<std::string> all;
    for (const auto& one : tags)
    {
        const std::string tag (reading::trimmed (one));
        if (const auto good = goodTag (tag); ! good)
            return good.problem();
        if (const auto done = put (all, tag); ! done)
            return done.problem();
    }
    return inStrip (p, strip, "Change tags",
                    [&] (Strip& s, Edited&)
                    {
                        s.tags = all;
                        return Outcome {};
                    });
}

Edit tagged (const Project& p, const std::vector<Id>& strips, const std::string& text, bool on)
{
    const std::string tag (reading::trimmed (text));
    if (const auto good = goodTag (tag); ! good)
        return good.problem();
    Edited all { p, (on ? "Tag " : "Remove tag ") + quoted (tag) };
    for (const Id strip : strips)
    {
        auto next = inStrip (all.project, strip, all.label,
                             [&] (Strip& s, Edited&) -> Outcome
                             {
                                 if (on)
                                     return put (s.tags, tag);
                                 std::erase (s.tags, tag);
                                 return {};
                             });
        if (! next)
            return next;
        all.project = std::move (next->project);
    }
    if (strips.empty())
        return Problem { "Say which tracks or buses." };
    return all;
}

namespace
{

using namespace reading;

Edit setNotes (const Reader& r)
{
    const auto place = r.place ("what");
    if (place.effect || ! place.parameter.empty() ||
        (stripOf (r.project, place.owner) == nullptr && place.kind != Address::Kind::song))
        return badArgument ("what", r.text ("what"), "a track, group, return, mix or song");
    return withNotes (r.project, place.owner ? place.owner : place.song, r.text ("text"));
}
Edit setLabel (const Reader& r)
{
    return withLabel (r.project, r.strip ("strip"), r.text ("text"));
}
Edit setTags (const Reader& r)
{
    std::vector<std::string> tags;
    const auto text = r.text ("tags");
    if (! trimmed (text).empty())
        for (const auto tag : cut (text, ','))
            tags.emplace_back (tag);
    return withTags (r.project, r.strip ("strip"), tags);
}
Edit tag (const Reader& r)
{
    return tagged (r.project, r.strips ("strips"), r.text ("tag"), r.flag ("on", true));
}

} // namespace

std::vector<EditType> noteEdits()
{
    constexpr Argument strip { "strip", Type::address, "track:NAME, group:NAME, return:NAME or mix" };
    return {
        { "set-notes",
          "Write notes",
          "Writes the notes of a track, bus or song.",
          { { "what", Type::address, "track:NAME, group:NAME, return:NAME, mix or song:NAME" },
            { "text", Type::text, "the notes; empty for none" } },
          run<setNotes> },
        { "set-label",
          "Label",
          "Gives a track or bus a second, short name.",
          { strip, { "text", Type::text, "one line; empty for none" } },
          run<setLabel> },
        { "set-tags",
          "Change tags",
          "Sets all tags of a track or bus.",
          { strip, { "tags", Type::text, "\"live, double\"; empty for none" } },
          run<setTags> },
        { "tag",
          "Tag",
          "Gives a tag to tracks and buses, or takes it from them.",
          { { "strips", Type::address, "\"track:Vox, group:Choir\"" },
            { "tag", Type::text, "the tag" },
            { "on", Type::flag, "off takes it away; without it on", true } },
          run<tag> },
    };
}

} // namespace lacquer::session
