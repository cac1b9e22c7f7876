// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <array>
#include <atomic>
#include <cassert>
#include <cstddef>
#include <memory>

namespace lacquer
{

/// Hands immutable objects from the control thread to the audio thread, and the
/// old ones back to be deleted. The newest offer wins; none is freed on the audio
/// thread and none is lost.
///
///   control thread: offer(), collect()      may allocate, free
///   audio thread:   current()               wait-free, never allocates or frees
///
/// When no audio thread runs, the control thread is the audio thread: it must call
/// current() itself, or the old object stays alive until a device opens.
template <typename T>
class Handoff
{
public:
    Handoff() = default;
    Handoff (const Handoff&) = delete;
    Handoff& operator= (const Handoff&) = delete;

    /// Precondition: the audio thread has stopped.
    ~Handoff()
    {
        collect();
        delete offered.load();
        delete inUse;
    }

    /// Makes next the object that the audio thread will use from its next block.
    void offer (std::unique_ptr<const T> next)
    {
        collect();
        delete offered.exchange (next.release(),
                                 std::memory_order_acq_rel); // superseded before it was ever seen
    }

    /// Takes back what was offered last, when it was never current(); else null. [control]
    std::unique_ptr<const T> withdraw()
    {
        return std::unique_ptr<const T> (offered.exchange (nullptr, std::memory_order_acq_rel));
    }

    /// The object to use for this whole block; nullptr until the first offer.
    const T* current() noexcept
    {
        const auto write = retiredEnd.load (std::memory_order_relaxed);
        const bool full = write - retiredBegin.load (std::memory_order_acquire) == retired.size();

        // When the control thread has not collected for a while, keep the current
        // object one block longer: late is better than leaked, or freed here.
        if (full)
            return inUse;

        if (const T* next = offered.exchange (nullptr, std::memory_order_acq_rel))
        {
            if (inUse != nullptr)
            {
                retired[write % retired.size()] = inUse;
                retiredEnd.store (write + 1, std::memory_order_release);
            }
            inUse = next;
        }
        return inUse;
    }

    /// Deletes what the audio thread has finished with.
    void collect()
    {
        auto read = retiredBegin.load (std::memory_order_relaxed);
        for (const auto end = retiredEnd.load (std::memory_order_acquire); read != end; ++read)
            delete retired[read % retired.size()];
        retiredBegin.store (read, std::memory_order_release);
    }

private:
    std::atomic<const T*> offered { nullptr };
    const T* inUse = nullptr; // audio thread only
    std::array<const T*, 16> retired {};
    std::atomic<std::size_t> retiredBegin { 0 }; // written by control
    std::atomic<std::size_t> retiredEnd { 0 };   // written by audio
};

} // namespace lacquer
