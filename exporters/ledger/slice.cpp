#include "exporters/ledger/slice.h"

#include <algorithm>
#include <utility>

#include "exporters/ledger/checkpoint.h"
#include "exporters/ledger/codec.h"
#include "exporters/ledger/line_scanner.h"
#include "exporters/ledger/query.h"
#include "exporters/ledger/signed_note.h"

namespace smokeledger::exporters::ledger {
namespace {

LedgerError unusable(std::string message) {
  return {LedgerErrorKind::unusable, std::move(message)};
}

// Reads on to the line of this id.
Result<std::uint64_t> seq_of_line(const std::filesystem::path& dir, std::string_view ledger_id) {
  const std::string id(ledger_id);
  const auto seq = seq_of(id);
  if (!seq) return unusable("'" + id + "' is not a ledger id; one looks like staging-0a1b2c3d-17");
  auto reader = Reader::open_at(dir, *seq);
  if (!reader) return reader.error();
  while (true) {
    auto item = reader->next();
    if (!item) return item.error();
    if (!*item || (*item)->frame.seq > *seq) {
      return unusable("there is no line " + id + " in " + dir.string());
    }
    if ((*item)->frame.seq != *seq) continue;
    if ((*item)->frame.ledger_id == id) return *seq;
    return unusable("line " + std::to_string(*seq) + " of " + dir.string() + " is " +
                    std::string((*item)->frame.ledger_id) + ", not " + id);
  }
}

// One line of a slice after the other.
class SliceChain {
 public:
  explicit SliceChain(std::span<const VerifierKey> keys) : keys_(keys) {}

  std::optional<std::string> check(std::string_view line);
  // After the last line.
  std::optional<std::string> close() const;

  const std::string& ledger() const { return ledger_; }
  std::uint64_t first() const { return first_; }
  std::uint64_t lines() const { return lines_; }

 private:
  std::optional<std::string> check_place(const Frame&);
  std::optional<std::string> check_checkpoint(const Frame&, const core::Line&);

  std::span<const VerifierKey> keys_;
  Hasher hasher_;
  Decoder decoder_;
  std::string ledger_;
  std::uint64_t first_ = 0;
  std::uint64_t lines_ = 0;
  Hash head_{};
  std::optional<SignedNote> last_;  // of the last line, where that is a checkpoint
};

std::optional<std::string> SliceChain::check_place(const Frame& frame) {
  if (lines_ == 0) {
    const std::string_view id = frame.ledger_id;
    ledger_ = id.substr(0, std::min(id.size(), id.rfind('-')));
    first_ = frame.seq;
  } else if (frame.seq != first_ + lines_) {
    return "it says it is line " + std::to_string(frame.seq) + " where line " +
           std::to_string(first_ + lines_) + " is next";
  } else if (frame.prev != head_) {
    return "its prev is not the hash of the line before it";
  }
  if (ledger_.empty() || frame.ledger_id != ledger_ + "-" + std::to_string(frame.seq)) {
    return "its ledger_id is not the ledger's name and its seq";
  }
  return std::nullopt;
}

std::optional<std::string> SliceChain::check_checkpoint(const Frame& frame,
                                                        const core::Line& line) {
  last_.reset();
  const auto* checkpoint = std::get_if<core::CheckpointLine>(&line);
  if (checkpoint == nullptr) return std::nullopt;
  auto note = parse_note(checkpoint->note);
  if (!note) return "its note is not a checkpoint: " + note.error();
  if (note->text != checkpoint_text({frame.seq, frame.prev, ledger_})) {
    return "its checkpoint is not of the lines before it";
  }
  last_ = std::move(*note);
  return std::nullopt;
}

std::optional<std::string> SliceChain::check(std::string_view line) {
  const auto frame = read_frame(line);
  if (!frame) return frame.error();
  if (frame->hash != line_hash(hasher_, frame->covered)) {
    return "its hash does not match its bytes";
  }
  if (auto objection = check_place(*frame)) return objection;
  const auto decoded = decoder_.decode(*frame, line);
  if (!decoded) return decoded.error();
  if (auto objection = check_checkpoint(*frame, decoded->line)) return objection;
  head_ = frame->hash;
  ++lines_;
  return std::nullopt;
}

std::optional<std::string> SliceChain::close() const {
  if (!last_) return "the slice does not end with a checkpoint, so nothing in it is signed";
  if (auto objection = check_signatures(*last_, keys_)) {
    return "of the checkpoint that ends the slice: " + *objection;
  }
  return std::nullopt;
}

}  // namespace

Result<std::optional<Slice>> find_slice(const std::filesystem::path& dir,
                                        std::string_view from,
                                        std::string_view to) {
  const auto first = seq_of_line(dir, from);
  if (!first) return first.error();
  const auto until = seq_of_line(dir, to);
  if (!until) return until.error();
  if (*until < *first) {
    return unusable(std::string(to) + " stands before " + std::string(from) + "; swap them");
  }
  auto reader = Reader::open_at(dir, *first);
  if (!reader) return reader.error();
  while (true) {
    auto item = reader->next();
    if (!item) return item.error();
    if (!*item) return std::optional<Slice>{};
    const Frame& frame = (*item)->frame;
    if (!reader->breaks().empty() && frame.seq > *first) {
      return LedgerError{LedgerErrorKind::corrupt,
                         reader->breaks().back().problem.text() +
                             "; a slice cannot cross the break that the ledger states there"};
    }
    if (frame.seq > *until && frame.kind == "checkpoint") return Slice{*first, frame.seq};
  }
}

Result<void> read_slice(const std::filesystem::path& dir,
                        const Slice& slice,
                        const std::function<void(std::string_view bytes)>& give) {
  auto reader = Reader::open_at(dir, slice.first);
  if (!reader) return reader.error();
  while (true) {
    auto item = reader->next();
    if (!item) return item.error();
    if (!*item || (*item)->frame.seq > slice.last) return {};
    if ((*item)->frame.seq < slice.first) continue;
    give((*item)->bytes);
    give("\n");
  }
}

Result<SliceVerification> verify_slice(const std::filesystem::path& file,
                                       std::span<const VerifierKey> keys) {
  auto scanner = LineScanner::open(file);
  if (!scanner) return scanner.error();
  SliceChain chain(keys);
  SliceVerification found;
  const auto object = [&](std::string what, std::uint64_t offset) {
    found.problem = Problem{file.string(), chain.first() + chain.lines(), offset, std::move(what)};
  };
  while (!found.problem) {
    auto line = scanner->next();
    if (!line) return line.error();
    if (!*line) break;
    if (auto objection = chain.check((*line)->bytes)) object(*objection, (*line)->offset);
  }
  if (!found.problem) {
    const auto tail = scanner->tail();
    if (!tail) return tail.error();
    if (*tail != Tail::none) {
      object("bytes stand behind the last complete line", scanner->offset());
    } else if (chain.lines() == 0) {
      return unusable(file.string() + ": there is no line in it");
    } else if (auto objection = chain.close()) {
      object(*objection, scanner->offset());
    }
  }
  found.ledger = chain.ledger();
  found.first = chain.first();
  found.lines = chain.lines();
  return found;
}

std::string sentence(const SliceVerification& found) {
  if (found.problem) return "not verified: " + found.problem->text();
  return "slice of ledger " + found.ledger + ": lines " + std::to_string(found.first) + " to " +
         std::to_string(found.first + found.lines - 1) +
         " verified, covered by the signed checkpoint that ends it";
}

}  // namespace smokeledger::exporters::ledger
