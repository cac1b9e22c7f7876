// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/MasterPage.h"

#include "ui/PresetBrowser.h"

#include <cmath>

namespace lacquer::ui
{

/// One module of the chain as a card: power, name, reduction.
class MasterPage::Card final : public juce::Component
{
public:
    Card (MasterPage& p, const ModuleInfo& i) : info (i), page (p)
    {
        setTitle (utf8 (i.name));
        setHelpText ("Click to edit this module. The power sign turns it on and off.");
        power.setTitle ("Power, " + utf8 (i.name));
        power.onPress = [this] (auto) { page.model.setModuleOn (info.id, ! info.on); };
        addAndMakeVisible (power);
        setOn (i.on);
    }
    void setOn (bool on)
    {
        info.on = on;
        power.setToggleState (on, juce::dontSendNotification);
        repaint();
    }
    void show (double reductionDb)
    {
        if (std::abs (reductionDb - reduction) >= 0.05)
        {
            reduction = reductionDb;
            repaint();
        }
    }
    void paint (juce::Graphics& g) override
    {
        const bool chosen = page.selected == info.id;
        const auto r = getLocalBounds().toFloat();
        g.setColour (chosen ? juce::Colour (0xff32291d) : colour (tokens::raised));
        g.fillRoundedRectangle (r, tokens::radiusCard);
        g.setColour (chosen ? colour (tokens::gold) : juce::Colour (0xff3a342f));
        g.drawRoundedRectangle (r.reduced (0.75f), tokens::radiusCard, chosen ? 1.5f : 1.0f);
        drawFading (g, utf8 (info.name), font (13, Weight::semibold),
                    colour (info.on ? tokens::text : tokens::text3), r.withTrimmedLeft (34).withHeight (30));
        const auto line = r.withTrimmedTop (30).reduced (12, 0).withHeight (18);
        if (! info.on)
            drawFading (g, "bypassed", font (11), colour (tokens::text3), line);
        else if (info.reduces)
        {
            g.setColour (colour (tokens::ruri));
            drawTabular (g, "GR " + shownLevel (-reduction), font (11, Weight::medium), line,
                         juce::Justification::centredLeft);
        }
    }
    void resized() override { power.setBounds (6, 4, 24, 24); }
    void mouseDown (const juce::MouseEvent&) override { page.select (info.id); }

