// SPDX-License-Identifier: GPL-3.0-or-later
#include "studio/Archive.h"

#include "core/SafeFile.h"
#include "session/Find.h"

#include <archive.h>
#include <archive_entry.h>
#include <cerrno>
#include <fstream>
#include <memory>
#include <set>

namespace lacquer::studio
{

namespace fs = std::filesystem;

namespace
{

constexpr std::size_t block = 1 << 20;
constexpr int mostEntries = 200'000;

template <auto free>
struct Freed
{
    template <typename T>
    void operator() (T* p) const
    {
        free (p);
    }
};
using Writer = std::unique_ptr<::archive, Freed<&archive_write_free>>;
using Reader = std::unique_ptr<::archive, Freed<&archive_read_free>>;
using Entry = std::unique_ptr<archive_entry, Freed<&archive_entry_free>>;

Problem trouble (::archive* a, const char* what, const fs::path& where)
{
    const char* why = archive_error_string (a);
    return { std::string (what) + (why != nullptr ? ": " + std::string (why) : std::string()) + ".",
             where.string() };
}

/// Why the archive could not be written: libarchive itself only says "Write error".
Problem unwritten (::archive* a, const fs::path& where)
{
    const int error = archive_errno (a);
    if (error <= 0 || error == EINVAL || error == EILSEQ) // libarchive's own, for misuse and odd names
        return trouble (a, "The archive cannot be written", where);
    return { "The archive cannot be written because " + reasonOf (error) + ".", where.string(),
             "Nothing was left behind." };
}

Outcome header (::archive* a, const std::string& name, std::int64_t size, const fs::path& where)
{
    const Entry entry (archive_entry_new());
    archive_entry_set_pathname (entry.get(), name.c_str());
    archive_entry_set_size (entry.get(), size);
    archive_entry_set_filetype (entry.get(), AE_IFREG);
    archive_entry_set_perm (entry.get(), 0644);
    archive_entry_set_mtime (entry.get(), 315619200, 0); // 1980-01-02: equal projects make equal archives
    if (archive_write_header (a, entry.get()) < ARCHIVE_WARN)
        return unwritten (a, where);
    return {};
}

Outcome wholeText (::archive* a, const std::string& name, std::string_view text, const fs::path& where)
{
    if (auto done = header (a, name, static_cast<std::int64_t> (text.size()), where); ! done)
        return done;
    if (archive_write_data (a, text.data(), text.size()) != static_cast<la_ssize_t> (text.size()))
        return unwritten (a, where);
    return {};
}

/// A name of one path part, as a folder in the archive.
std::string safeName (const std::string& name)
{
    auto text = session::nameToShow (name);
    for (auto& c : text)
        if (std::string_view ("?*:|<>\"/\\").find (c) != std::string_view::npos)
            c = '_';
    return text.empty() || text.front() == '.' ? "_" + text : text;
}

} // namespace

Outcome written (const fs::path& path, const std::string& name, std::string_view project,
                 const std::vector<ArchivedFile>& files, const Progress& progress)
{
    auto file = SafeFile::create (path.string());
    if (! file)
        return file.problem();
    const Writer a (archive_write_new());
    if (a == nullptr || archive_write_set_format_zip (a.get()) != ARCHIVE_OK ||
        archive_write_zip_set_compression_store (a.get()) != ARCHIVE_OK ||
        archive_write_set_format_option (a.get(), "zip", "hdrcharset", "UTF-8") < ARCHIVE_WARN ||
        archive_write_open_fd (a.get(), file->descriptor()) != ARCHIVE_OK)
        return unwritten (a.get(), path);
    const auto top = safeName (name);
    if (auto done = wholeText (a.get(), top + "/" + top + ".lacquer", project, path); ! done)
        return done;
    std::vector<char> bytes (block);
    for (std::size_t n = 0; n < files.size(); ++n)
    {
        progress.at (static_cast<double> (n) / static_cast<double> (files.size()));
        if (files[n].source.empty())
        {
            if (auto done = wholeText (a.get(), top + "/" + files[n].path, files[n].text, path); ! done)
                return done;
            continue;
        }
        std::error_code error;
        const auto size = fs::file_size (files[n].source, error);
        std::ifstream in (files[n].source, std::ios::binary);
        if (error || ! in)
            return Problem { "An audio file cannot be read.", files[n].source.string() };
        if (auto done = header (a.get(), top + "/" + files[n].path, static_cast<std::int64_t> (size), path);
            ! done)
            return done;
        for (std::uintmax_t left = size; left > 0;)
        {
            if (progress.stopped())
                return Problem { "Archiving was stopped." };
            const auto wanted = static_cast<std::streamsize> (std::min<std::uintmax_t> (left, block));
            if (! in.read (bytes.data(), wanted))
                return Problem { "An audio file cannot be read.", files[n].source.string() };
            if (archive_write_data (a.get(), bytes.data(), static_cast<std::size_t> (wanted)) != wanted)
                return unwritten (a.get(), path);
            left -= static_cast<std::uintmax_t> (wanted);
        }
    }
    if (archive_write_close (a.get()) != ARCHIVE_OK)
        return unwritten (a.get(), path);
    return file->commit();
}

Outcome unpacked (const fs::path& path, const fs::path& folder, const Progress& progress)
{
    std::error_code none;
    if (const auto status = fs::status (path, none); ! fs::is_regular_file (status))
        return Problem { "The archive cannot be read because " +
                             (fs::exists (status) ? "it is not a file" : reasonOf (ENOENT)) + ".",
                         path.string() };
    const Reader a (archive_read_new());
    if (a == nullptr || archive_read_support_format_zip_seekable (a.get()) != ARCHIVE_OK)
        return trouble (a.get(), "The archive cannot be read", path);
    if (archive_read_open_filename (a.get(), path.c_str(), block) != ARCHIVE_OK)
        return archive_errno (a.get()) == EILSEQ // what libarchive calls no format that it knows
                   ? Problem { "This is not a ZIP archive, or only a part of one.", path.string() }
                   : trouble (a.get(), "The archive cannot be read", path);
    std::error_code error;
    const auto whole = static_cast<double> (fs::file_size (path, error));
    std::set<std::string> seen;
    std::vector<char> bytes (block);
    std::int64_t done = 0;
    for (int count = 0;; ++count)
    {
        archive_entry* entry = nullptr;
        const int result = archive_read_next_header (a.get(), &entry);
        if (result == ARCHIVE_EOF)
            break;
        if (result < ARCHIVE_WARN || count > mostEntries)
            return trouble (a.get(), "The archive cannot be read", path);
        const char* name = archive_entry_pathname (entry);
        const std::string full = name != nullptr ? name : "";
        const auto slash = full.find ('/');
        const auto inside = slash == std::string::npos ? std::string() : full.substr (slash + 1);
        if (archive_entry_filetype (entry) != AE_IFREG || archive_entry_hardlink (entry) != nullptr ||
            ! session::staysInside (full) || inside.empty() || ! seen.insert (inside).second)
            return Problem { "This is not an archive of a project: it holds \"" + session::nameToShow (full) +
                                 "\".",
                             path.string() };
        const auto to = folder / inside;
        fs::create_directories (to.parent_path(), error);
        auto out = SafeFile::create (to.string());
        if (! out)
            return out.problem();
        for (;;)
        {
            if (progress.stopped())
                return Problem { "Unpacking was stopped." };
            const auto got = archive_read_data (a.get(), bytes.data(), bytes.size());
            if (got < 0)
                return trouble (a.get(), "The archive is damaged", path);
            if (got == 0)
                break;
            if (auto written = out->write (bytes.data(), static_cast<std::size_t> (got)); ! written)
                return written;
            done += got;
            progress.at (whole > 0 ? std::min (1.0, static_cast<double> (done) / whole) : 0);
        }
        if (auto written = out->commit(); ! written)
            return written;
    }
    if (seen.empty())
        return Problem { "There is nothing in this archive.", path.string() };
    return syncFolder (folder.string());
}

} // namespace lacquer::studio
