// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

namespace lacquer::tests
{

/// Words that differ in more than the last digits of a number.
inline bool sameWord (const std::string& a, const std::string& b)
{
    if (a == b)
        return true;
    char *endA = nullptr, *endB = nullptr;
    const double x = std::strtod (a.c_str(), &endA), y = std::strtod (b.c_str(), &endB);
    if (*endA != 0 || *endB != 0)
        return false;
    if (x < -90 && y < -90) // rounding noise
        return true;
    return std::abs (x - y) <= 0.01 * std::abs (x) + 2e-4;
}

/// A page of docs/characters tells what was measured. With LACQUER_WRITE in the environment it is written
/// first.
inline void checkPage (const std::string& name, const std::string& page)
{
    const std::string file = std::string (LACQUER_SOURCE_DIR) + "/docs/characters/" + name;
    if (std::getenv ("LACQUER_WRITE") != nullptr)
        std::ofstream (file) << page;
    std::ifstream in (file);
    const std::string printed { std::istreambuf_iterator<char> (in), {} };
    std::istringstream is (page), was (printed);
    std::string a, b;
    while (is >> a)
    {
        REQUIRE (was >> b);
        INFO ("the page has " << b << ", measured is " << a);
        REQUIRE (sameWord (a, b));
    }
    CHECK_FALSE (was >> b);
}

} // namespace lacquer::tests