    ModuleInfo info;

private:
    MasterPage& page;
    double reduction = 0;
    Button power { Icon::power, "Power", Button::Shape::flat };
};

LoudnessHistory::LoudnessHistory (Model& m)
    : model (m), momentary (places, -100.0f), shortTerm (places, -100.0f)
{
    setOpaque (true);
    setTitle ("Loudness history");
    setHelpText ("Click to move the playhead.");
}

juce::Rectangle<float> LoudnessHistory::graph() const
{
    return getLocalBounds().toFloat().withTrimmedLeft (30).withTrimmedBottom (16);
}

void LoudnessHistory::clear()
{
    std::fill (momentary.begin(), momentary.end(), -100.0f);
    std::fill (shortTerm.begin(), shortTerm.end(), -100.0f);
    repaint();
}

void LoudnessHistory::note (const Loudness& l)
{
    const auto at = model.position();
    const auto total = model.length();
    if (total <= 0 || at == playhead)
        return;
    const auto place = [&] (Frames f)
    {
        return static_cast<std::size_t> (
            std::clamp<Frames> (f * static_cast<Frames> (places) / total, 0, places - 1));
    };
    // A short song has less than one reading a place: fill from the last place, unless the transport jumped.
    const auto now = place (at), last = playhead >= 0 && at > playhead ? place (playhead) : now;
    if (model.playing() && now - last < 8)
        for (auto n = last; n <= now; ++n)
        {
            momentary[n] = static_cast<float> (std::max (-100.0, l.momentary));
            shortTerm[n] = static_cast<float> (std::max (-100.0, l.shortTerm));
        }
    playhead = at;
    repaint();
}

void LoudnessHistory::mouseDown (const juce::MouseEvent& e)
{
    const auto r = graph();
    const double share = static_cast<double> ((e.position.x - r.getX()) / r.getWidth());
    model.locate (static_cast<Frames> (std::clamp (share, 0.0, 1.0) * static_cast<double> (model.length())));
}

void LoudnessHistory::paint (juce::Graphics& g)
{
    g.fillAll (colour (tokens::panel));
    const auto r = graph();
    g.setColour (colour (tokens::well));
    g.fillRect (r);
    const auto y = [&] (double lufs)
    { return r.getY() + static_cast<float> (std::clamp ((-5 - lufs) / 30.0, 0.0, 1.0)) * r.getHeight(); };
    for (const int lufs : { -8, -14, -20, -26, -32 })
    {
        g.setColour (colour (tokens::line));
        g.fillRect (r.getX(), y (lufs), r.getWidth(), 1.0f);
        g.setColour (colour (tokens::text3));
        drawTabular (g, shown (std::to_string (lufs)), font (9.5f, Weight::medium),
                     { 0, y (lufs) - 6, 24, 12 }, juce::Justification::centredRight);
    }
    const auto x = [&] (std::size_t n)
    { return r.getX() + r.getWidth() * static_cast<float> (n) / static_cast<float> (places); };
    g.setColour (juce::Colour (0xff2f6155));
    const float width = r.getWidth() / static_cast<float> (places);
    for (std::size_t n = 0; n < places; ++n)
        if (momentary[n] > -35)
            g.fillRect (x (n), y (static_cast<double> (momentary[n])), width + 0.3f,
                        r.getBottom() - y (static_cast<double> (momentary[n])));
    juce::Path line;
    for (std::size_t n = 0; n < places; ++n)
    {
        const bool there = shortTerm[n] > -35;
        if (there && (n == 0 || shortTerm[n - 1] <= -35))
            line.startNewSubPath (x (n), y (static_cast<double> (shortTerm[n])));
        else if (there)
            line.lineTo (x (n), y (static_cast<double> (shortTerm[n])));
    }
    g.setColour (colour (tokens::seiji));
    g.strokePath (line, juce::PathStrokeType (2));

    const double seconds = static_cast<double> (model.length()) / model.sampleRate();
    const int every = seconds > 240 ? 60 : seconds > 90 ? 30 : 10;
    g.setColour (colour (tokens::text3));
    for (int s = 0; s < static_cast<int> (seconds); s += every)
        drawTabular (
            g, juce::String (s / 60) + ":" + juce::String (s % 60).paddedLeft ('0', 2),
            font (9.5f, Weight::medium),
            { r.getX() + static_cast<float> (s / seconds) * r.getWidth(), r.getBottom() + 2, 40, 12 },
            juce::Justification::centredLeft);
    if (model.length() > 0)
    {
        g.setColour (colour (tokens::text));
        g.fillRect (r.getX() + r.getWidth() * static_cast<float> (model.position()) /
                                   static_cast<float> (model.length()),
                    r.getY(), 1.5f, r.getHeight());
    }
}

ReductionHistory::ReductionHistory() : past (static_cast<std::size_t> (span / step), 0.0f)
{
    setOpaque (true);
    setTitle ("Gain reduction, last ten seconds");
}

void ReductionHistory::clear()
{
    std::fill (past.begin(), past.end(), 0.0f);
    repaint();
}

void ReductionHistory::advance (double reductionDb, double seconds)
{
    worst = std::max (worst, reductionDb);
    pending += seconds;
    if (pending < step)
        return;
    for (; pending >= step; pending -= step)
    {
        past[next] = static_cast<float> (worst);
        next = (next + 1) % past.size();
    }
    worst = 0;
    if (isVisible())
        repaint();
}

void ReductionHistory::paint (juce::Graphics& g)
{
    g.fillAll (colour (tokens::well));
    const auto r = getLocalBounds().toFloat();
    constexpr double range = 12;
    const auto y = [&] (double db)
    { return static_cast<float> (std::min (1.0, db / range)) * r.getHeight(); };
    juce::Path body, edge;
    body.startNewSubPath (0, 0);
    for (std::size_t n = 0; n < past.size(); ++n)
    {
        const float at = r.getWidth() * static_cast<float> (n) / static_cast<float> (past.size() - 1);
        const float level = y (static_cast<double> (past[(next + n) % past.size()]));
        body.lineTo (at, level);
        if (n == 0)
            edge.startNewSubPath (at, level);
        else
            edge.lineTo (at, level);
    }
    body.lineTo (r.getWidth(), 0);
    body.closeSubPath();
    g.setColour (colour (tokens::ruriDim));
    g.fillPath (body);
    g.setColour (colour (tokens::ruri));
    g.strokePath (edge, juce::PathStrokeType (1.5f));
    for (const int db : { 3, 6, 9 })
    {
        g.setColour (colour (tokens::line));
        g.fillRect (0.0f, y (db), r.getWidth(), 1.0f);
        g.setColour (colour (tokens::text));
        drawTabular (g, shown (std::to_string (-db)), font (9.5f, Weight::medium), { 6, y (db) + 1, 30, 12 },
                     juce::Justification::centredLeft);
    }
    g.setColour (colour (tokens::text2));
    g.setFont (font (11));
    g.drawText ("Gain reduction, last ten seconds", r.reduced (8, 4), juce::Justification::bottomRight,
                false);
}

MasterPage::MasterPage (Model& m) : model (m), history (m)
{
    addAndMakeVisible (history);
    addChildComponent (past);
    addAndMakeVisible (scroll);
    scroll.setScrollBarsShown (true, false);
    scroll.setScrollBarThickness (9);
    for (auto* c : { &momentary, &shortTerm, &integrated })
        addAndMakeVisible (c);
    addAndMakeVisible (output);
    output.setScale (LevelMeter::scaleOf (model.viewSetting ("meters.master")));
    output.onScale = [this] (LevelMeter::Scale s)
    {
        output.setScale (s);
        model.keepViewSetting ("meters.master", LevelMeter::wordOf (s));
    };
    restart.setHelpText ("Forgets the loudness measured so far.");
    restart.onPress = [this] (auto)
    {
        model.restartMeasure();
        history.clear();
        output.clear();
        repaint();
    };
    presets.setHelpText ("Presets of this module: to try, to keep, to save your own.");
    presets.onPress = [this] (auto) { PresetBrowser::open (model, selected, presets); };
    chains.setHelpText ("Whole mastering chains: to try, to keep, to save your own.");
    chains.onPress = [this] (auto) { PresetBrowser::open (model, model.song().master->id, chains); };
    for (auto* b : { &restart, &presets, &chains })
    {
        b->textSize = 11;
        addAndMakeVisible (b);
    }
    rebuild();
}

MasterPage::~MasterPage()
{
    scroll.setViewedComponent (nullptr, false);
}

void MasterPage::rebuild()
{
    cards.clear();
    reductions.clear();
    bool there = false;
    Id last;
    for (const auto& info : model.masterModules())
    {
        cards.push_back (std::make_unique<Card> (*this, info));
        addAndMakeVisible (*cards.back());
        if (info.reduces)
        {
            auto meter = std::make_unique<ReductionMeter> (utf8 (info.name), true);
            addChildComponent (*meter);
            reductions.emplace (info.id, std::move (meter));
        }
        there = there || info.id == selected;
        last = info.id;
    }
    select (there ? selected : last);
}

void MasterPage::select (Id module)
{
    selected = module;
    editor.reset();
    scroll.setViewedComponent (nullptr, false);
    for (auto& c : cards)
    {
        c->repaint();
        if (c->info.id == module)
        {
            editor = std::make_unique<ParamEditor> (model, module, utf8 (c->info.name));
            scroll.setViewedComponent (editor.get(), false);
        }
    }
    for (auto& [id, meter] : reductions)
        meter->setVisible (id == module);
    past.setVisible (reductions.contains (module));
    past.clear();
    resized();
    repaint();
}

Outlines MasterPage::outlinesOf (const ChangedParts& what) const
{
    Outlines all;
    for (const auto& d : what) // modules, and lanes of them
        for (const auto& c : cards)
            if (c->info.id == d.id)
                all.push_back (c->getBounds());
    return all;
}

void MasterPage::refresh()
{
    const auto now = model.masterModules();
    for (auto& c : cards)
        for (const auto& info : now)
            if (info.id == c->info.id && info.on != c->info.on)
                c->setOn (info.on);
    if (editor != nullptr)
        editor->refresh();
}

void MasterPage::advance (const Levels& heard, double seconds)
{
    if (editor != nullptr)
        editor->advance();
    const double before = output.maximum();
    output.advance (heard, seconds);
    if (before != output.maximum())
        repaint (output.getBounds().translated (0, -20).withHeight (20));
    for (auto& c : cards)
        if (c->info.reduces)
        {
            auto& meter = *reductions.at (c->info.id);
            const double now = model.reduction (c->info.id);
            meter.advance (now, seconds);
            if (c->info.id == selected)
                past.advance (now, seconds);
            c->show (meter.level());
        }
    const auto old = loudness;
    loudness = model.loudness();
    history.note (loudness);
    momentary.show (loudness.momentary);
    shortTerm.show (loudness.shortTerm);
    integrated.show (loudness.integrated);
    if (old.integrated != loudness.integrated)
        repaint (hero);
    if (old.momentary != loudness.momentary || old.range != loudness.range ||
        old.truePeak != loudness.truePeak || old.shortTerm != loudness.shortTerm)
        repaint (figures);
}

void MasterPage::setCompact (bool c)
{
    compact = c;
    resized();
}

void MasterPage::resized()
{
    auto r = getLocalBounds();
    if (r.isEmpty())
        return;
    bridge = r.removeFromRight (compact ? 300 : 460);
    chain = r.removeFromTop (compact ? 72 : 104);
    title = r.removeFromTop (44);
    auto heads = title.reduced (12, 9);
    chains.setBounds (heads.removeFromRight (72));
    heads.removeFromRight (8);
    presets.setBounds (heads.removeFromRight (72));
    presets.setVisible (static_cast<bool> (selected));
    auto lower = r.removeFromBottom (compact ? 188 : 276);
    historyTitle = lower.removeFromTop (32);
    history.setBounds (lower.reduced (12, 0).withTrimmedBottom (8));
    auto body = r.reduced (8, 4);
    if (const auto found = reductions.find (selected); found != reductions.end())
        found->second->setBounds (body.removeFromRight (48).reduced (8, 16));
    scroll.setBounds (body);
    // A module with few controls leaves room for what it has been doing.
    if (past.isVisible() && editor != nullptr)
    {
        const int need = editor->heightFor (body.getWidth() - 10);
        if (body.getHeight() - need >= 120)
        {
            past.setBounds (body.withTrimmedTop (need).reduced (4, 8));
            body = body.withHeight (need);
        }
        else
            past.setBounds ({});
        scroll.setBounds (body);
    }
    if (editor != nullptr)
    {
        const int width = body.getWidth() - 10;
        editor->setSize (width, std::max (editor->heightFor (width), body.getHeight()));
    }

    auto row = chain.reduced (12, compact ? 8 : 14);
    row.removeFromLeft (compact ? 100 : 156);
    const int count = std::max (1, static_cast<int> (cards.size()));
    const int width = std::min (176, (row.getWidth() - 16 * (count - 1)) / count);
    for (auto& c : cards)
    {
        c->setBounds (row.removeFromLeft (width));
        row.removeFromLeft (16);
    }

    auto b = bridge.reduced (16, 12);
    hero = b.removeFromTop (compact ? 76 : 92);
    figures = b.removeFromTop (compact ? 84 : 100);
    restart.setBounds (b.removeFromBottom (26).removeFromRight (124));
    b.removeFromTop (12);
    meters = b.withHeight (std::min (b.getHeight() - 8, 420));
    auto mm = meters.withTrimmedTop (20);
    const int lane = mm.getWidth() / (compact ? 5 : 6);
    for (auto* c : { &momentary, &shortTerm, &integrated })
        c->setBounds (mm.removeFromLeft (lane));
    mm.removeFromLeft (lane / 3);
    output.setBounds (mm.removeFromLeft (compact ? 52 : 62).withTrimmedTop (18).withTrimmedBottom (18));
}

void MasterPage::paint (juce::Graphics& g)
{
    g.fillAll (colour (tokens::ground));
    paintPanel (g, chain);
    paintPanel (g, bridge);
    paintPanel (g, title);
    g.setColour (juce::Colours::black);
    g.fillRect (chain.getX(), chain.getBottom() - 1, chain.getWidth(), 1);
    g.fillRect (title.getX(), title.getBottom() - 1, title.getWidth(), 1);
    g.fillRect (bridge.getX(), 0, 1, getHeight());

    paintPanel (g, historyTitle.withBottom (history.getBottom() + 8));
    drawFading (g, "Loudness history", font (13, Weight::semibold), colour (tokens::text),
                historyTitle.reduced (14, 0).toFloat());
    auto legend = historyTitle.reduced (14, 0).toFloat().removeFromRight (170);
    g.setColour (colour (tokens::seiji));
    g.fillRect (legend.getX(), legend.getCentreY() - 1, 12.0f, 2.0f);
    g.setColour (juce::Colour (0xff2f6155));
    g.fillRect (legend.getX() + 84, legend.getCentreY() - 4, 8.0f, 8.0f);
    g.setColour (colour (tokens::text2));
    g.setFont (font (11));
    g.drawText ("Short-term", legend.withTrimmedLeft (17), juce::Justification::centredLeft, false);
    g.drawText ("Momentary", legend.withTrimmedLeft (97), juce::Justification::centredLeft, false);

    const auto caption = [&] (const juce::String& text, juce::Rectangle<float> at)
    {
        g.setColour (colour (tokens::text3));
        g.setFont (font (10, Weight::semibold).withExtraKerningFactor (0.07f));
        g.drawText (text, at, juce::Justification::centredLeft, false);
    };
    auto source = chain.reduced (12, compact ? 8 : 14).withWidth (compact ? 96 : 150).toFloat();
    caption ("SOURCE", source.removeFromTop (16));
    drawFading (g, "Mix bus, live", font (13, Weight::semibold), colour (tokens::text),
                source.removeFromTop (18));
    for (const auto& c : cards)
        drawIcon (
            g, Icon::chevR,
            juce::Rectangle<float> (12, 12).withCentre (
                { static_cast<float> (c->getX()) - 8, static_cast<float> (c->getBounds().getCentreY()) }),
            colour (tokens::text3));
    for (const auto& c : cards)
        if (c->info.id == selected)
            drawFading (g, utf8 (c->info.name), font (18, Weight::semibold), colour (tokens::text),
                        title.toFloat().reduced (20, 0));
    if (cards.empty())
        drawFading (g, "No modules yet", font (18, Weight::semibold), colour (tokens::text2),
                    title.toFloat().reduced (20, 0));

    auto h = hero.toFloat();
    caption ("INTEGRATED, SINCE RESTART", h.removeFromTop (16));
    const auto big = font (compact ? 34.0f : 50.0f, Weight::medium);
    const auto text = shownLevel (loudness.integrated);
    g.setColour (colour (tokens::text));
    drawTabular (g, text, big, h, juce::Justification::centredLeft);
    g.setColour (colour (tokens::text2));
    g.setFont (font (15));
    g.drawText ("LUFS",
                h.withTrimmedLeft (tabularWidth (text, big) + 10).withTrimmedTop (compact ? 8.0f : 16.0f),
                juce::Justification::centredLeft, false);

    const std::tuple<const char*, double, const char*> cells[] = {
        { "Momentary", loudness.momentary, "LUFS" },
        { "Short-term", loudness.shortTerm, "LUFS" },
        { "Range (LRA)", loudness.range, "LU" },
        { "True peak max", loudness.truePeak, "dBTP" },
        { "PLR", loudness.truePeak - loudness.integrated, "LU" },
    };
    const auto f = figures.toFloat();
    const float w = f.getWidth() / 3, hh = f.getHeight() / 2;
    for (std::size_t n = 0; n < std::size (cells); ++n)
    {
        auto cell = juce::Rectangle<float> (f.getX() + static_cast<float> (n % 3) * w,
                                            f.getY() + static_cast<float> (n / 3) * hh, w - 8, hh);
        const auto& [name, value, unit] = cells[n];
        g.setColour (colour (tokens::line));
        g.fillRect (cell.withHeight (1));
        cell.removeFromTop (5);
        g.setColour (colour (tokens::text3));
        g.setFont (font (11, Weight::medium));
        g.drawText (name, cell.removeFromTop (14), juce::Justification::centredLeft, false);
        const auto number = std::isfinite (value) ? shownLevel (value) : juce::String::charToString (0x2013);
        const auto face = font (compact ? 16.0f : 20.0f, Weight::medium);
        g.setColour (colour (tokens::text));
        const auto line = cell.removeFromTop (24);
        drawTabular (g, number, face, line, juce::Justification::centredLeft);
        g.setColour (colour (tokens::text3));
        g.setFont (font (10));
        g.drawText (unit, line.withTrimmedLeft (tabularWidth (number, face) + 5).withTrimmedTop (5),
                    juce::Justification::centredLeft, false);
    }
    if (const auto found = reductions.find (selected); found != reductions.end())
    {
        g.setColour (colour (tokens::ruri));
        g.setFont (font (10, Weight::semibold));
        g.drawText ("GR", found->second->getBounds().translated (0, -14).withHeight (12),
                    juce::Justification::centredLeft, false);
    }
    auto lr = output.getBounds().translated (0, -18).withHeight (16).toFloat();
    g.setColour (colour (output.clipped() ? tokens::shu : tokens::text));
    drawTabular (g, shownLevel (output.maximum()), font (11, Weight::medium), lr,
                 juce::Justification::centredLeft);
}

} // namespace lacquer::ui
