// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/SafeFile.h"

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

using namespace lacquer;
namespace fs = std::filesystem;

namespace
{

int modeOf (const fs::path& path)
{
    struct stat s
    {
    };
    REQUIRE (::stat (path.c_str(), &s) == 0);
    return static_cast<int> (s.st_mode & 0777);
}

void writeSafely (const fs::path& path)
{
    auto file = SafeFile::create (path.string());
    REQUIRE (file);
    REQUIRE (file->write ("sound", 5));
    // Nobody else looks into a file that is not finished.
    for (const auto& entry : fs::directory_iterator (path.parent_path()))
        if (entry.path().filename().string().starts_with (".lacquer-"))
            CHECK (modeOf (entry.path()) == 0600);
    REQUIRE (file->commit());
}

} // namespace

TEST_CASE ("a safely written file can be read by whom any new file can, and keeps its permissions after that")
{
    char name[] = "/tmp/lacquer-safe-XXXXXX";
    const fs::path folder = ::mkdtemp (name);
    const auto path = folder / "song.txt";
    // The expected mode is what open(2) gives a new file in this process.
    const auto other = folder / "other.txt";
    ::close (::open (other.c_str(), O_WRONLY | O_CREAT, 0666));
    writeSafely (path);
    CHECK (modeOf (path) == modeOf (other));

    fs::permissions (path, fs::perms (0640));
    writeSafely (path);
    CHECK (modeOf (path) == 0640);
    fs::remove_all (folder);
}
