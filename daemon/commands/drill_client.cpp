#include <csignal>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <simdjson.h>

#include "daemon/application.h"
#include "daemon/commands/client_process.h"
#include "daemon/commands/drill.h"
#include "daemon/commands/drill_line.h"
#include "daemon/commands/ledger_door.h"
#include "daemon/endpoints.h"
#include "daemon/environment.h"

namespace smokeledger::daemon::commands {
namespace {

int print(const std::string& json, std::uint32_t asked, const DrillFlags& flags, Context& context) {
  const auto results = read_drill_results(json);
  if (!results || results->size() != 1) {
    context.err << "the service gave an answer that cannot be read\n";
    return exit_could_not_tell;
  }
  const DrillResult& result = results->front();
  if (flags.output == "json") {
    context.out << result.json << '\n';
    return exit_code_of(*results);
  }
  context.out << drill_sentence(result, asked) << '\n'
              << result.ledger_id << ' ' << result.rule << ": " << result.because << '\n';
  if (!result.unresolved.empty()) {
    context.out << "look at:";
    for (const auto& fact : result.unresolved) context.out << ' ' << fact;
    context.out << '\n';
  }
  return exit_code_of(*results);
}

void announce(const std::string& stub_url, Context& context) {
  context.err << "the client is to send to " << stub_url << std::endl;
}

void start(ClientProcess& client, const std::string& stub_url, const Context& context) {
  client.start(context.after_dashes, client_environment(process_variables(), stub_url));
}

// The client to its end, in this process; a signal to us goes to it.
Drills::Ended run_client(const std::string& stub_url, Context& context) {
  boost::asio::io_context io;
  Drills::Ended how;
  boost::asio::signal_set signals(io, SIGINT, SIGTERM);
  ClientProcess client(io, [&](Drills::Ended ended, const std::string& why) {
    how = ended;
    if (!why.empty()) context.err << why << '\n';
    signals.cancel();
  });
  const std::function<void()> wait = [&] {
    signals.async_wait([&](boost::system::error_code error, int signal) {
      if (error) return;
      client.interrupt(signal);
      wait();
    });
  };
  wait();
  start(client, stub_url, context);
  io.run();
  return how;
}

std::string end_target(const std::string& probe, std::string_view check_id, Drills::Ended how) {
  std::string target = "/v1/drill/end?probe=" + probe + "&check_id=";
  target += check_id;
  if (how.client == core::ClientEnd::exited) {
    return target + "&exit_code=" + std::to_string(how.exit_code);
  }
  return target.append("&client=").append(core::word(how.client));
}

int through_service(const config::Config& config,
                    const std::string& probe,
                    const DrillFlags& flags,
                    Context& context) {
  const auto begun = ask_service(config, "/v1/drill/begin?probe=" + probe, context);
  if (!begun) return exit_could_not_tell;
  simdjson::dom::parser parser;
  simdjson::dom::element answer;
  std::string_view check_id;
  std::string_view stub_url;
  std::uint64_t asked = 0;
  if (parser.parse(*begun).get(answer) != simdjson::SUCCESS ||
      answer["check_id"].get(check_id) != simdjson::SUCCESS ||
      answer["stub_url"].get(stub_url) != simdjson::SUCCESS ||
      answer["asked"].get(asked) != simdjson::SUCCESS) {
    context.err << "the service gave an answer that cannot be read\n";
    return exit_could_not_tell;
  }
  const std::string url(stub_url);
  announce(url, context);
  const Drills::Ended how = run_client(url, context);
  const auto ended = ask_service(config, end_target(probe, check_id, how), context);
  if (!ended) return exit_could_not_tell;
  return print(*ended, static_cast<std::uint32_t>(asked), flags, context);
}

// Without a service: an application of our own, in which the client is a guest.
class OwnDrill {
 public:
  OwnDrill(const std::string& probe, Context& context) : probe_(probe), context_(context) {}

  int run(config::Config config, const DrillFlags& flags) {
    Log log(flags.log.options(false));
    ApplicationOptions options{.config = std::move(config),
                               .credentials_directory = {},
                               .serve = false,
                               .handle_hangup = false,
                               .observe = {},
                               .started = [this] { begin(); },
                               .interrupted = [this](int signal) { return interrupt(signal); }};
    auto opened = Application::open(std::move(options), log);
    if (!opened) {
      context_.err << opened.error().message << '\n';
      return opened.error().exit_code;
    }
    application_ = std::move(*opened);
    const int exit_code = application_->run();
    client_.reset();
    if (exit_code != 0) return exit_code;
    return results_.empty() ? exit_could_not_tell : print(results_, asked_, flags, context_);
  }

 private:
  void begin() {
    const auto begun = application_->client_drills().begin(probe_, std::nullopt);
    if (!begun) return give_up(begun.error().why);
    asked_ = begun->asked;
    check_id_ = begun->check_id;
    announce(begun->stub_url, context_);
    client_ = std::make_unique<ClientProcess>(
        application_->io(), [this](Drills::Ended how, const std::string& why) { end(how, why); });
    start(*client_, begun->stub_url, context_);
  }
  void end(Drills::Ended how, const std::string& why) {
    if (!why.empty()) context_.err << why << '\n';
    ended_ = true;
    application_->client_drills().end(
        probe_, check_id_, how, [this](const ClientDrills::Recorded& recorded) {
          if (!recorded) return give_up(recorded.error().why);
          const ManualResult result{probe_, *recorded, {}, std::nullopt};
          results_ = once_results({result}, application_->ledger_name());
          application_->stop();
        });
  }
  bool interrupt(int signal) {
    if (client_ == nullptr || ended_) return false;
    client_->interrupt(signal);
    return true;
  }
  void give_up(const std::string& why) {
    context_.err << why << '\n';
    application_->stop();
  }

  std::string probe_;
  Context& context_;
  std::unique_ptr<Application> application_;
  std::unique_ptr<ClientProcess> client_;
  std::string check_id_;
  std::uint32_t asked_ = 1;
  bool ended_ = false;
  std::string results_;
};

}  // namespace

int drill_client(config::Config config,
                 const std::string& probe,
                 const DrillFlags& flags,
                 Context& context) {
  if (somebody_listens(config.control.socket)) {
    return through_service(config, probe, flags, context);
  }
  if (const std::string why = not_our_ledger(config); !why.empty()) {
    context.err << why << '\n';
    return exit_could_not_tell;
  }
  return OwnDrill(probe, context).run(std::move(config), flags);
}

}  // namespace smokeledger::daemon::commands
