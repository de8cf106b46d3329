// A self-signed certificate for 127.0.0.1, made on the spot.
#pragma once

#include <string>

namespace smokeledger::probes::transport {

struct Certificate {
  std::string certificate_pem;
  std::string key_pem;
};

// Valid from an hour ago for a day.
Certificate make_loopback_certificate();

}  // namespace smokeledger::probes::transport
