// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "engine/Engine.h"

namespace lacquer::engine
{

/// The right to call Engine::process(). While nobody holds it the engine is parked: the control thread itself
/// takes over plans and transport commands, so nothing waits for a device that is not there.
class Driver
{
public:
    enum class Kind
    {
        offline, ///< sources may wait for the disk; loops are not followed; nothing is ever late
        device
    };

    /// Takes the engine, if it is parked. [control]
    Driver (Engine&, Kind);
    /// Parks it. [control] Precondition: process() is not running and will not be called.
    ~Driver();
    Driver (const Driver&) = delete;
    Driver& operator= (const Driver&) = delete;

    /// True when this is the driver; false when another one was there first.
    explicit operator bool() const noexcept { return engine != nullptr; }

    /// Forgets all sound and plays from a position from the next frame on: for a driver to whom nobody
    /// listens. [audio]
    void begin (Frames position) noexcept;

private:
    Engine* engine = nullptr;
};

} // namespace lacquer::engine
