// smokeledger stub --listen 127.0.0.1:PORT --script NAME: the loopback provider in the foreground.
// Exit codes: 0 ended by SIGINT or SIGTERM, or listed; 1 could not listen; 2 usage.
#include "probes/stub/stub.h"

#include <csignal>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include "daemon/commands/command.h"
#include "daemon/commands/output.h"
#include "daemon/commands/table.h"
#include "probes/core/json_writer.h"
#include "probes/stub/request.h"
#include "probes/stub/script.h"

namespace smokeledger::daemon::commands {
namespace {

namespace stub = probes::stub;

struct Arguments {
  std::string listen = "127.0.0.1:0";
  std::string script = "ok";
  std::string request_header = "x-request-id";
  std::string output;
  bool list = false;
};

std::string scripts_table() {
  std::vector<Row> rows;
  for (const stub::Script& script : stub::scripts()) {
    rows.push_back(
        {std::string(script.name), stub::steps_text(script), std::string(script.description)});
  }
  return table({"SCRIPT", "STEPS", "DESCRIPTION"}, rows);
}

// One object a line.
std::string scripts_json() {
  std::string text;
  for (const stub::Script& script : stub::scripts()) {
    probes::core::JsonWriter json;
    json.begin_object().key("script").string(script.name).key("steps").begin_array();
    for (std::size_t arrival = 1; arrival <= script.times + 1; ++arrival) {
      json.string(probes::core::word(stub::step_for(script, arrival)));
    }
    json.end_array().key("description").string(script.description).end_object();
    text += json.take() + "\n";
  }
  return text;
}

int unknown_script(const std::string& name, Context& context) {
  context.err << "stub: no script is called '" << name << "'; known are:";
  for (const stub::Script& script : stub::scripts()) context.err << ' ' << script.name;
  context.err << '\n';
  return exit_usage;
}

int serve(const Arguments& arguments, Context& context) {
  boost::asio::io_context io;
  // Before the address is told: whoever reads it may send the signal.
  boost::asio::signal_set signals(io, SIGINT, SIGTERM);
  signals.async_wait([&io](boost::system::error_code, int) { io.stop(); });
  stub::Stub server(io, {.script = arguments.script, .request_header = arguments.request_header});
  const auto port = server.listen(arguments.listen);
  if (!port) {
    context.err << "stub: " << port.error() << '\n';
    return exit_failed;
  }
  const std::string host = arguments.listen.substr(0, arguments.listen.rfind(':'));
  const std::string address = host + ":" + std::to_string(*port);
  context.out << address << '\n'
              << "plays '" << arguments.script << "'; another script by the path http://" << address
              << "/s/<script>/v1/...\n"
              << "what arrived: http://" << address << "/stub/arrivals; stop with Ctrl-C"
              << std::endl;
  io.run();
  return exit_ok;
}

int run(Arguments arguments, Context& context) {
  if (arguments.list) {
    context.out << (wants_table(arguments.output, context) ? scripts_table() : scripts_json());
    return exit_ok;
  }
  if (stub::find_script(arguments.script) == nullptr) {
    return unknown_script(arguments.script, context);
  }
  const auto header = stub::header_name(arguments.request_header);
  if (!header) {
    context.err << "stub: '" << arguments.request_header
                << "' is not a header name; write for example x-request-id\n";
    return exit_usage;
  }
  arguments.request_header = *header;
  return serve(arguments, context);
}

}  // namespace

void add_stub(CLI::App& app, Context& context) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* command =
      app.add_subcommand("stub", "Run the loopback provider, which plays scripted faults");
  command
      ->add_option("--listen", arguments->listen, "Loopback address and port; port 0: a free one")
      ->capture_default_str();
  command->add_option("--script", arguments->script, "What to play where the path names no script")
      ->capture_default_str();
  command
      ->add_option("--request-header",
                   arguments->request_header,
                   "Header that names a logical request; a trailing .<number> is its attempt")
      ->capture_default_str();
  command->add_flag("--list", arguments->list, "List the scripts and end");
  add_output_option(*command, arguments->output, "With --list: table or json");
  command->callback([arguments, &context] { context.exit_code = run(*arguments, context); });
}

}  // namespace smokeledger::daemon::commands
