// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/Json.h"

#include "session/JsonParts.h"
#include "session/Migrations.h"

namespace lacquer::session
{

namespace
{

using json::Members;
using json::Node;
using json::Object;

constexpr std::size_t hashDigits = 16;
constexpr std::string_view noHash = "0000000000000000";

/// The text with sixteen zeros where the hash belongs, and where that is.
std::string withoutHash (const Project& p, std::size_t& hashAt)
{
    std::string out;
    Members m (out, 0, p.extras);
    json::put (m["album"], m.inner(), p.album);
    m["format"] += "{\"name\": \"lacquer\", \"version\": ";
    json::put (out, formatVersion);
    out += '}';
    m["hash"] += '"';
    hashAt = out.size();
    out += noHash;
    out += '"';
    json::put (m["id"], p.id);
    json::putParts (m, out, "media", p.media);
    json::put (m["name"], p.name);
    json::put (m["next_id"], Id { p.nextId });
    json::put (m["sample_rate"], p.sampleRate);
    json::putParts (m, out, "songs", p.songs);
    m.end();
    out += '\n';
    return out;
}

std::string hashText (std::uint64_t hash)
{
    std::string text (hashDigits, '0');
    for (std::size_t n = hashDigits; n-- > 0; hash >>= 4)
        text[n] = "0123456789abcdef"[hash & 15];
    return text;
}
Project projectOf (const Node& n, std::string& hash)
{
    Object o (n, "the project");
    o.find ("format");
    Project p;
    if (const auto* album = o.find ("album"))
        p.album = json::albumOf (*album, "album");
    hash = o.text ("hash");
    p.id = o.id ("id");
    p.media = json::listOf (o, "media", limit::media, json::mediaOf);
    p.name = o.text ("name");
    p.nextId = o.id ("next_id").value;
    p.sampleRate = o.number ("sample_rate", 8000, 768000);
    p.songs = json::sharedOf (o, "songs", limit::songs, json::songOf, json::Presence::needed);
    p.extras = o.extras();
    return p;
}

/// The version in the text; refuses what is no project or from the future.
int versionOf (const Node& root)
{
    const auto* format = root.kind == Node::Kind::object ? root.find ("format") : nullptr;
    const auto* name =
        format != nullptr && format->kind == Node::Kind::object ? format->find ("name") : nullptr;
    if (name == nullptr || name->kind != Node::Kind::text || name->text() != "lacquer")
        json::refuse ("it is not a Lacquer project");
    const auto* version = format->find ("version");
    if (version == nullptr)
        json::refuse ("format has no \"version\"");
    return static_cast<int> (json::wholeOf (*version, "format.version", 0, 1'000'000));
}

Problem unreadable (const std::string& why)
{
    std::string line = why;
    for (auto& c : line) // names in the file may hold line breaks; a message is one line
        if (static_cast<unsigned char> (c) < 0x20)
            c = ' ';
    return { "The project cannot be opened because " + line + ".",
             {},
             "The file was not touched; the last saved states are in the Backups folder." };
}

} // namespace

std::uint64_t contentHash (std::string_view bytes) noexcept
{
    // Offset basis and prime of FNV-1a, 64 bit (draft-eastlake-fnv, section 5).
    std::uint64_t hash = 0xcbf29ce484222325;
    for (const char c : bytes)
        hash = (hash ^ static_cast<unsigned char> (c)) * 0x100000001b3;
    return hash;
}

std::string canonical (const Project& p)
{
    std::size_t hashAt = 0;
    auto text = withoutHash (p, hashAt);
    text.replace (hashAt, hashDigits, hashText (contentHash (text)));
    return text;
}

Result<Loaded> loaded (std::string_view text)
{
    auto document = json::Document::parsed (text);
    if (! document)
        return Problem { document.problem().what,
                         {},
                         "The file was not touched; the last saved states are in the Backups folder." };
    try
    {
        Loaded result;
        result.version = versionOf (document->root());
        if (result.version > formatVersion)
            return Problem { "The project was written by a newer Lacquer (format " +
                                 std::to_string (result.version) + "; this one reads up to " +
                                 std::to_string (formatVersion) + ").",
                             {},
                             "Nothing was changed; open it with the newer program." };
        if (const auto done = migrate (*document, result.version); ! done)
            return unreadable (done.problem().what);
        std::string hash;
        result.project = projectOf (document->root(), hash);
        if (const auto good = valid (result.project); ! good)
            return good.problem();
        if (result.version < formatVersion)
            result.notes.push_back ("The project was written by an older Lacquer and was brought up to date; "
                                    "saving keeps the old file in the Backups folder.");
        else if (! hash.empty())
        {
            std::size_t hashAt = 0;
            if (hash != hashText (contentHash (withoutHash (result.project, hashAt))))
                result.notes.push_back (
                    "The project file was changed outside Lacquer or damaged since it was "
                    "saved; if something is missing, the last saved states are in the Backups folder.");
        }
        return result;
    }
    catch (const json::Refusal& r)
    {
        return unreadable (r.why);
    }
}

Result<Project> parsed (std::string_view text)
{
    auto all = loaded (text);
    if (! all)
        return all.problem();
    return std::move (all->project);
}

bool operator== (const Project& a, const Project& b)
{
    return canonical (a) == canonical (b);
}

} // namespace lacquer::session
