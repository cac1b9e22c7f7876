// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/Overlays.h"

#include <cmath>

namespace lacquer::ui
{

namespace
{

void paintCard (juce::Graphics& g, juce::Rectangle<float> r)
{
    g.setColour (juce::Colours::black.withAlpha (0.35f));
    g.fillRoundedRectangle (r.translated (0, 4).expanded (3), tokens::radiusDialog + 3);
    g.setColour (juce::Colours::black.withAlpha (0.25f));
    g.fillRoundedRectangle (r.translated (0, 8).expanded (8), tokens::radiusDialog + 8);
    g.setColour (colour (tokens::raised));
    g.fillRoundedRectangle (r, tokens::radiusDialog);
    g.setColour (juce::Colour (0xff5a5249));
    g.drawRoundedRectangle (r.reduced (0.5f), tokens::radiusDialog, 1);
}

void paintScrim (juce::Graphics& g)
{
    g.fillAll (colour (tokens::well).withAlpha (0.74f));
}

} // namespace

OverlayHost* overlayHost (juce::Component& c)
{
    return c.findParentComponentOfClass<OverlayHost>();
}

juce::Rectangle<float> paintListRow (juce::Graphics& g, int width, int height, bool selected)
{
    const auto r = juce::Rectangle<float> (static_cast<float> (width), static_cast<float> (height));
    if (selected)
    {
        g.setColour (juce::Colour (0xff3a2e18));
        g.fillRect (r);
        g.setColour (colour (tokens::gold));
        g.fillRect (r.withWidth (2));
    }
    g.setColour (colour (tokens::line));
    g.fillRect (r.withTop (r.getBottom() - 1));
    return r.reduced (10, 4);
}

Popover::Popover (juce::Component& beside, int w, int h)
    : anchor (beside.getScreenBounds()), wide (w), high (h)
{
    setFocusContainerType (FocusContainerType::keyboardFocusContainer);
    setWantsKeyboardFocus (true);
}

void Popover::open (juce::Component& beside, std::unique_ptr<Popover> what)
{
    if (auto* host = overlayHost (beside))
        host->showOverlay (std::move (what));
}

void Popover::close()
{
    if (auto* host = overlayHost (*this))
        host->dismissOverlay();
}

void Popover::resized()
{
    const auto window = getLocalBounds().reduced (8);
    const auto place = getLocalArea (nullptr, anchor);
    card = { place.getX(), place.getBottom() + 4, wide, std::min (high, window.getHeight()) };
    if (card.getBottom() > window.getBottom() && place.getY() - 4 - card.getHeight() >= window.getY())
        card.setY (place.getY() - 4 - card.getHeight());
    card = card.constrainedWithin (window);
    lay (card.reduced (14, 12));
}

void Popover::paint (juce::Graphics& g)
{
    paintCard (g, card.toFloat());
    paintCardContent (g);
}

void Popover::mouseDown (const juce::MouseEvent& e)
{
    if (! card.contains (e.getPosition()))
        leave();
}

bool Popover::keyPressed (const juce::KeyPress& key)
{
    if (key.isKeyCode (juce::KeyPress::escapeKey))
        cancel();
    else if (key.isKeyCode (juce::KeyPress::returnKey))
        keep();
    return true; // nothing behind it hears keys
}

TextPrompt::TextPrompt (juce::Component& beside, const juce::String& q, const juce::String& initial,
                        std::function<juce::String (const juce::String&)> t)
    : Popover (beside, 280, 92), question (q), take (std::move (t))
{
    setTitle (question);
    text.setTitle (question);
    text.setFont (font (tokens::bodySize));
    text.setText (initial, false);
    text.setSelectAllWhenFocused (true);
    text.onReturnKey = [this] { keep(); };
    text.onEscapeKey = [this] { cancel(); };
    addAndMakeVisible (text);
}

void TextPrompt::ask (juce::Component& beside, const juce::String& question, const juce::String& initial,
                      std::function<juce::String (const juce::String&)> take)
{
    auto prompt = std::make_unique<TextPrompt> (beside, question, initial, std::move (take));
    auto* raw = prompt.get();
    open (beside, std::move (prompt));
    if (overlayHost (beside) != nullptr && raw->isShowing())
        raw->text.grabKeyboardFocus();
}

void TextPrompt::lay (juce::Rectangle<int> r)
{
    r.removeFromTop (22);
    text.setBounds (r.removeFromTop (26));
}

void TextPrompt::paintCardContent (juce::Graphics& g)
{
    const auto r = card.reduced (14, 12).toFloat();
    drawFading (g, question, font (tokens::bodySize, Weight::semibold), colour (tokens::text),
                r.withHeight (18));
    drawFading (g, trouble, font (11), colour (tokens::amber), r.withTop (r.getBottom() - 16));
}

void TextPrompt::keep()
{
    trouble = take (text.getText().trim());
    if (trouble.isEmpty())
        close();
    else
        repaint();
}

namespace
{

/// How many rows of a dialog's card a text takes; two at least.
int rowsOf (const juce::String& text)
{
    const auto face = font (tokens::bodySize);
    int rows = 0;
    for (const auto& line : juce::StringArray::fromLines (text))
        rows += 1 + face.getStringWidth (line) / 360;
    return std::max (2, rows);
}

} // namespace

Dialog::Dialog (const juce::String& t, const juce::String& x, std::vector<Choice> c)
    : title (t), text (x), choices (std::move (c))
{
    setTitle (title);
    setDescription (text);
    setFocusContainerType (FocusContainerType::keyboardFocusContainer);
    setWantsKeyboardFocus (true);
    for (std::size_t n = 0; n < choices.size(); ++n)
    {
        buttons.push_back (std::make_unique<Button> (choices[n].verb, choices[n].face));
        buttons.back()->onPress = [this, n] (auto) { choose (n); };
        addAndMakeVisible (*buttons.back());
    }
}

void Dialog::choose (std::size_t n)
{
    const auto act = choices[n].act;
    const auto done = onDone;
    if (done)
        done();
    if (act)
        act();
}

void Dialog::visibilityChanged()
{
    if (isShowing())
        grabKeyboardFocus();
}

bool Dialog::keyPressed (const juce::KeyPress& key)
{
    if (key.isKeyCode (juce::KeyPress::escapeKey))
        choose (choices.size() - 1);
    else if (key.isKeyCode (juce::KeyPress::returnKey))
        choose (0);
    return true; // nothing behind a dialog hears keys
}

void Dialog::resized()
{
    card = getLocalBounds().withSizeKeepingCentre (440, 100 + 18 * rowsOf (text));
    auto row = card.reduced (20, 16).removeFromBottom (28);
    for (auto& b : buttons)
    {
        const int width = font (tokens::bodySize, Weight::semibold).getStringWidth (b->getButtonText()) + 26;
        b->setBounds (row.removeFromRight (width));
        row.removeFromRight (8);
    }
}

void Dialog::paint (juce::Graphics& g)
{
    paintScrim (g);
    paintCard (g, card.toFloat());
    auto r = card.reduced (22, 20).toFloat();
    drawIcon (g, Icon::info, r.removeFromLeft (20).withHeight (20), colour (tokens::text2));
    r.removeFromLeft (10);
    drawFading (g, title, font (tokens::titleSize, Weight::semibold), colour (tokens::text),
                r.removeFromTop (20));
    g.setColour (colour (tokens::text2));
    g.setFont (font (tokens::bodySize));
    const int rows = rowsOf (text);
    g.drawFittedText (text, r.withTrimmedTop (6).withHeight (static_cast<float> (18 * rows)).toNearestInt(),
                      juce::Justification::topLeft, rows, 1.0f);
}

AudioSettings::AudioSettings (Model& m) : model (m), wanted (m.deviceSetup())
{
    setTitle ("Audio settings");
    setFocusContainerType (FocusContainerType::keyboardFocusContainer);
    setWantsKeyboardFocus (true);
    const auto types = model.deviceTypes();
    if (wanted.type.empty() && ! types.empty())
        wanted.type = types.front();
    if (wanted.block == 0)
        wanted.block = 256;
    if (wanted.rate <= 0)
        wanted.rate = model.sampleRate();
    listNames();
    showChosen();
    driver.onPress = [this] (auto)
    {
        juce::PopupMenu menu;
        for (const auto& t : model.deviceTypes())
            menu.addItem (utf8 (t), true, t == wanted.type,
                          [this, t]
                          {
                              wanted.type = t;
                              wanted.name.clear();
                              listNames();
                              showChosen();
                          });
        menu.showMenuAsync (
            juce::PopupMenu::Options().withTargetComponent (driver).withDeletionCheck (*this));
    };
    output.onPress = [this] (auto)
    {
        juce::PopupMenu menu;
        for (const auto& n : names)
            menu.addItem (utf8 (n), true, n == wanted.name,
                          [this, n]
                          {
                              wanted.name = n;
                              showChosen();
                          });
        menu.showMenuAsync (
            juce::PopupMenu::Options().withTargetComponent (output).withDeletionCheck (*this));
    };
    rate.onPress = [this] (auto)
    {
        juce::PopupMenu menu;
        for (const double r : { 44100.0, 48000.0, 88200.0, 96000.0, 176400.0, 192000.0 })
            menu.addItem (inWords (r), true, r == wanted.rate,
                          [this, r]
                          {
                              wanted.rate = r;
                              showChosen();
                          });
        menu.showMenuAsync (juce::PopupMenu::Options().withTargetComponent (rate).withDeletionCheck (*this));
    };
    for (const int frames : { 64, 128, 256, 512, 1024 })
    {
        blocks.push_back (std::make_unique<Button> (juce::String (frames)));
        auto& b = *blocks.back();
        b.textSize = 11;
        b.setTitle ("Buffer, " + juce::String (frames) + " samples");
        b.setToggleState (frames == wanted.block, juce::dontSendNotification);
        b.onPress = [this, frames] (auto)
        {
            wanted.block = frames;
            for (auto& other : blocks)
                other->setToggleState (other->getButtonText().getIntValue() == frames,
                                       juce::dontSendNotification);
            repaint();
        };
        addAndMakeVisible (b);
    }
    cancel.onPress = [this] (auto) { onDone(); };
    use.onPress = [this] (auto)
    {
        const auto outcome = model.openDevice (wanted);
        if (outcome)
        {
            onDone();
            return;
        }
        trouble = utf8 (outcome.problem().sentence());
        repaint();
    };
    for (auto* b : { &driver, &output, &rate, &cancel, &use })
        addAndMakeVisible (b);
}

void AudioSettings::listNames()
{
    names = wanted.type.empty() ? std::vector<std::string> {} : model.deviceNames (wanted.type);
    if (wanted.name.empty() && ! names.empty())
        wanted.name = names.front();
}

juce::String AudioSettings::inWords (double r) const
{
    return juce::String (r / 1000, std::fmod (r, 1000.0) > 0 ? 1 : 0) + " kHz" +
           (r == model.sampleRate() ? " (project)" : "");
}

void AudioSettings::showChosen()
{
    const auto found = [] (const std::string& name)
    { return name.empty() ? juce::String ("None found") : utf8 (name); };
    driver.setButtonText (found (wanted.type));
    output.setButtonText (found (wanted.name));
    rate.setButtonText (inWords (wanted.rate));
    repaint();
}

void AudioSettings::mouseDown (const juce::MouseEvent& e)
{
    if (! card.contains (e.getPosition()))
        onDone();
}

bool AudioSettings::keyPressed (const juce::KeyPress& key)
{
    if (key.isKeyCode (juce::KeyPress::escapeKey))
        onDone();
    return true;
}

void AudioSettings::resized()
{
    card = getLocalBounds().withSizeKeepingCentre (480, 300);
    auto r = card.reduced (22, 18);
    r.removeFromTop (32);
    for (auto* b : { &driver, &output, &rate })
    {
        b->setBounds (r.removeFromTop (28).withTrimmedLeft (100));
        r.removeFromTop (6);
    }
    auto row = r.removeFromTop (26).withTrimmedLeft (100);
    const int width = row.getWidth() / 5;
    for (auto& b : blocks)
        b->setBounds (row.removeFromLeft (width).reduced (1, 0));
    auto end = card.reduced (22, 16).removeFromBottom (28);
    use.setBounds (end.removeFromRight (92));
    end.removeFromRight (8);
    cancel.setBounds (end.removeFromRight (76));
}

void AudioSettings::paint (juce::Graphics& g)
{
    paintScrim (g);
    paintCard (g, card.toFloat());
    auto r = card.reduced (22, 18).toFloat();
    drawFading (g, "Audio settings", font (tokens::titleSize, Weight::semibold), colour (tokens::text),
                r.removeFromTop (22));
    const auto label = [&] (const juce::Component& c, const char* words)
    {
        g.setColour (colour (tokens::text3));
        g.setFont (font (11, Weight::medium));
        g.drawText (words, card.getX() + 22, c.getY(), 100, c.getHeight(), juce::Justification::centredLeft,
                    false);
    };
    label (driver, "Driver");
    label (output, "Output");
    label (rate, "Sample rate");
    label (*blocks.front(), "Buffer");
    const auto note =
        juce::Rectangle<int> (rate.getX(), blocks.front()->getBottom() + 4, rate.getWidth(), 34);
    g.setFont (font (11));
    g.setColour (colour (trouble.isEmpty() ? tokens::text2 : tokens::amber));
    g.drawFittedText (trouble.isNotEmpty() ? trouble
                                           : juce::String (wanted.block / wanted.rate * 1000, 1) +
                                                 " ms. Lower is more immediate, higher is safer.",
                      note, juce::Justification::topLeft, 2, 1.0f);
}

class Toasts::Toast final : public juce::Component
{
public:
    explicit Toast (const Notice& n) : notice (n)
    {
        close.setTitle ("Close");
        addAndMakeVisible (close);
        setTitle (utf8 (n.title));
    }
    void paint (juce::Graphics& g) override
    {
        using Kind = Notice::Kind;
        const auto r = getLocalBounds().toFloat();
        const auto mood = notice.kind == Kind::error    ? tokens::shu
                          : notice.kind == Kind::look   ? tokens::amber
                          : notice.kind == Kind::passed ? tokens::seiji
                                                        : tokens::text3;
        const auto icon = notice.kind == Kind::error    ? Icon::err
                          : notice.kind == Kind::look   ? Icon::warn
                          : notice.kind == Kind::passed ? Icon::check
                                                        : Icon::info;
        g.setColour (colour (tokens::raised));
        g.fillRoundedRectangle (r, tokens::radiusCard);
        g.setColour (notice.kind == Kind::error ? colour (tokens::shu) : juce::Colour (0xff5a5249));
        g.drawRoundedRectangle (r.reduced (0.5f), tokens::radiusCard, 1);
        g.setColour (colour (mood));
        g.fillRoundedRectangle (r.withWidth (4), 2);
        drawIcon (g, icon, r.withTrimmedLeft (14).withWidth (16).withHeight (34), colour (mood));
        drawFading (g, utf8 (notice.title), font (12, Weight::semibold), colour (tokens::text),
                    r.withTrimmedLeft (40).withTrimmedRight (36).withTrimmedTop (8).withHeight (18));
        words (r.getWidth()).draw (g, r.withTrimmedLeft (40).withTrimmedRight (36).withTrimmedTop (27));
    }
    /// As high as what it says.
    int heightFor (int width) const
    {
        return 36 + static_cast<int> (std::ceil (words (static_cast<float> (width)).getHeight()));
    }
    void resized() override { close.setBounds (getWidth() - 32, 6, 24, 24); }

