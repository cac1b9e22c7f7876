// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/JsonObject.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace lacquer::session::json
{

// ---- writing

Members::Members (std::string& o, int d, const Extras& extras) : out (o), depth (d)
{
    out += '{';
    if (! extras.empty())
        if (auto document = Document::parsed (extras))
        {
            unknown = std::move (*document);
            if (unknown->root().kind == Node::Kind::object)
                rest = unknown->root().object();
        }
}

std::string& Members::operator[] (std::string_view key)
{
    assert (key > last && "members are written in sorted order");
    last = key;
    for (; ! rest.empty() && rest.front().key < key; rest = rest.subspan (1))
        writeUnknown();
    start (key);
    return out;
}

void Members::end()
{
    for (; ! rest.empty(); rest = rest.subspan (1))
        writeUnknown();
    if (! first)
        newLine (out, depth);
    out += '}';
}

void Members::start (std::string_view key)
{
    if (! first)
        out += ',';
    first = false;
    newLine (out, depth + 1);
    write (out, key);
    out += ": ";
}

void Members::writeUnknown()
{
    start (rest.front().key);
    write (out, rest.front().value, depth + 1);
}

void put (std::string& out, Id id)
{
    write (out, id.value);
}
void put (std::string& out, double v)
{
    write (out, v);
}
void put (std::string& out, Frames v)
{
    write (out, std::int64_t { v });
}
void put (std::string& out, int v)
{
    write (out, std::int64_t { v });
}
void put (std::string& out, bool v)
{
    out += v ? "true" : "false";
}
void put (std::string& out, const std::string& v)
{
    write (out, std::string_view (v));
}
void put (std::string& out, std::string_view word)
{
    write (out, word);
}

// ---- reading

void refuse (std::string why)
{
    throw Refusal { std::move (why) };
}

double numberOf (const Node& n, const std::string& where, double least, double most)
{
    if (! n.isNumber())
        refuse (where + " is not a number");
    const double v = n.number();
    if (! (v >= least && v <= most))
        refuse (where + " is out of range");
    return v;
}

std::int64_t wholeOf (const Node& n, const std::string& where, std::int64_t least, std::int64_t most)
{
    std::int64_t v = n.integer;
    if (n.kind == Node::Kind::real && n.real == std::floor (n.real) && std::abs (n.real) < 9e15)
        v = static_cast<std::int64_t> (n.real);
    else if (n.kind == Node::Kind::natural)
        refuse (where + " is out of range");
    else if (n.kind != Node::Kind::integer)
        refuse (where + " is not a whole number");
    if (v < least || v > most)
        refuse (where + " is out of range");
    return v;
}

Id idOf (const Node& n, const std::string& where)
{
    return { static_cast<std::uint64_t> (wholeOf (n, where, 0, static_cast<std::int64_t> (limit::id))) };
}

bool flagOf (const Node& n, const std::string& where)
{
    if (n.kind != Node::Kind::yes && n.kind != Node::Kind::no)
        refuse (where + " is neither true nor false");
    return n.kind == Node::Kind::yes;
}

std::string textOf (const Node& n, const std::string& where, std::size_t most)
{
    if (n.kind != Node::Kind::text)
        refuse (where + " is not a text");
    if (n.count > most)
        refuse (where + " is longer than " + std::to_string (most) + " bytes");
    return std::string (n.text());
}

std::span<const Node> arrayOf (const Node& n, const std::string& where, std::size_t most)
{
    if (n.kind != Node::Kind::array)
        refuse (where + " is not a list");
    if (n.count > most)
        refuse (where + " has more than " + std::to_string (most) + " entries");
    return n.array();
}

std::string entry (const std::string& where, std::size_t n)
{
    return where + "[" + std::to_string (n) + "]";
}

std::span<const Node> rowOf (const Node& n, const std::string& where, std::size_t entries, const char* what)
{
    const auto parts = arrayOf (n, where, entries);
    if (parts.size() != entries)
        refuse (where + " is not " + what);
    return parts;
}

Object::Object (const Node& n, std::string p) : node (n), path (std::move (p))
{
    if (n.kind != Node::Kind::object)
        refuse (path + " is not an object");
}

const Node* Object::find (std::string_view key)
{
    asked.push_back (key);
    return node.find (key);
}

const Node& Object::need (std::string_view key)
{
    const auto* n = find (key);
    if (n == nullptr)
        refuse (path + " has no \"" + std::string (key) + "\"");
    return *n;
}

std::string Object::at (std::string_view key) const
{
    return path.empty() ? std::string (key) : path + "." + std::string (key);
}

double Object::number (std::string_view key, double least, double most, std::optional<double> initial)
{
    const auto* n = initial ? find (key) : &need (key);
    return n == nullptr ? *initial : numberOf (*n, at (key), least, most);
}

std::int64_t Object::whole (std::string_view key, std::int64_t least, std::int64_t most,
                            std::optional<std::int64_t> initial)
{
    const auto* n = initial ? find (key) : &need (key);
    return n == nullptr ? *initial : wholeOf (*n, at (key), least, most);
}

Id Object::idOrNone (std::string_view key)
{
    const auto* n = find (key);
    return n == nullptr ? Id {} : idOf (*n, at (key));
}

bool Object::flag (std::string_view key, bool initial)
{
    const auto* n = find (key);
    return n == nullptr ? initial : flagOf (*n, at (key));
}

std::string Object::text (std::string_view key, std::size_t most)
{
    const auto* n = find (key);
    return n == nullptr ? std::string {} : textOf (*n, at (key), most);
}

std::string Object::neededText (std::string_view key)
{
    return textOf (need (key), at (key), limit::nameBytes);
}

std::span<const Node> Object::array (std::string_view key, std::size_t most, bool needed)
{
    const auto* n = needed ? &need (key) : find (key);
    return n == nullptr ? std::span<const Node> {} : arrayOf (*n, at (key), most);
}

Extras Object::extras() const
{
    std::vector<Member> unknown;
    for (const auto& m : node.object())
        if (std::find (asked.begin(), asked.end(), m.key) == asked.end())
            unknown.push_back (m);
    if (unknown.empty())
        return {};
    Document d;
    Extras all;
    write (all, d.objectNode (std::move (unknown)), 0);
    return all;
}

} // namespace lacquer::session::json
