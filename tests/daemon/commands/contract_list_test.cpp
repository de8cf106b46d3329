#include "daemon/commands/contract_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <simdjson.h>

#include "daemon/config/contracts.h"
#include "tests/daemon/commands/command_line.h"
#include "tests/support/plans.h"

namespace smokeledger::daemon::commands {
namespace {

namespace core = probes::core;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;
using tests::command;

constexpr std::size_t families = core::every<core::EndpointFamily>().size();

simdjson::dom::element listed(simdjson::dom::parser& parser,
                              const tests::Ran& ran,
                              std::string_view family) {
  for (const auto& line : tests::split_lines(ran.out)) {
    simdjson::dom::element element = parser.parse(line).value();
    if (std::string_view(element["family"]) == family) return element;
  }
  ADD_FAILURE() << "no line of " << family;
  return {};
}

// The host's configuration with the shipped contracts, all accessed on one old day, and an age of
// one day.
void use_old_contracts(tests::Host& host) {
  host.change("schema = 1", "schema = 1\ncontracts_dir = \"old\"");
  host.change("[schedule]", "[contract_review]\nmax_age = \"1d\"\n\n[schedule]");
  std::filesystem::create_directory(host.path("old"));
  for (const auto& file : config::built_in_contract_files()) {
    std::string text(file.bytes);
    constexpr std::string_view key = "\naccessed = ";
    constexpr std::string_view day = "2026-01-01";
    text.replace(text.find(key) + key.size(), day.size(), day);
    tests::write_bytes(host.path("old/" + file.name), text);
  }
}

TEST(ContractList, HasOneLineAFamily) {
  const auto json = command({"contract", "list"});
  EXPECT_EQ(json.exit_code, exit_ok);
  EXPECT_THAT(tests::split_lines(json.out), SizeIs(families));
  EXPECT_THAT(json.err, IsEmpty());
  const auto page = command({"contract", "list"}, true);
  EXPECT_THAT(tests::split_lines(page.out), SizeIs(1 + families));
  EXPECT_THAT(page.out, StartsWith("FAMILY"));
  for (const auto* column : {"ACCESSED", "REVIEWED", "AGE"}) {
    EXPECT_THAT(page.out, HasSubstr(column));
  }
}

TEST(ContractList, WithoutAConfigurationTakesTheAccessedDayAsReviewed) {
  const auto ran = command({"contract", "list"});
  simdjson::dom::parser parser;
  for (const auto& contract : config::load_contracts("").contracts) {
    const auto line = listed(parser, ran, core::word(contract->family));
    EXPECT_EQ(std::string_view(line["version"]), contract->version);
    EXPECT_EQ(std::string_view(line["accessed"]), contract->accessed);
    EXPECT_EQ(std::string_view(line["reviewed"]), contract->accessed);
    EXPECT_GE(std::int64_t(line["age_days"]), 0);
    EXPECT_EQ(bool(line["overdue"]), std::int64_t(line["age_days"]) > 180);
  }
}

TEST(ContractList, OfAConfigurationTakesItsReviewsAndItsAge) {
  tests::Host host;
  use_old_contracts(host);
  const auto before = command({"contract", "list", "--config.file", host.config_file()});
  EXPECT_EQ(before.exit_code, exit_ok);
  EXPECT_THAT(before.err, HasSubstr("no ledger yet"));
  simdjson::dom::parser parser;
  EXPECT_TRUE(bool(listed(parser, before, "chat_completions")["overdue"]));
  ASSERT_EQ(command({"contract",
                     "reviewed",
                     "chat_completions",
                     "--initials",
                     "AB",
                     "--config.file",
                     host.config_file()})
                .exit_code,
            exit_ok);
  const auto after = command({"contract", "list", "--config.file", host.config_file()});
  EXPECT_THAT(after.err, IsEmpty());
  const auto line = listed(parser, after, "chat_completions");
  EXPECT_FALSE(bool(line["overdue"]));
  EXPECT_LE(std::int64_t(line["age_days"]), 1);
  EXPECT_GT(std::string_view(line["reviewed"]), std::string_view(line["accessed"]));
  EXPECT_TRUE(bool(listed(parser, after, "responses")["overdue"])) << "another family";
}

TEST(ContractList, SaysWhenTheLedgerCannotBeRead) {
  const tests::Host host;
  std::filesystem::create_directory(host.path("ledger"));
  const auto ran = command({"contract", "list", "--config.file", host.config_file()});
  EXPECT_EQ(ran.exit_code, exit_ok);
  EXPECT_THAT(ran.err, StartsWith("the ledger could not be read: "));
  EXPECT_THAT(tests::split_lines(ran.out), SizeIs(families));
}

TEST(ListedRow, FitsItsHeaderAndMarksWhatIsOverdue) {
  const auto contract = tests::chat_contract();
  const core::WallTime reviewed = tests::at("2026-07-04T09:00:00Z");
  const auto row = listed_row({*contract, reviewed, 181, true});
  EXPECT_THAT(row, SizeIs(listed_header.size()));
  EXPECT_THAT(row, testing::Contains("2026-07-04").Times(2));
  EXPECT_THAT(row, testing::Contains("181d overdue"));
  EXPECT_THAT(listed_row({*contract, reviewed, 180, false}), testing::Contains("180d"));
}

}  // namespace
}  // namespace smokeledger::daemon::commands
