# cmake -DOUTPUT=out.cpp -DFILES=a.toml;b.toml -P embed.cmake: the files' bytes as C++ arrays.
set(arrays "")
set(entries "")
set(number 0)
foreach(file IN LISTS FILES)
  get_filename_component(name "${file}" NAME)
  file(READ "${file}" hex HEX)
  string(LENGTH "${hex}" digits)
  math(EXPR size "${digits} / 2")
  string(REGEX REPLACE "(..)" "'\\\\x\\1'," bytes "${hex}")
  string(REGEX REPLACE "('\\\\x0a',)" "\\1\n    " bytes "${bytes}")
  string(APPEND arrays "constexpr char file_${number}[] = {\n    ${bytes}'\\0'};\n\n")
  string(APPEND entries "      {\"${name}\", {file_${number}, ${size}}},\n")
  math(EXPR number "${number} + 1")
endforeach()

file(CONFIGURE OUTPUT "${OUTPUT}" @ONLY CONTENT [[
// Generated from etc/contracts.
#include "daemon/config/contracts.h"

namespace smokeledger::daemon::config {
namespace {

@arrays@}  // namespace

const std::vector<ContractFile>& built_in_contract_files() {
  static const std::vector<ContractFile> files{
@entries@  };
  return files;
}

}  // namespace smokeledger::daemon::config
]])
