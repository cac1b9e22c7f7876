target_link_libraries (engine_tests PRIVATE lacquer_rt_guard)

# Plans swapped under a playing engine, under ThreadSanitizer whatever the preset: 30 s here, 10
# minutes in scripts/test --full. Once more from the weakened hand-overs of tests/core, where it must find a race.
find_program(GXX NAMES g++-12 g++ REQUIRED)
file(GLOB stressed CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/src/engine/*.cpp")
file(GLOB stressed_headers CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/src/engine/*.h" "${CMAKE_SOURCE_DIR}/src/core/*.h")
list(APPEND stressed "${CMAKE_CURRENT_SOURCE_DIR}/engine/stress/Swaps.cpp" "${CMAKE_SOURCE_DIR}/src/core/Param.cpp"
            "${CMAKE_SOURCE_DIR}/src/core/TempoMap.cpp")
foreach(kind sound weakened)
  set(program "${CMAKE_CURRENT_BINARY_DIR}/engine_swaps_${kind}")
  set(roots "-I${CMAKE_SOURCE_DIR}/src")
  if(kind STREQUAL "weakened")
    list(PREPEND roots "-I${CMAKE_CURRENT_BINARY_DIR}/weak")
  endif()
  add_custom_command(OUTPUT "${program}"
                     COMMAND "${GXX}" -std=c++20 -O1 -g -fsanitize=thread -pthread ${roots} ${stressed} -o "${program}"
                     DEPENDS ${stressed} ${stressed_headers} VERBATIM)
  add_custom_target(build_engine_swaps_${kind} DEPENDS "${program}")
  add_dependencies(engine_tests build_engine_swaps_${kind})
endforeach()
add_test(NAME "engine: plans swapped while playing under ThreadSanitizer, sound"
         COMMAND "${CMAKE_CURRENT_BINARY_DIR}/engine_swaps_sound" 30)
set_tests_properties("engine: plans swapped while playing under ThreadSanitizer, sound"
                     PROPERTIES PASS_REGULAR_EXPRESSION "sound\n" FAIL_REGULAR_EXPRESSION "ThreadSanitizer" TIMEOUT 150)
add_test(NAME "engine: plans swapped while playing under ThreadSanitizer, weakened"
         COMMAND "${CMAKE_CURRENT_BINARY_DIR}/engine_swaps_weakened" 5)
set_tests_properties("engine: plans swapped while playing under ThreadSanitizer, weakened"
                     PROPERTIES PASS_REGULAR_EXPRESSION "ThreadSanitizer: data race" TIMEOUT 120)
