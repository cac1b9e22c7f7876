// SPDX-License-Identifier: GPL-3.0-or-later
#include "FakeModel.h"
#include "Support.h"
#include "mix/Catalogue.h"
#include "ui/MixPage.h"

#include <catch2/catch.hpp>

using namespace lacquer;
using namespace lacquer::ui;
using namespace lacquer::ui::fakes;
using Catch::Matchers::WithinAbs;

namespace
{

constexpr int ctrl = juce::ModifierKeys::ctrlModifier, alt = juce::ModifierKeys::altModifier;

/// The lead vocal of the design's picture: six bands, gate, compressor, saturator, two sends.
Id makeLead (FakeModel& m)
{
    const Id lead = m.all[11].id;
    const auto set = [&] (const char* p, double v) { m.values[{ lead, p }] = v; };
    set ("hpf.on", 1);
    set ("hpf.frequency", 85);
    set ("eq.band2.frequency", 240);
    set ("eq.band2.gain", -2.8);
    set ("eq.band3.frequency", 780);
    set ("eq.band3.gain", -1.5);
    set ("eq.band4.frequency", 3200);
    set ("eq.band4.gain", 2.2);
    set ("eq.band5.frequency", 7100);
    set ("eq.band5.gain", -2);
    set ("eq.band6.frequency", 11500);
    set ("eq.band6.gain", 3);
    set ("gate.on", 1);
    set ("comp.on", 1);
    set ("comp.ratio", 3.2);
    set ("sat.on", 1);
    m.running = true;
    m.levels[lead] = { { 0.5f, 0.4f }, { 0.02f, 0.018f } };
    m.reduces = 4.8;
    return lead;
}

/// Three tracks hide the lead: 61 %, 24 % and 9 % of the time.
void hide (FakeModel& m, Id lead)
{
    auto found = std::make_shared<studio::Masking>();
    found->loudness = -16;
    const auto conflict = [&] (std::size_t track, double low, double high, double share, double loss)
    {
        studio::Conflict c;
        c.lead = lead;
        c.masker = m.all[track].id;
        c.low = low;
        c.high = high;
        c.frequency = std::sqrt (low * high);
        c.band = studio::MaskingBands::nearest (c.frequency);
        c.share = share;
        c.loss = loss;
        c.ranges = { { m.length() / 2, m.length() * 3 / 4, loss } };
        found->conflicts.push_back (c);
    };
    conflict (6, 2100, 3400, 0.61, 17.4);
    conflict (10, 480, 620, 0.24, 16.1);
    conflict (1, 190, 230, 0.09, 15.2);
    studio::MaskingMap map;
    map.lead = lead;
    map.columns = static_cast<std::size_t> (m.length() / found->hop);
    const auto cells = map.columns * studio::MaskingBands::count;
    map.level.assign (cells, 55);
    map.excess.assign (cells, -8);
    map.loss.assign (cells, 0);
    map.masker.assign (cells, 0);
    for (std::size_t c = 0; c < map.columns; ++c)
        for (int b = 0; b < studio::MaskingBands::count; ++b)
            for (const auto& one : found->conflicts)
            {
                const double hertz = studio::MaskingBands::centre (b);
                if (hertz > one.low * 0.8 && hertz < one.high * 1.25 &&
                    static_cast<double> (c % 100) < 100 * one.share)
                {
                    map.loss[map.at (c, b)] = static_cast<float> (one.loss);
                    map.excess[map.at (c, b)] = 3;
                    map.masker[map.at (c, b)] = one.masker.value;
                }
            }
    found->maps.push_back (std::move (map));
    m.hidden.found = std::move (found);
    m.hidden.current = true;
}

/// An insert of a kind on a strip.
Id insert (FakeModel& m, Id strip, const std::string& type)
{
    auto edit = session::addedEffect (m.project(), strip, type, -1, true);
    const auto made = edit ? edit->made : Id {};
    REQUIRE (m.edit (std::move (edit), newGesture()));
    return made;
}

struct Graph
{
    FakeModel model;
    Id strip = makeLead (model);
    EqGraph graph { model, strip, *EqTable::of (model.params (strip)), "", EqGraph::Size::large };
    Graph() { graph.setSize (1200, 420); } // 400 px without the scale: 24 dB, three decades
    double of (const char* p) const { return model.value (strip, p); }
};

} // namespace

