// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/JsonText.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>

namespace lacquer::session::json
{

namespace
{

/// The length of the UTF-8 sequence at the head of the bytes; 0 when it is none (Unicode 15, table 3-7).
std::size_t sequence (const char* bytes, std::size_t left)
{
    const auto at = [&] (std::size_t n) { return static_cast<unsigned char> (bytes[n]); };
    const auto tail = [&] (std::size_t n) { return n < left && (at (n) & 0xc0) == 0x80; };
    const unsigned char a = at (0);
    if (a < 0x80)
        return 1;
    if (a >= 0xc2 && a <= 0xdf)
        return tail (1) ? 2 : 0;
    if (a >= 0xe0 && a <= 0xef)
    {
        if (! tail (1) || ! tail (2) || (a == 0xe0 && at (1) < 0xa0) || (a == 0xed && at (1) > 0x9f))
            return 0;
        return 3;
    }
    if (a >= 0xf0 && a <= 0xf4)
    {
        if (! tail (1) || ! tail (2) || ! tail (3) || (a == 0xf0 && at (1) < 0x90) ||
            (a == 0xf4 && at (1) > 0x8f))
            return 0;
        return 4;
    }
    return 0;
}

void appendCodePoint (std::string& out, std::uint32_t c)
{
    const auto put = [&] (std::uint32_t byte) { out += static_cast<char> (byte); };
    if (c < 0x80)
        put (c);
    else if (c < 0x800)
    {
        put (0xc0 | c >> 6);
        put (0x80 | (c & 0x3f));
    }
    else if (c < 0x10000)
    {
        put (0xe0 | c >> 12);
        put (0x80 | (c >> 6 & 0x3f));
        put (0x80 | (c & 0x3f));
    }
    else
    {
        put (0xf0 | c >> 18);
        put (0x80 | (c >> 12 & 0x3f));
        put (0x80 | (c >> 6 & 0x3f));
        put (0x80 | (c & 0x3f));
    }
}

/// Copies values behind each other into blocks that never move.
template <typename T>
const T* kept (std::deque<std::vector<T>>& blocks, const T* from, std::size_t count)
{
    if (count == 0)
        return nullptr;
    constexpr std::size_t blockBytes = 1u << 18;
    if (blocks.empty() || blocks.back().capacity() - blocks.back().size() < count)
    {
        blocks.emplace_back();
        blocks.back().reserve (std::max (count, blockBytes / sizeof (T)));
    }
    auto& block = blocks.back();
    const std::size_t at = block.size();
    block.insert (block.end(), from, from + count);
    return block.data() + at;
}

} // namespace

double Node::number() const
{
    switch (kind)
    {
        case Kind::integer: return static_cast<double> (integer);
        case Kind::natural: return static_cast<double> (natural);
        default: return real;
    }
}

const Node* Node::find (std::string_view key) const
{
    const auto all = object();
    const auto at = std::lower_bound (all.begin(), all.end(), key,
                                      [] (const Member& m, std::string_view k) { return m.key < k; });
    return at != all.end() && at->key == key ? &at->value : nullptr;
}

/// Recursive descent; its recursion is bounded by Limits::depth.
class Parser
{
public:
    Parser (std::string_view t, const Limits& l, Document& d) : text (t), limits (l), document (d) {}

    Result<void> run()
    {
        if (text.size() > limits.bytes)
            return Problem { "The file is larger than the limit of " + std::to_string (limits.bytes >> 20) +
                             " MB for a project." };
        if (text.starts_with ("\xef\xbb\xbf"))
            return Problem { "The file starts with a byte-order mark, which JSON does not allow." };
        skip();
        if (at == text.size())
            return Problem { "The file is empty." };
        if (! value (document.top, 0))
            return trouble();
        skip();
        if (at != text.size())
        {
            fail ("something follows the end of the project");
            return trouble();
        }
        return {};
    }

private:
    bool fail (std::string why)
    {
        if (reason.empty())
            reason = std::move (why);
        return false;
    }
    Problem trouble() const
    {
        const auto line =
            1 + std::count (text.begin(), text.begin() + static_cast<std::ptrdiff_t> (at), '\n');
        return { "The file cannot be read: in line " + std::to_string (line) + " " + reason + "." };
    }
    void skip()
    {
        while (at < text.size() &&
               (text[at] == ' ' || text[at] == '\n' || text[at] == '\t' || text[at] == '\r'))
            ++at;
    }
    bool take (char c)
    {
        if (at < text.size() && text[at] == c)
        {
            ++at;
            return true;
        }
        return false;
    }
    bool ends() { return fail ("the text ends in the middle, as if the file had been cut off"); }

