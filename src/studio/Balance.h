// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Progress.h"
#include "session/Edits.h"
#include "studio/StemNames.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace lacquer::studio
{

/// What the program decided for a user who did not, and how to take this one thing back.
struct Decision
{
    std::string address;             ///< of the strip or song
    std::string what;                ///< "kick, -18.2 LUFS: trim -1.8 dB, fader -6.0 dB"
    std::vector<session::Call> back; ///< edits of the registry that undo it
};

/// How loud a part is first set, in LU beside a lead voice of 0: the loudness of its sounding parts (gated,
/// ITU-R BS.1770-5), of all stems of the part together. A place to begin from that keeps voice and groove in
/// front, chosen by us; docs/FIRST-BALANCE.md has the table and its reasons.
double targetOf (Part);

struct BalanceOptions
{
    double peak = -6; ///< dBFS, sample peak of the mix bus
    /// Trims bring what sounds to this loudness, so that faders show the balance and dynamics their levels.
    double working = -20; ///< LUFS
};

/// A level that was set.
struct Level
{
    Id track;
    Part part = Part::other;
    std::optional<double> loudness; ///< LUFS of the track's audio; none for silence
    std::optional<double> peak;     ///< dBFS
    double target = 0;              ///< LU beside the lead, its share of the part
    double trim = 0, fader = 0;     ///< dB, as set
};

struct Balance
{
    session::Project project;
    std::vector<Level> levels;
    std::vector<Decision> decisions; ///< one for each track, one for the song
    std::optional<double> peak;      ///< dBFS of the mix bus as rendered in the end; none for silence
};

/// Sets trims and faders of a song's tracks from their names and what their clips measure, then moves all
/// faders together until the mix bus, rendered, peaks where it should. Silent tracks stay as they are; what
/// is too short to have a loudness is taken by its loudest moment; a stem of lonely peaks counts as not
/// more than 24 dB below its peak, so that a click does not become the mix. Frozen and disabled tracks stay.
/// [control] Renders the song about twice. A Problem names a file that cannot be read, or that it was
/// stopped.
Result<Balance> firstBalance (const session::Project&, const std::filesystem::path& folder, Id song,
                              const BalanceOptions& = {}, const Progress& = {});

} // namespace lacquer::studio
