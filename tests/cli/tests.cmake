# The real program, and libebur128 as an oracle.
pkg_check_modules(EBUR128_CLI REQUIRED IMPORTED_TARGET libebur128)
target_link_libraries(cli_tests PRIVATE PkgConfig::EBUR128_CLI)
target_compile_definitions(cli_tests PRIVATE LACQUER_PROGRAM="$<TARGET_FILE:lacquer>")
add_dependencies(cli_tests lacquer)