    bool value (Node& node, int depth)
    {
        if (++values > limits.values)
            return fail ("there are more than " + std::to_string (limits.values) + " values");
        if (at == text.size())
            return ends();
        const char c = text[at];
        if (c == '{' || c == '[')
        {
            if (depth >= limits.depth)
                return fail ("brackets are nested deeper than " + std::to_string (limits.depth));
            ++at;
            return c == '{' ? object (node, depth + 1) : array (node, depth + 1);
        }
        if (c == '"')
        {
            std::string_view s;
            if (! string (s))
                return false;
            node.kind = Node::Kind::text;
            node.count = static_cast<std::uint32_t> (s.size());
            node.characters = s.data();
            return true;
        }
        if (c == '-' || (c >= '0' && c <= '9'))
            return number (node);
        const auto word = [&] (std::string_view w, Node::Kind k)
        {
            if (text.substr (at, w.size()) != w)
                return false;
            at += w.size();
            node.kind = k;
            return true;
        };
        if (word ("true", Node::Kind::yes) || word ("false", Node::Kind::no) ||
            word ("null", Node::Kind::null))
            return true;
        const auto rest = text.substr (at, 5);
        for (std::string_view w : { "true", "false", "null" })
            if (w.starts_with (rest))
                return ends();
        return fail ("a value was expected");
    }

    bool array (Node& node, int depth)
    {
        node.kind = Node::Kind::array;
        const std::size_t base = nodes.size();
        skip();
        if (! take (']'))
            for (;;)
            {
                skip();
                Node item;
                if (! value (item, depth))
                    return false;
                nodes.push_back (item);
                skip();
                if (take (']'))
                    break;
                if (at == text.size())
                    return ends();
                if (! take (','))
                    return fail ("a comma or a closing bracket was expected");
            }
        node.count = static_cast<std::uint32_t> (nodes.size() - base);
        node.items = kept (document.nodeBlocks, nodes.data() + base, node.count);
        nodes.resize (base);
        return true;
    }

    bool object (Node& node, int depth)
    {
        node.kind = Node::Kind::object;
        const std::size_t base = members.size();
        skip();
        if (! take ('}'))
            for (;;)
            {
                skip();
                if (at == text.size())
                    return ends();
                Member member;
                if (text[at] != '"')
                    return fail ("a name in quotes was expected");
                if (! string (member.key))
                    return false;
                skip();
                if (at == text.size())
                    return ends();
                if (! take (':'))
                    return fail ("a colon was expected");
                skip();
                if (! value (member.value, depth))
                    return false;
                members.push_back (member);
                skip();
                if (take ('}'))
                    break;
                if (at == text.size())
                    return ends();
                if (! take (','))
                    return fail ("a comma or a closing brace was expected");
            }
        const auto first = members.begin() + static_cast<std::ptrdiff_t> (base);
        std::sort (first, members.end(), [] (const Member& a, const Member& b) { return a.key < b.key; });
        const auto twin = std::adjacent_find (
            first, members.end(), [] (const Member& a, const Member& b) { return a.key == b.key; });
        if (twin != members.end())
            return fail ("the object that ends here has the member \"" +
                         std::string (twin->key.substr (0, 60)) + "\" twice");
        node.count = static_cast<std::uint32_t> (members.size() - base);
        node.members = kept (document.memberBlocks, members.data() + base, node.count);
        members.resize (base);
        return true;
    }

    bool string (std::string_view& result)
    {
        ++at; // the opening quote
        scratch.clear();
        for (;;)
        {
            if (at == text.size())
                return ends();
            const char c = text[at];
            if (c == '"')
            {
                ++at;
                break;
            }
            if (c == '\\')
            {
                if (! escape())
                    return false;
                continue;
            }
            if (static_cast<unsigned char> (c) < 0x20)
                return fail ("a text contains a bare control character");
            const std::size_t length = sequence (text.data() + at, text.size() - at);
            if (length == 0)
                return at + 4 > text.size() ? ends() : fail ("a text is not valid UTF-8");
            scratch.append (text, at, length);
            at += length;
        }
        const char* characters = kept (document.characterBlocks, scratch.data(), scratch.size());
        result = { characters ? characters : "", scratch.size() };
        return true;
    }

