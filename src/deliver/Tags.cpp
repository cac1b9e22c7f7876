// SPDX-License-Identifier: GPL-3.0-or-later
#include "deliver/Tags.h"

#include <array>
#include <charconv>
#include <taglib/flacfile.h>
#include <taglib/id3v2tag.h>
#include <taglib/mpegfile.h>
#include <taglib/tpropertymap.h>
#include <taglib/wavfile.h>

namespace lacquer::deliver
{

namespace
{

using Text = std::string Tags::*;
struct Key
{
    const char* name;
    Text text;
};

// TagLib's property names; it maps them to TIT2, TPE1, TALB, TPE2, TCOM, TSRC and TXXX:BARCODE in ID3v2.4.
constexpr std::array<Key, 7> keys { { { "TITLE", &Tags::title },
                                      { "ARTIST", &Tags::artist },
                                      { "ALBUM", &Tags::album },
                                      { "ALBUMARTIST", &Tags::albumArtist },
                                      { "COMPOSER", &Tags::composer },
                                      { "ISRC", &Tags::isrc },
                                      { "BARCODE", &Tags::barcode } } };

TagLib::PropertyMap propertiesOf (const Tags& tags)
{
    TagLib::PropertyMap map;
    const auto put = [&map] (const char* name, const std::string& text)
    {
        if (! text.empty())
            map.insert (name, TagLib::StringList (TagLib::String (text, TagLib::String::UTF8)));
    };
    for (const auto& key : keys)
        put (key.name, tags.*key.text);
    if (tags.track > 0)
        put ("TRACKNUMBER",
             std::to_string (tags.track) + (tags.tracks > 0 ? "/" + std::to_string (tags.tracks) : ""));
    return map;
}

Tags tagsOf (const TagLib::PropertyMap& map)
{
    Tags tags;
    const auto text = [&map] (const char* name) {
        return map.contains (name) && ! map[name].isEmpty() ? map[name].front().to8Bit (true) : std::string();
    };
    for (const auto& key : keys)
        tags.*key.text = text (key.name);
    const auto number = text ("TRACKNUMBER");
    const auto* end = number.data() + number.size();
    const auto [slash, error] = std::from_chars (number.data(), end, tags.track);
    if (error == std::errc {} && slash != end && *slash == '/')
        std::from_chars (slash + 1, end, tags.tracks);
    return tags;
}

/// Calls `use (file)` with the TagLib file of the path's kind; false when there is none or it is damaged.
template <typename Use>
bool withFile (const std::filesystem::path& path, Use&& use)
{
    const auto kind = path.extension().string();
    const auto open = [&] (auto&& file) { return file.isValid() && use (file); };
    if (kind == ".mp3")
        return open (TagLib::MPEG::File (path.c_str(), false));
    if (kind == ".flac")
        return open (TagLib::FLAC::File (path.c_str(), false));
    if (kind == ".wav")
        return open (TagLib::RIFF::WAV::File (path.c_str(), false));
    return false;
}

} // namespace

Outcome writeTags (const std::filesystem::path& path, const Tags& tags)
{
    const auto properties = propertiesOf (tags);
    const bool done = withFile (path,
                                [&] (auto& file)
                                {
                                    using File = std::decay_t<decltype (file)>;
                                    if constexpr (std::is_same_v<File, TagLib::MPEG::File>)
                                    {
                                        file.ID3v2Tag (true)->setProperties (properties);
                                        return file.save (File::ID3v2, File::StripOthers, TagLib::ID3v2::v4);
                                    }
                                    else
                                    {
                                        file.setProperties (properties);
                                        return file.save();
                                    }
                                });
    if (! done)
        return Problem { "The titles and names could not be written into this file.", path.string() };
    return {};
}

Result<Tags> readTags (const std::filesystem::path& path)
{
    Tags tags;
    if (! withFile (path,
                    [&] (auto& file)
                    {
                        tags = tagsOf (file.properties());
                        return true;
                    }))
        return Problem { "The titles and names of this file could not be read.", path.string() };
    return tags;
}

} // namespace lacquer::deliver
