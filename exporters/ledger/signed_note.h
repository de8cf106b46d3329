// Signed notes: a text, and signatures of it, in one text. https://c2sp.org/signed-note
//
//   <the text: lines, each with its newline>
//   <an empty line>
//   — <key name> <base64 of the 4 bytes of the key's id and the 64 of the signature>
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <boost/system/result.hpp>

#include "exporters/ledger/note_key.h"

namespace smokeledger::exporters::ledger {

inline constexpr std::size_t max_note_bytes = 8'192;
inline constexpr std::size_t max_note_signatures = 16;

struct NoteSignature {
  KeyId key_id{};
  std::string key_name{};
  std::string bytes{};  // of a key that we do not know: any number of them
};

struct SignedNote {
  std::vector<NoteSignature> signatures{};  // at least one
  std::string text;                         // what is signed, with its last newline
};

// REQUIRES: `text` ends with a newline and holds no empty line.
std::string sign_note(const SignerKey&, std::string_view text);

// Strict: printable ASCII but for the dashes, no more than the two limits above. The error is a
// clause that says what is wrong.
boost::system::result<SignedNote, std::string> parse_note(std::string_view bytes);

// Why the note is not signed by one of the keys; empty: it is. Signatures of other keys are passed
// over; a wrong one in the name of one of the keys is an objection.
std::optional<std::string> check_signatures(const SignedNote&, std::span<const VerifierKey>);

}  // namespace smokeledger::exporters::ledger
