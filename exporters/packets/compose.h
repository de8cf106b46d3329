// An escalation packet as it is handed on: what the lines of a ledger say of one incident, gathered
// for a person or a provider's support. Pure: the same evidence gives the same packet.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "exporters/ledger/record.h"
#include "probes/core/contract.h"
#include "probes/core/packet.h"
#include "probes/core/review.h"

namespace smokeledger::exporters::packets {

namespace core = probes::core;

// What a packet is made of. Records of other kinds than their list is for are passed over.
struct PacketEvidence {
  std::string environment;  // ours, today
  std::string build;
  std::string config_sha256;
  std::string config_file;  // as the commands to repeat the check name it

  std::vector<ledger::LedgerRecord> lines;      // of the packet, from the one that opened it
  std::vector<ledger::LedgerRecord> outcomes;   // those that they cite
  std::vector<ledger::LedgerRecord> attempts;   // of these runs
  std::vector<core::JoinedReview> reviews;      // of any outcome
  std::vector<ledger::LedgerRecord> decisions;  // that people recorded, of any incident
  std::string ledger_dir;                       // as a command names it
  // Cited lines that are not among the outcomes: more than a packet holds, and not there any more.
  std::size_t runs_left_out = 0;
  std::size_t lines_gone = 0;
  std::vector<std::shared_ptr<const core::Contract>> contracts;  // in force
  std::optional<core::LivePacket> live;                          // none: it is closed
  std::optional<ledger::LedgerRecord> checkpoint;  // the first behind all of these; none: not yet
};

// Names and shapes of a request, never values.
struct RequestShape {
  std::string method;
  std::string path;
  std::string auth_scheme;
  std::vector<std::string> members;
};

struct PacketAttempt {
  core::Attempt attempt;
  std::optional<RequestShape> shape;  // none: its line is not among the evidence
};

// A number that somebody else may have to tell: empty, nobody told.
using Told = std::optional<std::uint64_t>;

// A review, or a decision that a person recorded: what it says, and where it stands.
template <class Said>
struct PacketJudgement {
  std::string ledger_id;
  core::WallTime recorded_at{};
  Said said;
  std::optional<bool> in_slice;  // whether the slice proves it; none: there is no slice yet
};

struct PacketRun {
  std::string ledger_id;
  core::WallTime recorded_at{};
  core::Outcome outcome;
  std::vector<PacketAttempt> attempts;
  std::map<core::Layer, Told> retries;                  // by the layer that made them
  std::optional<PacketJudgement<core::Review>> review;  // the newest that covers it
};

// One line of the packet.
struct PacketStep {
  std::string ledger_id;
  core::WallTime recorded_at{};
  core::PacketEvent event{};
  std::string cited_ledger_id;  // may be empty
  std::string initials;
  std::string note;
  std::optional<core::HandedTo> to;
  std::uint32_t attempts = 0;  // of a hand-over
};

struct PacketContract {
  core::EndpointFamily family{};
  std::string version;   // in force today
  std::string accessed;  // YYYY-MM-DD
  std::string docs_home;
  std::string support;
  std::vector<std::string> documentation;  // links
};

// As a person closed it.
struct PacketResult {
  std::string result;
  std::string changed;   // route or files, or `none`
  std::string shown_by;  // ledger id; may be empty
  std::string initials;
  std::string remaining_uncertainty;
};

// The lines that prove it, for `ledger verify --slice`.
struct PacketSlice {
  std::string from;  // ledger ids
  std::string to;    // of the checkpoint that signs them
  std::string file;  // what the commands call it
  std::uint64_t first_seq = 0;
  std::uint64_t last_seq = 0;
};

struct Packet {
  std::string ledger_id;  // its name
  std::string state;      // open, resolved, closed
  core::PacketOpener opener{};
  core::WallTime opened_at{};
  std::string environment;
  std::string probe;  // may be empty
  std::string build;
  std::string config_sha256;
  core::QuestionAbout question_about{};
  bool question_by_operator = false;  // else suggested by the reason of the newest run
  std::string follow_up_owner;        // may be empty
  std::optional<core::WallTime> acknowledged_at;
  std::string acknowledged_by;
  std::vector<core::EndpointFamily> families;  // of the attempts, each once
  std::vector<PacketRun> runs;                 // in the order of the ledger
  // About a line of the packet, or about a request of its runs, in the order of the ledger.
  std::vector<PacketJudgement<core::HumanDecision>> decisions;
  std::vector<core::ReceivedAlert> alerts;  // each once, as it came last
  std::vector<std::string> mismatches;      // of the environment
  std::vector<PacketStep> steps;
  std::vector<PacketContract> contracts;  // of those families; all where none was checked
  std::vector<std::string> evidence_links;
  std::vector<std::string> commands;  // that repeat the check
  std::optional<PacketResult> closed;
  std::vector<std::string> remaining_uncertainty;  // sentences
  std::optional<PacketSlice> slice;                // none: no checkpoint follows yet
};

// REQUIRES: evidence.lines begins with the line that opened the packet.
Packet compose(const PacketEvidence&);

// As its newest review says, else as the outcome does; may be empty.
const std::string& follow_up_owner(const PacketRun&);

// Ledger id of the line that the decision is about; may be empty.
std::string cited_by(const PacketJudgement<core::HumanDecision>&);

// Whom a reason raises a question for; `unclear` where it does not say.
core::QuestionAbout question_about(core::Reason);

// Both end with what a packet does not assert.
std::string packet_json(const Packet&);      // one object and a newline
std::string packet_markdown(const Packet&);  // CommonMark with tables

}  // namespace smokeledger::exporters::packets
