#include "exporters/ledger/ledger.h"

#include <sys/stat.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exporters/ledger/hash.h"
#include "exporters/ledger/reader.h"
#include "exporters/ledger/verify.h"
#include "tests/support/ledger_fixtures.h"

namespace smokeledger::tests {
namespace {

using ledger::Ledger;
using ledger::LedgerErrorKind;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;

std::unique_ptr<Ledger> opened(const ledger::OpenOptions& options) {
  auto result = Ledger::open(options);
  if (!result) throw std::runtime_error(result.error().message);
  return std::move(*result);
}

TEST(Ledger, is_created_with_a_name_of_its_own_and_one_open_line) {
  const ScratchDir dir;
  const auto ledger = opened(options_in(dir.path() / "ledger"));
  EXPECT_THAT(ledger->name(), MatchesRegex("staging-[0-9a-f]{8}"));
  EXPECT_EQ(ledger->next_seq(), 1U);
  EXPECT_FALSE(ledger->recovered());
  const auto files = segment_files(dir.path() / "ledger");
  ASSERT_EQ(files.size(), 1U);
  EXPECT_THAT(files[0].filename().string(),
              MatchesRegex("ledger-00000000000000000000-[0-9a-f]{16}\\.jsonl"));
}

TEST(Ledger, starts_its_chain_from_its_name_and_nonce) {
  const ScratchDir dir;
  const auto ledger = opened(options_in(dir.path()));
  auto reader = ledger::Reader::open(dir.path()).value();
  const auto item = reader.next().value().value();
  const auto open = std::get<core::OpenLine>(reader.decode(item).value());
  ledger::Hasher hasher;
  EXPECT_EQ(item.frame.prev, ledger::genesis_hash(hasher, ledger->name(), open.nonce));
  EXPECT_EQ(open.nonce.size(), 64U);
  EXPECT_EQ(item.frame.hash, ledger->head());
}

TEST(Ledger, never_makes_the_same_name_twice) {
  const ScratchDir one;
  const ScratchDir two;
  EXPECT_NE(opened(options_in(one.path()))->name(), opened(options_in(two.path()))->name());
}

TEST(Ledger, gives_back_records_of_what_is_on_the_disk) {
  const ScratchDir dir;
  const auto ledger = opened(options_in(dir.path()));
  const auto lines = run_of("chat-walk", 1);
  const auto records = ledger->append(lines, at("2026-11-21T12:00:05Z")).value();
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(records[0].seq(), 1U);
  EXPECT_EQ(records[1].prev(), records[0].hash());
  EXPECT_EQ(records[1].hash(), ledger->head());
  EXPECT_EQ(records[1].ledger_id(), ledger->name() + "-2");
  EXPECT_EQ(records[1].recorded_at(), at("2026-11-21T12:00:05Z"));
  auto reader = ledger::Reader::open(dir.path()).value();
  ASSERT_TRUE(reader.next().value());
  for (const auto& record : records) {
    const auto item = reader.next().value().value();
    EXPECT_EQ(item.frame.hash, record.hash());
    EXPECT_EQ(reader.decode(item).value(), record.line());
  }
}

TEST(Ledger, remembers_across_a_restart_name_head_sequence_and_state) {
  const ScratchDir dir;
  auto ledger = opened(options_in(dir.path()));
  ASSERT_TRUE(ledger->append(run_of("chat-walk", 1), at(noon)));
  ASSERT_TRUE(ledger->append(std::vector<core::Line>{attempt_of("chat-walk", 2)}, at(noon)));
  const auto name = ledger->name();
  const auto head = ledger->head();
  const auto seq = ledger->next_seq();
  const auto state = ledger->state();
  ledger.reset();
  ledger = opened(options_in(dir.path()));
  EXPECT_EQ(ledger->name(), name);
  EXPECT_EQ(ledger->head(), head);
  EXPECT_EQ(ledger->next_seq(), seq);
  EXPECT_EQ(ledger->state(), state);
  EXPECT_TRUE(ledger->state().probes.at("chat-walk").open_run);
}

TEST(Ledger, has_one_writer_at_a_time) {
  const ScratchDir dir;
  auto first = opened(options_in(dir.path()));
  const auto second = Ledger::open(options_in(dir.path()));
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, LedgerErrorKind::locked);
  EXPECT_THAT(second.error().message, HasSubstr("being written by another process"));
  first.reset();
  EXPECT_TRUE(Ledger::open(options_in(dir.path())));
}

TEST(Ledger, writes_a_policy_once_a_segment_and_a_changed_one_again) {
  const ScratchDir dir;
  auto ledger = opened(options_in(dir.path()));
  auto policy = sample_policy();
  ASSERT_TRUE(ledger->use_policies({policy}, at(noon)));
  ASSERT_TRUE(ledger->use_policies({policy}, at(noon)));
  EXPECT_EQ(ledger->next_seq(), 2U);
  ledger.reset();
  ledger = opened(options_in(dir.path()));
  ASSERT_TRUE(ledger->use_policies({policy}, at(noon)));
  EXPECT_EQ(ledger->next_seq(), 2U);
  policy.policy_sha256 = std::string(64, 'a');
  ASSERT_TRUE(ledger->use_policies({policy}, at(noon)));
  EXPECT_EQ(ledger->next_seq(), 3U);
}

TEST(Ledger, refuses_the_ledger_of_another_name) {
  const ScratchDir dir;
  opened(options_in(dir.path()));
  auto options = options_in(dir.path());
  options.name = "stag";
  const auto other = Ledger::open(options);
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().kind, LedgerErrorKind::unusable);
  EXPECT_THAT(other.error().message, HasSubstr("not one named stag"));
}