    Notice notice;
    double age = 0;
    bool gone = false;
    Button close { Icon::cross, "Close", Button::Shape::flat };

private:
    juce::TextLayout words (float width) const
    {
        juce::AttributedString text;
        text.append (utf8 (notice.text), font (11), colour (tokens::text2));
        text.setLineSpacing (2);
        juce::TextLayout laid;
        laid.createLayout (text, width - 76);
        return laid;
    }
};

Toasts::Toasts()
{
    setInterceptsMouseClicks (false, true);
}

Toasts::~Toasts() = default;

void Toasts::add (const Notice& n)
{
    auto toast = std::make_unique<Toast> (n);
    toast->close.onPress = [t = toast.get()] (auto) { t->gone = true; };
    addAndMakeVisible (*toast);
    shown.insert (shown.begin(), std::move (toast));
    // When there are more than three, the oldest that is no error goes first.
    while (shown.size() > 3)
    {
        auto victim = shown.end() - 1;
        for (auto t = shown.rbegin(); t != shown.rend(); ++t)
            if ((*t)->notice.kind != Notice::Kind::error)
            {
                victim = t.base() - 1;
                break;
            }
        shown.erase (victim);
    }
    if (auto* handler = getAccessibilityHandler(); handler != nullptr && isShowing())
        juce::AccessibilityHandler::postAnnouncement (
            utf8 (n.title + ". " + n.text), n.kind == Notice::Kind::error
                                                ? juce::AccessibilityHandler::AnnouncementPriority::high
                                                : juce::AccessibilityHandler::AnnouncementPriority::medium);
    resized();
}

void Toasts::advance (double seconds)
{
    const auto before = shown.size();
    for (auto& t : shown)
    {
        // Under the pointer time passes at half speed.
        t->age += t->isMouseOver (true) ? seconds / 2 : seconds;
        if (t->notice.kind != Notice::Kind::error && t->age > 6)
            t->gone = true;
    }
    std::erase_if (shown, [] (const auto& t) { return t->gone; });
    if (shown.size() != before)
        resized();
}

void Toasts::resized()
{
    int y = 0;
    for (auto& t : shown)
    {
        const int height = t->heightFor (getWidth());
        t->setBounds (0, y, getWidth(), height);
        y += height + 8;
    }
}

namespace
{

juce::String percent (double share)
{
    return juce::String (juce::roundToInt (100 * share)) + " %";
}

juce::String leftText (double seconds)
{
    const int whole = static_cast<int> (std::ceil (seconds));
    return whole < 60 ? "about " + juce::String (whole) + " s left"
                      : "about " + juce::String ((whole + 59) / 60) + " min left";
}

constexpr int cardWidth = 320, cardHeight = 62, mostCards = 3;

} // namespace

class LengthyWork::Card final : public juce::Component
{
public:
    Card (Model& m, studio::Jobs::Number n) : number (n)
    {
        halt.setHelpText ("Stops it; no half-written file is left.");
        halt.textSize = 11;
        halt.onPress = [&m, n] (auto) { m.jobs().stop (n); };
        addAndMakeVisible (halt);
        setSize (cardWidth, cardHeight);
    }