TEST_CASE ("The channel editor paints at both sizes of the design")
{
    const juce::ScopedJuceInitialiser_GUI up;
    FakeModel model;
    const Id lead = makeLead (model);
    for (const bool known : { false, true })
        for (const auto& [w, h] : { std::pair { 1920, 1080 }, { 1366, 768 } })
        {
            if (known)
                hide (model, lead);
            MixPage page (model);
            page.setCompact (w < 1500);
            page.setSize (w, h - (w < 1500 ? 70 : 78));
            page.select (lead);
            page.showEditor (true);
            for (int n = 0; n < 240; ++n)
            {
                model.reduces = 3 + 3 * std::sin (n * 0.15);
                page.advance (1.0 / 30);
            }
            const auto image = picture (page, (known ? "channel-masked-" : "channel-") + std::to_string (w));
            CHECK (image.getWidth() == w);
            CHECK (page.channel().conflictsShown().act.isVisible() == known);
        }
}

TEST_CASE ("Nodes in a box move together, in one step, and are switched and deleted together")
{
    // 1200 px are three decades, 400 px are 24 dB: 120 px to the right are a factor of 2, 50 px up 3 dB.
    const juce::ScopedJuceInitialiser_GUI up;
    Graph g;
    const auto a = g.graph.node (3), b = g.graph.node (4); // bands 3 and 4: the low cut comes first
    drag (g.graph, { a.x - 40, 60 }, { b.x + 40, 360 });
    CHECK (g.graph.chosenBands() == std::set<int> { 3, 4 });
    const auto steps = g.model.undoSteps;
    drag (g.graph, a, a.translated (120, -50));
    CHECK (g.model.undoSteps == steps + 1);
    CHECK_THAT (g.of ("eq.band3.frequency"), WithinAbs (780 * std::pow (10.0, 0.3), 1));
    CHECK_THAT (g.of ("eq.band4.frequency"), WithinAbs (3200 * std::pow (10.0, 0.3), 4));
    CHECK_THAT (g.of ("eq.band3.gain"), WithinAbs (1.5, 0.02));
    CHECK_THAT (g.of ("eq.band4.gain"), WithinAbs (5.2, 0.02));
    CHECK (g.of ("eq.band2.gain") == -2.8);
    CHECK (g.graph.keyPressed (juce::KeyPress ('B', {}, 'b')));
    CHECK (g.of ("eq.band3.on") == 0);
    CHECK (g.of ("eq.band4.on") == 0);
    CHECK (g.of ("eq.band2.on") == 1);
    CHECK (g.graph.keyPressed (juce::KeyPress ('B', {}, 'b')));
    CHECK (g.graph.keyPressed (juce::KeyPress (juce::KeyPress::deleteKey)));
    CHECK (g.of ("eq.band4.gain") == 0);
    // A click beside all lets go of them.
    drag (g.graph, { 30, 390 }, { 30, 390 });
    CHECK (g.graph.chosenBands().empty());
}

