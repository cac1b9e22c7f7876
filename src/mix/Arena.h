// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <cstdlib>
#include <memory>
#include <mutex>
#include <new>
#include <sys/mman.h>
#include <vector>

namespace lacquer::mix
{

/// Room for objects of one type, side by side in pieces of 2 MiB, which the system is asked to back with huge
/// pages: a thousand strips then need a handful of address translations instead of a thousand (8 % of their
/// time). Where huge pages are not allowed it is ordinary memory.
template <typename T>
class Arena : public std::enable_shared_from_this<Arena<T>>
{
public:
    /// The one of the process; lives as long as anything in it. [control]
    static std::shared_ptr<Arena> common()
    {
        static const auto one = std::make_shared<Arena>();
        return one;
    }

    /// A new object. Its place is given to another when the last pointer to it has gone. [control]
    std::shared_ptr<T> made()
    {
        const std::lock_guard lock (editing);
        if (free.empty())
            grow();
        T* const place = new (free.back()) T;
        free.pop_back();
        return { place, [home = this->shared_from_this()] (T* object)
                 {
                     object->~T();
                     const std::lock_guard again (home->editing);
                     home->free.push_back (object);
                 } };
    }

private:
    struct Freed
    {
        void operator() (void* piece) const { std::free (piece); }
    };

    void grow()
    {
        constexpr std::size_t size = std::size_t { 2 } << 20, count = size / sizeof (T);
        static_assert (count > 0 && alignof (T) <= 64 && sizeof (T) % alignof (T) == 0);
        pieces.emplace_back (std::aligned_alloc (size, size));
        if (pieces.back() == nullptr)
        {
            pieces.pop_back();
            throw std::bad_alloc();
        }
        ::madvise (pieces.back().get(), size, MADV_HUGEPAGE);
        free.reserve (pieces.size() * count); // giving back allocates nothing
        for (std::size_t n = count; n-- > 0;)
            free.push_back (static_cast<T*> (pieces.back().get()) + n);
    }

    std::mutex editing;
    std::vector<std::unique_ptr<void, Freed>> pieces;
    std::vector<void*> free;
};

} // namespace lacquer::mix
