// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/Scope.h"

#include <catch2/catch.hpp>
#include <memory>
#include <thread>
#include <vector>

using namespace lacquer::engine;

TEST_CASE ("A scope shows the newest frames, oldest first, and zeros before the first one")
{
    const auto scope = std::make_unique<Scope>();
    std::vector<float> left (8), right (8);
    CHECK (scope->read (left, right) == 0);
    CHECK (left == std::vector<float> (8, 0.0f));
    scope->write (5, [] (int n, int c) { return static_cast<float> (n + 1 + 10 * c); });
    CHECK (scope->read (left, right) == 5);
    CHECK (left == std::vector<float> { 0, 0, 0, 1, 2, 3, 4, 5 });
    CHECK (right == std::vector<float> { 0, 0, 0, 11, 12, 13, 14, 15 });
    for (int k = 0; k < 1000; ++k)
        scope->write (64, [k] (int n, int) { return static_cast<float> (64 * k + n); });
    CHECK (scope->read (left, right) == 64005);
    CHECK (left.front() == 63992.0f);
    CHECK (left.back() == 63999.0f);
}

TEST_CASE ("A scope can be written and read at the same time")
{
    // What is read is what was written, in order; only its beginning may have been overwritten by newer
    // sound.
    const auto scope = std::make_unique<Scope>();
    std::atomic<bool> stop { false };
    std::thread audio (
        [&]
        {
            float value = 0;
            while (! stop.load())
                scope->write (64, [&] (int, int c) { return c == 0 ? value += 1 : value; });
        });
    std::vector<float> left (256), right (256);
    bool ordered = true;
    for (int k = 0; k < 2000; ++k)
    {
        scope->read (left, right);
        for (std::size_t n = 129; n < left.size(); ++n)
            ordered = ordered && (left[n] >= left[n - 1] || left[n - 1] - left[n] < Scope::size);
    }
    stop.store (true);
    audio.join();
    CHECK (ordered);
}
