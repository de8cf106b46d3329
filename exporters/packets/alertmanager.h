// What Alertmanager's webhook delivers, version 4:
// https://prometheus.io/docs/alerting/0.25/configuration/#webhook_config
// All text in it is foreign: what is kept is bounded and made harmless, nothing is refused for what
// it says.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <boost/system/result.hpp>

#include "probes/core/packet_alerts.h"

namespace smokeledger::exporters::packets {

namespace core = probes::core;

inline constexpr std::size_t max_alerts_in_a_delivery = 1'000;

// The body of one delivery. Members that are not needed are passed over. The error is a clause that
// names the first member that is missing or wrong, `alerts[3].startsAt is missing`, and repeats
// nothing that was received. The caller bounds the size of the body.
boost::system::result<core::AlertDelivery, std::string> read_delivery(std::string_view body,
                                                                      const core::LooksLikeSecret&);

}  // namespace smokeledger::exporters::packets
