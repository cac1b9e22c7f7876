// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/EqCurve.h"
#include "ui/Spectrum.h"

#include <functional>
#include <memory>

namespace lacquer::ui
{

/// The bands of an equaliser as a curve with nodes, over the spectrum of the strip that is watched.
/// Drag a node for frequency and gain, wheel for Q, double-click adds a band or takes its gain back.
class EqGraph final : public juce::Component, public Focusable
{
public:
    enum class Size
    {
        small, ///< in the inspector: nodes, curve, spectrum
        large  ///< with scales, legend and what is under the pointer
    };
    /// owner: the strip or the effect whose table holds the bands.
    EqGraph (Model&, Id owner, EqTable, const juce::String& where, Size);

    void refresh();
    /// What is heard: moves the spectra. Call while the strip is watched.
    void advance (double seconds);
    int selectedBand() const { return selected; }
    void selectBand (int index);
    std::function<void (int)> onSelect;
    const EqTable& table() const { return eq; }
    const std::vector<EqTable::State>& bands() const { return states; }
    bool showsSpectrum = true;

    void paint (juce::Graphics&) override;
    void resized() override;
    void mouseDown (const juce::MouseEvent&) override;
    void mouseDrag (const juce::MouseEvent&) override;
    void mouseUp (const juce::MouseEvent&) override;
    void mouseMove (const juce::MouseEvent&) override;
    void mouseExit (const juce::MouseEvent&) override;
    void mouseDoubleClick (const juce::MouseEvent&) override;
    void mouseWheelMove (const juce::MouseEvent&, const juce::MouseWheelDetails&) override;
    bool keyPressed (const juce::KeyPress&) override;
    void focusGained (FocusChangeType) override;
    void focusLost (FocusChangeType) override;

    /// Where a node is; for tests and the keyboard.
    juce::Point<float> node (int band) const;

private:
    juce::Rectangle<float> plot() const;
    float xOf (double frequency) const;
    double frequencyAt (float x) const;
    float yOf (double gain) const;
    double gainAt (float y) const;
    float yOfLevel (double db) const;
    int bandAt (juce::Point<float>) const;
    bool shown (int band) const;
    void drawGrid();
    void drawCurves();
    juce::Path outline (const Spectrum&, bool closed) const;
    void put (const Param*, double value, Gesture);
    void addBand (juce::Point<float>);
    void menu (int band);
    void paintNode (juce::Graphics&, int band);
    void paintTip (juce::Graphics&, int band);

    Model& model;
    Id owner;
    EqTable eq;
    Size size;
    std::vector<EqTable::State> states;
    Spectrum before { false }, after { true };
    juce::Image grid;
    juce::Path sum, selectedFill;
    int selected = -1, hovered = -1, dragged = -1;
    enum class Grip
    {
        node,
        narrow, ///< the handles of Q
        wide
    };
    Grip grip = Grip::node;
    Gesture gesture = 0;
    juce::Point<float> last;
    double dragFrequency = 0, dragGain = 0, dragQ = 0;
    juce::uint32 lastWheel = 0;
};

} // namespace lacquer::ui
