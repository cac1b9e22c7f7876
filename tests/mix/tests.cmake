target_include_directories (mix_tests PRIVATE "${CMAKE_SOURCE_DIR}") #bench / reference
