// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/Conflicts.h"

#include "session/Find.h"

#include <cmath>
#include <map>

namespace lacquer::ui
{

namespace
{

const session::Strip* stripOf (const Model& model, Id id)
{
    return session::stripOf (model.project(), id);
}

juce::String nameOf (const Model& model, Id id)
{
    const auto* s = stripOf (model, id);
    return s != nullptr ? utf8 (s->name) : juce::String();
}

juce::Colour pigmentOf (const Model& model, Id id)
{
    const auto* s = stripOf (model, id);
    return pigment (s != nullptr ? s->colour : std::string());
}

juce::String percent (double share)
{
    return juce::String (std::lround (100 * share)) + " %";
}

} // namespace

juce::String rangeText (double low, double high)
{
    const auto number = [] (double hz)
    { return hz < 1000 ? juce::String (std::lround (hz)) : juce::String (hz / 1000, 1); };
    const auto dash = juce::String::charToString (0x2013);
    if ((low < 1000) == (high < 1000))
        return number (low) + dash + number (high) + (high < 1000 ? " Hz" : " kHz");
    return number (low) + " Hz" + dash + number (high) + " kHz";
}

HiddenStrip HiddenStrip::of (const Model& model, const studio::Masking& found, Id lead)
{
    HiddenStrip h;
    const auto& ignored = model.song().maskingIgnored;
    for (auto c : found.conflicts)
        if (c.lead == lead && stripOf (model, c.masker) != nullptr)
        {
            c.ignored =
                std::any_of (ignored.begin(), ignored.end(),
                             [&] (const auto& p) { return p.lead == c.lead && p.masker == c.masker; });
            h.conflicts.push_back (c);
        }
    std::stable_partition (h.conflicts.begin(), h.conflicts.end(),
                           [] (const auto& c) { return ! c.ignored; });
    const auto* map = found.mapOf (lead);
    if (map == nullptr)
        return h;
    std::array<float, studio::MaskingBands::count> sounding {};
    std::map<std::uint64_t, std::array<float, studio::MaskingBands::count>> sums;
    for (std::size_t column = 0; column < map->columns; ++column)
        for (int b = 0; b < studio::MaskingBands::count; ++b)
        {
            const auto at = map->at (column, b);
            if (! map->hears (column, b))
                continue;
            ++sounding[static_cast<std::size_t> (b)];
            if (map->loss[at] >= studio::MaskingMap::hidden && map->masker[at] != 0)
                ++sums[map->masker[at]][static_cast<std::size_t> (b)];
        }
    for (const auto& [masker, sum] : sums)
    {
        Row row;
        row.masker = Id { masker };
        for (std::size_t b = 0; b < row.share.size(); ++b)
        {
            row.share[b] = sounding[b] > 0 ? sum[b] / sounding[b] : 0;
            row.most = std::max (row.most, row.share[b]);
        }
        if (row.most > 0.03f)
            h.rows.push_back (row);
    }
    std::sort (h.rows.begin(), h.rows.end(), [] (const auto& a, const auto& b) { return a.most > b.most; });
    if (h.rows.size() > 3)
        h.rows.resize (3);
    return h;
}

std::vector<MaskedBand> HiddenStrip::bands (const Model& model, const studio::Masking& found,
                                            int chosen) const
{
    std::vector<MaskedBand> all;
    for (std::size_t n = 0; n < conflicts.size(); ++n)
    {
        const auto& c = conflicts[n];
        if (c.ignored)
            continue;
        MaskedBand band {
            c.low, c.high, static_cast<int> (n) == chosen, nameOf (model, c.masker), {}, {}, {}
        };
        band.title = nameOf (model, c.lead) + " vs " + band.masker + " " + rangeText (c.low, c.high);
        band.said = "Masked for " + percent (c.share) + " of the time it sounds";
        const auto* map = found.mapOf (c.lead);
        // What all others have where the conflict is, as the spectrum of a noise of that level reads on the
        // graph: a third octave has 0.23 f of width, a bin of the graph 1.5 times 48000/8192 Hz.
        if (band.chosen && map != nullptr)
            for (int b = 0; b < studio::MaskingBands::count; ++b)
            {
                double sum = 0;
                int count = 0;
                for (const auto& range : c.ranges)
                    for (auto column = static_cast<std::size_t> (range.begin / found.hop);
                         column < std::min (map->columns, static_cast<std::size_t> (range.end / found.hop));
                         ++column)
                    {
                        const auto at = map->at (column, b);
                        if (! map->hears (column, b))
                            continue;
                        sum += std::pow (10, static_cast<double> (map->level[at] + map->excess[at]) / 10);
                        ++count;
                    }
                if (count == 0)
                    continue;
                const double hertz = studio::MaskingBands::centre (b);
                const double full = 10 * std::log10 (sum / count) - studio::MaskingOptions().listeningLevel +
                                    found.loudness.value_or (-23);
                band.spectrum.emplace_back (hertz,
                                            full - 10 * std::log10 (std::max (1.0, 0.23 * hertz / 8.8)));
            }
        all.push_back (std::move (band));
    }
    return all;
}

MaskMap::MaskMap (Model& m, const EqGraph& g) : model (m), graph (g)
{
    setOpaque (true);
    setTitle ("Masking map");
    setHelpText ("Where other tracks hide this one, by frequency.");
}

void MaskMap::show (std::vector<HiddenStrip::Row> all)
{
    rows = std::move (all);
    repaint();
}

void MaskMap::paint (juce::Graphics& g)
{
    g.fillAll (colour (tokens::well));
    g.setColour (juce::Colours::black);
    g.fillRect (0, 0, getWidth(), 1);
    const auto small = font (10, Weight::medium);
    for (std::size_t n = 0; n < rows.size(); ++n)
    {
        const auto& row = rows[n];
        const float y = 4 + 13 * static_cast<float> (n);
        g.setColour (colour (tokens::line).withAlpha (0.6f));
        g.fillRect (0.0f, y + 6, static_cast<float> (getWidth()), 1.0f);
        for (int b = 0; b < studio::MaskingBands::count; ++b)
        {
            const float share = row.share[static_cast<std::size_t> (b)];
            if (share <= 0.02f)
                continue;
            const float left = graph.xOf (studio::MaskingBands::lower (b)),
                        right = graph.xOf (studio::MaskingBands::upper (b));
            g.setColour (colour (tokens::amber).withAlpha (std::min (1.0f, 0.15f + share)));
            for (float x = left; x < right - 1; x += 4)
                g.fillRect (x, y + 2, std::min (3.0f, right - x), 9.0f);
        }
        const auto name = nameOf (model, row.masker);
        const float width = std::min (120.0f, small.getStringWidthFloat (name) + 6);
        g.setColour (colour (tokens::well));
        g.fillRect (0.0f, y, width + 16, 12.0f);
        g.setColour (pigmentOf (model, row.masker));
        g.fillRect (8.0f, y + 1, 3.0f, 10.0f);
        drawFading (g, name, small, colour (tokens::text2), { 15, y, width, 12 });
    }
    if (hint.isNotEmpty())
    {
        const float width = small.getStringWidthFloat (hint) + 14;
        const auto bubble = juce::Rectangle<float> (width, 18)
                                .withCentre ({ pointer.x, 11 })
                                .constrainedWithin (getLocalBounds().toFloat().reduced (2));
        g.setColour (colour (tokens::ground));
        g.fillRoundedRectangle (bubble, tokens::radiusControl);
        g.setColour (colour (tokens::amber));
        g.drawRoundedRectangle (bubble.reduced (0.5f), tokens::radiusControl, 1);
        drawFading (g, hint, small, colour (tokens::text), bubble.reduced (7, 0));
    }
}

void MaskMap::mouseMove (const juce::MouseEvent& e)
{
    juce::String next;
    const auto n = static_cast<std::size_t> (std::max (0.0f, (e.position.y - 4) / 13));
    if (n < rows.size())
        for (int b = 0; b < studio::MaskingBands::count; ++b)
            if (const float share = rows[n].share[static_cast<std::size_t> (b)];
                share > 0.02f && e.position.x >= graph.xOf (studio::MaskingBands::lower (b)) &&
                e.position.x < graph.xOf (studio::MaskingBands::upper (b)))
                next = nameOf (model, rows[n].masker) + " hides this at " +
                       rangeText (studio::MaskingBands::lower (b), studio::MaskingBands::upper (b)) + " in " +
                       percent (static_cast<double> (share)) + " of the time";
    pointer = e.position;
    if (next.isNotEmpty() || hint.isNotEmpty())
        repaint();
    hint = next;
}

void MaskMap::mouseExit (const juce::MouseEvent&)
{
    hint.clear();
    repaint();
}

ConflictsPanel::ConflictsPanel (Model& m) : model (m)
{
    setTitle ("Conflicts");
    setHelpText ("Tracks that hide this one. Click a card to see it on the graph.");
    look.setHelpText ("Renders the song once beside everything else and finds what hides what.");
    look.onPress = [this] (auto)
    {
        model.lookForMasking();
        refresh();
    };
    stop.onPress = [this] (auto)
    {
        model.stopMasking();
        refresh();
    };
    act.setHelpText ("A dynamic cut on the other track that works while this one sounds. One step of undo.");
    act.onPress = [this] (auto)
    {
        if (open < static_cast<int> (now.conflicts.size()))
            model.mend (now.conflicts[static_cast<std::size_t> (open)]);
        refresh();
    };
    listen.lit = colour (tokens::seiji);
    listen.setHelpText ("Plays the contested range of both tracks alone. Never rendered.");
    listen.onPress = [this] (auto) { hear (! listening); };
    other.onPress = [this] (auto)
    {
        if (open < static_cast<int> (now.conflicts.size()) && onShow)
            onShow (now.conflicts[static_cast<std::size_t> (open)].masker);
    };
    ignore.setHelpText ("Lets this pair of tracks alone. Remembered in the project.");
    ignore.onPress = [this] (auto)
    {
        if (open >= static_cast<int> (now.conflicts.size()))
            return;
        const auto& c = now.conflicts[static_cast<std::size_t> (open)];
        model.edit (session::ignoredMasking (model.project(), c.lead, c.masker, ! c.ignored), newGesture());
        refresh();
    };
    for (auto* b : { &act, &listen, &other, &ignore, &look, &stop })
    {
        b->textSize = 11;
        addChildComponent (*b);
    }
}

ConflictsPanel::~ConflictsPanel()
{
    stopListening();
}

void ConflictsPanel::stopListening()
{
    if (listening)
        hear (false);
}

void ConflictsPanel::hear (bool on)
{
    listening = on && open < static_cast<int> (now.conflicts.size());
    if (listening)
    {
        const auto& c = now.conflicts[static_cast<std::size_t> (open)];
        model.listenToBand ({ c.lead, c.masker }, c.low, c.high);
    }
    else
        model.listenToBand ({}, 0, 0);
    listen.setToggleState (listening, juce::dontSendNotification);
}

void ConflictsPanel::show (Id s)
{
    if (s == strip)
        return;
    stopListening();
    strip = s;
    open = 0;
    told = {};
    refresh();
}

bool ConflictsPanel::refresh()
{
    const auto next = model.masking();
    const auto& let = model.song().maskingIgnored;
    const bool other1 = next.found != told.found || next.current != told.current ||
                        next.looking != told.looking || next.mending != told.mending ||
                        next.trouble != told.trouble || ! (let == ignored);
    const bool moved = std::abs (next.share - told.share) > 0.004;
    told = next;
    if (other1)
    {
        ignored = let;
        now = told.found != nullptr && strip ? HiddenStrip::of (model, *told.found, strip) : HiddenStrip {};
        open = std::clamp (open, 0, std::max (0, static_cast<int> (now.conflicts.size()) - 1));
        if (now.conflicts.empty())
            stopListening();
        if (onResize)
            onResize();
        resized();
        if (onChange)
            onChange();
    }
    if (other1 || moved)
        repaint();
    return other1;
}

void ConflictsPanel::setCompact (bool c)
{
    compact = c;
    resized();
}

void ConflictsPanel::choose (int n)
{
    if (n < 0 || n >= static_cast<int> (now.conflicts.size()) || n == open)
        return;
    open = n;
    if (listening)
        hear (true);
    resized();
    repaint();
    if (onResize)
        onResize();
    if (onChange)
        onChange();
}

juce::Rectangle<int> ConflictsPanel::card (int n) const
{
    int y = told.looking || told.mending ? 62 : ! told.current && told.found != nullptr ? 40 : 6;
    const int width = getWidth() - 2 * margin(), whole = compact ? 92 : 148, brief = compact ? 30 : 58;
    for (int k = 0; k < n; ++k)
        y += (k == open ? whole : brief) + 8;
    return { margin(), y, width, n == open ? whole : brief };
}

int ConflictsPanel::heightFor() const
{
    const int count = static_cast<int> (now.conflicts.size());
    return count == 0 ? 120 : card (count - 1).getBottom() + 8;
}

juce::String ConflictsPanel::sentence (const studio::Conflict& c) const
{
    const auto& map = model.tempo();
    const auto bar = [&] (Frames f) { return juce::String (map.barBeatAt (f).bar); };
    if (c.ignored)
        return "Let alone.";
    juce::String text ("Costs ");
    text << juce::String (c.loss, 1) << " dB of it";
    if (! c.ranges.empty())
    {
        const auto from = bar (c.ranges.front().begin), to = bar (c.ranges.back().end);
        text << (from == to ? ", in bar " + from : ", in bars " + from + " to " + to);
    }
    return text + ". A dynamic cut on " + nameOf (model, c.masker) +
           " leaves its tone alone where this is silent.";
}

void ConflictsPanel::resized()
{
    const bool busy = told.looking || told.mending, any = ! now.conflicts.empty();
    for (auto* b : { &act, &listen, &other, &ignore })
        b->setVisible (any);
    look.setVisible (! busy && (told.found == nullptr || ! told.current));
    stop.setVisible (busy);
    auto top = getLocalBounds().reduced (margin(), 0);
    if (busy)
        stop.setBounds (top.withTrimmedTop (30).withHeight (24).removeFromRight (60));
    else if (told.found == nullptr)
        look.setBounds (top.withTrimmedTop (50).withHeight (26));
    else
        look.setBounds (top.withTrimmedTop (8).withHeight (24).removeFromRight (86));
    look.setButtonText (told.found == nullptr ? "Look for conflicts" : "Look again");
    if (! any)
        return;
    const auto& c = now.conflicts[static_cast<std::size_t> (open)];
    const auto masker = nameOf (model, c.masker);
    act.setButtonText ("Make room in " + masker);
    act.setEnabled (! busy && told.current && ! c.ignored);
    other.setButtonText (compact ? juce::String ("Show") : "Show " + masker);
    ignore.setButtonText (c.ignored ? "Heed" : "Ignore");
    auto box = card (open).reduced (9, 7);
    auto verbs = box.removeFromBottom (22);
    box.removeFromBottom (5);
    act.setBounds (box.removeFromBottom (24));
    listen.setBounds (verbs.removeFromLeft (30));
    verbs.removeFromLeft (5);
    ignore.setBounds (verbs.removeFromRight (54));
    verbs.removeFromRight (5);
    other.setBounds (verbs);
}

void ConflictsPanel::mouseDown (const juce::MouseEvent& e)
{
    for (int n = 0; n < static_cast<int> (now.conflicts.size()); ++n)
        if (card (n).contains (e.getPosition()))
            choose (n);
}

void ConflictsPanel::paint (juce::Graphics& g)
{
    auto top = getLocalBounds().reduced (14, 0).toFloat();
    const auto words = font (11);
    const auto say = [&] (const juce::String& text, juce::Rectangle<float> in, int lines)
    {
        g.setColour (colour (tokens::text3));
        g.setFont (words);
        g.drawFittedText (text, in.toNearestInt(), juce::Justification::topLeft, lines, 1.0f);
    };
    const bool isTrack = std::any_of (model.song().tracks.begin(), model.song().tracks.end(),
                                      [this] (const auto& t) { return t->strip.id == strip; });
    if (told.looking || told.mending)
    {
        say (told.mending ? "Looking for the cut that is enough" : "Listening through the song",
             top.withTrimmedTop (6).withHeight (16), 1);
        const auto bar = top.withTrimmedTop (26).withHeight (4).withTrimmedRight (0);
        g.setColour (colour (tokens::well));
        g.fillRoundedRectangle (bar, 2);
        g.setColour (colour (tokens::gold));
        g.fillRoundedRectangle (bar.withWidth (bar.getWidth() * static_cast<float> (told.share)), 2);
        g.setColour (colour (tokens::text2));
        drawTabular (g, percent (told.share), words, top.withTrimmedTop (34).withHeight (16),
                     juce::Justification::centredLeft);
    }
    else if (told.found == nullptr)
        say (told.trouble.empty() ? "Find out which tracks hide this one, where and when, and make room."
                                  : juce::String (utf8 (told.trouble)),
             top.withTrimmedTop (8).withHeight (36), 3);
    else if (! told.current)
        say ("From before the last change.", top.withTrimmedTop (14).withHeight (16).withTrimmedRight (92),
             1);
    if (now.conflicts.empty() && told.found != nullptr && ! told.looking && ! told.mending)
        say (isTrack ? "No other track hides this one for long." : "Conflicts are looked for between tracks.",
             top.withTrimmedTop (told.current ? 8.0f : 44.0f).withHeight (32), 2);
    for (int n = 0; n < static_cast<int> (now.conflicts.size()); ++n)
    {
        const auto& c = now.conflicts[static_cast<std::size_t> (n)];
        const auto box = card (n).toFloat();
        const bool picked = n == open;
        const auto amber = colour (c.ignored ? tokens::text3 : tokens::amber);
        g.setColour (picked ? juce::Colour (0xff2a2019) : juce::Colour (0xff201c19));
        g.fillRoundedRectangle (box, 4);
        g.setColour (picked ? amber : juce::Colour (0xff332d28));
        g.drawRoundedRectangle (box.reduced (0.5f), 4, 1);
        auto in = box.reduced (compact ? 8.0f : 11.0f, compact ? 6.0f : 9.0f);
        auto line = in.removeFromTop (16);
        g.setColour (pigmentOf (model, c.masker));
        g.fillRect (line.removeFromLeft (3).reduced (0, 1));
        line.removeFromLeft (7);
        g.setColour (picked ? amber : colour (tokens::text2));
        const auto bold = font (12, Weight::semibold);
        drawTabular (g, percent (c.share), bold,
                     line.removeFromRight (tabularWidth (percent (c.share), bold) + 2),
                     juce::Justification::centredRight);
        const auto range = rangeText (c.low, c.high);
        const float room = line.getWidth() - words.getStringWidthFloat (range) - 8;
        const auto name = shortName (nameOf (model, c.masker), bold, room);
        const float width = std::clamp (bold.getStringWidthFloat (name) + 7, 0.0f, std::max (0.0f, room));
        drawFading (g, name, bold, colour (tokens::text), line.removeFromLeft (width));
        drawFading (g, range, words, colour (tokens::text2), line.withTrimmedLeft (2));
        if (compact)
            continue;
        in.removeFromTop (5);
        const auto bar = in.removeFromTop (5);
        g.setColour (colour (tokens::well));
        g.fillRect (bar);
        g.setColour (picked ? amber : amber.withAlpha (0.65f));
        g.fillRect (bar.withWidth (bar.getWidth() * static_cast<float> (std::clamp (c.share, 0.0, 1.0))));
        in.removeFromTop (5);
        g.setColour (colour (tokens::text2));
        g.setFont (words);
        if (picked)
            g.drawFittedText (sentence (c), in.withTrimmedBottom (54).toNearestInt(),
                              juce::Justification::topLeft, 3, 1.0f);
        else
            drawFading (g,
                        c.ignored ? juce::String ("Let alone.")
                                  : juce::String ("Costs ") + juce::String (c.loss, 1) + " dB of it.",
                        words, colour (tokens::text2), in.removeFromTop (14));
    }
}

} // namespace lacquer::ui