TEST_CASE ("The first clear direction of a drag holds the other one until Ctrl lets go")
{
    const juce::ScopedJuceInitialiser_GUI up;
    Graph g;
    auto at = g.graph.node (3);
    drag (g.graph, at, at.translated (60, 8));
    CHECK (g.of ("eq.band3.gain") == -1.5);
    CHECK_THAT (g.of ("eq.band3.frequency"), WithinAbs (780 * std::pow (10.0, 0.15), 1));
    at = g.graph.node (3);
    const double f = g.of ("eq.band3.frequency");
    drag (g.graph, at, at.translated (6, -60));
    CHECK (g.of ("eq.band3.frequency") == f);
    CHECK_THAT (g.of ("eq.band3.gain"), WithinAbs (-1.5 + 3.6, 0.02));
    at = g.graph.node (3);
    drag (g.graph, at, at.translated (60, 8), ctrl);
    CHECK_THAT (g.of ("eq.band3.gain"), WithinAbs (2.1 - 0.48, 0.02));
    // Less than 6 px are no drag yet.
    at = g.graph.node (3);
    const double before = g.of ("eq.band3.gain");
    drag (g.graph, at, at.translated (1, 3));
    CHECK (g.of ("eq.band3.gain") == before);
}

TEST_CASE ("Alt-drag on a node lets its band be heard alone for as long as it is held")
{
    // A bell of Q 1 has half its gain at 1/(2 Q) by either side: f (sqrt (1.25) -/+ 0.5).
    const juce::ScopedJuceInitialiser_GUI up;
    Graph g;
    const auto at = g.graph.node (4);
    g.graph.mouseDown (pointer (g.graph, at, at, alt));
    CHECK (g.model.listened == std::vector { g.strip });
    CHECK_THAT (g.model.listenedLow, WithinAbs (3200 * (std::sqrt (1.25) - 0.5), 1));
    CHECK_THAT (g.model.listenedHigh, WithinAbs (3200 * (std::sqrt (1.25) + 0.5), 1));
    CHECK (g.graph.listenedBand() == 4);
    g.graph.mouseDrag (pointer (g.graph, at.translated (120, 0), at, alt));
    CHECK_THAT (g.model.listenedHigh, WithinAbs (3200 * std::pow (10.0, 0.3) * (std::sqrt (1.25) + 0.5), 4));
    picture (g.graph, "eq-listens");
    g.graph.mouseUp (pointer (g.graph, at.translated (120, 0), at, alt));
    CHECK (g.model.listened.empty());
    CHECK (g.graph.listenedBand() == -1);
    // A high shelf is heard from its corner up.
    g.graph.listenTo (6);
    CHECK (g.model.listenedLow == 11500);
    CHECK (g.model.listenedHigh == 0);
}

TEST_CASE ("A dynamic band shows how far and from where it moves, and both can be dragged")
{
    // 400 px are 24 dB of gain, and 72 dB of the spectrum's scale.
    const juce::ScopedJuceInitialiser_GUI up;
    FakeModel model;
    const Id eq = insert (model, makeLead (model), "equaliser");
    const auto set = [&] (const char* p, double v) { model.values[{ eq, p }] = v; };
    set ("band5.on", 1);
    set ("band5.gain", 2);
    set ("band5.dynamic", 1);
    set ("band5.range", -6);
    set ("band5.threshold", -40);
    EqGraph graph (model, eq, *EqTable::of (model.params (eq)), "", EqGraph::Size::large);
    graph.setSize (1200, 420);
    graph.selectBand (4);
    const auto handle = graph.rangeHandle (4);
    CHECK_THAT (static_cast<double> (handle.y - graph.node (4).y), WithinAbs (100, 0.5));
    drag (graph, handle, handle.translated (0, 40));
    CHECK_THAT (model.value (eq, "band5.range"), WithinAbs (-6 - 2.4, 0.01));
    const auto line = juce::Point<float> (graph.node (4).x + 30, graph.yOfTone (-40, 2000));
    drag (graph, line, line.translated (0, 50));
    CHECK_THAT (model.value (eq, "band5.threshold"), WithinAbs (-40 - 9, 0.01));
    CHECK (model.value (eq, "band5.gain") == 2);
    picture (graph, "eq-dynamic");
}

