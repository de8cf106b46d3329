// Reply bodies, after the documented examples of each family. Pure; the same input gives the same
// bytes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "probes/core/contract.h"

namespace smokeledger::probes::stub {

// What the stub writes as the completion: a fixed text, so that a search can show where it went.
inline constexpr std::string_view completion_text = "A short harmless reply.";

// A successful reply may be one of these.
enum class Shape {
  plain,
  refusal,          // no content, a refusal instead
  cut_at_length,    // ended at the output limit
  unknown_members,  // with members no document names
  no_answer         // without the member that holds the answer: choices, or output
};

struct Asked {
  core::EndpointFamily family{};
  std::string model;         // echoed
  std::uint64_t number = 0;  // of the arrival, for ids
};

// After https://apidoc.cometapi.com/api/text/chat and
// https://apidoc.cometapi.com/api/text/responses
std::string success_body(const Asked&, Shape);

// {"error":{"message":...,"type":...,"param":null,"code":...}}; an empty code is null. After
// https://apidoc.cometapi.com/errors/error-codes-handling
std::string error_body(std::string_view message, std::string_view type, std::string_view code);

}  // namespace smokeledger::probes::stub