    bool fourDigits (std::uint32_t& code)
    {
        if (at + 4 > text.size())
            return ends();
        const auto [end, error] = std::from_chars (text.data() + at, text.data() + at + 4, code, 16);
        if (error != std::errc {} || end != text.data() + at + 4)
            return fail ("an escape \\u is not followed by four hexadecimal digits");
        at += 4;
        return true;
    }

    bool escape()
    {
        ++at; // the backslash
        if (at == text.size())
            return ends();
        const char c = text[at++];
        switch (c)
        {
            case '"':
            case '\\':
            case '/': scratch += c; return true;
            case 'b': scratch += '\b'; return true;
            case 'f': scratch += '\f'; return true;
            case 'n': scratch += '\n'; return true;
            case 'r': scratch += '\r'; return true;
            case 't': scratch += '\t'; return true;
            case 'u': break;
            default: return fail ("a text contains an unknown escape");
        }
        std::uint32_t code = 0;
        if (! fourDigits (code))
            return false;
        if (code == 0)
            return fail ("a text contains the character NUL");
        if (code >= 0xd800 && code <= 0xdfff)
        {
            std::uint32_t low = 0;
            if (at + 2 > text.size())
                return ends();
            if (code >= 0xdc00 || text.substr (at, 2) != "\\u")
                return fail ("a text contains half a surrogate pair");
            at += 2;
            if (! fourDigits (low))
                return false;
            if (low < 0xdc00 || low > 0xdfff)
                return fail ("a text contains half a surrogate pair");
            code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        }
        appendCodePoint (scratch, code);
        return true;
    }

    bool number (Node& node)
    {
        const std::size_t start = at;
        bool whole = true;
        take ('-');
        const auto digits = [&]
        {
            const std::size_t from = at;
            while (at < text.size() && text[at] >= '0' && text[at] <= '9')
                ++at;
            return at - from;
        };
        const std::size_t first = at;
        const std::size_t count = digits();
        if (count == 0)
            return at == text.size() ? ends() : fail ("a number was expected");
        if (count > 1 && text[first] == '0')
            return fail ("a number starts with a needless zero");
        if (take ('.'))
        {
            whole = false;
            if (digits() == 0)
                return at == text.size() ? ends() : fail ("a number has no digit after its point");
        }
        if (at < text.size() && (text[at] == 'e' || text[at] == 'E'))
        {
            whole = false;
            ++at;
            if (! take ('+'))
                take ('-');
            if (digits() == 0)
                return at == text.size() ? ends() : fail ("a number has no digit in its exponent");
        }
        const std::string_view all = text.substr (start, at - start);
        const char *const from = all.data(), *const to = all.data() + all.size();
        if (whole && all != "-0")
        {
            node.kind = Node::Kind::integer;
            if (std::from_chars (from, to, node.integer).ec == std::errc {})
                return true;
            node.kind = Node::Kind::natural;
            if (all.front() != '-' && std::from_chars (from, to, node.natural).ec == std::errc {})
                return true;
            return fail ("the number " + std::string (all.substr (0, 30)) + " is too large");
        }
        node.kind = Node::Kind::real;
        const auto error = std::from_chars (from, to, node.real).ec;
        if (error != std::errc {})
        {
            // from_chars says "out of range" for both ends; 1e-400 is simply zero.
            const auto exponent = all.find_first_of ("eE");
            const bool tiny =
                exponent != std::string_view::npos && all.substr (exponent + 1).starts_with ('-');
            if (! tiny)
                return fail ("the number " + std::string (all.substr (0, 30)) + " is too large");
            node.real = 0;
        }
        return std::isfinite (node.real) || fail ("a number is not finite");
    }

