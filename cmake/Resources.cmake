# What the window carries inside itself. The typeface comes from the machine that builds (Debian: fonts-inter), not from the
# repository, so that no binary lives in git.
set(LACQUER_FONTS "/usr/share/fonts/opentype/inter" CACHE PATH "folder with Inter-Regular.otf, Inter-Medium.otf, Inter-SemiBold.otf")
foreach(weight Regular Medium SemiBold)
  if(NOT EXISTS "${LACQUER_FONTS}/Inter-${weight}.otf")
    message(FATAL_ERROR "The typeface Inter (Inter-${weight}.otf) is not in ${LACQUER_FONTS}. Install the package fonts-inter, "
                        "or set LACQUER_FONTS to a folder that has Inter-Regular.otf, Inter-Medium.otf and Inter-SemiBold.otf.")
  endif()
endforeach()
juce_add_binary_data(lacquer_resources HEADER_NAME Resources.h NAMESPACE lacquer_resources
  SOURCES "${LACQUER_FONTS}/Inter-Regular.otf" "${LACQUER_FONTS}/Inter-Medium.otf" "${LACQUER_FONTS}/Inter-SemiBold.otf"
          "${CMAKE_CURRENT_SOURCE_DIR}/resources/logo-small.svg")