TEST(Ledger, refuses_a_directory_whose_parent_is_missing) {
  const ScratchDir dir;
  const auto ledger = Ledger::open(options_in(dir.path() / "no" / "ledger"));
  ASSERT_FALSE(ledger);
  EXPECT_EQ(ledger.error().kind, LedgerErrorKind::unusable);
}

TEST(Ledger, lets_no_one_outside_its_group_read) {
  const ScratchDir dir;
  opened(options_in(dir.path() / "ledger"));
  struct stat status {};
  ASSERT_EQ(::stat((dir.path() / "ledger").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0007U, 0U);
  ASSERT_EQ(::stat(segment_files(dir.path() / "ledger")[0].c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0007U, 0U);
}

TEST(Ledger, writes_nothing_of_a_group_that_holds_a_line_that_is_too_long_and_stops) {
  const ScratchDir dir;
  const auto ledger = opened(options_in(dir.path()));
  const auto before = read_bytes(segment_files(dir.path())[0]);
  const std::vector<core::Line> lines{core::ClockStepLine{1},
                                      core::ConfigLine{std::string(20'000, 'x'), {}, 0}};
  const auto refused = ledger->append(lines, at(noon));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, LedgerErrorKind::unusable);
  EXPECT_FALSE(ledger->append(run_of("chat-walk", 1), at(noon)));
  EXPECT_EQ(read_bytes(segment_files(dir.path())[0]), before);
}

TEST(Ledger, syncs_a_group_once) {
  const ScratchDir dir;
  FaultyDisk disk({});
  auto options = options_in(dir.path());
  options.open_file = disk.opener();
  const auto ledger = opened(options);
  const auto before = disk.syncs();
  const auto one = run_of("chat-walk", 1);
  const auto two = run_of("chat-direct", 1);
  const ledger::LineGroup groups[] = {{one, at(noon)}, {two, at("2026-11-21T12:00:01Z")}};
  const auto records = ledger->append_groups(groups).value();
  EXPECT_EQ(disk.syncs(), before + 1);
  ASSERT_EQ(records.size(), 4U);
  EXPECT_EQ(records[3].recorded_at(), at("2026-11-21T12:00:01Z"));
}

TEST(Ledger, leaves_no_more_unsynced_than_a_start_reads_again) {
  const ScratchDir dir;
  FaultyDisk disk({});
  auto options = options_in(dir.path());
  options.open_file = disk.opener();
  auto ledger = opened(options);
  const auto before = disk.syncs();
  const std::vector<core::Line> lines(1'500, core::ConfigLine{std::string(1'000, 'x'), {}, 0});
  EXPECT_EQ(ledger->append(lines, at(noon)).value().size(), lines.size());
  EXPECT_EQ(disk.syncs(), before + 2);
  const auto next = ledger->next_seq();
  ledger.reset();
  EXPECT_EQ(opened(options_in(dir.path()))->next_seq(), next);
}

TEST(Ledger, appending_nothing_writes_nothing) {
  const ScratchDir dir;
  const auto ledger = opened(options_in(dir.path()));
  EXPECT_TRUE(ledger->append({}, at(noon)).value().empty());
  EXPECT_EQ(ledger->next_seq(), 1U);
}

// One workload with several rotations; how many lines were acknowledged before the disk failed.
struct Campaign {
  std::vector<ledger::LedgerRecord> acknowledged;
  bool failed = false;
};

Campaign run_campaign(const std::filesystem::path& dir, FaultyDisk& disk) {
  Campaign campaign;
  auto options = options_in(dir);
  options.open_file = disk.opener();
  options.segment_bytes = 12'000;
  auto result = Ledger::open(options);
  if (!result) {
    campaign.failed = true;
    return campaign;
  }
  for (std::uint32_t number = 1; number <= 5; ++number) {
    auto records = (*result)->append(run_of("chat-walk", number), at(noon));
    if (!records) {
      campaign.failed = true;
      continue;  // a later append must not succeed
    }
    EXPECT_FALSE(campaign.failed) << "a line was acknowledged after the ledger had failed";
    for (auto& record : *records) campaign.acknowledged.push_back(std::move(record));
  }
  return campaign;
}

std::map<std::uint64_t, ledger::Hash> hashes_in(const std::filesystem::path& dir) {
  std::map<std::uint64_t, ledger::Hash> hashes;
  auto reader = ledger::Reader::open(dir).value();
  while (auto item = reader.next().value()) hashes[item->frame.seq] = item->frame.hash;
  return hashes;
}

class FailingDisk : public ::testing::TestWithParam<std::tuple<std::size_t, bool>> {};

TEST_P(FailingDisk, never_takes_back_a_line_that_was_acknowledged) {
  const auto [torn_bytes, power_cut] = GetParam();
  for (std::uint64_t call = 1;; ++call) {
    SCOPED_TRACE("failing call " + std::to_string(call));
    const ScratchDir dir;
    FaultyDisk disk({call, torn_bytes});
    const Campaign campaign = run_campaign(dir.path(), disk);
    EXPECT_EQ(disk.calls_after_failure(), 0U);
    if (!campaign.failed) {
      EXPECT_EQ(campaign.acknowledged.size(), 10U);
      EXPECT_GT(call, 20U) << "the campaign is meant to rotate";
      break;
    }
    if (power_cut) disk.cut_power(dir.path());
    auto options = options_in(dir.path());
    const auto again = Ledger::open(options);
    ASSERT_TRUE(again) << again.error().message;
    ASSERT_TRUE((*again)->append(run_of("chat-walk", 9), at(noon)));
    const auto verified = ledger::verify(dir.path()).value();
    ASSERT_FALSE(verified.problem) << verified.problem->text();
    const auto hashes = hashes_in(dir.path());
    for (const auto& record : campaign.acknowledged) {
      const auto found = hashes.find(record.seq());
      ASSERT_NE(found, hashes.end()) << record.ledger_id() << " is gone";
      EXPECT_EQ(found->second, record.hash());
    }
  }
}

INSTANTIATE_TEST_SUITE_P(whatever_it_leaves,
                         FailingDisk,
                         ::testing::Combine(::testing::Values(0U, 1U, 700U, 100'000U),
                                            ::testing::Bool()));

}  // namespace
}  // namespace smokeledger::tests
