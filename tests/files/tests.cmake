# The disk can be stopped: PcmFile's reads go through a gate (ColdStreamTest.cpp).
target_link_options(files_tests PRIVATE "-Wl,--wrap=pread")
