// SPDX-License-Identifier: GPL-3.0-or-later
// Presets by the command line.
#include "cli/Run.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

namespace fs = std::filesystem;

namespace
{

/// A folder with a mono file of a second of silence, and a config folder for the user's presets.
struct Place
{
    fs::path folder;
    Place()
    {
        auto pattern = (fs::temp_directory_path() / "lacquer-cli-presets-XXXXXX").string();
        folder = ::mkdtemp (pattern.data());
        std::ofstream wav (folder / "Vox.wav", std::ios::binary);
        const auto number = [&] (unsigned v, int bytes)
        {
            for (int n = 0; n < bytes; ++n)
                wav.put (static_cast<char> ((v >> (8 * n)) & 255));
        };
        wav << "RIFF";
        number (36 + 96000, 4);
        wav << "WAVEfmt ";
        number (16, 4);
        number (1, 2);
        number (1, 2);
        number (48000, 4);
        number (96000, 4);
        number (2, 2);
        number (16, 2);
        wav << "data";
        number (96000, 4);
        wav << std::string (96000, '\0');
    }
    ~Place() { fs::remove_all (folder); }

    int run (const std::string& arguments, std::string& said) const
    {
        return lacquer::tests::run (folder, arguments, said);
    }
};

} // namespace

TEST_CASE ("presets are listed, loaded, saved and deleted by the command line")
{
    const Place place;
    std::string said;
    const auto well = [&] (const std::string& arguments)
    {
        INFO (arguments);
        const int code = place.run (arguments, said);
        INFO (said);
        REQUIRE (code == 0);
    };
    well ("presets saturator --json");
    const auto list = nlohmann::json::parse (said);
    REQUIRE (list.size() >= 5);
    for (const auto& preset : list)
    {
        CHECK (preset["effect"] == "saturator");
        CHECK (preset["factory"] == true);
        CHECK (preset["effects"][0]["values"].size() >= 3);
    }
    well ("process @/Vox.wav @/out.wav --fx 'saturator preset=warm-voice drive=9'");
    CHECK (place.run ("process @/Vox.wav @/x.wav --fx 'saturator preset=nowhere'", said) == 3);
    CHECK (said.find ("There is no preset for Saturator called \"nowhere\".") != std::string::npos);
    CHECK (place.run ("presets nothing", said) == 3);
    CHECK (place.run ("presets delete saturator 'Warm voice'", said) == 3);
    CHECK (said.find ("came with the program") != std::string::npos);

    well ("new @/P --stems @/Vox.wav");
    well ("edit @/P add-effect master saturator");
    well ("edit @/P preset master/saturator 'Warm voice'");
    CHECK (said == "Load preset \"Warm voice\"\n");
    well ("show @/P");
    CHECK (said.find ("saturator.character = Tube") != std::string::npos);
    well ("presets save @/P master/saturator 'My tube' --use 'For me.'");
    CHECK (place.run ("presets save @/P master/saturator 'My tube'", said) == 3);
    well ("presets save @/P master/saturator 'My tube' --replace");
    well ("presets save @/P master 'My chain'");
    well ("presets");
    CHECK (said.find ("My tube (yours)") != std::string::npos);
    CHECK (said.find ("My chain (yours)") != std::string::npos);
    well ("edit @/P preset master 'My chain'");
    well ("presets delete chains 'My chain'");
    CHECK (place.run ("edit @/P preset master 'My chain'", said) == 3);
}
