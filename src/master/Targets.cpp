// SPDX-License-Identifier: GPL-3.0-or-later
#include "master/Targets.h"

#include <algorithm>

namespace lacquer::master
{
namespace
{

// Published by the services, or EBU Tech 3343 (R 128), ATSC A/85 and AES TD1008 where named; as of 2024.
constexpr Target table[] = {
    { "spotify", "Spotify", -14, -1, "Plays at -14 LUFS; louder masters are turned down." },
    { "spotify-loud", "Spotify, loud", -11, -2, "For the Loud setting; -2 dBTP, as it is above -14 LUFS." },
    { "apple", "Apple Music", -16, -1, "Sound Check plays at -16 LUFS." },
    { "youtube", "YouTube", -14, -1, "Turns louder music down to -14 LUFS and quieter music never up." },
    { "tidal", "Tidal", -14, -1, "Plays albums at -14 LUFS." },
    { "amazon", "Amazon Music", -14, -2, "Plays at -14 LUFS and asks for 2 dB of headroom." },
    { "deezer", "Deezer", -15, -1, "Plays at -15 LUFS." },
    { "soundcloud", "SoundCloud", -14, -1, "Encodes at low bit rates: leave the headroom." },
    { "td1008", "Streaming, AES TD1008", -16, -1,
      "The recommended loudness of a track; -14 for the album's loudest." },
    { "r128", "Broadcast, EBU R 128", -23, -1, "European television and radio, within 0.2 LU." },
    { "r128-s2", "Streaming, EBU R 128 s2", -18, -1, "Distribution between -20 and -16 LUFS." },
    { "a85", "Broadcast, ATSC A/85", -24, -2, "American television, within 2 LU." },
    { "netflix", "Netflix", -27, -2, "Measured on dialogue, within 2 LU." },
    { "podcast", "Podcast", -16, -1, "Stereo; a mono file is read 3 LU lower." },
    { "cd", "CD", {}, -0.3, "No loudness is asked for; -9 to -12 LUFS is usual." },
    { "club", "Club", -8, -1, "Loud, for a system without loudness control." },
    { "vinyl", "Vinyl pre-master", {}, -3, "No limiting: leave peaks and loudness to the cutter." },
};

} // namespace

std::span<const Target> targets() noexcept
{
    return table;
}

const Target* targetOf (std::string_view id) noexcept
{
    const auto found =
        std::find_if (std::begin (table), std::end (table), [&] (auto& t) { return t.id == id; });
    return found == std::end (table) ? nullptr : found;
}

} // namespace lacquer::master
