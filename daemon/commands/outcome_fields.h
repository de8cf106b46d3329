// The members of an outcome by name, for spreadsheets and for the runbooks' own records.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include "exporters/ledger/record.h"
#include "probes/core/review.h"

namespace smokeledger::daemon::commands {

// A text, a count, or a list.
using FieldValue = std::variant<std::string, std::uint64_t, std::vector<std::string>>;

// An outcome as it is read: with the newest review of it, if there is one. Or a decision that a
// person recorded, which nobody reviews (decision_fields.h).
struct ReadOutcome {
  const exporters::ledger::LedgerRecord& record;  // REQUIRES: its line is of the fields' kind
  const probes::core::JoinedReview* review = nullptr;
};

// Of every kind of line.
FieldValue ledger_id(const ReadOutcome&);
FieldValue recorded_at(const ReadOutcome&);

// A member of a line as the ledger spells it.
template <class Member>
FieldValue spelled(const Member& found) {
  if constexpr (std::is_enum_v<Member>) {
    return std::string(probes::core::word(found));
  } else if constexpr (std::is_integral_v<Member>) {
    return std::uint64_t{found};
  } else {
    return found;
  }
}

struct OutcomeField {
  std::string_view name;
  FieldValue (*value)(const ReadOutcome&);
};

struct FieldSet {
  std::string_view name;
  std::vector<OutcomeField> fields;
};

// `all`, and what each runbook asks to be written down, by its own names: `runbook-a` is the
// decision ledger, `runbook-b` the fallback review.
const std::vector<FieldSet>& field_sets();

// One object with these members.
std::string json_of(const FieldSet&, const ReadOutcome&);

// The line as it stands; where it was reviewed, with what the review says in place of `unreviewed`
// and with a member `review` behind its own. `hash` is that of the line as it stands.
std::string json_of(std::string_view line, const ReadOutcome&);

// Rows as RFC 4180 has them, https://www.rfc-editor.org/rfc/rfc4180, with the line's end. Each cell
// is quoted, and one that a spreadsheet would take for a formula begins with an apostrophe.
std::string csv_header(const FieldSet&);
std::string csv_row(const FieldSet&, const ReadOutcome&);

// One cell of such a row.
std::string csv_cell(std::string_view text);

}  // namespace smokeledger::daemon::commands
