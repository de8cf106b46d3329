#include "exporters/ledger/checkpoint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exporters/ledger/codec.h"
#include "exporters/ledger/ledger.h"
#include "exporters/ledger/ledger_thread.h"
#include "exporters/ledger/reader.h"
#include "exporters/ledger/signed_note.h"
#include "exporters/ledger/verify.h"
#include "tests/support/ledger_fixtures.h"

namespace smokeledger::tests {
namespace {

using ledger::Ledger;
using ledger::LedgerRecord;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::vector<core::Line> steps(std::size_t count) {
  return std::vector<core::Line>(count, core::ClockStepLine{1});
}

struct Found {
  std::vector<std::string> kinds;
  std::vector<std::uint64_t> checkpoints;  // their numbers
};
Found read_all(const std::filesystem::path& dir) {
  Found found;
  auto reader = ledger::Reader::open(dir).value();
  while (auto item = reader.next().value()) {
    found.kinds.emplace_back(item->frame.kind);
    if (item->frame.kind == "checkpoint") found.checkpoints.push_back(item->frame.seq);
  }
  return found;
}

const std::string& note_of(const LedgerRecord& record) {
  return std::get<core::CheckpointLine>(record.line()).note;
}

TEST(CheckpointLine, states_length_and_head_of_all_lines_before_it_under_our_signature) {
  const ScratchDir dir;
  const auto ledger = Ledger::open(signing_options_in(dir.path())).value();
  ASSERT_TRUE(ledger->append(steps(3), at(noon)));
  const auto head = ledger->head();
  const auto records = ledger->checkpoint(at(noon)).value();
  ASSERT_THAT(records, SizeIs(1));
  EXPECT_EQ(records[0].seq(), 4U);
  EXPECT_EQ(*ledger::checkpoint_of_note(note_of(records[0])),
            (ledger::Checkpoint{4, head, ledger->name()}));
  const auto note = *ledger::parse_note(note_of(records[0]));
  EXPECT_FALSE(check_signatures(note, std::vector{sample_key().verifier()}));
  EXPECT_THAT(ledger->take_checkpoints(), IsEmpty()) << "it was the caller's own";
  EXPECT_FALSE(ledger::verify(dir.path()).value().problem);
}

TEST(CheckpointLine, is_never_written_without_a_key) {
  const ScratchDir dir;
  const auto ledger = Ledger::open(options_in(dir.path())).value();
  ASSERT_TRUE(ledger->append(steps(600), at(noon)));
  EXPECT_THAT(ledger->checkpoint(at(noon)).value(), IsEmpty());
  EXPECT_THAT(read_all(dir.path()).checkpoints, IsEmpty());
}

TEST(CheckpointLine, follows_by_itself_after_256_lines_in_the_same_sync) {
  const ScratchDir dir;
  FaultyDisk disk({});
  auto options = signing_options_in(dir.path());
  options.open_file = disk.opener();
  const auto ledger = Ledger::open(options).value();
  ASSERT_TRUE(ledger->append(steps(254), at(noon)));
  EXPECT_THAT(ledger->take_checkpoints(), IsEmpty());
  const auto syncs = disk.syncs();
  const auto own = ledger->append(steps(1), at(noon)).value();
  EXPECT_EQ(disk.syncs(), syncs + 1);
  ASSERT_THAT(own, SizeIs(1)) << "the caller's own line and nothing else";
  EXPECT_EQ(own[0].seq(), 255U);
  const auto written = ledger->take_checkpoints();
  ASSERT_THAT(written, SizeIs(1));
  EXPECT_EQ(written[0].seq(), 256U);
  EXPECT_THAT(ledger->take_checkpoints(), IsEmpty());
  ASSERT_TRUE(ledger->append(steps(255), at(noon)));
  EXPECT_THAT(ledger->take_checkpoints(), IsEmpty());
  ASSERT_TRUE(ledger->append(steps(700), at(noon)));
  EXPECT_THAT(read_all(dir.path()).checkpoints, ElementsAre(256U, 1'212U));
}

TEST(CheckpointLine, is_counted_to_across_a_restart) {
  const ScratchDir dir;
  ASSERT_TRUE(Ledger::open(signing_options_in(dir.path())).value()->append(steps(200), at(noon)));
  const auto ledger = Ledger::open(signing_options_in(dir.path())).value();
  ASSERT_TRUE(ledger->append(steps(54), at(noon)));
  EXPECT_THAT(ledger->take_checkpoints(), IsEmpty());
  ASSERT_TRUE(ledger->append(steps(1), at(noon)));
  EXPECT_THAT(ledger->take_checkpoints(), SizeIs(1));
}

TEST(CheckpointLine, stands_directly_before_every_seal_once) {
  const ScratchDir dir;
  auto options = signing_options_in(dir.path());
  options.segment_bytes = 8'000;
  const auto ledger = Ledger::open(options).value();
  for (int round = 0; round < 60; ++round) {
    ASSERT_TRUE(ledger->append(steps(1), at(noon)));
    if (round % 7 != 0) continue;
    ASSERT_TRUE(ledger->checkpoint(at(noon)));
  }
  const auto kinds = read_all(dir.path()).kinds;
  std::size_t seals = 0;
  for (std::size_t i = 2; i < kinds.size(); ++i) {
    if (kinds[i] != "seal") continue;
    ++seals;
    EXPECT_EQ(kinds[i - 1], "checkpoint");
    EXPECT_NE(kinds[i - 2], "checkpoint");
  }
  EXPECT_GE(seals, 2U);
  for (const auto& file : segment_files(dir.path())) {
    EXPECT_LE(std::filesystem::file_size(file), 8'000U) << file;
  }
}

TEST(CheckpointLine, alone_makes_a_full_segment_rotate) {
  const ScratchDir dir;
  auto options = signing_options_in(dir.path());
  options.segment_bytes = 8'000;
  const auto ledger = Ledger::open(options).value();
  for (int hour = 0; hour < 40; ++hour) {
    ASSERT_THAT(ledger->checkpoint(at(noon)).value(), SizeIs(1));
  }
  EXPECT_GE(segment_files(dir.path()).size(), 3U);
  EXPECT_FALSE(ledger::verify(dir.path()).value().problem);
}

TEST(CheckpointLine, that_cannot_be_synced_is_not_told_and_ends_the_writing) {
  const ScratchDir dir;
  FaultyDisk disk({.failing_call = 4, .torn_bytes = 0});  // the sync of the second write
  auto options = signing_options_in(dir.path());
  options.open_file = disk.opener();
  const auto ledger = Ledger::open(options).value();
  EXPECT_FALSE(ledger->checkpoint(at(noon)));
  EXPECT_THAT(ledger->take_checkpoints(), IsEmpty());
  EXPECT_FALSE(ledger->append(steps(1), at(noon)));
  EXPECT_EQ(disk.calls_after_failure(), 0U);
}

TEST(CheckpointLine, needs_its_key_before_anything_is_read_or_written) {
  const ScratchDir dir;
  auto options = signing_options_in(dir.path());
  options.open_key = []() -> ledger::Result<ledger::SignerKey> {
    return ledger::LedgerError{ledger::LedgerErrorKind::unusable, "no key"};
  };
  const auto ledger = Ledger::open(options);
  ASSERT_FALSE(ledger);
  EXPECT_EQ(ledger.error().message, "no key");
  EXPECT_THAT(segment_files(dir.path()), IsEmpty());
}

TEST(CheckpointLine, is_told_by_the_thread_in_the_order_of_the_ledger) {
  const ScratchDir dir;
  auto options = signing_options_in(dir.path());
  options.segment_bytes = 30'000;
  std::vector<std::uint64_t> told;
  std::size_t checkpoints = 0;
  {
    ledger::LedgerThread thread(Ledger::open(options).value());
    thread.tell_checkpoints([&](const std::vector<LedgerRecord>& records) {
      checkpoints += records.size();
      for (const auto& record : records) told.push_back(record.seq());
    });
    for (int round = 0; round < 300; ++round) {
      thread.append(steps(2), at(noon), [&](const auto& records) {
        for (const auto& record : *records) told.push_back(record.seq());
      });
    }
    thread.checkpoint(at(noon), [&](const auto& records) {
      ASSERT_THAT(*records, SizeIs(1));
      told.push_back(records->front().seq());
    });
  }
  EXPECT_TRUE(std::is_sorted(told.begin(), told.end()));
  EXPECT_EQ(checkpoints + 1, read_all(dir.path()).checkpoints.size());
  EXPECT_EQ(told.back() + 1, ledger::verify(dir.path()).value().lines);
}

// A ledger of one open line and one checkpoint that lies.
std::string problem_with(const std::function<void(ledger::Checkpoint&)>& lie) {
  const ScratchDir dir;
  std::string name;
  ledger::Hash head{};
  {
    const auto ledger = Ledger::open(options_in(dir.path())).value();
    name = ledger->name();
    head = ledger->head();
  }
  ledger::Checkpoint checkpoint{1, head, name};
  lie(checkpoint);
  ledger::Hasher hasher;
  const core::CheckpointLine line{sign_note(sample_key(), checkpoint_text(checkpoint))};
  const auto encoded = encode(hasher, {1, head, name, at(noon)}, line).value();
  const auto file = segment_files(dir.path()).front();
  write_bytes(file, read_bytes(file) + encoded.bytes);
  const auto verified = ledger::verify(dir.path()).value();
  EXPECT_EQ(verified.problem.has_value(), !Ledger::open(options_in(dir.path())));
  return verified.problem ? verified.problem->what : "";
}

TEST(CheckpointLine, that_does_not_speak_of_the_lines_before_it_is_damage_without_any_key) {
  EXPECT_EQ(problem_with([](auto&) {}), "");
  EXPECT_EQ(problem_with([](auto& said) { said.ledger = "other-0a1b2c3d"; }),
            "its checkpoint is of ledger other-0a1b2c3d");
  EXPECT_EQ(problem_with([](auto& said) { said.length = 2; }),
            "its checkpoint covers 2 lines where 1 stand before it");
  EXPECT_EQ(problem_with([](auto& said) { said.head[31] ^= 1; }),
            "its checkpoint names another hash than that of the line before it");
  EXPECT_THAT(problem_with([](auto& said) { said.ledger.clear(); }),
              HasSubstr("its note is not a checkpoint: its first line is not"));
}

}  // namespace
}  // namespace smokeledger::tests
