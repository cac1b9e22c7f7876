// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace lacquer::test
{

/// Calls made inside a RealTimeScope that may wait or allocate, since the last clearRealTimeViolations().
/// Link lacquer_rt_guard to have them counted; each is also named on stderr with its callers.
int realTimeViolations() noexcept;
void clearRealTimeViolations() noexcept;
/// The name of the function that was called last inside a scope: "malloc"; empty when there was none.
const char* lastRealTimeViolation() noexcept;
/// Counts without writing to stderr, for violations that a test plants.
void muteRealTimeGuard (bool) noexcept;
/// False in sanitizer builds, which interpose the same functions for themselves.
bool realTimeGuardIsActive() noexcept;

} // namespace lacquer::test