    void show (const studio::Jobs::State& state, std::optional<double> seconds)
    {
        name = utf8 (state.name);
        share = state.share;
        detail = state.stopping ? juce::String ("Stopping") : percent (share);
        if (seconds && ! state.stopping)
            detail << ", " << leftText (*seconds);
        halt.setTitle ("Stop: " + name);
        halt.setEnabled (! state.stopping);
        setTitle (name);
        setDescription (detail);
        repaint();
    }
    juce::String words() const { return name + ", " + detail; }

    void paint (juce::Graphics& g) override
    {
        paintCard (g, getLocalBounds().toFloat());
        auto r = getLocalBounds().toFloat().reduced (14, 10);
        const auto lane = r.removeFromBottom (4);
        r.removeFromRight (70);
        drawFading (g, name, font (tokens::bodySize, Weight::semibold), colour (tokens::text),
                    r.removeFromTop (18));
        drawFading (g, detail, font (11), colour (tokens::text2), r.withHeight (16));
        g.setColour (colour (tokens::well));
        g.fillRoundedRectangle (lane, 2);
        g.setColour (colour (tokens::gold));
        g.fillRoundedRectangle (
            lane.withWidth (std::max (4.0f, lane.getWidth() * static_cast<float> (share))), 2);
    }
    void resized() override { halt.setBounds (getWidth() - 14 - 60, 12, 60, 26); }

