// What people say of outcomes, as it comes in: from the command line or through the control socket,
// and checked the same at both.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <boost/system/result.hpp>

#include "probes/core/line.h"

namespace smokeledger::daemon {

namespace core = probes::core;

// Why a note cannot be recorded, and what to do: too long, not plain text, looks like a secret, or
// claims what nobody checked. Empty: it can.
std::string objection_to_note(std::string_view note);

// A `review`, `decision` or `packet` line as one JSON object, `kind` and its members: what the
// control socket takes, and what operator_json() writes. Whatever caller it names is replaced by
// `caller_uid`. The error names the member and the fix.
boost::system::result<core::Line, std::string> operator_line(
    std::string_view json, std::optional<std::uint32_t> caller_uid);
// REQUIRES: a ReviewLine, a DecisionLine or a PacketLine of a person.
std::string operator_json(const core::Line&);

}  // namespace smokeledger::daemon
