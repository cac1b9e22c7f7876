// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "studio/Portrait.h"
#include "ui/Controls.h"

#include <atomic>
#include <mutex>
#include <thread>
#include <vector>

namespace lacquer::ui
{

/// What an effect does, as a picture: any effect, measured beside everything else whenever its settings
/// change (studio/Portrait.h). A tail or taps over time, a curve of levels with harmonics, a movement, or a
/// response.
class PortraitGraph final : public juce::Component
{
public:
    PortraitGraph (Model&, Id effect, const engine::EffectType&, const juce::String& where);
    ~PortraitGraph() override;
    void refresh();
    void advance (double inputDb, double reductionDb, double seconds);
    /// Waits until the picture is that of the settings. For tests.
    void settle();
    const studio::Portrait& portrait() const { return now; }
    bool ready() const { return drawn; }

    void paint (juce::Graphics&) override;
    void mouseDown (const juce::MouseEvent&) override;
    void mouseDrag (const juce::MouseEvent&) override;
    void mouseMove (const juce::MouseEvent&) override;

private:
    using Area = juce::Rectangle<float>;
    void start();
    bool take();
    void paintAnswer (juce::Graphics&, Area) const;
    void paintLevels (juce::Graphics&, Area) const;
    void paintHarmonics (juce::Graphics&, Area) const;
    void paintWave (juce::Graphics&, Area) const;
    void paintReduction (juce::Graphics&, Area) const;
    void paintMovement (juce::Graphics&, Area) const;
    void paintResponse (juce::Graphics&, Area) const;
    Area levelArea() const;
    const Param* line() const; ///< a level that stands as a line in the curve

    Model& model;
    Id effect;
    const engine::EffectType& type;
    std::vector<float> wanted, made; ///< values and tempo
    studio::Portrait now;
    bool drawn = false;

    std::thread thread;
    std::atomic<bool> cancelled { false }, finished { false };
    studio::Portrait fresh; // of the thread until it has finished

    double level = silenceDb, pending = 0;
    float worst = 0;
    std::vector<float> past; ///< reduction, a ring
    std::size_t next = 0;
    Gesture gesture = 0;
    bool holdsLine = false;
};

} // namespace lacquer::ui
