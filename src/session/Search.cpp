// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/Search.h"

#include "session/Find.h"
#include "session/Scene.h"

#include <algorithm>

namespace lacquer::session
{

namespace
{

/// The small letter of a capital of the blocks Latin-1, Latin Extended-A, Greek and Cyrillic (Unicode
/// UnicodeData.txt, simple mappings), which two bytes of UTF-8 hold; all else as it is.
unsigned smallOf (unsigned c)
{
    if ((c >= 0xc0 && c <= 0xde && c != 0xd7) || (c >= 0x391 && c <= 0x3ab) || (c >= 0x410 && c <= 0x42f))
        return c + 0x20;
    if (c >= 0x400 && c <= 0x40f)
        return c + 0x50;
    const bool evenCapital = (c >= 0x100 && c <= 0x137 && c != 0x130) || (c >= 0x14a && c <= 0x177);
    const bool oddCapital = (c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17e);
    if ((evenCapital && c % 2 == 0) || (oddCapital && c % 2 == 1))
        return c + 1;
    return c;
}

struct Field
{
    FoundIn in;
    std::string_view text;
};

class Query
{
public:
    explicit Query (std::string_view text)
    {
        const auto all = folded (text);
        for (std::size_t at = 0; at < all.size();)
        {
            const auto from = all.find_first_not_of (" \t\n", at);
            if (from == std::string::npos)
                return;
            at = std::min (all.find_first_of (" \t\n", from), all.size());
            words.push_back (all.substr (from, at - from));
        }
    }

    bool empty() const { return words.empty(); }

    /// The first field with a word in it, when the fields hold all words.
    const Field* in (const std::vector<Field>& fields) const
    {
        std::vector<std::string> texts;
        for (const auto& f : fields)
            texts.push_back (folded (f.text));
        std::size_t first = fields.size();
        for (const auto& word : words)
        {
            const bool tags = word.size() > 1 && word.front() == '#';
            bool there = false;
            for (std::size_t n = 0; n < fields.size(); ++n)
            {
                const bool has = texts[n].find (word) != std::string::npos ||
                                 (tags && fields[n].in == FoundIn::tag &&
                                  texts[n].find (word.substr (1)) != std::string::npos);
                if (! has)
                    continue;
                there = true;
                first = std::min (first, n);
            }
            if (! there)
                return nullptr;
        }
        return first < fields.size() ? &fields[first] : nullptr;
    }

    /// The line of notes that has the first word of it.
    std::string lineOf (std::string_view notes) const
    {
        while (! notes.empty())
        {
            const auto end = std::min (notes.find ('\n'), notes.size());
            const auto line = notes.substr (0, end);
            const auto text = folded (line);
            if (std::any_of (words.begin(), words.end(),
                             [&] (const std::string& w) { return text.find (w) != std::string::npos; }))
                return std::string (line);
            notes.remove_prefix (std::min (end + 1, notes.size()));
        }
        return {};
    }

private:
    std::vector<std::string> words;
};

} // namespace

std::string folded (std::string_view text)
{
    std::string out;
    out.reserve (text.size());
    for (std::size_t n = 0; n < text.size(); ++n)
    {
        const auto c = static_cast<unsigned char> (text[n]);
        if (c >= 'A' && c <= 'Z')
            out += static_cast<char> (c + 0x20);
        else if (c >= 0xc3 && c <= 0xd1 && n + 1 < text.size())
        {
            const auto next = static_cast<unsigned char> (text[++n]);
            const auto small = smallOf ((c & 0x1fu) << 6 | (next & 0x3fu));
            out += static_cast<char> (0xc0 | small >> 6);
            out += static_cast<char> (0x80 | (small & 0x3f));
        }
        else
            out += text[n];
    }
    return out;
}

std::vector<Hit> search (const Song& song, std::string_view words)
{
    const Query query (words);
    std::vector<Hit> hits;
    if (query.empty())
        return hits;
    const auto look = [&] (Id id, const std::vector<Field>& fields)
    {
        if (const auto* field = query.in (fields))
            hits.push_back (
                { id, field->in,
                  field->in == FoundIn::notes ? query.lineOf (field->text) : std::string (field->text) });
    };
    const auto effects = [] (std::vector<Field>& fields, const std::vector<EffectPtr>& all)
    {
        for (const auto& e : all)
            fields.push_back ({ FoundIn::effect, e->type });
    };
    look (song.id, { { FoundIn::name, song.name }, { FoundIn::notes, song.notes } });
    forEachStrip (song,
                  [&] (const Strip& s)
                  {
                      std::vector<Field> fields { { FoundIn::name, s.name }, { FoundIn::label, s.label } };
                      for (const auto& tag : s.tags)
                          fields.push_back ({ FoundIn::tag, tag });
                      effects (fields, s.inserts);
                      fields.push_back ({ FoundIn::notes, s.notes });
                      look (s.id, fields);
                  });
    for (const auto& v : song.vcas)
        look (v->id, { { FoundIn::name, v->name } });
    for (const auto& g : song.muteGroups)
        look (g.id, { { FoundIn::name, g.name } });
    std::vector<Field> modules;
    effects (modules, song.master->modules);
    look (song.master->id, modules);
    for (const auto& m : song.modulators)
        look (m->id, { { FoundIn::name, m->name } });
    for (const auto& scene : song.scenes)
        look (scene->id, { { FoundIn::name, scene->name } });
    for (const auto& m : song.markers)
        look (m.id, { { FoundIn::name, m.name } });
    for (const auto& t : song.tracks)
        for (const auto& c : t->clips)
            look (c->id, { { FoundIn::name, c->name } });
    std::stable_sort (hits.begin(), hits.end(), [] (const Hit& a, const Hit& b) { return a.in < b.in; });
    return hits;
}

} // namespace lacquer::session
