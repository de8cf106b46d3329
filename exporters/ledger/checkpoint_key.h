// The key that signs a ledger's checkpoints: a file that somebody else keeps, or one of our own in
// the ledger's directory.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "exporters/ledger/error.h"
#include "exporters/ledger/note_key.h"

namespace smokeledger::exporters::ledger {

inline constexpr std::string_view own_key_file = "checkpoint-key.pem";
inline constexpr std::string_view own_public_file = "checkpoint-key.pub";

// An Ed25519 key in PEM, as `openssl genpkey -algorithm ed25519` writes it. Error `unusable`: no
// such file, or no such key in it; the message names the file and what to do.
Result<SignerKey> read_checkpoint_key(const std::filesystem::path&, const std::string& key_name);

// The key in `dir`; made, durable and readable by its owner alone, when there is none. Beside it
// stands its public half for everyone. REQUIRES: the writer's lock. The errors of above, and `io`.
Result<SignerKey> own_checkpoint_key(const std::filesystem::path& dir, const std::string& key_name);

// Public keys, one a line: of a file where there is one of this name, or else the text itself.
// Error `unusable`.
Result<std::vector<VerifierKey>> read_verifier_keys(const std::string& file_or_key);

}  // namespace smokeledger::exporters::ledger
