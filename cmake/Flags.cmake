# Flags of our own code. JUCE is compiled without these warnings (cmake/Juce.cmake).
add_library(lacquer_flags INTERFACE)

# Sound: a multiply-add happens where it is written, never where a compiler fancies it, so g++ and clang agree to the bit.
target_compile_options(lacquer_flags INTERFACE -ffp-contract=off -fno-math-errno -fno-trapping-math)

target_compile_options(lacquer_flags INTERFACE -Wall -Wextra -Wshadow -Wconversion -Wno-sign-conversion -Werror)

# g++ 12 sees overlapping copies in std::string's operator+ that are not there (GCC bug 105651).
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(lacquer_flags INTERFACE -Wno-restrict)
endif()

# Hardening: every byte from outside is hostile until checked, and this is the second wall.
target_compile_definitions(lacquer_flags INTERFACE _GLIBCXX_ASSERTIONS)
target_compile_options(lacquer_flags INTERFACE -fstack-protector-strong -fstack-clash-protection -fcf-protection=full
                                               -ftrivial-auto-var-init=zero)
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  target_compile_options(lacquer_flags INTERFACE -enable-trivial-auto-var-init-zero-knowing-it-will-be-removed-from-clang
                                                 -Wno-unused-command-line-argument)
endif()
if(NOT CMAKE_BUILD_TYPE STREQUAL "Debug" AND NOT LACQUER_SANITIZE)
  target_compile_options(lacquer_flags INTERFACE -Wp,-U_FORTIFY_SOURCE -Wp,-D_FORTIFY_SOURCE=3)
endif()
target_link_options(lacquer_flags INTERFACE -pie -Wl,-z,relro,-z,now,-z,noexecstack,-z,separate-code)

if(LACQUER_SANITIZE)
  target_compile_options(lacquer_flags INTERFACE -fsanitize=${LACQUER_SANITIZE} -fno-omit-frame-pointer -g)
  target_link_options(lacquer_flags INTERFACE -fsanitize=${LACQUER_SANITIZE})
  # With a sanitizer's code in between, g++ 12 sees uninitialised variables in the standard library.
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(lacquer_flags INTERFACE -Wno-maybe-uninitialized)
  endif()
  if(LACQUER_SANITIZE MATCHES "undefined")
    target_compile_options(lacquer_flags INTERFACE -fno-sanitize-recover=undefined)
  endif()
endif()
