// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/Controls.h"

#include <array>
#include <optional>
#include <vector>

namespace lacquer::ui
{

/// A compressor, gate or expander in a parameter table: "comp.threshold", or an effect's own "threshold".
struct DynamicsTable
{
    const Param *threshold = nullptr, *ratio = nullptr, *knee = nullptr, *makeup = nullptr, *range = nullptr,
                *hysteresis = nullptr, *hold = nullptr, *mode = nullptr;

    /// It opens above the threshold instead of turning down there.
    bool gates() const { return range != nullptr; }

    /// prefix: "comp." or empty. Nothing without a threshold and either a ratio or a range.
    static std::optional<DynamicsTable> of (std::span<const Param>, std::string_view prefix);
};

/// What such a module makes of a level, dB; with the quadratic knee of Giannoulis, Massberg and Reiss, JAES
/// 60(6), 2012. [any thread]
struct TransferCurve
{
    double threshold = -20, ratio = 4, knee = 6, makeup = 0, range = 40;
    bool gates = false, expands = false, ducks = false;

    static TransferCurve of (const Model&, Id owner, const DynamicsTable&);
    double operator() (double inputDb) const;
    bool operator== (const TransferCurve&) const = default;
};

/// Output over input, with the threshold to be dragged and the level that is there now.
class TransferGraph final : public juce::Component
{
public:
    TransferGraph (Model&, Id owner, DynamicsTable, const juce::String& where);
    void refresh();
    void advance (double inputDb);
    void paint (juce::Graphics&) override;
    void mouseDown (const juce::MouseEvent&) override;
    void mouseDrag (const juce::MouseEvent&) override;
    void mouseMove (const juce::MouseEvent&) override;

private:
    static constexpr double lowest = -60;
    float x (double db) const;
    float y (double db) const;
    Model& model;
    Id owner;
    DynamicsTable table;
    TransferCurve curve;
    double level = silenceDb;
    Gesture gesture = 0;
    enum class Grip
    {
        none,
        threshold,
        ratio,
        knee
    } grip = Grip::none;
    juce::Point<float> last;
};

/// The level of the last seconds standing on the bottom and what is taken away hanging from the top, with the
/// threshold to be dragged.
class DynamicsHistory final : public juce::Component
{
public:
    DynamicsHistory (Model&, Id owner, DynamicsTable, const juce::String& where);
    void refresh();
    /// What came in in the last `seconds`, and by how much it was turned down.
    void advance (double inputDb, double reductionDb, double seconds);
    void paint (juce::Graphics&) override;
    void mouseDown (const juce::MouseEvent&) override;
    void mouseDrag (const juce::MouseEvent&) override;

private:
    static constexpr double span = 6, step = 1.0 / 30, lowest = -60, deepest = 18;
    struct Moment
    {
        float input = static_cast<float> (silenceDb), reduction = 0;
    };
    float y (double db) const;
    Model& model;
    Id owner;
    DynamicsTable table;
    double threshold = 0, hysteresis = 0;
    std::vector<Moment> past; // a ring, oldest at `next`
    std::size_t next = 0;
    double pending = 0;
    Moment worst;
    Gesture gesture = 0;
    bool movesHysteresis = false;
};

/// Whether a gate is open, told from the level that comes in. The engine's own gate is the same machine at
/// every frame; this one looks thirty times a second.
class GateWatch
{
public:
    bool advance (double inputDb, double threshold, double hysteresis, double holdSeconds, double seconds)
    {
        if (inputDb >= threshold || (open && inputDb >= threshold - hysteresis))
            left = std::max (holdSeconds, 1.0 / 30);
        else
            left -= seconds;
        return open = left > 0;
    }

private:
    bool open = false;
    double left = 0;
};

/// The curve of a saturator and the harmonics that it makes of a sine of -6 dBFS.
class SaturationGraph final : public juce::Component
{
public:
    /// prefix: "sat." or empty; the table needs "drive".
    SaturationGraph (Model&, Id owner, std::string prefix, const juce::String& where);
    static bool suits (std::span<const Param>, std::string_view prefix);
    void refresh();
    void paint (juce::Graphics&) override;
    void mouseDown (const juce::MouseEvent&) override;
    void mouseDrag (const juce::MouseEvent&) override;

    /// Levels of the harmonics 1 to 7 that x/sqrt (1 + x^2) makes of a sine, dB over the first one.
    static std::array<double, 7> harmonics (double driveDb, double levelDb);
    /// Root of the powers of harmonics 2 to 7 over the first one, as a share.
    static double distortion (const std::array<double, 7>&);

private:
    Model& model;
    Id owner;
    const Param *drive, *mix;
    double driveDb = 0, share = 1;
    std::array<double, 7> parts {};
    Gesture gesture = 0;
    juce::Point<float> last;
};

} // namespace lacquer::ui
