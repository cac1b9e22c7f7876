# The real program, and libebur128 as an oracle.
pkg_check_modules(EBUR128_CLI REQUIRED IMPORTED_TARGET libebur128)
target_link_libraries(cli_tests PRIVATE PkgConfig::EBUR128_CLI)
target_compile_definitions(cli_tests PRIVATE LACQUER_PROGRAM="$<TARGET_FILE:lacquer>")
add_dependencies(cli_tests lacquer)

# The demo project is made once for all cases of a ctest run: under a sanitizer that alone takes minutes. Each case copies it.
set(demo "${CMAKE_CURRENT_BINARY_DIR}/demo")
add_test(NAME "cli: nothing is left of the last demo" COMMAND "${CMAKE_COMMAND}" -E rm -rf "${demo}")
add_test(NAME "cli: the demo is made" COMMAND lacquer demo "${demo}/Demo")
set_tests_properties("cli: nothing is left of the last demo" PROPERTIES FIXTURES_SETUP no_demo)
set_tests_properties("cli: the demo is made" PROPERTIES FIXTURES_REQUIRED no_demo FIXTURES_SETUP demo TIMEOUT ${patience})
list(APPEND properties FIXTURES_REQUIRED demo ENVIRONMENT "LACQUER_TEST_DEMO=${demo}/Demo")
