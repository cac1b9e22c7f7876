if(TARGET lacquer_rt_guard)
  target_link_libraries(studio_tests PRIVATE lacquer_rt_guard)
endif()
