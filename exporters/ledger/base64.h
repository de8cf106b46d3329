// Base64 with padding: RFC 4648 section 4, https://www.rfc-editor.org/rfc/rfc4648#section-4
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace smokeledger::exporters::ledger {

std::string base64(std::string_view bytes);

// Only what base64() writes: no blanks, full padding, unused bits 0. Anything else is empty.
std::optional<std::string> bytes_from_base64(std::string_view text);

}  // namespace smokeledger::exporters::ledger
