// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/Sample.h"
#include "session/Search.h"

#include <catch2/catch.hpp>

using namespace lacquer;
using namespace lacquer::session;
using test::made;

namespace
{

std::vector<std::string> names (const Project& p, const std::string& words)
{
    std::vector<std::string> all;
    for (const auto& hit : search (*p.songs[0], words))
    {
        const auto* strip = stripOf (p, hit.id);
        const auto* marker = markerOf (p, hit.id);
        all.push_back (strip != nullptr ? strip->name : marker != nullptr ? marker->name : "?");
    }
    return all;
}

} // namespace

TEST_CASE ("notes, labels and tags are kept, and limits are told")
{
    auto p = test::sample();
    const auto& kick = p.songs[0]->tracks[0]->strip;
    CHECK (kick.label == "KD in");
    CHECK (kick.tags == std::vector<std::string> { "live", "low end" });
    CHECK (kick.notes == "D112 inside,\n\"clicky\".");
    CHECK (p.songs[0]->notes == "Louder than the demo.");
    const auto edit = [&] (std::string_view op, const Arguments& a) { return applied (p, op, a); };
    CHECK_FALSE (edit ("set-tags", { { "strip", "mix" }, { "tags", "a,,b" } }));
    CHECK_FALSE (edit ("tag", { { "strips", "mix" }, { "tag", "a,b" } }));
    CHECK_FALSE (edit ("tag", { { "strips", "mix" }, { "tag", " " } }));
    CHECK_FALSE (edit ("tag", { { "strips", "" }, { "tag", "a" } }));
    CHECK_FALSE (edit ("set-label", { { "strip", "mix" }, { "text", "two\nlines" } }));
    CHECK_FALSE (edit ("set-notes", { { "what", "mix" }, { "text", std::string (100'001, 'x') } }));
    CHECK_FALSE (edit ("set-notes", { { "what", "mix" }, { "text", "\xff" } }));
    CHECK_FALSE (edit ("set-notes", { { "what", "album" }, { "text", "x" } }));
    p = made (edit ("set-tags", { { "strip", "track:Kick" }, { "tags", " b , a, b" } }));
    CHECK (p.songs[0]->tracks[0]->strip.tags == std::vector<std::string> { "b", "a" });
    p = made (edit ("tag", { { "strips", "track:Kick, track:Kick#2" }, { "tag", "a" }, { "on", "off" } }));
    CHECK (p.songs[0]->tracks[0]->strip.tags == std::vector<std::string> { "b" });
    CHECK (p.songs[0]->tracks[2]->strip.tags == std::vector<std::string> { "live" });
}

TEST_CASE ("find looks through names, labels, tags, notes and effects, names first")
{
    const auto p = test::sample();
    CHECK (names (p, "kick") == std::vector<std::string> { "Kick", "Kick", "?", "?", "?", "?" });
    // Two tracks, and the four clips on them.
    CHECK (names (p, "KD IN") == std::vector<std::string> { "Kick" });
    CHECK (names (p, "#live") == std::vector<std::string> { "Kick", "Kick", "Mix" });
    CHECK (names (p, "kick #low") == std::vector<std::string> { "Kick" });
    CHECK (names (p, "clicky") == std::vector<std::string> { "Kick" });
    CHECK (names (p, "delay") == std::vector<std::string> { "Echo" });
    CHECK (names (p, "verse")[0] == "?"); // the scene or the mute group "Verse" before the marker
    CHECK (names (p, "").empty());
    CHECK (names (p, "kick nowhere").empty());
    const auto hits = search (*p.songs[0], "clicky");
    CHECK (hits[0].in == FoundIn::notes);
    CHECK (hits[0].text == "\"clicky\".");
    CHECK (search (*p.songs[0], "demo")[0].id == p.songs[0]->id);
}

TEST_CASE ("capitals do not count, also beyond ASCII")
{
    // Pairs of Unicode's own table of simple case mappings.
    for (const auto& [capital, small] : std::vector<std::pair<std::string, std::string>> {
             { "\xc3\x84\xc3\x96\xc3\x9c", "\xc3\xa4\xc3\xb6\xc3\xbc" }, // ÄÖÜ
             { "\xc5\x81\xc5\xbb", "\xc5\x82\xc5\xbc" },                 // ŁŻ
             { "\xce\x91\xce\xa9", "\xce\xb1\xcf\x89" },                 // ΑΩ
             { "\xd0\x96\xd0\xaf\xd0\x81", "\xd0\xb6\xd1\x8f\xd1\x91" }, // ЖЯЁ
             { "Kick \xf0\x9f\x8e\xb8", "kick \xf0\x9f\x8e\xb8" } })
    {
        CHECK (folded (capital) == small);
        CHECK (folded (small) == small);
    }
    CHECK (folded ("\xc3\x97") == "\xc3\x97"); // the multiplication sign is no letter
    CHECK (folded ("\xff\xc3") == "\xff\xc3"); // broken text stays as it is
}
