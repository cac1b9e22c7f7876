// SPDX-License-Identifier: GPL-3.0-or-later
// Versions, recall sheets, scenes, templates and find by the command line.
#include "cli/Run.h"
#include "support/Folder.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

using lacquer::tests::run;

TEST_CASE ("a mix is kept in scenes, versions and templates, found and put on paper by the command line")
{
    const lacquer::tests::Folder folder ("cli-mix");
    std::string said;
    const auto well = [&] (const std::string& arguments)
    {
        INFO (arguments);
        const int code = run (folder.path, arguments, said);
        INFO (said);
        REQUIRE (code == 0);
        return said;
    };
    // A second of silence by Python's wave module.
    std::ofstream (folder / "make.py") << "import sys, wave\n"
                                          "w = wave.open (sys.argv[1], 'wb')\n"
                                          "w.setparams ((1, 2, 48000, 0, 'NONE', ''))\n"
                                          "w.writeframes (bytes (96000))\n";
    REQUIRE (std::system (("/usr/bin/python3 '" + (folder / "make.py").string() + "' '" +
                           (folder / "Vox.wav").string() + "'")
                              .c_str()) == 0);
    well ("new @/P --stems @/Vox.wav");
    well ("edit @/P set-notes track:Vox 'U87, two takes'");
    well ("edit @/P tag track:Vox live");
    CHECK (well ("find @/P takes") == "track:Vox (notes): U87, two takes\n");
    CHECK (nlohmann::json::parse (well ("find @/P '#LIVE' --json"))[0]["address"] == "track:Vox");
    CHECK (well ("find @/P nowhere").empty());

    well ("edit @/P store-scene Soft");
    well ("set @/P track:Vox/fader.level=-6");
    well ("edit @/P store-scene Loud");
    well ("edit @/P add-track Late");
    CHECK (well ("edit @/P recall-scene Soft") ==
           "lacquer: The track \"Late\" is not in the scene and stays as it is.\nRecall scene \"Soft\"\n");
    well ("edit @/P blend-scenes Soft Loud 100%");
    CHECK (well ("show @/P").find ("track:Vox/fader.level = -6.0 dB") != std::string::npos);
    const auto shown = nlohmann::json::parse (well ("show @/P --json"))["songs"][0];
    CHECK (shown["scenes"].size() == 2);
    CHECK (shown["tracks"][0]["tags"][0] == "live");

    well ("versions store @/P First --note 'For the band.'");
    CHECK (run (folder.path, "versions store @/P First", said) == 3);
    well ("set @/P track:Vox/fader.level=-3");
    CHECK (well ("versions compare @/P First") == "The track \"Vox\": Fader -6.0 dB -> -3.0 dB.\n");
    well ("versions store @/P Second");
    CHECK (nlohmann::json::parse (well ("versions compare @/P Second First --json")).size() == 1);
    const auto list = nlohmann::json::parse (well ("versions @/P --json"));
    REQUIRE (list.size() == 2);
    CHECK (list[0]["name"] == "First");
    CHECK (list[0]["note"] == "For the band.");
    CHECK (well ("versions @/P").find ("First (P, 20") == 0);
    CHECK (well ("versions recall @/P First") == "Recall version \"First\"\n");
    CHECK (well ("versions compare @/P First") == "Nothing differs.\n");
    CHECK (run (folder.path, "versions recall @/P Third", said) == 3);
    CHECK (said.find ("There is no version \"Third\" of this song.") != std::string::npos);
    well ("versions rename @/P Second Later");
    well ("versions delete @/P Later");
    CHECK (run (folder.path, "versions", said) == 2);

    CHECK (well ("sheet @/P").find ("U87, two takes") != std::string::npos);
    well ("sheet @/P --version First --html -o @/sheet.html");
    std::ifstream page (folder / "sheet.html");
    CHECK (std::string (std::istreambuf_iterator<char> (page), {}).find ("version &quot;First&quot;") !=
           std::string::npos);

    well ("templates save @/P track:Vox 'Lead voice' --use 'For singers.'");
    well ("templates save @/P song:P Band");
    CHECK (run (folder.path, "templates save @/P mix Mix", said) == 3);
    CHECK (well ("templates").find ("    Lead voice: For singers.") != std::string::npos);
    CHECK (nlohmann::json::parse (well ("templates --json")).size() == 2);
    well ("new @/Q --template Band --rate 96000");
    CHECK (well ("show @/Q").find ("track:Vox/fader.level = -6.0 dB") != std::string::npos);
    well ("edit @/Q add-template-track 'Lead voice' Choir");
    CHECK (well ("find @/Q choir") == "track:Choir (name): Choir\n");
    CHECK (run (folder.path, "new @/R --template Nothing", said) == 3);
    CHECK_FALSE (std::filesystem::exists (folder / "R"));
    well ("templates delete songs Band");
    CHECK (run (folder.path, "new @/R --template Band", said) == 3);
}