    std::string_view text;
    Limits limits;
    Document& document;
    std::size_t at = 0;
    std::size_t values = 0;
    std::string reason;
    std::string scratch;
    std::vector<Node> nodes;
    std::vector<Member> members;
};

Result<Document> Document::parsed (std::string_view text, const Limits& limits)
{
    Document d;
    if (const auto r = Parser (text, limits, d).run(); ! r)
        return r.problem();
    return d;
}

Node Document::textNode (std::string_view s)
{
    Node n;
    n.kind = Node::Kind::text;
    n.count = static_cast<std::uint32_t> (s.size());
    n.characters = kept (characterBlocks, s.data(), s.size());
    return n;
}

Node Document::objectNode (std::vector<Member> all)
{
    std::sort (all.begin(), all.end(), [] (const Member& a, const Member& b) { return a.key < b.key; });
    Node n;
    n.kind = Node::Kind::object;
    n.count = static_cast<std::uint32_t> (all.size());
    n.members = kept (memberBlocks, all.data(), all.size());
    return n;
}

Node Document::arrayNode (std::vector<Node> all)
{
    Node n;
    n.kind = Node::Kind::array;
    n.count = static_cast<std::uint32_t> (all.size());
    n.items = kept (nodeBlocks, all.data(), all.size());
    return n;
}

Node Document::integerNode (std::int64_t i)
{
    Node n;
    n.kind = Node::Kind::integer;
    n.integer = i;
    return n;
}

void write (std::string& out, std::string_view text)
{
    constexpr auto hex = "0123456789abcdef";
    out += '"';
    for (const char c : text)
        switch (c)
        {
            case '"': out += "\\\""; break;
            case '\\': out += "\\\\"; break;
            case '\n': out += "\\n"; break;
            case '\t': out += "\\t"; break;
            case '\r': out += "\\r"; break;
            case '\b': out += "\\b"; break;
            case '\f': out += "\\f"; break;
            default:
                if (static_cast<unsigned char> (c) < 0x20)
                {
                    out += "\\u00";
                    out += hex[c >> 4];
                    out += hex[c & 15];
                }
                else
                    out += c;
        }
    out += '"';
}

void write (std::string& out, double value)
{
    char text[32];
    out.append (text, std::to_chars (text, text + sizeof text, value).ptr);
}

void write (std::string& out, std::uint64_t value)
{
    char text[24];
    out.append (text, std::to_chars (text, text + sizeof text, value).ptr);
}

void write (std::string& out, std::int64_t value)
{
    char text[24];
    out.append (text, std::to_chars (text, text + sizeof text, value).ptr);
}

void newLine (std::string& out, int depth)
{
    out += '\n';
    out.append (static_cast<std::size_t> (depth), ' ');
}

void write (std::string& out, const Node& node, int depth)
{
    using Kind = Node::Kind;
    switch (node.kind)
    {
        case Kind::null: out += "null"; break;
        case Kind::no: out += "false"; break;
        case Kind::yes: out += "true"; break;
        case Kind::integer: write (out, node.integer); break;
        case Kind::natural: write (out, node.natural); break;
        case Kind::real: write (out, node.real); break;
        case Kind::text: write (out, node.text()); break;
        case Kind::array:
        {
            const auto all = node.array();
            const bool plain =
                std::all_of (all.begin(), all.end(), [] (const Node& n) { return n.kind < Kind::array; });
            out += '[';
            for (std::size_t n = 0; n < all.size(); ++n)
            {
                if (n != 0)
                    out += plain ? ", " : ",";
                if (! plain)
                    newLine (out, depth + 1);
                write (out, all[n], depth + 1);
            }
            if (! plain)
                newLine (out, depth);
            out += ']';
            break;
        }
        case Kind::object:
        {
            const auto all = node.object();
            out += '{';
            for (std::size_t n = 0; n < all.size(); ++n)
            {
                if (n != 0)
                    out += ',';
                newLine (out, depth + 1);
                write (out, all[n].key);
                out += ": ";
                write (out, all[n].value, depth + 1);
            }
            if (! all.empty())
                newLine (out, depth);
            out += '}';
            break;
        }
    }
}

bool isText (std::string_view s)
{
    for (std::size_t n = 0; n < s.size();)
    {
        const auto length = sequence (s.data() + n, s.size() - n);
        if (length == 0 || s[n] == '\0')
            return false;
        n += length;
    }
    return true;
}

} // namespace lacquer::session::json
