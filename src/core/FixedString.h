// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <array>
#include <cstddef>
#include <string_view>

namespace lacquer
{

/// A string usable as a template argument, for parameter ids that are assembled at compile time.
template <std::size_t N>
struct FixedString
{
    char text[N] {};
    constexpr FixedString (const char (&s)[N])
    {
        for (std::size_t n = 0; n < N; ++n)
            text[n] = s[n];
    }
    constexpr std::string_view view() const { return { text, N - 1 }; }
};

namespace detail
{
template <FixedString... parts>
struct Joined
{
    static constexpr std::size_t size = (parts.view().size() + ...);
    static constexpr std::array<char, size + 1> storage = []
    {
        std::array<char, size + 1> all {};
        std::size_t end = 0;
        ((
             [&]
             {
                 for (char c : parts.view())
                     all[end++] = c;
             }()),
         ...);
        return all;
    }();
};
} // namespace detail

/// The parts one after the other, with static storage: joined<"eq.", "band1", ".gain">.
template <FixedString... parts>
inline constexpr std::string_view joined { detail::Joined<parts...>::storage.data(),
                                           detail::Joined<parts...>::size };

} // namespace lacquer
