# cmake -DFOLDER=resources/presets -DOUTPUT=FactoryPresets.cpp -P Presets.cmake: the factory presets as text inside the program, so
# that it works from any folder.
file(GLOB files RELATIVE "${FOLDER}" "${FOLDER}/*/*.json")
list(SORT files)
set(entries "")
foreach(file IN LISTS files)
  get_filename_component(effect "${file}" DIRECTORY)
  get_filename_component(slug "${file}" NAME_WLE)
  file(READ "${FOLDER}/${file}" text)
  string(APPEND entries "        { \"${effect}\", \"${slug}\", R\"json(${text})json\" },\n")
endforeach()
list(LENGTH files count)
file(WRITE "${OUTPUT}" "// Made by cmake/Presets.cmake.
#include \"studio/FactoryPresets.h\"

namespace lacquer::studio
{

std::span<const FactoryPreset> factoryPresets()
{
    static constexpr FactoryPreset all[] {
${entries}        {}
    };
    return std::span (all).first (${count});
}

} // namespace lacquer::studio
")
