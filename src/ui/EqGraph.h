// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/EqCurve.h"
#include "ui/Spectrum.h"

#include <functional>
#include <map>
#include <memory>
#include <set>

namespace lacquer::ui
{

/// The scales of the graph.
namespace eqScale
{
inline constexpr double lowest = 20, highest = 20000;   ///< Hz
inline constexpr double topLevel = -20, levelSpan = 72; ///< dB, of the spectrum
inline constexpr double slope = 4.5; ///< dB per octave by which spectra are tilted about 1 kHz
} // namespace eqScale

/// A stretch of the spectrum in which another strip hides this one, as the graph shows it.
struct MaskedBand
{
    double low = 0, high = 0; ///< Hz
    bool chosen = false;      ///< the one that is spoken of: with its cap, and the masker's spectrum
    juce::String masker;
    std::vector<std::pair<double, double>> spectrum; ///< of the masker: Hz, dB on the spectrum's scale
    juce::String title;                              ///< "Vocal vs Guitars 2.1-3.4 kHz"
    juce::String said;                               ///< "Masked for 61 % of the time it sounds"
    bool operator== (const MaskedBand&) const = default;
};

/// The bands of an equaliser as a curve with nodes, over the spectrum of the strip that is watched.
/// Drag a node for frequency and gain, wheel for Q, double-click adds a band or takes its gain back.
/// Drag on the empty graph chooses all nodes in a box; they move together.
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
    ~EqGraph() override;

    void refresh();
    /// What is heard: moves the spectra. Call while the strip is watched.
    void advance (double seconds);
    int selectedBand() const { return selected; }
    void selectBand (int index);
    /// Chosen with the box, or with Ctrl: what moves together.
    const std::set<int>& chosenBands() const { return chosen; }
    std::function<void (int)> onSelect;
    const EqTable& table() const { return eq; }
    const std::vector<EqTable::State>& bands() const { return states; }
    bool showsSpectrum = true;
    juce::String outputName = "Output"; ///< of the spectrum

    /// Lets a band be heard alone, until another one is or none (-1).
    void listenTo (int band);
    int listenedBand() const { return listening; }
    std::function<void()> onListen;
    /// A new band, near the middle or where it is told.
    void addBand();
    /// Everything that can be said of a band, or of the empty graph (-1).
    void openMenu (int band, juce::Point<float> at = {});

    /// Where others hide this strip.
    void setMasked (std::vector<MaskedBand>);
    std::function<void (int)> onMasked; ///< a masked stretch was clicked
    std::function<void()> onHearMasked; ///< the ear beside the one that is spoken of was
    void showMaskedHeard (bool);
    juce::Rectangle<float> maskedEar() const; ///< of the callout; empty when there is none

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

    /// Where things are; for tests and the keyboard.
    juce::Point<float> node (int band) const;
    juce::Point<float> rangeHandle (int band) const; ///< of a dynamic band: how far it moves
    float xOf (double frequency) const;
    /// Of the spectrum's scale, for a tone at a frequency.
    float yOfTone (double db, double frequency) const;
    juce::Rectangle<float> plot() const;

private:
    void read();
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
    void remove (int band, Gesture);
    void moveChosen (juce::Point<float> delta);
    /// The bands that a gesture at one of them is for.
    std::vector<int> meant (int band) const;
    void hearListened();
    const EqTable::State& state (int band) const { return states[static_cast<std::size_t> (band)]; }
    const EqTable::Band& band (int n) const { return eq.bands()[static_cast<std::size_t> (n)]; }
    void paintMasked (juce::Graphics&) const;
    void paintListened (juce::Graphics&) const;
    void paintHandles (juce::Graphics&) const;
    void paintNode (juce::Graphics&, int band) const;
    void paintScales (juce::Graphics&) const;
    void paintLegend (juce::Graphics&) const;
    void paintTip (juce::Graphics&, int band) const;
    void paintCallout (juce::Graphics&) const;
    juce::Rectangle<float> callout (const MaskedBand&) const;

    Model& model;
    Id owner;
    EqTable eq;
    Size size;
    std::vector<EqTable::State> states, sounds; ///< as they are set: the nodes; as they sound: the curves
    bool moves = false;                         ///< something of it does by itself
    Spectrum before { false }, after { true };
    juce::Image grid;
    juce::Path sum, selectedFill, moved;
    int selected = -1, hovered = -1, dragged = -1, listening = -1;
    std::set<int> chosen;
    enum class Grip
    {
        node,
        narrow, ///< the handles of Q
        wide,
        range, ///< of a dynamic band
        threshold
    };
    Grip gripAt (juce::Point<float>) const; ///< of the selected band; node: none of its handles
    Grip grip = Grip::node;
    enum class Lock
    {
        open, ///< no clear direction yet
        none,
        across,
        upright
    };
    Lock lock = Lock::open;
    Gesture gesture = 0;
    juce::Point<float> last;
    bool boxing = false, heldListen = false;
    juce::Rectangle<float> frame; ///< of the nodes that are being chosen
    struct Start
    {
        double frequency = 0, gain = 0, q = 0, range = 0, threshold = 0;
    };
    std::map<int, Start> held;
    juce::uint32 lastWheel = 0;
    std::vector<MaskedBand> masked;
    int hoveredMask = -1;
    bool maskedHeard = false;
};

} // namespace lacquer::ui
