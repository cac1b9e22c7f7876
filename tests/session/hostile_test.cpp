// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/Sample.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <functional>

using namespace lacquer;
using namespace lacquer::session;
using test::made;

namespace
{

/// A refusal must be one sentence for a person: not empty, one line, a full stop, no essay.
void requireSentence (const std::string& text)
{
    const auto result = loaded (text);
    REQUIRE_FALSE (result.ok());
    const auto& what = result.problem().what;
    INFO (what);
    REQUIRE (what.size() > 15);
    REQUIRE (what.size() < 700);
    REQUIRE (what.back() == '.');
    REQUIRE (std::none_of (what.begin(), what.end(), [] (unsigned char c) { return c < 0x20; }));
}

/// The sample's text with the first occurrence of something replaced.
std::string with (const std::string& old, const std::string& fresh)
{
    auto text = canonical (test::sample());
    const auto at = text.find (old);
    REQUIRE (at != std::string::npos);
    return text.replace (at, old.size(), fresh);
}

/// The sample's next id as its text tells it, or one so much larger.
std::string nextId (int more)
{
    return "\"next_id\": " + std::to_string (test::sample().nextId + static_cast<std::uint64_t> (more));
}

std::string repeated (const std::string& piece, std::size_t count)
{
    std::string all;
    all.reserve (piece.size() * count);
    for (std::size_t n = 0; n < count; ++n)
        all += piece;
    return all;
}

/// The smallest project, with something inserted as its last member.
std::string minimal (const std::string& more = {})
{
    return R"({"format":{"name":"lacquer","version":1},"id":1,"next_id":5,"name":"","sample_rate":48000,)"
           R"("songs":[{"id":2,"mix":{"id":3,"name":"Mix"},"master":{"id":4}}])" +
           more + "}";
}

} // namespace

TEST_CASE (
    "the smallest project is accepted, so that the hostile ones are refused for what is wrong with them")
{
    const auto result = loaded (minimal());
    if (! result)
        FAIL (result.problem().sentence());
}

