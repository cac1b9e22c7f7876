# Every call that saving makes goes through a shim that can fail it, cut it short or end the process there (Faults.h).
foreach(call open write read fsync fdatasync close link rename unlink ftruncate mkdir)
  target_link_options(session_tests PRIVATE "-Wl,--wrap=${call}")
endforeach()
