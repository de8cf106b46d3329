// The rules of a contract file. Internal to read_contract().
#pragma once

#include <string>
#include <vector>

#include "daemon/config/section.h"
#include "probes/core/contract.h"

namespace smokeledger::daemon::config {

namespace core = probes::core;

// A path such as `usage.prompt_tokens`, or empty with an error.
std::string member_path(const Section&, std::string_view key);

// The rules in one array of tables of the file's root.
core::Rules read_rules(Errors&, const Section& root, std::string_view list);

// stream_rules, gathered by their event in the order in which the events are first named.
std::vector<core::EventRules> read_event_rules(Errors&, const Section& root);

}  // namespace smokeledger::daemon::config