    const studio::Jobs::Number number;

private:
    juce::String name, detail;
    double share = 0;
    Button halt { "Stop" };
};

LengthyWork::LengthyWork (Model& m) : model (m)
{
    setTitle ("Work under way");
    setInterceptsMouseClicks (false, true);
}

LengthyWork::~LengthyWork() = default;

void LengthyWork::announce (const studio::Jobs::State& state)
{
    const int quarter = static_cast<int> (4 * state.share);
    if (auto& told = quarters[state.number]; quarter > told)
    {
        told = quarter;
        said = utf8 (state.name) + ", " + juce::String (25 * quarter) + " %";
        juce::AccessibilityHandler::postAnnouncement (said,
                                                      juce::AccessibilityHandler::AnnouncementPriority::low);
    }
}

void LengthyWork::show (const std::vector<studio::Jobs::State>& states)
{
    using Shown = studio::Jobs::Shown;
    constexpr double atOnce = 0.4, soon = 3;
    double sum = 0;
    int bars = 0;
    std::vector<std::unique_ptr<Card>> next;
    for (const auto& s : states)
    {
        if (s.shown == Shown::no || s.waiting)
            continue;
        const auto seconds = left[s.number].after (s.seconds, s.share);
        if (s.seconds < atOnce)
            continue;
        announce (s);
        if (s.shown == Shown::bar || s.seconds < soon || next.size() == mostCards)
        {
            sum += s.share;
            ++bars;
            continue;
        }
        const auto known = std::find_if (
            open.begin(), open.end(), [&] (const auto& c) { return c != nullptr && c->number == s.number; });
        next.push_back (known != open.end() ? std::move (*known) : std::make_unique<Card> (model, s.number));
        next.back()->show (s, seconds);
    }
    const auto gone = [&] (const auto& entry)
    {
        return std::none_of (states.begin(), states.end(),
                             [&] (const auto& s) { return s.number == entry.first; });
    };
    std::erase_if (left, gone);
    std::erase_if (quarters, gone);
    const bool other = next.size() != open.size() ||
                       std::any_of (next.begin(), next.end(),
                                    [] (const auto& c) { return c->getParentComponent() == nullptr; });
    open = std::move (next);
    if (other)
    {
        for (const auto& c : open)
            addAndMakeVisible (*c);
        resized();
    }
    const auto before = filled;
    filled = bars > 0 ? std::optional (sum / bars) : std::nullopt;
    if (filled != before)
        repaint (getLocalBounds().withHeight (3));
}

std::vector<juce::String> LengthyWork::cards() const
{
    std::vector<juce::String> all;
    for (const auto& c : open)
        all.push_back (c->words());
    return all;
}

void LengthyWork::paint (juce::Graphics& g)
{
    if (! filled)
        return;
    const auto lane = getLocalBounds().toFloat().withHeight (3);
    g.setColour (colour (tokens::well));
    g.fillRect (lane);
    g.setColour (colour (tokens::gold));
    g.fillRect (lane.withWidth (lane.getWidth() * static_cast<float> (*filled)));
}

void LengthyWork::resized()
{
    int y = 14;
    for (const auto& c : open)
    {
        c->setTopLeftPosition ((getWidth() - cardWidth) / 2, y);
        y += cardHeight + 8;
    }
}

} // namespace lacquer::ui
