#include "exporters/web/unix_listener.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace smokeledger::exporters::web {
namespace {

namespace local = boost::asio::local;
using boost::system::error_code;

std::string cannot(const std::string& path, const error_code& error) {
  return "cannot listen on " + path + ": " + error.message();
}

// What stands at the path already. Only a socket that refuses a caller is stale.
boost::system::result<void, std::string> make_room(boost::asio::io_context& io,
                                                   const std::string& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) return {};
  if (!S_ISSOCK(status.st_mode)) {
    return path + " exists and is not a socket; remove it or configure another path";
  }
  local::stream_protocol::socket caller(io, local::stream_protocol());
  error_code error;
  caller.non_blocking(true, error);  // a full queue means somebody listens: do not wait for a place
  caller.connect(local::stream_protocol::endpoint(path), error);
  if (error != boost::asio::error::connection_refused) {
    return path + " is in use by another process";
  }
  if (::unlink(path.c_str()) != 0) {
    return cannot(path, error_code(errno, boost::system::system_category()));
  }
  return {};
}

}  // namespace

boost::system::result<UnixAcceptor, std::string> open_unix_listener(boost::asio::io_context& io,
                                                                    const std::string& path) {
  if (path.empty() || path.size() >= sizeof(sockaddr_un{}.sun_path)) {
    return "`" + path + "` cannot name a Unix socket; it must have 1 to 107 characters";
  }
  if (const auto room = make_room(io, path); !room) return room.error();
  UnixAcceptor acceptor(io);
  error_code error;
  acceptor.open(local::stream_protocol(), error);
  if (!error) acceptor.bind(local::stream_protocol::endpoint(path), error);
  if (error) return cannot(path, error);
  // Nobody can connect before listen(), so the mode is right before the first caller.
  if (::chmod(path.c_str(), S_IRUSR | S_IWUSR | S_IRGRP | S_IWGRP) != 0) {
    return cannot(path, error_code(errno, boost::system::system_category()));
  }
  acceptor.listen(boost::asio::socket_base::max_listen_connections, error);
  if (error) return cannot(path, error);
  return acceptor;
}

std::optional<std::uint32_t> peer_uid_of(int descriptor) {
  sockaddr_storage address{};
  socklen_t address_size = sizeof address;
  if (::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &address_size) != 0 ||
      address.ss_family != AF_UNIX) {
    return std::nullopt;
  }
  ucred credentials{};
  socklen_t size = sizeof credentials;
  if (::getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) {
    return std::nullopt;
  }
  return credentials.uid;
}

std::optional<FileIdentity> identity_of(const std::string& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) return std::nullopt;
  return FileIdentity{status.st_dev, status.st_ino};
}

}  // namespace smokeledger::exporters::web
