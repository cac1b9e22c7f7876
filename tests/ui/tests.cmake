target_link_libraries(ui_tests PRIVATE lacquer_juce lacquer::bench)
target_include_directories(ui_tests PRIVATE "${CMAKE_CURRENT_SOURCE_DIR}/ui")
list(APPEND properties RESOURCE_LOCK jack) # one JACK server at a time: tests/support/Jack.h
