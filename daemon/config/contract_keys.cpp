#include <array>

#include "daemon/config/keys.h"

namespace smokeledger::daemon::config {
namespace {

using enum KeyType;

// One row is read as one: not formatted to one argument a line.
// clang-format off
constexpr std::array rows{
    KeyInfo{"", "family", text, true, "", "\"chat_completions\"",
            "endpoint family; the file is called FAMILY.toml"},
    KeyInfo{"", "version", date, true, "", "2026-07-03",
            "day of the documentation this file states"},
    KeyInfo{"", "accessed", date, true, "", "2026-07-04",
            "day on which the documentation was last opened"},
    KeyInfo{"", "docs_home", text, true, "", "\"https://apidoc.cometapi.com/\"",
            "https link to the documentation's entry"},
    KeyInfo{"", "support", text, true, "", "\"https://apidoc.cometapi.com/support/help-center\"",
            "https link to the support page"},
    KeyInfo{"", "path", text, true, "", "\"/v1/chat/completions\"",
            "request path, appended to a provider's base URL"},
    KeyInfo{"", "body", text, true, "", "'{\"model\":\"{model}\",\"input\":\"...\"}'",
            "JSON of the minimal harmless request; `{model}` is replaced"},
    KeyInfo{"", "output_tokens_at_most", integer, true, "", "256",
            "what that request may cost at worst; the number the body asks for", 1, 100'000},
    KeyInfo{"", "request_members", texts, true, "", "[\"model\", \"messages\"]",
            "names of the body's members, for the sanitized request shape", 1, 16},
    KeyInfo{"", "object_path", text, true, "", "\"object\"",
            "where a reply names its object family"},
    KeyInfo{"", "object_value", text, true, "", "\"chat.completion\"", "and what it must say"},
    KeyInfo{"", "documented_members", texts, false, "[]", "[\"service_tier\"]",
            "top-level members beyond those of the rules, so that they do not count as additive", 0, 64},
    KeyInfo{"", "ending_path", text, false, "\"\"", "\"status\"",
            "where a reply says how it ended"},
    KeyInfo{"", "failed_endings", texts, false, "[]", "[\"failed\"]",
            "endings that leave no usable reply, in a documented shape all the same", 0, 16},
    KeyInfo{"", "served_model_path", text, true, "", "\"model\"",
            "where a reply names the model that served it"},
    KeyInfo{"", "input_tokens_path", text, true, "", "\"usage.prompt_tokens\"",
            "where a reply reports input tokens"},
    KeyInfo{"", "output_tokens_path", text, true, "", "\"usage.completion_tokens\"",
            "where a reply reports output tokens"},
    KeyInfo{"", "sources", tables, true, "", "[[sources]]", "pages the contract was read from"},
    KeyInfo{"", "rules", tables, true, "", "[[rules]]",
            "documented reply areas that a parser depends on"},
    KeyInfo{"", "tolerations", tables, false, "", "[[tolerations]]",
            "deliberate departures from the vendor's strict schema"},
    KeyInfo{"", "status_overrides", tables, false, "", "[[status_overrides]]",
            "documented exceptions to the reason of a status"},

    KeyInfo{"sources", "url", text, true, "", "\"https://apidoc.cometapi.com/api/text/chat\"",
            "https link to the page"},
    KeyInfo{"sources", "purpose", text, true, "", "\"verify chat completion contract areas\"",
            "what it was read for"},
    KeyInfo{"sources", "accessed", date, true, "", "2026-07-04", "day on which it was opened"},

    KeyInfo{"rules", "path", text, true, "", "\"choices[].message.role\"",
            "member path; `[]` is every element, `[0]` one of them"},
    KeyInfo{"rules", "types", texts, true, "", "[\"string\", \"null\"]",
            "any of `null`, `boolean`, `integer`, `number`, `string`, `array`, `object`", 1, 7},
    KeyInfo{"rules", "required", boolean, false, "true", "false", "`false`: may be absent"},
    KeyInfo{"rules", "values", texts, false, "[]", "[\"stop\", \"length\"]",
            "closed list of documented values", 0, 64},
    KeyInfo{"rules", "min_items", integer, false, "0", "1", "of an array", 0, 1'000},
    KeyInfo{"rules", "not_empty", boolean, false, "false", "true", "of a string"},
    KeyInfo{"rules", "when_member", text, false, "\"\"", "\"type\"",
            "the rule holds only where this sibling member ..."},
    KeyInfo{"rules", "when_value", text, false, "\"\"", "\"message\"",
            "... is this string; both or neither"},

    KeyInfo{"tolerations", "what", text, true, "", "\"usage may be absent\"", "what is let pass"},
    KeyInfo{"tolerations", "reason", text, true, "", "\"compatible servers leave it out\"", "why"},
    KeyInfo{"tolerations", "source", text, true, "",
            "\"https://apidoc.cometapi.com/api/text/chat\"", "https link to what it rests on"},

    KeyInfo{"status_overrides", "http_status", integer, true, "", "500", "status of the reply", 100,
            599},
    KeyInfo{"status_overrides", "error_code", text, true, "", "\"invalid_request\"",
            "its `error.code`"},
    KeyInfo{"status_overrides", "reason", text, true, "", "\"bad_request\"",
            "the reason instead: a word of docs/ledger-format.md"},
};
// clang-format on

}  // namespace

std::span<const KeyInfo> contract_keys() {
  return rows;
}

}  // namespace smokeledger::daemon::config
