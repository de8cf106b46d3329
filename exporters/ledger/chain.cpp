#include "exporters/ledger/chain.h"

#include <array>
#include <charconv>
#include <utility>

#include "exporters/ledger/checkpoint.h"

namespace smokeledger::exporters::ledger {
namespace {

// `<ledger>-<seq>`, said without making that text anew for every line.
bool is_ledger_id(std::string_view id, std::string_view ledger, std::uint64_t seq) {
  if (!id.starts_with(ledger)) return false;
  id.remove_prefix(ledger.size());
  std::array<char, 21> expected{'-'};
  const auto end = std::to_chars(expected.data() + 1, expected.data() + expected.size(), seq).ptr;
  return id == std::string_view(expected.data(), static_cast<std::size_t>(end - expected.data()));
}

}  // namespace

Chain::Chain(SegmentEnd end, std::uint64_t begins_at)
    : next_seq_(end.next_seq),
      head_(end.head),
      head_known_(true),
      begins_at_(begins_at),
      ledger_(std::move(end.ledger)),
      segment_(std::move(end.segment)),
      sealed_(true) {}

Objection Chain::enter(const Segment& segment) {
  if (!head_known_ && segment_.empty()) begins_at_ = next_seq_ = segment.first_seq;
  if (segment.first_seq != next_seq_) {
    return "it begins with line " + std::to_string(segment.first_seq) + " where line " +
           std::to_string(next_seq_) + " is next: a segment is missing or was renamed";
  }
  if (head_known_ && !hex(head_).starts_with(segment.prev_digits)) {
    return "its name does not continue from the last line of " + segment_;
  }
  first_prev_digits_ = segment.prev_digits;
  previous_segment_ = std::exchange(segment_, segment.name);
  lines_in_segment_ = 0;
  header_lines_ = 0;
  recorded_.reset();
  reviews_ = 0;
  sealed_ = false;
  return std::nullopt;
}

Objection Chain::check_open(const Frame& frame, std::string_view line) {
  auto decoded = decoder_.decode(frame, line);
  if (!decoded) return decoded.error();
  const auto& open = std::get<core::OpenLine>(decoded->line);
  const bool known = !previous_segment_.empty() || begins_at_ == 0;
  if (known && open.previous_segment != previous_segment_) {
    return "it names '" + open.previous_segment + "' as the segment before it, not '" +
           previous_segment_ + "'";
  }
  if (!ledger_.empty() && open.ledger != ledger_) {
    return "it belongs to ledger " + open.ledger + ", not to " + ledger_;
  }
  if (frame.seq == 0 && frame.prev != genesis_hash(hasher_, open.ledger, open.nonce)) {
    return "its prev is not made from the ledger's name and nonce";
  }
  if (!hex(frame.prev).starts_with(first_prev_digits_)) {
    return "its prev is not the one in the file's name";
  }
  if (decoded->header_lines == 0) return "its header_lines is 0";
  ledger_ = open.ledger;
  nonce_ = open.nonce;
  header_lines_ = decoded->header_lines;
  return std::nullopt;
}

Objection Chain::note_retired(const Frame& frame, std::string_view line) {
  auto decoded = decoder_.decode(frame, line);
  if (!decoded) return decoded.error();
  kept_from_ = std::get<core::RetiredLine>(decoded->line).first_seq;
  return std::nullopt;
}

Objection Chain::check_place(const Frame& frame) const {
  if (sealed_) return "it stands behind the seal that ends the segment";
  const bool first = lines_in_segment_ == 0;
  if (first && frame.kind != "open") return "a segment must begin with a line of kind open";
  if (!first && frame.kind == "open") return "a line of kind open stands inside a segment";
  return std::nullopt;
}

Objection Chain::check_checkpoint(const Frame& frame, std::string_view line) {
  auto decoded = decoder_.decode(frame, line);
  if (!decoded) return decoded.error();
  const auto said = checkpoint_of_note(std::get<core::CheckpointLine>(decoded->line).note);
  if (!said) return "its note is not a checkpoint: " + said.error();
  if (said->ledger != ledger_) return "its checkpoint is of ledger " + said->ledger;
  if (said->length != frame.seq) {
    return "its checkpoint covers " + std::to_string(said->length) + " lines where " +
           std::to_string(frame.seq) + " stand before it";
  }
  if (said->head != frame.prev) {
    return "its checkpoint names another hash than that of the line before it";
  }
  return std::nullopt;
}

// Queries pass over the segment by what its seal says.
Objection Chain::check_seal(const Frame& frame, std::string_view line) {
  auto decoded = decoder_.decode(frame, line);
  if (!decoded) return decoded.error();
  const auto& seal = std::get<core::SealLine>(decoded->line);
  const auto& said = seal.recorded;
  if (said && said != recorded_) {
    return "it says that its segment was recorded from " + core::format_utc(said->earliest) +
           " to " + core::format_utc(said->latest) + ", and it was from " +
           core::format_utc(recorded_->earliest) + " to " + core::format_utc(recorded_->latest);
  }
  if (seal.reviews && *seal.reviews != reviews_) {
    return "it says that its segment holds " + std::to_string(*seal.reviews) +
           " reviews, and it holds " + std::to_string(reviews_);
  }
  return std::nullopt;
}

// The kinds that say something of other lines.
Objection Chain::check_kind(const Frame& frame, std::string_view line) {
  if (lines_in_segment_ == 0) return check_open(frame, line);
  if (frame.kind == "retired") return note_retired(frame, line);
  if (frame.kind == "checkpoint") return check_checkpoint(frame, line);
  if (frame.kind == "seal") return check_seal(frame, line);
  return std::nullopt;
}

boost::system::result<Frame, std::string> Chain::check(std::string_view line) {
  auto frame = read_frame(line);
  if (!frame) return frame;
  if (frame->hash != line_hash(hasher_, frame->covered)) {
    return std::string("its hash does not match its bytes");
  }
  if (frame->seq != next_seq_) {
    return "it says it is line " + std::to_string(frame->seq) + " where line " +
           std::to_string(next_seq_) + " is next";
  }
  if (head_known_ && frame->prev != head_) {
    return std::string("its prev is not the hash of the line before it");
  }
  if (auto objection = check_place(*frame)) return *objection;
  core::include(recorded_, frame->recorded_at);
  if (frame->kind == "review") ++reviews_;
  if (auto objection = check_kind(*frame, line)) return *objection;
  if (!is_ledger_id(frame->ledger_id, ledger_, frame->seq)) {
    return std::string("its ledger_id is not the ledger's name and its seq");
  }
  sealed_ = frame->kind == "seal";
  head_ = frame->hash;
  head_known_ = true;
  ++next_seq_;
  ++lines_in_segment_;
  return frame;
}

Objection Chain::leave(bool is_last_segment) const {
  if (lines_in_segment_ == 0) return "it holds no complete line";
  if (lines_in_segment_ < header_lines_) {
    return "it was created with " + std::to_string(header_lines_) + " lines and holds " +
           std::to_string(lines_in_segment_);
  }
  if (!is_last_segment && !sealed_) return "it has a successor but does not end with a seal";
  if (is_last_segment && begins_at_ > kept_from_) {
    return "the ledger begins with line " + std::to_string(begins_at_) +
           ", and no line says that those before it were retired";
  }
  return std::nullopt;
}

boost::system::result<core::Line, std::string> Chain::decode(const Frame& frame,
                                                             std::string_view line) {
  auto decoded = decoder_.decode(frame, line);
  if (!decoded) return decoded.error();
  return std::move(decoded->line);
}

}  // namespace smokeledger::exporters::ledger