TEST_CASE ("The equaliser's panel has everything of a band within reach, and changes with its shape")
{
    const juce::ScopedJuceInitialiser_GUI up;
    FakeModel model;
    const Id eq = insert (model, makeLead (model), "equaliser");
    const auto set = [&] (const char* p, double v) { model.values[{ eq, p }] = v; };
    set ("band4.on", 1);
    set ("band4.gain", -3);
    EqPanel panel (model, eq, *EqTable::of (model.params (eq)), "Lead Vox");
    panel.setSize (1420, 560);
    panel.advance (0.03);
    const auto shows = [&] (const char* id)
    {
        for (auto* c : panel.getChildren())
            if (auto* v = dynamic_cast<ValueControl*> (c); v != nullptr && v->param().id == id &&
                                                           v->isVisible() &&
                                                           panel.getLocalBounds().contains (v->getBounds()))
                return true;
        return false;
    };
    for (const auto* id : { "band4.frequency", "band4.gain", "band4.q", "band4.channel", "phase" })
    {
        INFO (id);
        CHECK (shows (id));
    }
    CHECK_FALSE (shows ("band4.range"));
    model.set (eq, "band4.dynamic", 1, newGesture());
    panel.refresh();
    panel.advance (0.03);
    for (const auto* id :
         { "band4.threshold", "band4.range", "band4.ratio", "band4.attack", "band4.release" })
    {
        INFO (id);
        CHECK (shows (id));
    }
    picture (panel, "eq-panel");
    model.set (eq, "band4.type", 3, newGesture()); // low cut
    panel.refresh();
    panel.advance (0.03);
    CHECK_FALSE (shows ("band4.gain"));
    CHECK_FALSE (shows ("band4.range"));
}

TEST_CASE ("Every effect has a picture of what it does, and all its parameters in reach")
{
    using Kind = studio::Portrait::Kind;
    const juce::ScopedJuceInitialiser_GUI up;
    FakeModel model;
    const Id strip = makeLead (model);
    const std::map<std::string_view, Kind> kinds {
        { "reverb", Kind::answer },    { "delay", Kind::answer },     { "convolution", Kind::answer },
        { "tremolo", Kind::movement }, { "phaser", Kind::movement },  { "chorus", Kind::movement },
        { "flanger", Kind::movement }, { "saturator", Kind::levels }, { "clipper", Kind::levels },
    };
    for (const auto& type : mix::catalogue())
    {
        INFO (type.name);
        const Id effect = insert (model, strip, std::string (type.id));
        EffectView view (model, effect, "Lead Vox");
        view.setSize (1424, 560);
        if (auto* p = view.picture())
        {
            p->settle();
            CHECK (p->ready());
            if (const auto kind = kinds.find (type.id); kind != kinds.end())
                CHECK (p->portrait().kind == kind->second);
        }
        for (int n = 0; n < 30; ++n)
            view.advance (-12 + n % 5, 0.033);
        picture (view, "effect-" + std::string (type.id));
        std::set<std::string_view> shown;
        std::function<void (juce::Component&)> walk = [&] (juce::Component& c)
        {
            if (auto* v = dynamic_cast<ValueControl*> (&c); v != nullptr && ! v->getBounds().isEmpty())
                shown.insert (v->param().id);
            for (auto* child : c.getChildren())
                walk (*child);
        };
        walk (view);
        if (! EqTable::of (type.params)) // bands are chosen one by one
            for (const auto& p : type.params)
            {
                INFO (p.id);
                CHECK (shown.contains (p.id));
            }
        REQUIRE (model.edit (session::removedEffect (model.project(), effect), newGesture()));
    }
}

