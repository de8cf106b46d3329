#include "daemon/commands/ledger_door.h"

#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <simdjson.h>

#include "daemon/application.h"
#include "daemon/environment.h"
#include "daemon/system_clock.h"
#include "exporters/ledger/ledger.h"
#include "exporters/web/server.h"
#include "probes/core/packet_person.h"

namespace smokeledger::daemon::commands {

namespace core = probes::core;

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
                                       Context& context,
                                       const std::string& json_body) {
  constexpr std::uint32_t longest_seconds = 3600;
  const auto answer =
      exporters::web::call_unix(config.control.socket, "POST", target, json_body, longest_seconds);
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

int print_ledger_id(const std::string& answer, Context& context) {
  simdjson::dom::parser parser;
  std::string_view id;
  if (parser.parse(answer)["ledger_id"].get_string().get(id) != simdjson::SUCCESS) {
    context.err << "the service gave an answer that cannot be read\n";
    return exit_failed;
  }
  context.out << id << '\n';
  return exit_ok;
}

int append_on_our_own(const config::Config& config,
                      const probes::core::Line& line,
                      Context& context) {
  if (const std::string why = not_our_ledger(config); !why.empty()) {
    context.err << why << '\n';
    return exit_failed;
  }
  auto ledger = open_ledger(config, read_process_environment().credentials_directory);
  if (!ledger) {
    context.err << ledger.error().message << '\n';
    return ledger.error().exit_code;
  }
  const auto now = system_stamp().wall;
  core::Line checked = line;
  if (const auto* said = std::get_if<core::PacketLine>(&line)) {
    auto packet = core::line_of_person(
        (*ledger)->packets(), *said, config.environment, (*ledger)->next_seq() - 1);
    if (!packet) {
      context.err << "smokeledger: " << packet.error() << '\n';
      return exit_usage;
    }
    checked = std::move(*packet);
  }
  const auto records = (*ledger)->append({&checked, 1}, now);
  if (!records) {
    context.err << records.error().message << '\n';
    return exit_ledger_io;
  }
  context.out << records->back().ledger_id() << '\n';
  // The next start would sign it, too.
  if (const auto signed_now = (*ledger)->checkpoint(now); !signed_now) {
    context.err << signed_now.error().message << '\n';
    return exit_ledger_io;
  }
  return exit_ok;
}

}  // namespace smokeledger::daemon::commands
