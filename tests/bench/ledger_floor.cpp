// What reading a ledger costs at least: ledger_floor DIR prints, as JSON, bytes and seconds of CPU
// for SHA-256 of each line, the chain, and simdjson on the members that a verifier needs, on one
// core.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include <openssl/evp.h>
#include <simdjson.h>

namespace {

constexpr std::string_view prefix = "smokeledger-line-v1\n";
constexpr std::size_t tail_bytes = 75;  // ,"hash":"<64>"}

double cpu_seconds() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

class Floor {
 public:
  bool line(std::string_view bytes) {
    const auto covered = bytes.substr(0, bytes.size() - tail_bytes);
    std::array<unsigned char, 32> digest{};
    EVP_DigestInit_ex2(context_, sha_, nullptr);
    EVP_DigestUpdate(context_, prefix.data(), prefix.size());
    EVP_DigestUpdate(context_, covered.data(), covered.size());
    EVP_DigestFinal_ex(context_, digest.data(), nullptr);
    std::array<char, 64> hex{};
    for (std::size_t i = 0; i < digest.size(); ++i) {
      hex[2 * i] = "0123456789abcdef"[digest[i] >> 4U];
      hex[2 * i + 1] = "0123456789abcdef"[digest[i] & 15U];
    }
    if (std::memcmp(hex.data(), covered.data() + covered.size() + 9, hex.size()) != 0) return false;
    std::memcpy(copy_.data(), bytes.data(), bytes.size());
    simdjson::ondemand::document document;
    if (parser_.iterate(copy_.data(), bytes.size(), copy_.size()).get(document)) return false;
    std::uint64_t seq = 0;
    std::string_view prev;
    std::string_view kind;
    std::string_view id;
    if (document["seq"].get_uint64().get(seq) || document["prev"].get_string().get(prev) ||
        document["kind"].get_string().get(kind) || document["ledger_id"].get_string().get(id)) {
      return false;
    }
    const bool first = seq == 0;
    if (!first && prev != std::string_view(head_.data(), head_.size())) return false;
    head_ = hex;
    return true;
  }

 private:
  EVP_MD* sha_ = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  EVP_MD_CTX* context_ = EVP_MD_CTX_new();
  simdjson::ondemand::parser parser_;
  std::vector<char> copy_ = std::vector<char>(1U << 16U);
  std::array<char, 64> head_{};
};

std::string_view mapped(const std::filesystem::path& path) {
  const int file = open(path.c_str(), O_RDONLY);
  const auto size = std::filesystem::file_size(path);
  void* const bytes = mmap(nullptr, size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, file, 0);
  if (bytes == MAP_FAILED) return {};
  return {static_cast<const char*>(bytes), size};
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) return 2;
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(arguments[1])) {
    if (entry.path().extension() == ".jsonl") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  std::uint64_t bytes = 0;
  std::uint64_t lines = 0;
  double spent = 0;
  Floor floor;
  for (const auto& file : files) {
    std::string_view rest = mapped(file);  // the mapping itself is not counted
    bytes += rest.size();
    const double before = cpu_seconds();
    for (; !rest.empty(); ++lines) {
      const auto end = rest.find('\n');
      if (!floor.line(rest.substr(0, end))) {
        std::cerr << file << ": line " << lines << " does not verify\n";
        return 1;
      }
      rest.remove_prefix(end + 1);
    }
    spent += cpu_seconds() - before;
  }
  std::cout << "{\"lines\":" << lines << ",\"bytes\":" << bytes << ",\"cpu_s\":" << spent << "}\n";
}
