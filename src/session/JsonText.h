// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Result.h"

#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lacquer::session::json
{

struct Member;

/// One value of a parsed JSON text; 16 bytes, so that a hostile text cannot grow much in memory.
struct Node
{
    enum class Kind : std::uint8_t
    {
        null,
        no,
        yes,
        integer, ///< fits in int64
        natural, ///< only fits in uint64
        real,    ///< finite
        text,
        array,
        object
    };
    Kind kind = Kind::null;
    std::uint32_t count = 0;
    union
    {
        std::int64_t integer;
        std::uint64_t natural;
        double real;
        const char* characters;
        const Node* items;
        const Member* members;
    };
    Node() : integer (0) {}

    std::string_view text() const { return { characters, count }; }
    std::span<const Node> array() const { return { items, count }; }
    std::span<const Member> object() const;
    bool isNumber() const { return kind == Kind::integer || kind == Kind::natural || kind == Kind::real; }
    double number() const;
    /// The member of an object, or null.
    const Node* find (std::string_view key) const;
};

struct Member
{
    std::string_view key;
    Node value;
};

inline std::span<const Member> Node::object() const
{
    return { members, count };
}

/// What a text may contain at most.
struct Limits
{
    std::size_t bytes = 256u << 20;
    int depth = 64;
    std::size_t values = 10'000'000;
};

/// A parsed JSON text (RFC 8259). Stricter than the standard: no byte-order mark, no duplicate keys, strings
/// are valid UTF-8 without NUL, numbers are finite. Members are sorted by key. Owns everything its nodes
/// point at, so the text parsed may go. [any thread]
class Document
{
public:
    static Result<Document> parsed (std::string_view text, const Limits& = {});

    const Node& root() const { return top; }

    /// Room for what a migration adds: the copies live as long as the document.
    Node textNode (std::string_view);
    Node objectNode (std::vector<Member>); ///< sorts the members
    Node arrayNode (std::vector<Node>);
    static Node integerNode (std::int64_t);

    /// Replaces the root.
    void setRoot (Node n) { top = n; }

private:
    friend class Parser;
    Node top;
    std::deque<std::vector<char>> characterBlocks;
    std::deque<std::vector<Node>> nodeBlocks;
    std::deque<std::vector<Member>> memberBlocks;
};

/// Appends a string with its quotes. Precondition: valid UTF-8.
void write (std::string& out, std::string_view text);
/// Appends the shortest text that reads back as the same double. Precondition: finite.
void write (std::string& out, double);
void write (std::string& out, std::uint64_t);
void write (std::string& out, std::int64_t);
/// Appends a whole value in the canonical layout: keys sorted, a member a line, arrays of plain values on one
/// line. depth: of the line it starts on.
void write (std::string& out, const Node&, int depth);
void newLine (std::string& out, int depth);

/// True for UTF-8 without surrogates, overlong forms and NUL.
bool isText (std::string_view);

} // namespace lacquer::session::json
