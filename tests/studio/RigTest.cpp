// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/Edits.h"
#include "studio/Rig.h"

#include <algorithm>
#include <catch2/catch.hpp>

using namespace lacquer;
using lacquer::Id;

namespace
{

struct Silence final : FrameSource
{
    int channels() const noexcept override { return 1; }
    int read (Frames, std::span<float* const> out, int frames) noexcept override
    {
        std::fill_n (out[0], frames, 0.0f);
        return frames;
    }
    void locate (Frames) noexcept override {}
};

struct RiggedProject
{
    session::Project project = session::newProject ("Test", 48000);
    studio::Rig rig { 48000, [] (const session::Project&, const session::Track&)
                      { return Result<std::shared_ptr<FrameSource>> (std::make_shared<Silence>()); } };

    Id done (session::Edit edit)
    {
        REQUIRE (edit.ok());
        project = std::move (edit->project);
        return edit->made;
    }
    Id addTrack() { return done (session::addedTrack (project, project.songs.front()->id, "T", 1)); }
    engine::Graph graph()
    {
        auto g = rig.graph (project, *project.songs.front());
        REQUIRE (g.ok());
        return *std::move (g);
    }
};

/// Where the sound of a track enters the strips: node and port.
std::pair<Id, int> entryOf (const engine::Graph& g, Id track)
{
    for (const auto& e : g.edges)
        if (e.from.value >> 56 == 1 && (e.from.value & ~(std::uint64_t { 0xff } << 56)) == track.value)
            return { e.to, e.input };
    return {};
}

} // namespace

TEST_CASE ("128 mono tracks are at least four equal pieces of work")
{
    // What lets a second core help: nodes that can run at the same time and cost the same.
    RiggedProject t;
    std::vector<Id> tracks;
    for (int n = 0; n < 128; ++n)
        tracks.push_back (t.addTrack());
    const auto g = t.graph();
    std::map<Id, int> strips;
    for (const Id track : tracks)
        ++strips[entryOf (g, track).first];
    CHECK (strips.size() >= 4);
    for (const auto& [node, count] : strips)
        CHECK (count == strips.begin()->second);
}

TEST_CASE ("a strip keeps its bank and its port while others come and go")
{
    // The sound state and the delays of a plan are found by node and port.
    RiggedProject t;
    std::vector<Id> tracks;
    for (int n = 0; n < 70; ++n)
        tracks.push_back (t.addTrack());
    std::map<Id, std::pair<Id, int>> before;
    auto g = t.graph();
    for (const Id track : tracks)
        before[track] = entryOf (g, track);
    const auto check = [&] (const char* what)
    {
        g = t.graph();
        for (const auto& [track, entry] : before)
        {
            INFO (what << ", track " << track.value);
            CHECK (entryOf (g, track) == entry);
        }
        // No two strips share a port.
        std::vector<std::pair<Id, int>> all;
        for (const auto& track : t.project.songs.front()->tracks)
            all.push_back (entryOf (g, track->strip.id));
        std::sort (all.begin(), all.end());
        CHECK (std::adjacent_find (all.begin(), all.end()) == all.end());
    };
    const Id added = t.addTrack();
    check ("added");
    before[added] = entryOf (g, added);
    for (const std::size_t n : { 0, 5, 33, 64 })
    {
        t.done (session::removedStrip (t.project, tracks[n]));
        before.erase (tracks[n]);
    }
    check ("removed");
    t.addTrack();
    check ("added again");
    t.done (session::addedReturn (t.project, t.project.songs.front()->id, "Reverb"));
    check ("return added");
    const Id group = t.done (session::addedGroup (t.project, t.project.songs.front()->id, "Group"));
    t.done (session::withOutput (t.project, tracks[40], group));
    check ("group added");
}
