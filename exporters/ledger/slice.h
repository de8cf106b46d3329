// A run of lines that ends with a signed checkpoint: evidence that can be checked without the
// ledger.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "exporters/ledger/error.h"
#include "exporters/ledger/note_key.h"
#include "exporters/ledger/reader.h"

namespace smokeledger::exporters::ledger {

struct Slice {
  std::uint64_t first = 0;  // line numbers
  std::uint64_t last = 0;   // a checkpoint
};

// From the line `from` to the first checkpoint behind `to`, both given by their ledger ids. Empty:
// none follows yet. Errors `unusable`: not an id of this ledger, or no such line; `corrupt`.
Result<std::optional<Slice>> find_slice(const std::filesystem::path& dir,
                                        std::string_view from,
                                        std::string_view to);

// Calls back for each line of the slice, in order, with its newline. Damage (`corrupt`) ends it.
Result<void> read_slice(const std::filesystem::path& dir,
                        const Slice&,
                        const std::function<void(std::string_view bytes)>&);

struct SliceVerification {
  std::string ledger;
  std::uint64_t first = 0;
  std::uint64_t lines = 0;         // that were checked, up to the first problem
  std::optional<Problem> problem;  // its file is the slice's
};

// A slice in a file: every line's hash, the chain between them, that they are of one ledger, every
// checkpoint's text, and that the last line is a checkpoint signed by one of the keys. Constant
// memory. Errors `unusable`: no such file, or no line in it; `io`.
Result<SliceVerification> verify_slice(const std::filesystem::path& file,
                                       std::span<const VerifierKey> keys);

// One sentence.
std::string sentence(const SliceVerification&);

}  // namespace smokeledger::exporters::ledger
