// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <cassert>
#include <string>
#include <utility>
#include <variant>

namespace lacquer
{

/// Something the world did to us, told to a musician.
struct Problem
{
    std::string what;      ///< what happened: one plain sentence with a full stop
    std::string where {};  ///< the file, track or address concerned; may be empty
    std::string remedy {}; ///< what is safe and what to do: a sentence; may be empty

    /// The whole as one line: "where: what remedy".
    std::string sentence() const
    {
        std::string all = where.empty() ? what : where + ": " + what;
        return remedy.empty() ? all : all + " " + remedy;
    }
};

/// A value, or the Problem that prevented it.
template <typename T>
class [[nodiscard]] Result
{
public:
    Result (T value) : content (std::in_place_index<0>, std::move (value)) {}
    Result (Problem problem) : content (std::in_place_index<1>, std::move (problem)) {}

    bool ok() const noexcept { return content.index() == 0; }
    explicit operator bool() const noexcept { return ok(); }

    T& value() & { return std::get<0> (content); }
    const T& value() const& { return std::get<0> (content); }
    T&& value() && { return std::get<0> (std::move (content)); }
    T& operator*() & { return value(); }
    const T& operator*() const& { return value(); }
    T&& operator*() && { return std::move (*this).value(); }
    T* operator->() { return &value(); }
    const T* operator->() const { return &value(); }

    const Problem& problem() const { return std::get<1> (content); }

private:
    std::variant<T, Problem> content;
};

/// Success, or the Problem that prevented it.
template <>
class [[nodiscard]] Result<void>
{
public:
    Result() = default;
    Result (Problem problem) : trouble (std::move (problem)), good (false) {}

    bool ok() const noexcept { return good; }
    explicit operator bool() const noexcept { return good; }
    const Problem& problem() const
    {
        assert (! good);
        return trouble;
    }

private:
    Problem trouble {};
    bool good = true;
};

using Outcome = Result<void>;

} // namespace lacquer
