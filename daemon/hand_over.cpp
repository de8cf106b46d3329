#include "daemon/hand_over.h"

#include <algorithm>
#include <utility>

#include <boost/asio/post.hpp>

#include "daemon/credentials.h"
#include "daemon/opening.h"
#include "daemon/outbox_file.h"
#include "daemon/webhook.h"

namespace smokeledger::daemon {
namespace {

using core::HandedTo;
using core::HandOverResult;
namespace packets = exporters::packets;

std::string said(const core::Exchange& exchange) {
  if (const auto* const reply = std::get_if<core::Reply>(&exchange)) {
    return "the answer was HTTP " + std::to_string(reply->http_status);
  }
  return "no complete answer: " + std::string(core::word(std::get<core::Fault>(exchange).reason));
}

bool is_configured(const config::PacketsConfig& config, HandedTo to) {
  return to == HandedTo::outbox ? !config.outbox.empty() : !config.webhook_url.empty();
}

}  // namespace

// One packet on its way to one target, and the configuration it set out with. Another thread has it
// while apart() works.
struct HandOver::Job {
  std::uint64_t packet = 0;
  HandedTo to{};
  std::string ledger_id;
  std::string ledger_dir;
  config::PacketsConfig config;
  packets::Circumstances circumstances;
  std::uint32_t attempts = 0;
  std::string where;  // may be logged
  bool composed = false;
  std::string json;
  std::string markdown;  // of the outbox
};

HandOver::HandOver(Parts parts) : parts_(std::move(parts)) {}

HandOver::~HandOver() {
  if (thread_) thread_->join();
}

void HandOver::use(const config::Config& config, const std::string& credentials_directory) {
  packets_ = config.packets;
  credentials_directory_ = credentials_directory;
  ledger_dir_ = config.ledger.dir;
  circumstances_ = {config.environment, build_name(), config.sha256, config.file, config.contracts};
  look();
}

void HandOver::start() {
  active_ = true;
  proved_seq_ = parts_.journal.newest_seq();
  look();
}

void HandOver::stop() {
  active_ = false;
  alive_.reset();
}

void HandOver::observe(const Records& records) {
  const auto newest = std::find_if(records.rbegin(), records.rend(), [](const auto& record) {
    return std::holds_alternative<core::CheckpointLine>(record.line());
  });
  if (newest == records.rend()) return;
  proved_seq_ = newest->seq();
  look();
}

void HandOver::look() {
  if (!active_) return;
  for (const auto to : core::every<HandedTo>()) {
    if (busy_.at(static_cast<std::size_t>(to)) || !is_configured(packets_, to)) continue;
    const auto next = core::next_to_hand_over(parts_.journal.packets(), to);
    if (next && *next <= proved_seq_) begin(*next, to);
  }
}

void HandOver::begin(std::uint64_t packet, HandedTo to) {
  busy_.at(static_cast<std::size_t>(to)) = true;
  if (!thread_) thread_ = std::make_unique<boost::asio::thread_pool>(1);
  const auto job = std::make_shared<Job>();
  job->packet = packet;
  job->to = to;
  job->ledger_id = parts_.ledger_name + '-' + std::to_string(packet);
  job->ledger_dir = ledger_dir_;
  job->config = packets_;
  job->circumstances = circumstances_;
  job->where = to == HandedTo::outbox ? packets_.outbox : "";
  attempt(job);
}

void HandOver::attempt(const JobPtr& job) {
  ++job->attempts;
  job->composed ? deliver(job) : compose(job);
}

void HandOver::compose(const JobPtr& job) {
  const auto work = [job]() -> std::string {
    const auto evidence = packets::gather(job->ledger_dir, job->ledger_id, job->circumstances);
    if (!evidence) return "its evidence cannot be read: " + evidence.error().message;
    const auto packet = packets::compose(*evidence);
    job->json = packets::packet_json(packet);
    if (job->to == HandedTo::outbox) job->markdown = packets::packet_markdown(packet);
    return {};
  };
  apart(work, [this, job](const std::string& why) {
    if (!why.empty()) return ended(job, HandOverResult::try_again, why);
    job->composed = true;
    deliver(job);
  });
}

void HandOver::deliver(const JobPtr& job) {
  job->to == HandedTo::outbox ? put_into_outbox(job) : post_to_webhook(job);
}

// The JSON last: whoever watches for it finds both.
void HandOver::put_into_outbox(const JobPtr& job) {
  const auto work = [job] {
    auto why = put_file(job->config.outbox, job->ledger_id + ".md", job->markdown);
    if (why.empty()) why = put_file(job->config.outbox, job->ledger_id + ".json", job->json);
    return why;
  };
  apart(work, [this, job](const std::string& why) {
    ended(job, why.empty() ? HandOverResult::taken : HandOverResult::try_again, why);
  });
}

// Both secrets are read for each attempt, so that they can be exchanged while the service runs.
void HandOver::post_to_webhook(const JobPtr& job) {
  std::string why;
  const auto url = read_secret(job->config.webhook_url, credentials_directory_, why);
  const auto key =
      url ? read_secret(job->config.webhook_key, credentials_directory_, why) : nullptr;
  if (!key) {
    const std::string which = url ? "the key of the webhook" : "the URL of the webhook";
    return ended(job,
                 HandOverResult::try_again,
                 which + " cannot be used: " + (why.empty() ? "it is not there" : why));
  }
  const auto where = sayable_target(url->reveal());
  if (!where) {
    return ended(job,
                 HandOverResult::refused,
                 "the URL of the webhook is not https, or http for a loopback host, or it has user "
                 "info or a fragment");
  }
  job->where = *where;
  auto request =
      webhook_request(url->reveal(), *key, {job->ledger_id, job->json}, parts_.clock.stamp().wall);
  request.timeout = policy_.attempt_timeout;
  const auto alive = std::weak_ptr(alive_);
  parts_.transport.send({{}, std::move(request)}, [this, job, alive](const core::Exchange& got) {
    if (!alive.expired()) ended(job, core::hand_over_result(got), said(got));
  });
}

void HandOver::ended(const JobPtr& job, HandOverResult result, const std::string& why) {
  if (result == HandOverResult::taken) return tell(job, true, why);
  const auto wait = result == HandOverResult::try_again
                        ? core::wait_to_hand_over(policy_, job->attempts, parts_.random.draw())
                        : std::nullopt;
  if (!wait) return tell(job, false, why);
  const auto alive = std::weak_ptr(alive_);
  parts_.clock.at(parts_.clock.now() + *wait, [this, job, alive] {
    if (!alive.expired()) attempt(job);
  });
}

void HandOver::tell(const JobPtr& job, bool went, const std::string& why) {
  const LogFields fields{{"packet", job->ledger_id},
                         {"to", std::string(core::word(job->to))},
                         {"where", job->where},
                         {"attempts", std::to_string(job->attempts)},
                         {"why", went ? "" : why}};
  went ? parts_.log.info("a packet was handed over", fields)
       : parts_.log.warning("a packet was not handed over", fields);
  const auto alive = std::weak_ptr(alive_);
  parts_.keeper.hand_over(job->packet,
                          job->to,
                          went,
                          job->attempts,
                          [this, to = job->to, alive](const PacketKeeper::Answer& answer) {
                            if (alive.expired()) return;
                            busy_.at(static_cast<std::size_t>(to)) = false;
                            // Without its line it is due again: not before the ledger takes lines.
                            if (answer.kind == PacketKeeper::Answer::Kind::kept) look();
                          });
}

void HandOver::apart(std::function<std::string()> work,
                     std::function<void(const std::string& why)> then) {
  boost::asio::post(*thread_,
                    [work = std::move(work),
                     then = std::move(then),
                     post = parts_.post,
                     alive = std::weak_ptr(alive_)] {
                      post([why = work(), then, alive] {
                        if (!alive.expired()) then(why);
                      });
                    });
}

}  // namespace smokeledger::daemon
