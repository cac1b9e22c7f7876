// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "session/Json.h"
#include "session/JsonText.h"
#include "session/Words.h"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What the files that write and read the parts of a project share, inside session only.
namespace lacquer::session::json
{

// ---- writing

/// Writes the members of one object in sorted order and merges the unknown ones between them.
class Members
{
public:
    Members (std::string& out, int depth, const Extras&);

    /// Starts a member; the caller writes its value. Keys come in sorted order.
    std::string& operator[] (std::string_view key);
    void end();

    int inner() const { return depth + 1; }

private:
    void start (std::string_view key);
    void writeUnknown();

    std::string& out;
    int depth;
    bool first = true;
    std::string_view last;
    std::optional<Document> unknown;
    std::span<const Member> rest;
};

void put (std::string& out, Id);
void put (std::string& out, double);
void put (std::string& out, Frames);
void put (std::string& out, int);
void put (std::string& out, bool);
void put (std::string& out, const std::string&);
void put (std::string& out, std::string_view word);

template <typename T>
void unless (Members& m, std::string_view key, const T& value, const T& initial)
{
    if (value != initial)
        put (m[key], value);
}

template <typename E>
void unlessWord (Members& m, std::string_view key, E value, E initial)
{
    if (value != initial)
        put (m[key], wordOf (value));
}

/// An array of plain values on one line.
template <typename Items>
void line (std::string& out, const Items& items)
{
    out += '[';
    bool first = true;
    for (const auto& item : items)
    {
        if (! first)
            out += ", ";
        first = false;
        put (out, item);
    }
    out += ']';
}

/// The same for values of several types.
template <typename First, typename... Rest>
void row (std::string& out, const First& first, const Rest&... rest)
{
    out += '[';
    put (out, first);
    ((out += ", ", put (out, rest)), ...);
    out += ']';
}

/// An array with one element a line. write (item) appends it to `out`. depth: of the line it starts on.
template <typename Items, typename Write>
void list (std::string& out, int depth, const Items& items, const Write& write)
{
    out += '[';
    bool first = true;
    for (const auto& item : items)
    {
        if (! first)
            out += ',';
        first = false;
        newLine (out, depth + 1);
        write (item);
    }
    if (! first)
        newLine (out, depth);
    out += ']';
}

/// As a member that is left out when there are no items.
template <typename Items, typename Write>
void unlessEmpty (Members& m, std::string_view key, const Items& items, const Write& write)
{
    if (! items.empty())
        list (m[key], m.inner(), items, write);
}

// ---- reading

/// Thrown by a reader deep in the text, caught by loaded().
struct Refusal
{
    std::string why;
};

[[noreturn]] void refuse (std::string why);

double numberOf (const Node&, const std::string& where, double least, double most);
std::int64_t wholeOf (const Node&, const std::string& where, std::int64_t least, std::int64_t most);
Id idOf (const Node&, const std::string& where);
bool flagOf (const Node&, const std::string& where);
std::string textOf (const Node&, const std::string& where, std::size_t most);
std::span<const Node> arrayOf (const Node&, const std::string& where, std::size_t most);
std::string entry (const std::string& where, std::size_t n);

template <typename E>
E wordIn (const Node& n, const std::string& where)
{
    const auto e = fromWord<E> (textOf (n, where, limit::nameBytes));
    if (! e)
        refuse (where + " is a word this version does not know");
    return *e;
}

/// One object of the text. Remembers which members were asked for; the others are the Extras.
class Object
{
public:
    Object (const Node&, std::string path);

    const Node* find (std::string_view key);
    const Node& need (std::string_view key);
    std::string at (std::string_view key) const;

    double number (std::string_view key, double least, double most, std::optional<double> initial = {});
    std::int64_t whole (std::string_view key, std::int64_t least, std::int64_t most,
                        std::optional<std::int64_t> initial = {});
    Id id (std::string_view key) { return idOf (need (key), at (key)); }
    Id idOrNone (std::string_view key);
    bool flag (std::string_view key, bool initial);
    std::string text (std::string_view key, std::size_t most = limit::nameBytes);
    std::string neededText (std::string_view key);
    template <typename E>
    E word (std::string_view key, E initial)
    {
        const auto* n = find (key);
        return n == nullptr ? initial : wordIn<E> (*n, at (key));
    }
    std::span<const Node> array (std::string_view key, std::size_t most, bool needed = false);
    Extras extras() const;

private:
    const Node& node;
    std::string path;
    std::vector<std::string_view> asked;
};

enum class Presence
{
    optional,
    needed
};

/// Every element of an array by read (node, its place in words).
template <typename Read>
auto listOf (Object& o, std::string_view key, std::size_t most, const Read& read,
             Presence presence = Presence::optional)
{
    const auto nodes = o.array (key, most, presence == Presence::needed);
    std::vector<decltype (read (nodes[0], std::string()))> all;
    all.reserve (nodes.size());
    for (std::size_t n = 0; n < nodes.size(); ++n)
        all.push_back (read (nodes[n], entry (o.at (key), n)));
    return all;
}

/// As listOf(), each element shared.
template <typename Read>
auto sharedOf (Object& o, std::string_view key, std::size_t most, const Read& read,
               Presence presence = Presence::optional)
{
    return listOf (
        o, key, most,
        [&] (const Node& n, const std::string& where)
        {
            using T = const decltype (read (n, where));
            return std::make_shared<T> (read (n, where));
        },
        presence);
}

/// The entries of an array of exactly so many; `what` they are, for the refusal.
std::span<const Node> rowOf (const Node&, const std::string& where, std::size_t entries, const char* what);

} // namespace lacquer::session::json
