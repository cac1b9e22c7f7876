// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/Words.h"

#include "session/JsonText.h"

namespace lacquer::session
{

namespace
{

constexpr std::string_view hex = "0123456789ABCDEF";

void appendEscaped (std::string& out, char c)
{
    const auto byte = static_cast<unsigned char> (c);
    out += '%';
    out += hex[byte >> 4];
    out += hex[byte & 15];
}

int digit (char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

} // namespace

std::string percentEscaped (std::string_view bytes)
{
    std::string out;
    for (const char c : bytes)
    {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                           std::string_view ("-_./~ ").find (c) != std::string_view::npos;
        if (plain)
            out += c;
        else
            appendEscaped (out, c);
    }
    return out;
}

std::optional<std::string> percentUnescaped (std::string_view text)
{
    std::string out;
    for (std::size_t n = 0; n < text.size(); ++n)
    {
        if (text[n] != '%')
        {
            out += text[n];
            continue;
        }
        if (n + 2 >= text.size())
            return std::nullopt;
        const int high = digit (text[n + 1]), low = digit (text[n + 2]);
        if (high < 0 || low < 0)
            return std::nullopt;
        out += static_cast<char> (high * 16 + low);
        n += 2;
    }
    return out;
}

std::string readableName (std::string_view bytes)
{
    std::string out;
    while (! bytes.empty())
    {
        // The longest head that is text; the first byte after it is escaped.
        std::size_t length = 0;
        for (std::size_t most = 1; most <= 4 && most <= bytes.size(); ++most)
            if (json::isText (bytes.substr (0, most)))
            {
                length = most;
                break;
            }
        if (length == 0)
        {
            appendEscaped (out, bytes.front());
            length = 1;
        }
        else
            out += bytes.substr (0, length);
        bytes.remove_prefix (length);
    }
    return out;
}

} // namespace lacquer::session
