#include "daemon/listeners.h"

#include <utility>

namespace smokeledger::daemon {

// A manual run is answered when it has ended: its own deadlines bound that.
Listeners::Listeners(boost::asio::io_context& io, Routes routes)
    : local_(io, {std::move(routes.local), {}, false, {}}),
      metrics_only_(io, {std::move(routes.metrics_only), {}, true, {}}),
      control_(io,
               {std::move(routes.control),
                {},
                true,
                {.connections = 16, .request_seconds = 3600, .idle_seconds = 3600}}) {}

std::optional<std::string> Listeners::listen(const config::Config& config, Log& log) {
  const auto local = local_.listen(config.web.listen_address);
  if (!local) return local.error();
  web_address_ = *local;
  log.info("listening", {{"address", web_address_}});
  if (!config.web.metrics_listen_address.empty()) {
    const auto metrics_only = metrics_only_.listen(config.web.metrics_listen_address);
    if (!metrics_only) return metrics_only.error();
    log.info("listening", {{"address", *metrics_only}});
  }
  if (config.control.socket.empty()) return std::nullopt;
  const auto control = control_.listen_unix(config.control.socket);
  return control ? std::nullopt : std::optional(control.error());
}

void Listeners::close_web() {
  local_.close();
  metrics_only_.close();
}

void Listeners::close_control() {
  control_.close();
}

}  // namespace smokeledger::daemon
