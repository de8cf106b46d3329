#include "daemon/application.h"

#include <malloc.h>

#include <algorithm>
#include <csignal>
#include <utility>

#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>

#include "daemon/alert_hook.h"
#include "daemon/build_info.h"
#include "daemon/checkpoints.h"
#include "daemon/client_drills.h"
#include "daemon/config/time_zone.h"
#include "daemon/contract_reviewer.h"
#include "daemon/endpoints.h"
#include "daemon/hand_over.h"
#include "daemon/journaled_transport.h"
#include "daemon/listeners.h"
#include "daemon/notify.h"
#include "daemon/opening.h"
#include "daemon/packet_keeper.h"
#include "daemon/projections.h"
#include "daemon/reload.h"
#include "daemon/review_pages.h"
#include "daemon/stub_host.h"
#include "daemon/supervision.h"
#include "daemon/system_clock.h"
#include "daemon/system_random.h"
#include "probes/transport/curl_transport.h"

namespace smokeledger::daemon {
namespace {

using exporters::ledger::Ledger;
using exporters::metrics::Metrics;

}  // namespace

struct Application::Impl {
  Impl(ApplicationOptions chosen, Log& log_to, std::unique_ptr<Ledger> ledger);

  // What the constructor hands to those it makes; they refer to members that may not exist yet.
  Journal::Parts journal_parts();
  Service::Parts service_parts();
  Listeners::Routes routes();
  bool listen_stub();
  void begin();
  void serve();
  void tell_started();
  void reload();
  void use(const config::Config& config);
  void fail(int code, const std::string& message);
  void stop();
  void ended();

