#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

#include "exporters/ledger/ledger_impl.h"
#include "exporters/ledger/recovery.h"

namespace smokeledger::exporters::ledger {
namespace {

constexpr std::size_t name_bytes = 4;
constexpr std::size_t nonce_bytes = 32;

Result<void> make_directory(const std::filesystem::path& dir) {
  if (::mkdir(dir.c_str(), 0750) != 0) {
    if (errno == EEXIST) return {};
    LedgerError error = io_error("create the ledger directory", dir, errno);
    error.kind = LedgerErrorKind::unusable;
    return error;
  }
  const auto parent = dir.has_parent_path() ? dir.parent_path() : std::filesystem::path(".");
  return sync_directory(parent);
}

// `<configured name>-<8 hex>`
bool is_name_of(std::string_view ledger, std::string_view configured) {
  return ledger.size() == configured.size() + 1 + 2 * name_bytes &&
         ledger.starts_with(configured) && ledger[configured.size()] == '-';
}

LedgerError with_advice(LedgerError error) {
  if (error.kind == LedgerErrorKind::corrupt) {
    error.message +=
        "; this is not a torn tail, so nothing was appended. Restore the files from a copy, or let "
        "`smokeledger ledger break` state the damage and begin a new segment behind it";
  }
  return error;
}

}  // namespace

Result<void> Ledger::Impl::open() {
  if (auto made = make_directory(options.dir); !made) return made;
  auto locked = lock_directory(options.dir);
  if (!locked) return locked.error();
  lock = std::move(*locked);
  if (options.open_key) {
    auto opened = options.open_key();
    if (!opened) return opened.error();
    key = std::move(*opened);
  }
  if (auto removed = remove_unfinished_segments(options.dir); !removed) return removed;
  auto segments = list_segments(options.dir);
  if (!segments) return segments.error();
  if (!segments->empty()) {
    if (auto forgotten = forget_unsynced_end(segments->back()); !forgotten) return forgotten;
  }
  auto ready = segments->empty() ? create_first() : read_back();
  return ready ? retire(options.now) : ready;
}

Result<void> Ledger::Impl::create_first() {
  const auto suffix = random_hex(name_bytes);
  const auto random = random_hex(nonce_bytes);
  if (!suffix || !random) {
    return LedgerError{LedgerErrorKind::io, "no random bytes for a new ledger's name"};
  }
  name = options.name + "-" + *suffix;
  nonce = *random;
  end = {0, genesis_hash(hasher, name, nonce)};
  return start_segment(options.now);
}

Result<std::set<std::string>> Ledger::Impl::read_lines(Reader& reader) {
  std::set<std::string> told;
  while (true) {
    auto item = reader.next();
    if (!item) return with_advice(item.error());
    if (!*item) return told;
    auto line = reader.decode(**item);
    if (!line) return with_advice(line.error());
    note(*line, (*item)->frame.seq, (*item)->frame.recorded_at);
    if (reader.chain().lines_in_segment() == 1) segment_began = (*item)->frame.recorded_at;
    if (reader.chain().lines_in_segment() <= reader.chain().header_lines()) {
      header_size = (*item)->offset + (*item)->bytes.size() + 1;
    }
    if (const auto* tail = std::get_if<core::RecoveredLine>(&*line)) told.insert(tail->quarantine);
    const auto* policy = std::get_if<core::PolicyLine>(&*line);
    if (policy == nullptr) continue;
    std::erase_if(policies, [&](const auto& known) { return known.probe == policy->probe; });
    policies.push_back(*policy);
  }
}

Result<void> Ledger::Impl::read_back() {
  auto reader = Reader::open(options.dir, Reader::From::last_segment);
  if (!reader) return with_advice(reader.error());
  auto told = read_lines(*reader);
  if (!told) return told.error();
  const Chain& chain = reader->chain();
  name = chain.ledger();
  if (!is_name_of(name, options.name)) {
    return LedgerError{LedgerErrorKind::unusable,
                       options.dir.string() + " holds ledger " + name + ", not one named " +
                           options.name + "; give the configured name or another directory"};
  }
  nonce = chain.nonce();
  end = {chain.next_seq(), chain.head()};
  segment = reader->segment().name;
  size = reader->end_offset();
  begun = chain.lines_in_segment() > chain.header_lines();
  return repair(*reader, *told);
}

Result<void> Ledger::Impl::repair(const Reader& reader, const std::set<std::string>& told) {
  if (reader.incomplete_tail()) {
    auto aside = set_tail_aside(reader.segment(), reader.end_offset());
    if (!aside) return aside.error();
  }
  auto untold = untold_tails(reader.segment(), told);
  if (!untold) return untold.error();
  auto opened = options.open_file(reader.segment().path);
  if (!opened) return opened.error();
  file = std::move(*opened);
  // The process before may have ended between its write and its sync: what was read back becomes
  // durable before anything is built on it.
  if (auto synced = file->sync(); !synced) return synced;
  if (auto synced = sync_directory(options.dir); !synced) return synced;
  if (reader.chain().sealed()) return start_segment(options.now);
  if (untold->empty()) return {};
  const std::vector<core::Line> lines(untold->begin(), untold->end());
  const LineGroup group{lines, options.now};
  auto pending = encode_groups(end, {&group, 1});
  if (!pending) return pending.error();
  if (auto written = write(*file, pending->bytes); !written) return written;
  commit(std::move(*pending));
  begun = true;
  recovered = untold->back();
  return {};
}

}  // namespace smokeledger::exporters::ledger