TEST_CASE ("hostile project files are refused with one sentence each")
{
    // The ids are the sample's: 1 the project, 3 the mix bus, 5 the audio file, 6 a track, 9 Drums, 10 All,
    // 11 Echo.
    const std::vector<std::pair<std::string, std::function<std::string()>>> files {
        { "empty", [] { return std::string(); } },
        { "spaces", [] { return std::string ("  \n"); } },
        { "not JSON", [] { return std::string ("RIFF\x10WAVE"); } },
        { "null", [] { return std::string ("null"); } },
        { "a number", [] { return std::string ("1"); } },
        { "a list", [] { return std::string ("[]"); } },
        { "no format", [] { return std::string ("{}"); } },
        { "format is a list", [] { return std::string (R"({"format":[]})"); } },
        { "another program's", [] { return std::string (R"({"format":{"name":"other","version":1}})"); } },
        { "no version", [] { return std::string (R"({"format":{"name":"lacquer"}})"); } },
        { "version -1", [] { return with ("\"version\": 1", "\"version\": -1"); } },
        { "version 1.5", [] { return with ("\"version\": 1", "\"version\": 1.5"); } },
        { "version 2^64", [] { return with ("\"version\": 1", "\"version\": 18446744073709551616"); } },
        { "a newer version", [] { return with ("\"version\": 1", "\"version\": 2"); } },
        { "byte-order mark", [] { return "\xef\xbb\xbf" + canonical (test::sample()); } },
        { "UTF-16", [] { return std::string ("\xff\xfe{\0}\0", 6); } },
        { "NUL at the start", [] { return std::string (1, '\0') + canonical (test::sample()); } },
        { "NUL at the end", [] { return canonical (test::sample()) + std::string (1, '\0'); } },
        { "NUL in a name", [] { return with ("Two Rooms", std::string ("Two\0Rooms", 9)); } },
        { "escaped NUL", [] { return with ("Two Rooms", "Two\\u0000Rooms"); } },
        { "broken UTF-8", [] { return with ("Two Rooms", "Two\xc0\x80Rooms"); } },
        { "UTF-8 surrogate", [] { return with ("Two Rooms", "\xed\xa0\x80"); } },
        { "half a surrogate pair", [] { return with ("Two Rooms", "\\ud800x"); } },
        { "the other half", [] { return with ("Two Rooms", "\\udc00"); } },
        { "bare line break in a name", [] { return with ("Two Rooms", "Two\nRooms"); } },
        { "unknown escape", [] { return with ("Two Rooms", "\\q"); } },
        { "comment", [] { return "// hello\n" + canonical (test::sample()); } },
        { "trailing comma", [] { return minimal (","); } },
        { "two projects", [] { return minimal() + minimal(); } },
        { "NaN", [] { return with ("\"sample_rate\": 48000", "\"sample_rate\": NaN"); } },
        { "Infinity", [] { return with ("\"sample_rate\": 48000", "\"sample_rate\": -Infinity"); } },
        { "1e999", [] { return with ("\"sample_rate\": 48000", "\"sample_rate\": 1e999"); } },
        { "null for a number", [] { return with ("\"sample_rate\": 48000", "\"sample_rate\": null"); } },
        { "text for a number", [] { return with ("\"sample_rate\": 48000", "\"sample_rate\": \"48000\""); } },
        { "rate 0", [] { return with ("\"sample_rate\": 48000", "\"sample_rate\": 0"); } },
        { "leading zero", [] { return with ("\"sample_rate\": 48000", "\"sample_rate\": 048000"); } },
        { "hexadecimal", [] { return with ("\"sample_rate\": 48000", "\"sample_rate\": 0xbb80"); } },
        { "duplicate key", [] { return minimal (R"(,"id":1)"); } },
        { "duplicate key by escape", [] { return minimal (R"(,"\u0069d":1)"); } },
        { "duplicate unknown key", [] { return minimal (R"(,"x":{"a":1,"a":2})"); } },
        { "negative length", [] { return with ("\"length\": 96000", "\"length\": -96000"); } },
        { "length 2^64", [] { return with ("\"length\": 96000", "\"length\": 18446744073709551616"); } },
        { "length 2^63", [] { return with ("\"length\": 96000", "\"length\": 9223372036854775807"); } },
        { "fractional frames", [] { return with ("\"length\": 96000", "\"length\": 0.5"); } },
        { "negative id", [] { return with ("\"id\": 5", "\"id\": -5"); } },
        { "id 0", [] { return with ("\"id\": 1,", "\"id\": 0,"); } },
        { "id of something else", [] { return with ("\"id\": 1,", "\"id\": 2,"); } },
        { "id never handed out", [] { return with (nextId (0), nextId (-1)); } },
        { "next id 2^53 + 2", [] { return with (nextId (0), "\"next_id\": 9007199254740994"); } },
        { "envelope out of order", [] { return with ("[24000, 0.25]", "[0, 0.25]"); } },
        { "envelope too loud", [] { return with ("[24000, 0.25]", "[24000, 201]"); } },
        { "unknown kind of tempo", [] { return with ("\"ramp\"", "\"jump\""); } },
        { "unknown grid", [] { return with ("\"1/8T\"", "\"1/8Q\""); } },
        { "edit group of nothing", [] { return with ("\"tracks\": [", "\"tracks\": [1, "); } },
        { "dangling media", [] { return with ("\"media\": 5,", "\"media\": 4000,"); } },
        { "dangling output", [] { return with ("\"output\": 10", "\"output\": 4000"); } },
        { "output to a track", [] { return with ("\"output\": 10", "\"output\": 6"); } },
        { "dangling send", [] { return with ("[0, 0, 11]", "[0, 0, 4000]"); } },
        { "dangling sidechain", [] { return with ("\"sidechain\": 6", "\"sidechain\": 4000"); } },
        { "member that is nothing", [] { return with ("\"members\": [6, ", "\"members\": [4000, "); } },
        { "member twice", [] { return with ("\"members\": [6, 9]", "\"members\": [6, 6]"); } },
        { "delay of a year", [] { return with ("\"delay\": -120", "\"delay\": -1500000000000"); } },
        { "frozen to nothing", [] { return with ("\"frozen\": 5", "\"frozen\": 4000"); } },
        { "nine sends", [] { return with ("[0, 0, 11]", "[0, 0, 11, 0, 0, 0, 0, 0, 0]"); } },
        { "group into itself", [] { return with ("\"output\": 10", "\"output\": 9"); } },
        { "groups in a circle",
          [] {
              return with ("\"name\": \"All\",\n     \"output\": 3",
                           "\"name\": \"All\",\n     \"output\": 9");
          } },
        { "album lists nothing", [] { return with ("\"order\": [", "\"order\": [4000, "); } },
        { "path upwards", [] { return with ("\"path\": \"Audio/", "\"path\": \"Audio/../../../etc/"); } },
        { "absolute path", [] { return with ("\"path\": \"Audio", "\"path\": \"/etc"); } },
        { "path .", [] { return with ("\"path\": \"Audio/", "\"path\": \"./"); } },
        { "empty path part", [] { return with ("\"path\": \"Audio/", "\"path\": \"Audio//"); } },
        { "escaped bytes that are text",
          [] { return with ("\"path\": \"Audio/Kick 1.wav\"", "\"path_bytes\": \"%2E%2E\""); } },
        { "name of a megabyte", [] { return with ("Two Rooms", std::string (1'000'000, 'x')); } },
        { "depth 65", [] { return minimal (",\"x\":" + std::string (65, '[') + std::string (65, ']')); } },
        { "depth 1,000,000", [] { return std::string (1'000'000, '['); } },
        { "depth 1,000,000 of objects", [] { return repeated ("{\"a\":", 1'000'000); } },
        { "11 million values", [] { return "[" + repeated ("0,", 11'000'000) + "0]"; } },
        { "10 million objects", [] { return minimal (",\"x\":[" + repeated ("{},", 10'000'000) + "{}]"); } },
        { "100,000 sends", [] { return with ("[0, 0, 11]", "[" + repeated ("0,", 100'000) + "11]"); } },
        { "10^9 tracks by a count",
          [] { return with ("\"tracks\": [", "\"tracks\": 1000000000, \"y\": ["); } },
        { "257 MB", [] { return std::string (257u << 20, ' '); } },
        { "points out of order", [] { return with ("[0, -1]", "[900000, -1]"); } },
        { "point before the song", [] { return with ("[0, -1]", "[-1, -1]"); } },
        { "unknown curve", [] { return with ("\"hold\"", "\"wobble\""); } },
        { "tension 2", [] { return with ("-0.5]", "2]"); } },
        { "lane of nothing", [] { return with ("\"target\": 14", "\"target\": 4000"); } },
        { "tempo 0", [] { return with ("[0, 120]", "[0, 0]"); } },
        { "metre 4/0", [] { return with ("[0, 4, 4]", "[0, 4, 0]"); } },
        { "metre 4/3", [] { return with ("[0, 4, 4]", "[0, 4, 3]"); } },
        { "loop backwards", [] { return with ("\"loop\": [48000, 96000]", "\"loop\": [96000, 48000]"); } },
        { "no songs",
          []
          {
              return std::string (
                  R"({"format":{"name":"lacquer","version":1},"id":1,"next_id":5,"name":"","sample_rate":48000,"songs":[]})");
          } },
    };
    REQUIRE (files.size() >= 60); // RELIABILITY.md row 7
    for (const auto& [name, text] : files)
    {
        INFO (name);
        requireSentence (text());
    }
}

TEST_CASE ("a circle in the routing is named")
{
    auto p = test::sample();
    const auto& song = *p.songs[0];
    const auto drums = song.groups[0]->id, all = song.groups[1]->id, echo = song.returns[0]->id;
    const auto direct = withOutput (p, all, drums);
    REQUIRE_FALSE (direct);
    REQUIRE (direct.problem().what.find ("Drums -> All -> Drums") != std::string::npos);
    // Through a send: All sends to Echo, Echo goes to Drums, Drums goes to All.
    p = made (withOutput (p, echo, drums));
    REQUIRE_FALSE (withSend (p, all, 0, echo));
}

TEST_CASE ("a project cut off at any byte is refused with one sentence")
{
    const auto text = canonical (test::sample());
    for (std::size_t length = 0; length + 1 < text.size();
         ++length) // without its last line break it is whole
    {
        INFO (length);
        requireSentence (text.substr (0, length));
    }
}

TEST_CASE ("a project with any byte changed is refused, or opens with a note or equal")
{
    const auto text = canonical (test::sample());
    std::mt19937 random (11);
    for (int n = 0; n < 4000; ++n)
    {
        auto damaged = text;
        const auto at = random() % text.size();
        damaged[at] = static_cast<char> (random());
        const auto result = loaded (damaged);
        // Damage to the name of the hash itself cannot be told from a file without one.
        const auto name = text.find ("\n \"hash\"");
        if (result && (at < name || at > name + 7))
            REQUIRE ((! result->notes.empty() || canonical (result->project) == text));
    }
}

TEST_CASE ("members and effects of a later version come back in the file")
{
    auto text = with ("\"delay\"", "\"time machine\"");
    const auto insert = [&] (const std::string& before, const std::string& what)
    {
        const auto at = text.find (before);
        REQUIRE (at != std::string::npos);
        text.insert (at, what);
    };
    insert ("\"sample_rate\"", "\"aa\": {\"b\": [1, {\"z\": 1, \"a\": null}], \"c\": 0.1}, ");
    insert ("\"fade_in\"", "\"warp\": \"on\", ");
    insert ("\"target\":", "\"shape\": [1.5e-300, -0.0, 18446744073709551615], ");
    const auto first = loaded (text);
    if (! first)
        FAIL (first.problem().sentence());
    REQUIRE (first->notes.size() == 1); // the hash no longer fits: it was changed outside
    const auto again = canonical (first->project);
    for (const auto* piece : { "\"time machine\"", "\"warp\": \"on\"", "\"aa\": {",
                               "\"shape\": [1.5e-300, -0, 18446744073709551615]" })
    {
        INFO (piece);
        REQUIRE (again.find (piece) != std::string::npos);
    }
    REQUIRE (canonical (*parsed (again)) == again);
    REQUIRE (loaded (again)->notes.empty());
    // An edit elsewhere keeps them.
    const auto edited = made (renamed (first->project, {}, "other"));
    REQUIRE (canonical (edited).find ("\"warp\": \"on\"") != std::string::npos);
}

TEST_CASE ("a project of format version 0 opens with its older names, and says so")
{
    const auto result = loaded (
        R"({"format":{"name":"lacquer","version":0},"id":1,"next_id":6,"name":"Old","rate":44100,)"
        R"("songs":[{"id":2,"name":"S","mix":{"id":3,"name":"Mix","parameters":{"fader":-3}},"master":{"id":4}}]})");
    if (! result)
        FAIL (result.problem().sentence());
    REQUIRE (result->version == 0);
    REQUIRE (result->notes.size() == 1);
    REQUIRE (result->project.sampleRate == 44100);
    REQUIRE (result->project.songs[0]->mix->values.at ("fader") == Value { -3.0 });
    REQUIRE (canonical (result->project).find ("\"version\": 1") != std::string::npos);
}

TEST_CASE ("names of every kind come back as they were")
{
    // RELIABILITY.md row 6.
    const std::vector<std::string> names { "plain",
                                           "-x",
                                           "%n%s%00",
                                           "two\nlines\t\"quoted\" \\ back",
                                           "\xf0\x9f\x8e\xb8 \xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x8e\xa4",
                                           "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d \xe2\x80\xae"
                                           "abc",
                                           "caf\xc3\xa9",
                                           "cafe\xcc\x81",
                                           std::string (255, 'x'),
                                           "a/b:c#2\\",
                                           "\x7f\x01",
                                           "#2",
                                           "\xef\xbf\xbf" };
    auto p = test::sample();
    std::vector<Id> ids;
    for (const auto& name : names)
    {
        auto e = addedTrack (p, p.songs[0]->id, name);
        ids.push_back (e->made);
        p = made (std::move (e));
    }
    const auto back = parsed (canonical (p));
    if (! back)
        FAIL (back.problem().sentence());
    for (std::size_t n = 0; n < names.size(); ++n)
        REQUIRE (stripOf (*back, ids[n])->name == names[n]);
    REQUIRE_FALSE (addedTrack (p, p.songs[0]->id, "bytes \xff"));
    REQUIRE_FALSE (addedTrack (p, p.songs[0]->id, ""));
    // A path is bytes: one that is not UTF-8 is kept exactly.
    Media m;
    m.path = "Audio/\xff\xfe 50%.wav";
    m.frames = 10;
    p = made (addedMedia (p, m));
    REQUIRE (parsed (canonical (p))->media.back().path == m.path);
}
