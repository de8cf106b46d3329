// What the pages show, as plain values: the reader fills them from ledger lines, compose() turns
// them into HTML. Words and units are those of the ledger.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "exporters/page/filter.h"
#include "exporters/page/history.h"
#include "probes/core/line.h"

namespace smokeledger::exporters::page {

// On every page.
struct Site {
  std::string environment;
  std::string ledger;  // its name
  std::string build;
  core::WallTime now{};  // when the page was made
};

// A contract in force, and when its documentation was last opened.
struct ContractView {
  core::EndpointFamily family{};
  std::string version;
  std::string accessed;       // the day that the contract states
  core::WallTime opened{};    // that day, or the newest review
  std::int64_t age_days = 0;  // since then; negative when a clock is ahead
  bool overdue = false;       // for a probe that is shown
  std::string docs_home;
  std::string support;
};

struct ProbeView {
  std::string name;
  core::Mode mode{};
  std::string owner;
  std::vector<core::EndpointFamily> families;  // of its routes, each once
  std::vector<PastDecision> newest;            // the newest first
  std::optional<core::WallTime> next_due;
  bool by_hand = false;             // never due: a person runs it
  core::Gap gap = core::Gap::none;  // of the newest outcome
  // What could not be checked: of the newest outcome, of the contracts today, of the configuration.
  std::vector<std::string> facts;
};

struct OutcomeRow {
  std::string ledger_id;
  std::uint64_t seq = 0;
  core::WallTime recorded_at{};
  std::string probe;
  core::EndpointFamily family{};
  std::string provider;
  core::Decision decision{};
  core::CheckResult check_result{};
  core::StatusClass status_class{};
  core::Reason reason{};
  std::uint32_t retry_count = 0;
  std::string fallback_route;
  std::string rule;
  std::string review;  // `pass by AB`; empty: nobody reviewed it, as far as it is known
};

// A line that waits for a person: an outcome that needs a review, or an open packet.
struct Waiting {
  std::string ledger_id;
  std::optional<core::WallTime> since;  // empty: of several
  std::string about;                    // a probe
  std::string what;                     // a sentence
  std::string owner;
};

struct Overview {
  Site site;
  Filter filter;
  std::vector<std::string> every_probe;  // names to choose from
  std::vector<ProbeView> probes;         // what needs a look first
  std::size_t probes_left_out = 0;
  std::vector<ContractView> contracts;
  std::vector<Waiting> needs_review;  // the oldest first
  std::uint64_t needs_review_more = 0;
  std::vector<Waiting> open_packets;  // likewise
  std::uint64_t open_packets_more = 0;
  std::vector<std::pair<Day, Counts>> days;  // the last one is today
  // Outcomes older than this are not counted yet, or could not be read; empty: all are counted.
  std::optional<core::WallTime> counted_from;
  std::string not_counted;           // why not, where it stays so
  std::vector<OutcomeRow> outcomes;  // the newest first
  bool more = false;                 // older ones may match, too
  bool out_of_time = false;          // the search ended before it had found enough
};

// An operator's line on an outcome.
struct ReviewView {
  std::string ledger_id;
  core::WallTime recorded_at{};
  core::Review review;
};

// One line of the ledger.
struct LineView {
  Site site;
  std::string ledger_id;
  std::string kind;
  std::uint64_t seq = 0;
  core::WallTime recorded_at{};
  std::string prev;  // as its members say
  std::string hash;
  std::string segment;  // file name
  std::string bytes;    // as they stand in the ledger
  bool newest = false;  // no line stands behind it
  core::Line line;
  std::vector<ReviewView> reviews;  // the newest first
  bool reviews_known = true;        // else the ledger is still being read
};

// Instead of a page.
struct Refusal {
  Site site;
  int status = 400;
  std::string title;
  std::string sentence;
};

}  // namespace smokeledger::exporters::page
