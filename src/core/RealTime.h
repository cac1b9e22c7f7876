// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

/// Brackets code that must not allocate, lock, throw or touch files. In test programs that link
/// tests/support/RtGuard.cpp every such call inside a scope is reported; elsewhere the two hooks are absent
/// and a scope costs one test of a null pointer.
extern "C" __attribute__ ((weak)) void lacquer_realtime_enter();
extern "C" __attribute__ ((weak)) void lacquer_realtime_leave();

namespace lacquer
{

struct RealTimeScope
{
    RealTimeScope() noexcept
    {
        if (lacquer_realtime_enter != nullptr)
            lacquer_realtime_enter();
    }
    ~RealTimeScope()
    {
        if (lacquer_realtime_leave != nullptr)
            lacquer_realtime_leave();
    }
    RealTimeScope (const RealTimeScope&) = delete;
    RealTimeScope& operator= (const RealTimeScope&) = delete;
};

} // namespace lacquer
