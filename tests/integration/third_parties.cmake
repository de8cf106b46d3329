# Its npm packages are installed into the build directory by the test itself, once.
if(Python3_FOUND)
  smokeledger_integration_test(third_parties 300 "${CMAKE_CURRENT_BINARY_DIR}/third_parties")
  smokeledger_integration_test(drill_clients 3600 "${CMAKE_CURRENT_BINARY_DIR}/third_parties")
  smokeledger_integration_test(page_browser 300 "${CMAKE_CURRENT_BINARY_DIR}/third_parties"
                               $<TARGET_FILE:hostile_pages> "${CMAKE_CURRENT_BINARY_DIR}/screenshots")
endif()
