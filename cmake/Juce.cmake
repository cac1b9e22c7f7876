# JUCE's modules, compiled once into one static library that every target links.
if(NOT LACQUER_FETCH_JUCE)
  find_package(JUCE 7.0.5 EXACT CONFIG QUIET)
endif()
if(JUCE_FOUND)
  find_package(PkgConfig REQUIRED)
  pkg_check_modules(SYSCODECS REQUIRED IMPORTED_TARGET libpng libjpeg flac ogg vorbis vorbisenc vorbisfile zlib)
else()
  include(FetchContent)
  FetchContent_Declare(JUCE GIT_REPOSITORY https://github.com/juce-framework/JUCE.git GIT_TAG 7.0.5 GIT_SHALLOW TRUE)
  FetchContent_MakeAvailable(JUCE)
endif()

add_library(lacquer_juce STATIC)
target_link_libraries(lacquer_juce
  PRIVATE juce::juce_gui_extra juce::juce_gui_basics juce::juce_audio_devices
  PUBLIC juce::juce_recommended_config_flags $<TARGET_NAME_IF_EXISTS:PkgConfig::SYSCODECS>)
target_compile_definitions(lacquer_juce
  PUBLIC JUCE_WEB_BROWSER=0 JUCE_USE_CURL=0 JUCE_ALSA=1 JUCE_JACK=1 JUCE_JACK_CLIENT_NAME="Lacquer"
         JUCE_DISPLAY_SPLASH_SCREEN=0 JUCE_REPORT_APP_USAGE=0 JUCE_STANDALONE_APPLICATION=1 JUCE_MODAL_LOOPS_PERMITTED=1
  INTERFACE $<TARGET_PROPERTY:lacquer_juce,COMPILE_DEFINITIONS>)
target_include_directories(lacquer_juce SYSTEM INTERFACE $<TARGET_PROPERTY:lacquer_juce,INCLUDE_DIRECTORIES>)
target_compile_options(lacquer_juce PRIVATE -w)