TEST_CASE ("A gate's closing level is dragged by its own line, an expander has its own curve")
{
    const juce::ScopedJuceInitialiser_GUI up;
    FakeModel model;
    const Id strip = makeLead (model);
    DynamicsHistory history (model, strip, *DynamicsTable::of (model.params (strip), "gate."), "");
    history.setSize (200, 120); // 2 px for a dB
    REQUIRE (model.value (strip, "gate.threshold") == -40);
    REQUIRE (model.value (strip, "gate.hysteresis") == 4);
    drag (history, { 50, 88 }, { 50, 100 });
    CHECK_THAT (model.value (strip, "gate.hysteresis"), WithinAbs (10, 0.01));
    CHECK (model.value (strip, "gate.threshold") == -40);
    drag (history, { 50, 80 }, { 50, 60 });
    CHECK_THAT (model.value (strip, "gate.threshold"), WithinAbs (-30, 0.01));

    // Below the threshold 2 dB more for each dB at a ratio of 3, at most the range; at it a knee of 8 takes
    // slope knee / 8.
    TransferCurve c;
    c.gates = c.expands = true;
    c.threshold = -30;
    c.ratio = 3;
    c.knee = 8;
    c.range = 25;
    CHECK (c (-10) == -10.0);
    CHECK (c (-40) == -60.0);
    CHECK (c (-55) == -80.0);
    CHECK_THAT (c (-30), WithinAbs (-32, 1e-9));
}

TEST_CASE ("A conflict is shown on the graph, heard in both tracks, mended and let alone from its card")
{
    const juce::ScopedJuceInitialiser_GUI up;
    FakeModel model;
    const Id lead = makeLead (model);
    ConflictsPanel panel (model);
    panel.setSize (290, 420);
    panel.show (lead);
    CHECK (panel.look.isVisible());
    panel.look.onPress ({});
    CHECK (model.looks == 1);
    model.hidden.looking = true;
    model.hidden.share = 0.4;
    panel.refresh();
    CHECK (panel.stop.isVisible());
    panel.stop.onPress ({});
    CHECK_FALSE (model.hidden.looking);
    hide (model, lead);
    panel.refresh();
    REQUIRE (panel.hidden().conflicts.size() == 3);
    CHECK_FALSE (panel.look.isVisible());
    const Id guitar = model.all[6].id;

    // The share of the time in the map is that of the conflict, by the planting above.
    REQUIRE (! panel.hidden().rows.empty());
    CHECK (panel.hidden().rows.front().masker == guitar);
    CHECK_THAT (panel.hidden().rows.front().most, WithinAbs (0.61f, 0.01f));
    const auto bands = panel.hidden().bands (model, *model.hidden.found, panel.chosen());
    REQUIRE (bands.size() == 3);
    CHECK (bands[0].title ==
           "Lead Vox vs Gtr Rhythm L 2.1" + juce::String::charToString (0x2013) + "3.4 kHz");
    CHECK (bands[0].said == "Masked for 61 % of the time it sounds");
    CHECK (bands[0].spectrum.size() == studio::MaskingBands::count);
    CHECK (bands[1].spectrum.empty());

    panel.listen.onPress ({});
    CHECK (model.listened == std::vector { lead, guitar });
    CHECK (model.listenedLow == 2100);
    CHECK (model.listenedHigh == 3400);
    panel.choose (1);
    CHECK (model.listened == std::vector { lead, model.all[10].id });
    panel.listen.onPress ({});
    CHECK (model.listened.empty());
    panel.choose (0);
    panel.act.onPress ({});
    CHECK (model.mendedPair == std::pair { lead, guitar });
    Id seen;
    panel.onShow = [&] (Id id) { seen = id; };
    panel.other.onPress ({});
    CHECK (seen == guitar);

    const auto steps = model.undoSteps;
    panel.ignore.onPress ({});
    CHECK (model.undoSteps == steps + 1);
    REQUIRE (model.song().maskingIgnored.size() == 1);
    CHECK (panel.hidden().conflicts.back().masker == guitar); // ignored ones last
    CHECK (panel.hidden().bands (model, *model.hidden.found, 0).size() == 2);

    // Of an older song no cut is made before one has looked again.
    model.hidden.current = false;
    panel.refresh();
    CHECK_FALSE (panel.act.isEnabled());
    CHECK (panel.look.isVisible());
}
