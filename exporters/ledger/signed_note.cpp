#include "exporters/ledger/signed_note.h"

#include <algorithm>
#include <utility>

#include "exporters/ledger/base64.h"

namespace smokeledger::exporters::ledger {
namespace {

constexpr std::string_view dash = "\xE2\x80\x94 ";  // U+2014 and a blank

bool is_plain(std::string_view text) {
  return std::all_of(
      text.begin(), text.end(), [](char c) { return c == '\n' || (c >= 0x20 && c < 0x7F); });
}

boost::system::result<NoteSignature, std::string> parse_signature(std::string_view line) {
  if (!line.starts_with(dash)) return std::string("a signature line does not begin with a dash");
  line.remove_prefix(dash.size());
  const auto blank = line.find(' ');
  const std::string_view name = line.substr(0, blank);
  if (blank == std::string_view::npos || !is_key_name(name)) {
    return std::string("a signature line does not begin with the name of a key");
  }
  const auto bytes = bytes_from_base64(line.substr(blank + 1));
  NoteSignature signature{.key_name = std::string(name)};
  if (!bytes || bytes->size() <= signature.key_id.size()) {
    return "the signature of " + signature.key_name + " is not base64 of a key id and a signature";
  }
  const auto begin = bytes->begin() + static_cast<std::ptrdiff_t>(signature.key_id.size());
  std::copy(bytes->begin(), begin, signature.key_id.begin());
  signature.bytes.assign(begin, bytes->end());
  return signature;
}

}  // namespace

std::string sign_note(const SignerKey& key, std::string_view text) {
  const KeyId& id = key.verifier().id();
  const std::string signature = std::string(id.begin(), id.end()) + key.signature(text);
  return std::string(text) + '\n' + std::string(dash) + key.verifier().name() + ' ' +
         base64(signature) + '\n';
}

boost::system::result<SignedNote, std::string> parse_note(std::string_view bytes) {
  if (bytes.size() > max_note_bytes) {
    return "it has more than " + std::to_string(max_note_bytes) + " bytes";
  }
  const auto empty_line = bytes.rfind("\n\n");
  if (empty_line == std::string_view::npos) {
    return std::string("it has no empty line between a text and its signatures");
  }
  if (!bytes.ends_with('\n')) return std::string("it does not end with a newline");
  SignedNote note{.text = std::string(bytes.substr(0, empty_line + 1))};
  if (!is_plain(note.text)) return std::string("its text is not printable ASCII");
  bytes.remove_prefix(empty_line + 2);
  if (bytes.empty()) return std::string("it has no signature");
  while (!bytes.empty()) {
    if (note.signatures.size() == max_note_signatures) {
      return "it has more than " + std::to_string(max_note_signatures) + " signatures";
    }
    const auto newline = bytes.find('\n');
    auto signature = parse_signature(bytes.substr(0, newline));
    if (!signature) return signature.error();
    note.signatures.push_back(std::move(*signature));
    bytes.remove_prefix(newline + 1);
  }
  return note;
}

std::optional<std::string> check_signatures(const SignedNote& note,
                                            std::span<const VerifierKey> keys) {
  bool signed_by_one = false;
  std::string others;
  for (const auto& signature : note.signatures) {
    const auto key = std::find_if(keys.begin(), keys.end(), [&](const VerifierKey& candidate) {
      return candidate.name() == signature.key_name && candidate.id() == signature.key_id;
    });
    const std::string label = key_label(signature.key_name, signature.key_id);
    if (key == keys.end()) {
      others += (others.empty() ? "" : ", ") + label;
    } else if (!key->verifies(note.text, signature.bytes)) {
      return "its signature by " + label + " is wrong";
    } else {
      signed_by_one = true;
    }
  }
  if (signed_by_one) return std::nullopt;
  return "it is not signed by a key that was given, but by " + others;
}

}  // namespace smokeledger::exporters::ledger
