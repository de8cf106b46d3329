// Writes a ledger in our own format, by our own writer: make_ledger DIR LINES [SEGMENT-MIB]. So
// many lines or more: the last segment is nearly full, which is the most that a start has to read.
#include <array>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <string>

#include "exporters/ledger/ledger.h"
#include "tests/support/ledger_fixtures.h"

namespace smokeledger::tests {
namespace {

constexpr std::uint32_t probes = 200;
constexpr auto pace = std::chrono::seconds{20};  // from run to run
constexpr std::size_t runs_a_group = 64;         // so many share a sync

constexpr std::array families{core::EndpointFamily::chat_completions,
                              core::EndpointFamily::responses,
                              core::EndpointFamily::messages,
                              core::EndpointFamily::generate_content};
// One run in sixteen escalates.
core::Decision decision_of(std::uint64_t run) {
  if (run % 16 == 7) return core::Decision::escalate;
  if (run % 16 == 11) return core::Decision::retry_primary;
  return core::Decision::keep_primary;
}

void add_run(std::vector<core::Line>& lines, std::uint64_t number, core::WallTime now) {
  const std::string probe = "chat-walk-" + std::to_string(number % probes);
  const auto run = static_cast<std::uint32_t>(number / probes % 400);
  const auto family = families[number / 3 % families.size()];
  core::AttemptLine attempt = attempt_of(probe, run);
  attempt.check_id = probe + "-" + core::utc_day(now) + "-" + std::to_string(run);
  attempt.family = family;
  attempt.stamp.wall = now;
  core::Outcome outcome = outcome_of(probe, run);
  outcome.check_id = attempt.check_id;
  outcome.family = family;
  outcome.decision = decision_of(number);
  outcome.attempts.resize(1);
  outcome.attempts.front().sent_at = now;
  lines.emplace_back(std::move(attempt));
  lines.emplace_back(core::OutcomeLine{std::move(outcome)});
}

int make(const std::filesystem::path& dir, std::uint64_t lines, std::uint64_t segment_mib) {
  ledger::OpenOptions options = signing_options_in(dir);
  options.now = at("2026-06-01T00:00:00Z");
  options.segment_bytes = segment_mib << 20U;
  auto made = ledger::Ledger::open(options);
  if (!made) {
    std::cerr << made.error().message << '\n';
    return 1;
  }
  core::WallTime now = options.now;
  const auto nearly_full = [&] {
    const auto last = segment_files(dir).back();
    return std::filesystem::file_size(last) > options.segment_bytes / 8 * 7;
  };
  for (std::uint64_t run = 0; (*made)->next_seq() < lines || !nearly_full();) {
    std::vector<core::Line> group;
    for (std::size_t i = 0; i < runs_a_group; ++i, now += pace) add_run(group, run++, now);
    if (auto appended = (*made)->append(group, now); !appended) {
      std::cerr << appended.error().message << '\n';
      return 1;
    }
  }
  std::cout << (*made)->name() << ' ' << (*made)->next_seq() << '\n';
  return 0;
}

}  // namespace
}  // namespace smokeledger::tests

int main(int count, char** arguments) {
  if (count < 3) {
    std::cerr << "make_ledger DIR LINES [SEGMENT-MIB]\n";
    return 2;
  }
  const std::uint64_t lines = std::strtoull(arguments[2], nullptr, 10);
  const std::uint64_t mib = count > 3 ? std::strtoull(arguments[3], nullptr, 10) : 64;
  return smokeledger::tests::make(arguments[1], lines, mib);
}
