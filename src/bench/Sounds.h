// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <cstdint>
#include <vector>

namespace lacquer::bench
{

/// Deterministic sound with the dynamics of music: noise with a beat over a tone, peaks near -3 dBFS. The
/// same seed is the same sound.
std::vector<float> music (std::uint64_t seed, int frames, double rate);

} // namespace lacquer::bench
