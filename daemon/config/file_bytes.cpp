#include "daemon/config/file_bytes.h"

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <utility>

#include "probes/core/reading.h"

namespace smokeledger::daemon::config {
namespace {

constexpr std::uintmax_t largest = 16U << 20U;

}  // namespace

boost::system::result<std::string, ConfigError> file_bytes(const std::string& file) {
  const auto unreadable = [&](const std::string& why) {
    return ConfigError{file, 0, 0, "cannot read: " + why, "check the path and its permissions"};
  };
  std::error_code error;
  const auto status = std::filesystem::status(file, error);
  if (!std::filesystem::exists(status)) return unreadable("no such file");
  if (!std::filesystem::is_regular_file(status)) return unreadable("not a regular file");
  const auto size = std::filesystem::file_size(file, error);
  if (error) return unreadable(error.message());
  if (size > largest) return unreadable("more than 16 MiB");
  std::ifstream in(file, std::ios::binary);
  std::string bytes;
  bytes.reserve(static_cast<std::size_t>(size) + probes::core::BodyView::room);
  bytes.resize(static_cast<std::size_t>(size));
  in.read(bytes.data(), static_cast<std::streamsize>(size));
  if (!in) return unreadable(std::error_code(errno, std::generic_category()).message());
  return {boost::system::in_place_value, std::move(bytes)};
}

}  // namespace smokeledger::daemon::config
