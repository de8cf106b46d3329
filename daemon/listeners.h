// The doors of the service: the loopback listener with the pages, the one for metrics alone, and
// the control socket. io thread only.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "daemon/config/config.h"
#include "daemon/log.h"
#include "exporters/web/server.h"

namespace smokeledger::daemon {

class Listeners {
 public:
  struct Routes {
    std::vector<exporters::web::WebRoute> local;
    std::vector<exporters::web::WebRoute> metrics_only;
    std::vector<exporters::web::WebRoute> control;
  };
  Listeners(boost::asio::io_context&, Routes);

  // Opens those that are configured, and logs where. Why one of them could not be opened; those
  // before it stay open.
  std::optional<std::string> listen(const config::Config&, Log&);
  // The one with the pages, as it was bound; empty before.
  const std::string& web_address() const { return web_address_; }

  void close_web();  // both of them
  void close_control();

 private:
  exporters::web::WebServer local_;
  exporters::web::WebServer metrics_only_;
  exporters::web::WebServer control_;
  std::string web_address_;
};

}  // namespace smokeledger::daemon
