# cmake -DOUTPUT=out.cpp -DFILE=page.css -P embed.cmake
file(READ "${FILE}" css)
string(FIND "${css}" ")css\"" ends)
if(NOT ends EQUAL -1)
  message(FATAL_ERROR "${FILE} ends the string that it is put into")
endif()
file(CONFIGURE OUTPUT "${OUTPUT}" @ONLY CONTENT [[
// Generated from exporters/page/page.css.
#include "exporters/page/compose.h"

namespace smokeledger::exporters::page {

std::string_view style() {
  return R"css(@css@)css";
}

}  // namespace smokeledger::exporters::page
]])
