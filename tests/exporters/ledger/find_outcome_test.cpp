#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exporters/ledger/ledger.h"
#include "exporters/ledger/query.h"
#include "tests/support/ledger_fixtures.h"

namespace smokeledger::tests {
namespace {

using ledger::find_outcome;
using ledger::Ledger;

core::PolicyLine policy(const std::string& sha256) {
  core::PolicyLine line = sample_policy();
  line.policy_sha256 = sha256;
  return line;
}

// Runs of one probe over several small segments; another policy is in force from the fourth on.
class Runs : public ::testing::Test {
 protected:
  Runs() {
    auto options = options_in(dir_.path());
    options.segment_bytes = 6'000;
    ledger_ = Ledger::open(options).value();
    EXPECT_TRUE(ledger_->use_policies({policy("old")}, at(noon)));
    for (std::uint32_t number = 1; number <= 6; ++number) {
      if (number == 4) {
        EXPECT_TRUE(ledger_->use_policies({policy("new")}, at(noon)));
      }
      // The fifth run began by the old policy, before the other came into force.
      run(number, number < 4 || number == 5 ? "old" : "new");
    }
    EXPECT_GT(segment_files(dir_.path()).size(), 4U);
  }

  void run(std::uint32_t number, const std::string& policy_sha256) {
    core::Outcome outcome = outcome_of("chat-walk", number);
    outcome.policy_sha256 = policy_sha256;
    const std::vector<core::Line> lines{attempt_of("chat-walk", number),
                                        core::OutcomeLine{outcome}};
    const auto records = ledger_->append(lines, at(noon)).value();
    ids_.push_back(records.back().ledger_id());
  }

  ScratchDir dir_;
  std::unique_ptr<Ledger> ledger_;
  std::vector<std::string> ids_;
};

TEST_F(Runs, are_found_by_their_id_with_the_policy_that_they_cite) {
  for (std::size_t i = 0; i < ids_.size(); ++i) {
    const auto found = find_outcome(dir_.path(), ids_[i]).value();
    ASSERT_TRUE(found) << ids_[i];
    EXPECT_EQ(found->outcome.record.ledger_id(), ids_[i]);
    EXPECT_EQ(found->outcome.outcome().check_id, "chat-walk-20261121-" + std::to_string(i + 1));
    ASSERT_TRUE(found->policy) << ids_[i];
    EXPECT_EQ(found->policy->policy_sha256, found->outcome.outcome().policy_sha256);
  }
}

TEST_F(Runs, are_found_without_a_policy_where_there_is_none) {
  run(7, "nowhere");
  const auto found = find_outcome(dir_.path(), ids_.back()).value();
  ASSERT_TRUE(found);
  EXPECT_FALSE(found->policy);
}

TEST_F(Runs, are_not_found_by_the_id_of_another_line_or_ledger) {
  const std::string name = ledger_->name();
  for (const std::string& id :
       {std::string("x"),
        std::string(),
        name,
        name + "-0",
        name + "-999",
        name + "-18446744073709551616",
        "other-0a1b2c3d-" + ids_[0].substr(ids_[0].find_last_of('-') + 1)}) {
    const auto found = find_outcome(dir_.path(), id);
    ASSERT_TRUE(found) << id;
    EXPECT_FALSE(*found) << id;
  }
}

TEST_F(Runs, are_found_before_a_damaged_line_and_not_behind_it) {
  const auto file = segment_files(dir_.path()).back();
  auto bytes = read_bytes(file);
  bytes[bytes.size() - 200] ^= 1;
  write_bytes(file, bytes);
  EXPECT_TRUE(find_outcome(dir_.path(), ids_.front()).value());
  const auto behind = find_outcome(dir_.path(), ids_.back());
  ASSERT_FALSE(behind);
  EXPECT_EQ(behind.error().kind, ledger::LedgerErrorKind::corrupt);
}

}  // namespace
}  // namespace smokeledger::tests
