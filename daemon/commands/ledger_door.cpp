#include "daemon/commands/ledger_door.h"

#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include "exporters/web/server.h"

namespace smokeledger::daemon::commands {

bool somebody_listens(const std::string& socket) {
  namespace local = boost::asio::local;
  boost::asio::io_context io;
  local::stream_protocol::socket connection(io);
  boost::system::error_code error;
  connection.connect(local::stream_protocol::endpoint(socket), error);
  return error != boost::asio::error::connection_refused &&
         error != boost::system::errc::no_such_file_or_directory;
}

std::optional<std::string> ask_service(const config::Config& config,
                                       const std::string& target,
                                       Context& context) {
  constexpr std::uint32_t longest_seconds = 3600;
  const auto answer =
      exporters::web::call_unix(config.control.socket, "POST", target, "{}", longest_seconds);
  if (!answer) {
    context.err << answer.error() << '\n';
    return std::nullopt;
  }
  if (answer->status != 200) {
    context.err << "the service answered " << answer->status << ": " << answer->body << '\n';
    return std::nullopt;
  }
  return answer->body;
}

std::string not_our_ledger(const config::Config& config) {
  const std::string& dir = config.ledger.dir;
  struct stat status {};
  if (::stat(dir.c_str(), &status) != 0 || status.st_uid == ::geteuid()) return {};
  return dir + " belongs to another user, and no service listens on " + config.control.socket +
         "; start the service, or run this as the user who owns the ledger";
}

}  // namespace smokeledger::daemon::commands
