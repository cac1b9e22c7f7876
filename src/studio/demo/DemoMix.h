// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <string>
#include <variant>
#include <vector>

namespace lacquer::studio
{

/// The finished mix and master of the demo song as plain data: what a musician would have set, by parameter
/// id.

/// In the parameter's unit, or the text of a choice.
using DemoValue = std::variant<double, std::string>;

struct DemoSetting
{
    std::string parameter; ///< "eq.band3.gain"
    DemoValue value;
};

struct DemoEffect
{
    std::string type; ///< catalogue id: "reverb"
    std::vector<DemoSetting> settings;
};

enum class DemoCurve
{
    linear,
    smooth,
    hold
};

struct DemoPoint
{
    double beat; ///< quarter notes since the song's start
    double value;
    DemoCurve curve = DemoCurve::linear; ///< how it goes on to the next point
};

struct DemoLane
{
    std::string parameter;
    std::string effect {}; ///< type of the insert it belongs to; empty: the strip itself
    std::vector<DemoPoint> points {};
};

struct DemoSend
{
    std::string to; ///< name of a return; the first send is slot 1
    double level;   ///< dB
};

struct DemoStrip
{
    std::string name; ///< of a track: that of its stem
    std::string colour;
    std::string output {}; ///< name of a group; empty: the mix bus
    std::vector<DemoSetting> settings {};
    std::vector<DemoSend> sends {};
    std::vector<DemoEffect> inserts {};
    std::vector<DemoLane> lanes {};
};

struct DemoMix
{
    std::vector<DemoStrip> tracks; ///< in the order of DemoSong::stems
    std::vector<DemoStrip> groups;
    std::vector<DemoStrip> returns; ///< Plate, Echo
    DemoStrip mix;
    std::vector<DemoEffect>
        master; ///< in order of processing; the limiter's gain is set from the measured mix
    double targetLufs = -14;
    double ceilingDb = -1; ///< true peak
};

/// The mix of demoSong(). [any thread]
DemoMix demoMix();

} // namespace lacquer::studio
