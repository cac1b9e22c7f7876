# Reads what jack_rec wrote.
find_package(PkgConfig REQUIRED)
pkg_check_modules(SNDFILE REQUIRED IMPORTED_TARGET sndfile)
target_link_libraries(io_tests PRIVATE PkgConfig::SNDFILE)
list(APPEND properties RESOURCE_LOCK jack) # one JACK server at a time: tests/support/Jack.h
