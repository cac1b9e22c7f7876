// SPDX-License-Identifier: GPL-3.0-or-later
// Audio files, and the album.
#include "session/JsonParts.h"

namespace lacquer::session::json
{

namespace
{

/// A path is bytes, JSON is text: a path that is not UTF-8 is written with its bytes as %XX under another
/// name.
void putPath (Members& m, std::string_view key, std::string_view bytesKey, const std::string& path)
{
    if (isText (path))
        unless (m, key, path, {});
    else
        put (m[bytesKey], percentEscaped (path));
}

std::string pathOf (Object& o, std::string_view key, std::string_view bytesKey)
{
    const auto plain = o.text (key, limit::pathBytes);
    const auto escaped = o.text (bytesKey, limit::pathBytes * 3);
    if (escaped.empty())
        return plain;
    const auto bytes = percentUnescaped (escaped);
    if (! bytes || isText (*bytes))
        refuse (o.at (bytesKey) + " is not a path with escaped bytes");
    return *bytes;
}

} // namespace

void put (std::string& out, int depth, const Media& f)
{
    Members m (out, depth, f.extras);
    unless (m, "channels", f.channels, 2);
    put (m["frames"], f.frames);
    unless (m, "hash", f.hash, {});
    put (m["id"], f.id);
    putPath (m, "original", "original_bytes", f.original);
    unless (m, "original_rate", f.originalRate, 0.0);
    putPath (m, "path", "path_bytes", f.path);
    unless (m, "referenced", f.referenced, false);
    m.end();
}

Media mediaOf (const Node& n, const std::string& where)
{
    Object o (n, where);
    Media f;
    f.channels = static_cast<int> (o.whole ("channels", 1, 64, 2));
    f.frames = o.whole ("frames", 0, limit::position);
    f.hash = o.text ("hash");
    f.id = o.id ("id");
    f.original = pathOf (o, "original", "original_bytes");
    f.originalRate = o.number ("original_rate", 0, 1e7, 0.0);
    f.path = pathOf (o, "path", "path_bytes");
    f.referenced = o.flag ("referenced", false);
    f.extras = o.extras();
    return f;
}

void put (std::string& out, int depth, const Album& a)
{
    Members m (out, depth, a.extras);
    unless (m, "artist", a.artist, {});
    unless (m, "ean", a.ean, {});
    unlessEmpty (m, "gaps", a.gaps, [&] (const auto& gap) { row (out, gap.first, gap.second); });
    putIds (m, "order", a.order);
    unless (m, "title", a.title, {});
    m.end();
}

Album albumOf (const Node& n, const std::string& where)
{
    Object o (n, where);
    Album a;
    a.artist = o.text ("artist");
    a.ean = o.text ("ean");
    for (const auto& [song, seconds] :
         listOf (o, "gaps", limit::songs,
                 [] (const Node&gap, const std::string&at)
                 {
                     const auto parts = rowOf (gap, at, 2, "a song and its gap");
                     return std::pair (idOf (parts[0], at), numberOf (parts[1], at, 0, 3600));
                 }))
        a.gaps[song] = seconds;
    a.order = idsOf (o, "order", limit::songs);
    a.title = o.text ("title");
    a.extras = o.extras();
    return a;
}

} // namespace lacquer::session::json
