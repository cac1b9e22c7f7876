// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/Ballistics.h"
#include "ui/Model.h"
#include "ui/Style.h"

#include <array>
#include <vector>

namespace lacquer::ui
{

/// Peak bar with RMS core, hold line and clip light; opaque, so that only it is repainted.
class LevelMeter final : public juce::Component
{
public:
    explicit LevelMeter (const juce::String& where);

    void setChannels (int);
    /// What was heard in the last `seconds`. [message thread]
    void advance (const Levels&, double seconds);
    /// Shows what another meter shows.
    void follow (const LevelMeter&);
    /// Forgets the maximum and the clip light.
    void clear();

    /// The highest sample peak since clear(), dB: the number of the meter.
    double maximum() const;
    double peak (int channel) const { return bars[static_cast<std::size_t> (channel)].level(); }
    double held (int channel) const { return bars[static_cast<std::size_t> (channel)].held(); }
    double rms (int channel) const { return rmsDb[static_cast<std::size_t> (channel)]; }
    bool clipped() const { return maximum() >= 0.0; }

    /// What its scale is: IEC 60268-18 with peak and RMS; K (Katz 2000), where the bar is RMS in which a sine
    /// reads as its peak (AES17), 0 stands for -12, -14 or -20 dBFS, and the peak is a line above; or VU,
    /// where 0 is a sine of -14, -18 or -20 dBFS.
    enum class Scale
    {
        peak,
        k14,
        k12,
        k20,
        vu18,
        vu20,
        vu14
    };
    static constexpr std::array scales { Scale::peak, Scale::vu18, Scale::vu20, Scale::vu14,
                                         Scale::k12,  Scale::k14,  Scale::k20 };
    static bool isVu (Scale s) { return s == Scale::vu18 || s == Scale::vu20 || s == Scale::vu14; }
    /// "Peak + RMS", "VU", "K-14".
    static juce::String nameOf (Scale);
    /// "k14": for settings; the ordinary one for a word that is none.
    static std::string wordOf (Scale);
    static Scale scaleOf (std::string_view word);
    void setScale (Scale);
    Scale shownScale() const noexcept { return scale; }
    /// The VU reading of a channel; undefinedLevel and below: at rest.
    double vu (int channel) const;
    /// The user chose another one by the menu, which a meter has only with this.
    std::function<void (Scale)> onScale;
    juce::PopupMenu menu();
    bool scaleNumbers = true;
    bool horizontal = false;
    std::function<void()> onClear;

    void paint (juce::Graphics&) override;
    void mouseDown (const juce::MouseEvent&) override;

private:
    void paintK (juce::Graphics&, juce::Rectangle<float> bar, float width, float scaleWidth);
    void paintVu (juce::Graphics&, juce::Rectangle<float> bar, float width, float scaleWidth);
    void paintClip (juce::Graphics&, juce::Rectangle<float> bar, float width, int channel);
    /// dBFS that 0 stands for.
    double zero() const;
    Scale scale = Scale::peak;
    int channels = 2;
    std::array<Ballistics, 2> bars;
    std::array<double, 2> rmsDb { silenceDb, silenceDb };
    std::array<VuBallistics, 2> needles;
    std::array<double, 2> energy {}; ///< told last
};

/// Gain reduction, hanging from the top: 0 to `range` dB.
class ReductionMeter final : public juce::Component
{
public:
    explicit ReductionMeter (const juce::String& where, bool withScale);
    void advance (double reductionDb, double seconds);
    double level() const { return bar.level(); }
    void paint (juce::Graphics&) override;

private:
    static constexpr double range = 18;
    /// Reduction falls like a level does; it is kept as dB over a floor of zero.
    Ballistics bar;
    bool scale;
};

/// One loudness figure as a bar with its number above: M, S, I.
class LoudnessBar final : public juce::Component
{
public:
    LoudnessBar (const juce::String& letter, const juce::String& name);
    void show (double lufs);
    void paint (juce::Graphics&) override;

private:
    juce::String letter;
    double lufs = undefinedLevel;
};

} // namespace lacquer::ui
