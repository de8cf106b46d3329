// The members of an outcome by name, for spreadsheets and for the runbooks' own records.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "exporters/ledger/record.h"

namespace smokeledger::daemon::commands {

// A text, a count, or a list.
using FieldValue = std::variant<std::string, std::uint64_t, std::vector<std::string>>;

struct OutcomeField {
  std::string_view name;
  // REQUIRES: the record's line is an outcome.
  FieldValue (*value)(const exporters::ledger::LedgerRecord&);
};

struct FieldSet {
  std::string_view name;
  std::vector<OutcomeField> fields;
};

// `all`, and what each runbook asks to be written down, by its own names: `runbook-a` is the
// decision ledger, `runbook-b` the fallback review.
const std::vector<FieldSet>& field_sets();

// One object with these members.
std::string json_of(const FieldSet&, const exporters::ledger::LedgerRecord&);

// Rows as RFC 4180 has them, https://www.rfc-editor.org/rfc/rfc4180, with the line's end. Each cell
// is quoted, and one that a spreadsheet would take for a formula begins with an apostrophe.
std::string csv_header(const FieldSet&);
std::string csv_row(const FieldSet&, const exporters::ledger::LedgerRecord&);

// One cell of such a row.
std::string csv_cell(std::string_view text);

}  // namespace smokeledger::daemon::commands
