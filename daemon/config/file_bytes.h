// A whole file as bytes.
#pragma once

#include <string>

#include <boost/system/result.hpp>

#include "daemon/config/config.h"

namespace smokeledger::daemon::config {

// Regular files of at most 16 MiB. The error has no position.
boost::system::result<std::string, ConfigError> file_bytes(const std::string& file);

}  // namespace smokeledger::daemon::config
