// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "studio/TimeLeft.h"
#include "ui/Controls.h"
#include "ui/Model.h"

#include <functional>
#include <map>
#include <memory>
#include <vector>

namespace lacquer::ui
{

/// What can show one thing over the whole window.
class OverlayHost
{
public:
    virtual ~OverlayHost() = default;
    /// In place of what it shows. [message thread]
    virtual void showOverlay (std::unique_ptr<juce::Component>) = 0;
    /// Takes it away, once what is happening in it has returned.
    virtual void dismissOverlay() = 0;
};
/// The window that a component is in; null outside of one.
OverlayHost* overlayHost (juce::Component&);

/// The ground of a row of a list in a card; what is left for its words.
juce::Rectangle<float> paintListRow (juce::Graphics&, int width, int height, bool selected);

/// A card beside the thing it is about. A click outside, Enter and Esc take it away.
class Popover : public juce::Component
{
public:
    Popover (juce::Component& beside, int width, int height);
    /// Shows it in the window that `beside` is in.
    static void open (juce::Component& beside, std::unique_ptr<Popover>);

    void paint (juce::Graphics&) override;
    void resized() override;
    void mouseDown (const juce::MouseEvent&) override;
    bool keyPressed (const juce::KeyPress&) override;

protected:
    /// Lays out the content of the card.
    virtual void lay (juce::Rectangle<int> inside) = 0;
    virtual void paintCardContent (juce::Graphics&) {}
    virtual void keep() { close(); }   ///< Enter
    virtual void cancel() { close(); } ///< Esc
    virtual void leave() { keep(); }   ///< a click outside
    void close();
    juce::Rectangle<int> card;

private:
    juce::Rectangle<int> anchor; ///< on the screen
    int wide, high;
};

/// Asks for one line of text.
class TextPrompt final : public Popover
{
public:
    /// take: what to do with the text; a sentence back says why it cannot be, nothing that it is done.
    TextPrompt (juce::Component& beside, const juce::String& question, const juce::String& initial,
                std::function<juce::String (const juce::String&)> take);
    static void ask (juce::Component& beside, const juce::String& question, const juce::String& initial,
                     std::function<juce::String (const juce::String&)> take);
    juce::TextEditor& field() { return text; }

private:
    void lay (juce::Rectangle<int>) override;
    void paintCardContent (juce::Graphics&) override;
    void keep() override;
    void leave() override { cancel(); }
    juce::String question, trouble;
    std::function<juce::String (const juce::String&)> take;
    juce::TextEditor text;
};

/// A dialog inside the window: scrim, card, title, text, verbs. Esc is the last button, which changes
/// nothing.
class Dialog final : public juce::Component
{
public:
    struct Choice
    {
        juce::String verb;
        Face face = Face::plain;
        std::function<void()> act;
    };
    Dialog (const juce::String& title, const juce::String& text, std::vector<Choice>);
    /// Called after a choice, to take the dialog away.
    std::function<void()> onDone;

    void paint (juce::Graphics&) override;
    void resized() override;
    bool keyPressed (const juce::KeyPress&) override;
    void visibilityChanged() override;

private:
    void choose (std::size_t);
    juce::String title, text;
    std::vector<Choice> choices;
    std::vector<std::unique_ptr<Button>> buttons;
    juce::Rectangle<int> card;
};

/// Where the sound goes: driver, output, sample rate, buffer.
class AudioSettings final : public juce::Component
{
public:
    explicit AudioSettings (Model&);
    std::function<void()> onDone;

    void paint (juce::Graphics&) override;
    void resized() override;
    bool keyPressed (const juce::KeyPress&) override;
    void mouseDown (const juce::MouseEvent&) override;

private:
    void listNames();
    void showChosen();
    juce::String inWords (double rate) const;
    Model& model;
    DeviceSetup wanted;
    std::vector<std::string> names;
    juce::String trouble;
    Button driver { "Driver", Face::quiet, Button::Shape::field },
        output { "Output", Face::quiet, Button::Shape::field },
        rate { "Sample rate", Face::quiet, Button::Shape::field }, cancel { "Cancel" },
        use { "Use these", Face::primary };
    std::vector<std::unique_ptr<Button>> blocks;
    juce::Rectangle<int> card;
};

/// Messages in the corner: at most three, newest first; errors stay, others leave after 6 s (12 s under the
/// pointer).
class Toasts final : public juce::Component
{
public:
    Toasts();
    ~Toasts() override;
    void add (const Notice&);
    void advance (double seconds);
    int count() const { return static_cast<int> (shown.size()); }
    void resized() override;

private:
    class Toast;
    std::vector<std::unique_ptr<Toast>> shown;
};

/// What long work shows over the window: under 0.4 s nothing, to 3 s a bar along the upper edge, longer a
/// card with its name, how much is done, the time left and Stop. At each quarter it is told to screen
/// readers.
class LengthyWork final : public juce::Component
{
public:
    explicit LengthyWork (Model&);
    ~LengthyWork() override;
    /// Reads what is under way; on every frame.
    void refresh() { show (model.jobs().states()); }
    void show (const std::vector<studio::Jobs::State>&);
    /// How much the bar is filled, 0 to 1; nothing while there is none.
    std::optional<double> bar() const { return filled; }
    /// "Freezing Lead Vox, 40 %, about 12 s left" of each card, the oldest first.
    std::vector<juce::String> cards() const;
    /// What screen readers were told last.
    juce::String announced() const { return said; }

    void paint (juce::Graphics&) override;
    void resized() override;

private:
    class Card;
    void announce (const studio::Jobs::State&);

    Model& model;
    std::optional<double> filled;
    std::vector<std::unique_ptr<Card>> open;
    std::map<studio::Jobs::Number, studio::TimeLeft> left;
    std::map<studio::Jobs::Number, int> quarters; ///< told
    juce::String said;
};

} // namespace lacquer::ui