  ApplicationOptions options;
  Log& log;
  boost::asio::io_context io{1};
  Post post = [this](std::function<void()> work) { boost::asio::post(io, std::move(work)); };
  std::string ledger_name;
  std::uint64_t newest_seq;
  Projections projections{version};
  ReviewPages pages;
  SystemClock clock{io};
  SystemRandom random;
  Journal::Restored restored;
  exporters::ledger::LedgerThread ledger_thread;
  Journal journal;
  Checkpoints checkpoints{clock, journal};
  probes::transport::CurlTransport curl{post, {.version = std::string(version)}};
  JournaledTransport transport{journal, curl, clock};
  StubHost stub;
  Service service;
  ContractReviewer contract_reviewer{journal, clock};
  PacketKeeper packets{journal, clock, newest_seq};
  HandOver hand_over{
      {journal, packets, clock, random, curl, log, post, ledger_name, [this](auto to, auto count) {
         projections.post(
             [to, count](Metrics& metrics) { metrics.set_not_handed_over(to, count); });
       }}};
  Reviewer reviewer{journal, packets, newest_seq};
  Repeater repeater;
  ClientDrills client_drills;
  Notify notify;
  Supervision supervision;
  Listeners listeners;
  boost::asio::signal_set signals{io};
  bool started = false;
  bool stopping = false;
  bool reloading = false;
  bool reload_again = false;
  int exit_code = 0;
};

Application::Impl::Impl(ApplicationOptions chosen, Log& log_to, std::unique_ptr<Ledger> ledger)
    : options(std::move(chosen)),
      log(log_to),
      ledger_name(ledger->name()),
      newest_seq(ledger->next_seq() - 1),
      pages({projections,
             options.config.ledger.dir,
             ledger_name,
             build_name(),
             newest_seq,
             ledger->reviews(),
             ledger->packets(),
             &system_stamp}),
      restored{ledger->state(), ledger->reviews(), ledger->packets()},
      ledger_thread(std::move(ledger)),
      journal(journal_parts(), restored),
      stub(io, options.config.stub, clock, tag_of(ledger_name)),
      service(service_parts()),
      repeater({projections, post, service, options.config.ledger.dir}),
      client_drills({clock, journal, stub.drills(), build_name()}),
      supervision({clock, journal, projections, notify, log, post}),
      listeners(io, routes()) {
  projections.post([tally = core::total(restored.state),
                    queue = restored.reviews,
                    packets = core::count_live(restored.packets),
                    newest = newest_seq](Metrics& metrics) {
    metrics.restore(tally);
    metrics.restore_reviews(queue);
    metrics.set_packets(packets);
    metrics.set_ledger_seq(newest);
  });
  restored = {};
}

Journal::Parts Application::Impl::journal_parts() {
  return {ledger_thread,
          clock,
          post,
          [this](const Records& records) {
            projections.post([records](Metrics& metrics) {
              for (const auto& record : records) metrics.observe(record);
            });
            pages.observe(records);
            tell_packets(projections, records, journal.packets());
            packets.observe(records);
            hand_over.observe(records);
            log_checkpoints(log, records);
            if (options.observe) options.observe(records);
          },
          [this](const std::string& message) {
            projections.post([](Metrics& metrics) { metrics.count_append_failure(); });
            fail(exit_ledger_io, message);
          }};
}

Service::Parts Application::Impl::service_parts() {
  return {clock,
          random,
          transport,
          journal,
          log,
          tag_of(ledger_name),
          build_name(),
          options.credentials_directory,
          config::local_time,
          [this](const std::string& probe, std::optional<core::WallTime> due) {
            projections.post([probe, due](Metrics& metrics) {
              due ? metrics.set_next_due(probe, *due) : metrics.forget_probe(probe);
            });
            pages.set_next_due(probe, due);
          },
          stub.drills()};
}

Listeners::Routes Application::Impl::routes() {
  auto control = control_routes(service, contract_reviewer, repeater, ledger_name);
  control.push_back(operator_lines_route(reviewer));
  for (auto& route : drill_routes(client_drills, ledger_name)) control.push_back(std::move(route));
  auto local = local_routes(projections, pages, [this] { return started && journal.writable(); });
  local.push_back(alert_hook(packets, [this] {
    return read_alerts_token(options.config.packets, options.credentials_directory, log);
  }));
  return {std::move(local), metrics_routes(projections), std::move(control)};
}

// For a single run the stub listens only where a drill may need it: its address may be taken.
bool Application::Impl::listen_stub() {
  if (!options.serve && !any_counted_by_stub(options.config.probes)) return true;
  if (const auto why = stub.listen()) {
    fail(exit_cannot_listen, *why);
    return false;
  }
  if (!stub.address().empty()) log.info("stub listening", {{"address", stub.address()}});
  return true;
}

void Application::Impl::begin() {
  const config::Config& config = options.config;
  service.close_crashed_runs(config.probes, [this] {
    journal.use_policies(policies_of(options.config.probes), [this](bool written) {
      if (!written) return;
      const auto go_on = [this](const Records* records) {
        if (records == nullptr) return;
        use(options.config);
        if (!listen_stub()) return;
        options.serve ? checkpoints.start([this] { serve(); }) : tell_started();
      };
      if (journal.state().config_sha256 == options.config.sha256) {
        const Records none;
        return go_on(&none);
      }
      journal.append({core::ConfigLine{options.config.sha256, {}, 0}}, go_on);
    });
  });
}

void Application::Impl::use(const config::Config& config) {
  std::vector<std::pair<std::string, core::WallTime>> last_outcomes;
  for (const auto& plan : config.probes) {
    const auto known = journal.state().probes.find(plan->name);
    if (known == journal.state().probes.end() || !known->second.last_outcome_at) continue;
    last_outcomes.emplace_back(plan->name, *known->second.last_outcome_at);
  }
  projections.post([shape = exporters::metrics::shape_of(config.probes),
                    last_outcomes = std::move(last_outcomes),
                    reviewed = core::review_dates(config.probes, journal.state().contract_reviews),
                    sha256 = config.sha256,
                    now = clock.stamp().wall](Metrics& metrics) {
    metrics.use_shape(shape);
    for (const auto& [probe, at] : last_outcomes) metrics.set_last_outcome(probe, at);
    metrics.set_contracts_reviewed(reviewed);
    metrics.set_config_sha256(sha256);
    metrics.set_reload(true, now);
  });
  pages.use(config, journal.state().contract_reviews);
  contract_reviewer.use(config.contracts);
  packets.use(config);
  hand_over.use(config, options.credentials_directory);
  repeater.use(config);
  service.use(config.probes, config.limits.max_in_flight);
  client_drills.use(config.probes);
  // The text and tree of a large configuration are gone by now: give their pages back.
  malloc_trim(0);
}

void Application::Impl::serve() {
  if (stopping) return;
  const config::Config& config = options.config;
  if (const auto why = listeners.listen(config, log)) return fail(exit_cannot_listen, *why);
  packets.start();
  hand_over.start();
  service.start_schedule();
  pages.read_back();
  started = true;
  supervision.start();
  notify.ready(std::to_string(config.probes.size()) + " probes scheduled, ledger " + ledger_name);
  log.info("started",
           {{"ledger", ledger_name},
            {"probes", std::to_string(config.probes.size())},
            {"version", std::string(version)}});
  tell_started();
}

void Application::Impl::tell_started() {
  if (!stopping && options.started) options.started();
}

void Application::Impl::reload() {
  if (stopping) return;
  // One at a time: the next is compared with what this one brings into force.
  if (reloading) {
    reload_again = true;
    return;
  }
  notify.reloading();
  auto result = read_reload(options.config);
  if (!result.errors.empty()) {
    for (const auto& error : result.errors) {
      log.error("configuration not reloaded, nothing changed", {{"error", error}});
    }
    projections.post(
        [now = clock.stamp().wall](Metrics& metrics) { metrics.set_reload(false, now); });
    return notify.ready("last reload failed: " + result.errors.front());
  }
  reloading = true;
  journal.use_policies(policies_of(result.config->probes), [this, result](bool written) {
    if (!written) return;
    journal.append({result.line}, [this, result](const Records* records) {
      if (records == nullptr || stopping) return;
      reloading = false;
      options.config = *result.config;
      use(options.config);
      log.info(
          "configuration reloaded",
          {{"changed", std::to_string(result.line.changed.size() + result.line.changed_left_out)}});
      notify.ready(std::to_string(options.config.probes.size()) + " probes scheduled");
      if (std::exchange(reload_again, false)) reload();
    });
  });
}

void Application::Impl::fail(int code, const std::string& message) {
  log.error(message);
  notify.status(message);
  if (exit_code == 0) exit_code = code;
  stop();
}

void Application::Impl::stop() {
  if (std::exchange(stopping, true)) return;
  notify.stopping();
  contract_reviewer.stop();
  reviewer.stop();
  hand_over.stop();
  packets.stop();
  listeners.close_web();
  const auto end = [this] { boost::asio::post(io, [this] { ended(); }); };
  service.stop([this, end] { client_drills.stop([this, end] { checkpoints.stop(end); }); });
}

void Application::Impl::ended() {
  // One turn later, so that answers to manual runs have left.
  listeners.close_control();
  supervision.stop();
  clock.cancel_all();
  signals.cancel();
  log.info("stopped", {{"exit_code", std::to_string(exit_code)}});
  io.stop();
}

Application::Application(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Application::~Application() = default;

boost::system::result<std::unique_ptr<Application>, StartError> Application::open(
    ApplicationOptions options, Log& log) {
  auto ledger = open_ledger(options.config, options.credentials_directory);
  if (!ledger) return ledger.error();
  if (!(*ledger)->signs()) {
    const std::string why = no_checkpoint_key(options.config.ledger);
    if (options.serve) return StartError{exit_ledger_unusable, why};
    log.warning("no checkpoint is signed", {{"why", why}});
  }
  if (const auto& recovered = (*ledger)->recovered()) {
    log.warning("a torn tail was repaired",
                {{"dropped_bytes", std::to_string(recovered->dropped_bytes)},
                 {"quarantine", recovered->quarantine}});
  }
  return std::unique_ptr<Application>(
      new Application(std::make_unique<Impl>(std::move(options), log, std::move(*ledger))));
}

int Application::run() {
  Impl& impl = *impl_;
  impl.signals.add(SIGTERM);
  impl.signals.add(SIGINT);
  if (impl.options.handle_hangup) impl.signals.add(SIGHUP);
  std::function<void()> wait = [&impl, &wait] {
    impl.signals.async_wait([&impl, &wait](const boost::system::error_code& error, int signal) {
      if (error) return;
      if (signal == SIGHUP) {
        impl.reload();
      } else if (!impl.options.interrupted || !impl.options.interrupted(signal)) {
        impl.stop();
      }
      wait();
    });
  };
  wait();
  impl.post([&impl] { impl.begin(); });
  const auto busy = boost::asio::make_work_guard(impl.io);
  impl.io.run();
  return impl.exit_code;
}

void Application::stop() {
  impl_->stop();
}
boost::asio::io_context& Application::io() {
  return impl_->io;
}
Service& Application::service() {
  return impl_->service;
}
Repeater& Application::repeater() {
  return impl_->repeater;
}
ClientDrills& Application::client_drills() {
  return impl_->client_drills;
}
const std::string& Application::ledger_name() const {
  return impl_->ledger_name;
}
const std::string& Application::web_address() const {
  return impl_->listeners.web_address();
}

}  // namespace smokeledger::daemon
