// The rules by which lines follow each other. Writer, verifier and queries read through it, so that
// there is one opinion of what a sound ledger is.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <boost/system/result.hpp>

#include "exporters/ledger/codec.h"
#include "exporters/ledger/segments.h"

namespace smokeledger::exporters::ledger {

// A clause about one line or segment, such as `its hash does not match its bytes`.
using Objection = std::optional<std::string>;

// The end of a segment that is not read, known from its last line.
struct SegmentEnd {
  std::string segment;  // file name
  std::string ledger;
  std::uint64_t next_seq = 0;
  Hash head{};
  std::uint64_t sound_before = 0;             // below next_seq: a break is stated from here on
  std::optional<core::TimeRange> recorded{};  // its lines; empty: not known
  std::optional<std::uint64_t> reviews{};     // among them; empty: not known
};

class Chain {
 public:
  // From the first line of a ledger. Where its first segments were retired, the chain begins with
  // the first one that is there, and a later line has to say so.
  Chain() = default;
  // From the first line of the segment behind `end`, of a ledger that begins with line `begins_at`.
  Chain(SegmentEnd end, std::uint64_t begins_at);

  // Before the first line of each segment, by its name.
  Objection enter(const Segment&);
  // Each line of it, without newline. Checks frame, hash, sequence, previous hash, identity,
  // that the kind may stand there, and that a checkpoint speaks of the lines before it (not who
  // signed it). After an error the chain is of no further use.
  boost::system::result<Frame, std::string> check(std::string_view line);
  // After its last line.
  Objection leave(bool is_last_segment) const;

  // The payload of a line that check() accepted.
  boost::system::result<core::Line, std::string> decode(const Frame&, std::string_view line);

  std::uint64_t next_seq() const { return next_seq_; }
  std::uint64_t begins_at() const { return begins_at_; }  // not 0: what stood before was retired
  const Hash& head() const { return head_; }
  const std::string& ledger() const { return ledger_; }
  const std::string& nonce() const { return nonce_; }
  bool sealed() const { return sealed_; }  // the last line was a seal
  std::uint64_t lines_in_segment() const { return lines_in_segment_; }
  std::uint64_t header_lines() const { return header_lines_; }

 private:
  Objection check_open(const Frame&, std::string_view line);
  Objection note_retired(const Frame&, std::string_view line);
  Objection check_place(const Frame&) const;
  Objection check_checkpoint(const Frame&, std::string_view line);
  Objection check_seal(const Frame&, std::string_view line);
  Objection check_kind(const Frame&, std::string_view line);

  Hasher hasher_;
  Decoder decoder_;
  std::uint64_t next_seq_ = 0;
  Hash head_{};
  bool head_known_ = false;      // false only before the very first line
  std::uint64_t begins_at_ = 0;  // first line that is there
  std::uint64_t kept_from_ = 0;  // first line that has to be, by the newest `retired`
  std::string ledger_;
  std::string nonce_;
  std::string segment_;
  std::string previous_segment_;
  std::string first_prev_digits_;
  std::uint64_t lines_in_segment_ = 0;
  std::uint64_t header_lines_ = 0;
  std::optional<core::TimeRange> recorded_;  // when the lines of the segment were
  std::uint64_t reviews_ = 0;                // among them
  bool sealed_ = false;
};

}  // namespace smokeledger::exporters::ledger
