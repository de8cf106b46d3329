// The listening side of a Unix socket file.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/system/result.hpp>

namespace smokeledger::exporters::web {

using UnixAcceptor = boost::asio::local::stream_protocol::acceptor;

// Bound with mode 0660 and listening; a stale file at `path` is replaced. The error is a sentence.
boost::system::result<UnixAcceptor, std::string> open_unix_listener(boost::asio::io_context&,
                                                                    const std::string& path);

// The user behind a connected Unix socket, as the kernel recorded it at connect; empty for any
// other socket.
std::optional<std::uint32_t> peer_uid_of(int descriptor);

// Names a file beyond its path, so that only a socket of ours is ever removed.
struct FileIdentity {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;

  bool operator==(const FileIdentity&) const = default;
};
std::optional<FileIdentity> identity_of(const std::string& path);

}  // namespace smokeledger::exporters::web
