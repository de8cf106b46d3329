// SHA-256 and HMAC-SHA256 as lower-case hex.
#pragma once

#include <string>
#include <string_view>

namespace smokeledger::daemon::config {

std::string sha256_hex(std::string_view bytes);
// https://www.rfc-editor.org/rfc/rfc2104
std::string hmac_sha256_hex(std::string_view key, std::string_view bytes);

// Whether two secrets are the same, in a time that says nothing of how much of one was right.
bool same_secret(std::string_view one, std::string_view other);

}  // namespace smokeledger::daemon::config
