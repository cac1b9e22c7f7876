// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Progress.h"
#include "core/Result.h"
#include "session/MaskingEdits.h"
#include "session/Project.h"

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace lacquer::studio
{

// Which track hides which, where and when: docs/MASKING.md. All levels are in decibels of partial loudness: a
// loss of 6 dB in a band means that the track sounds there as it would alone, 6 dB lower.

/// What a track is for by its name, when nobody said: "Lead Vox" leads, "Guitar" supports, "Pad" lies behind.
/// Never Priority::guessed. [any thread]
session::Priority guessedPriority (const std::string& trackName);
/// What was said of a track, else what its name says. [any thread]
session::Priority priorityOf (const session::Track&);

/// Whether one track hiding another is worth a word: when it has less priority, or the same while neither
/// lies in the background and they are not of one group. [any thread]
bool maskingMatters (const session::Song&, const session::Track& lead, const session::Track& masker);

/// The third octaves of IEC 61260-1 that are looked at.
struct MaskingBands
{
    static constexpr int count = 25;            ///< 50 Hz to 12.5 kHz
    static double centre (int band) noexcept;   ///< Hz, exact: 10^(n/10)
    static double lower (int band) noexcept;    ///< Hz
    static double upper (int band) noexcept;    ///< Hz
    static int nearest (double hertz) noexcept; ///< 0 to count - 1
};

/// A stretch of the song in which a masker hides a band of a lead.
struct MaskedRange
{
    Frames begin = 0, end = 0; ///< song time
    double loss = 0;           ///< dB, mean over it
};

/// One track hides a band of another.
struct Conflict
{
    Id lead, masker;          ///< a track's strip; a track's, a return's or a group's
    int band = 0;             ///< of MaskingBands: where most is lost
    double frequency = 0;     ///< Hz, its centre
    double low = 0, high = 0; ///< Hz: from where to where, neighbouring bands that are hidden too included
    double share = 0;         ///< hidden, of the time that the lead sounds in the band, 0 to 1
    double loss = 0;          ///< dB of partial loudness that the masker costs, a mean over the time hidden
    double excess = 0;        ///< dB by which the masker exceeds the lead in the ear, likewise
    std::vector<MaskedRange> ranges; ///< in order, apart
    bool ignored = false;            ///< the pair is to be let alone (session::Song::maskingIgnored)
};

/// What is lost of one track to all others, for a map of frequency over time.
struct MaskingMap
{
    Id lead;
    std::size_t columns = 0;   ///< Masking::hop frames each, from the song's start on
    std::vector<float> level;  ///< [column * MaskingBands::count + band]: dB of the lead's excitation, alone
    std::vector<float> loss;   ///< as level: dB lost to all others together; 0 where the lead does not sound
    std::vector<float> excess; ///< as level: dB of all others over the lead; negative: the lead stands out
    std::vector<std::uint64_t> masker; ///< as level: Id value of who has the largest part in it, or 0

    static constexpr float unheard = -100; ///< excess where the lead is not heard even alone
    static constexpr float hidden = 15;    ///< dB of loss from which the lead counts as hidden

    bool hears (std::size_t column, int band) const noexcept { return excess[at (column, band)] > unheard; }
    std::size_t at (std::size_t column, int band) const noexcept
    {
        return column * MaskingBands::count + static_cast<std::size_t> (band);
    }
};

struct Masking
{
    double sampleRate = 48000;
    Frames hop = 2048;               ///< frames of a column
    std::vector<Conflict> conflicts; ///< the gravest first; ignored ones last
    std::vector<MaskingMap> maps;    ///< of every track that can be hidden (no track in the background)
    std::optional<double> loudness;  ///< LUFS of the mix before the mastering chain, integrated

    const MaskingMap* mapOf (Id lead) const noexcept;
};

struct MaskingOptions
{
    int threads = 0;  ///< 0: one per core
    int block = 1024; ///< frames per call of the engine; no bit depends on it
    /// How loud the mix is heard. SMPTE RP 200 has 83 dB (C) for a channel at reference level; a whole mix at
    /// an ordinary loud nearfield level is about as loud.
    double listeningLevel = 80; ///< dB SPL at the integrated loudness of the mix
};

/// Looks for masking among the tracks of a song as they are in the mix, behind their groups, sends and the
/// mix bus; returns and groups that ring on hide too. Mutes as set, solos ignored. [control] Renders the song
/// once (time and memory: docs/MASKING.md): run it beside the window, with progress. Deterministic. A Problem
/// names a file that cannot be read, or that it was stopped.
Result<Masking> masking (const session::Project&, const std::filesystem::path& folder, const session::Song&,
                         const MaskingOptions& = {}, const Progress& = {});

/// What mending did.
struct Mended
{
    session::Edit edit = Problem {}; ///< for Studio::take(): one step of undo
    session::MaskingCut cut;         ///< what it set
    double before = 0, after = 0;    ///< dB: level of the lead's partial loudness in the band, over the time
                                     ///< it was hidden, both heard at equal loudness of the mix
    double shareBefore = 0, shareAfter = 0;              ///< of the time the lead sounds, that it is hidden
    std::optional<double> loudnessBefore, loudnessAfter; ///< LUFS of the mix, before the level was made up
    double rise() const noexcept { return after - before; }
};

/// Puts a dynamic cut of the masker's band, keyed by the lead, on the masker, as deep as the measured excess
/// asks for, makes up the level of the mix bus so that the mix is as loud as before (ITU-R BS.1770), measures
/// again, and cuts deeper when the lead has not risen by 2 dB. [control] Renders the song some times. The
/// project is not changed: take the edit. A Problem: the routing would go in a circle, the strip has no room,
/// a file cannot be read, or it was stopped.
Result<Mended> mended (const session::Project&, const std::filesystem::path& folder, const session::Song&,
                       const Conflict&, const MaskingOptions& = {}, const Progress& = {});

/// "Pad hides Lead Vox at 2.5 kHz (2.2 to 3.6 kHz) in 38 % of the time it sounds there: 7.4 dB lost, 1:02 to
/// 1:18 and 4 more". [any thread]
std::string sentenceOf (const session::Project&, const session::Song&, const Conflict&);

} // namespace lacquer::studio
