// Words of a command line that a person may copy.
#pragma once

#include <string>
#include <string_view>

namespace smokeledger::exporters::packets {

// As a POSIX shell reads it back.
// https://pubs.opengroup.org/onlinepubs/9699919799/utilities/V3_chap02.html#tag_18_02_02
std::string argument(std::string_view);

}  // namespace smokeledger::exporters::packets
