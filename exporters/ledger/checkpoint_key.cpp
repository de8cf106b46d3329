#include "exporters/ledger/checkpoint_key.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <system_error>
#include <utility>

#include <openssl/crypto.h>

#include "exporters/ledger/file.h"
#include "exporters/ledger/segments.h"

namespace smokeledger::exporters::ledger {
namespace {

constexpr std::size_t max_key_file_bytes = 65'536;

// Text that is overwritten when it goes.
struct SecretText {
  std::string text;

  explicit SecretText(std::string secret) : text(std::move(secret)) {}
  SecretText(SecretText&& other) noexcept : text(std::exchange(other.text, {})) {}
  SecretText& operator=(SecretText&&) = delete;
  ~SecretText() { OPENSSL_cleanse(text.data(), text.size()); }
};

LedgerError unusable(const std::filesystem::path& path, const std::string& why) {
  return {LedgerErrorKind::unusable, path.string() + ": " + why};
}

// A regular file, whole. A pipe of that name is not waited for.
Result<SecretText> read_whole(const std::filesystem::path& path) {
  auto file = File::open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
  if (!file) {
    LedgerError error = file.error();
    error.kind = LedgerErrorKind::unusable;
    return error;
  }
  struct stat status {};
  if (::fstat(file->descriptor(), &status) != 0) return io_error("look at", path, errno);
  if (!S_ISREG(status.st_mode)) return unusable(path, "it is not a file");
  if (static_cast<std::uint64_t>(status.st_size) > max_key_file_bytes) {
    return unusable(path, "it is too long to be a key");
  }
  SecretText read(std::string(static_cast<std::size_t>(status.st_size), '\0'));
  auto got = read_at(*file, path, read.text.data(), read.text.size(), 0);
  if (!got) return got.error();
  read.text.resize(*got);
  return read;
}

// Complete and durable under its name, or not there. `mode` holds whatever the umask is.
Result<void> write_durably(const std::filesystem::path& path, std::string_view bytes, mode_t mode) {
  const auto unfinished = path.parent_path() / unfinished_name(path.filename().string());
  std::error_code ignored;
  std::filesystem::remove(unfinished, ignored);
  auto file = File::open(unfinished, O_WRONLY | O_CREAT | O_EXCL, 0600);
  if (!file) return file.error();
  if (auto written = write_all(*file, unfinished, bytes); !written) return written;
  if (::fchmod(file->descriptor(), mode) != 0) return io_error("chmod", unfinished, errno);
  if (::fsync(file->descriptor()) != 0) return io_error("sync", unfinished, errno);
  if (::rename(unfinished.c_str(), path.c_str()) != 0) return io_error("rename", unfinished, errno);
  return sync_directory(path.parent_path());
}

// What is there may be of another build or of a key that was replaced by hand.
Result<void> keep_public_file(const std::filesystem::path& path, const VerifierKey& key) {
  const std::string wanted = key.text() + '\n';
  const auto there = read_whole(path);
  if (there && there->text == wanted) return {};
  return write_durably(path, wanted, 0644);
}

}  // namespace

Result<SignerKey> read_checkpoint_key(const std::filesystem::path& path,
                                      const std::string& key_name) {
  constexpr const char* fix =
      "; the key that signs checkpoints is made with `openssl genpkey -algorithm ed25519`";
  const auto read = read_whole(path);
  if (!read) {
    LedgerError error = read.error();
    error.message += fix;
    return error;
  }
  auto key = SignerKey::from_pem(key_name, read->text);
  if (!key) return unusable(path, key.error() + fix);
  return std::move(*key);
}

Result<SignerKey> own_checkpoint_key(const std::filesystem::path& dir,
                                     const std::string& key_name) {
  const auto path = dir / own_key_file;
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) {
    const auto made = SignerKey::random(key_name);
    if (!made) return LedgerError{LedgerErrorKind::io, "no random bytes for a checkpoint key"};
    const SecretText pem(made->pem());
    if (auto written = write_durably(path, pem.text, 0600); !written) return written.error();
  }
  // Also when it was just made: what signs is what a restart will find.
  auto key = read_checkpoint_key(path, key_name);
  if (!key) return key;
  auto kept = keep_public_file(dir / own_public_file, key->verifier());
  if (!kept) return kept.error();
  return key;
}

Result<std::vector<VerifierKey>> read_verifier_keys(const std::string& file_or_key) {
  std::error_code ignored;
  const bool is_file = std::filesystem::exists(file_or_key, ignored);
  std::string text = file_or_key;
  if (is_file) {
    const auto read = read_whole(file_or_key);
    if (!read) return read.error();
    text = read->text;
  }
  std::vector<VerifierKey> keys;
  while (!text.empty()) {
    const auto newline = text.find('\n');
    const std::string line = text.substr(0, newline);
    text.erase(0, newline == std::string::npos ? newline : newline + 1);
    if (line.empty()) continue;
    auto key = VerifierKey::parse(line);
    if (!key) {
      const std::string what = is_file ? "no public key: " : "neither a file nor a public key: ";
      return unusable(file_or_key,
                      what + key.error() + "; give " + std::string(own_public_file) +
                          " of the ledger's directory, or what stands in it");
    }
    keys.push_back(std::move(*key));
  }
  if (keys.empty()) return unusable(file_or_key, "there is no public key in it");
  return keys;
}

}  // namespace smokeledger::exporters::ledger
