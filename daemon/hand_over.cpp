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

// What is amiss with us does not use an attempt up; somebody mends it meanwhile.
constexpr core::Milliseconds look_again_after{60'000};
constexpr core::Milliseconds proof_takes{1'000};

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
  std::uint32_t attempts = 0;  // of posting
  std::string where;           // may be logged
  packets::PacketFiles files;
};

HandOver::HandOver(Parts parts) : parts_(std::move(parts)) {}

HandOver::~HandOver() = default;

void HandOver::use(const config::Config& config, const std::string& credentials_directory) {
  packets_ = config.packets;
  credentials_directory_ = credentials_directory;
  ledger_dir_ = config.ledger.dir;
  circumstances_ = {config.environment, build_name(), config.sha256, config.file, config.contracts};
  for (auto& target : targets_) {
    target.waits = false;
    target.logged_defect.clear();
  }
  count();
  check();
  look();
}

void HandOver::start() {
  active_ = true;
  proved_seq_ = parts_.journal.newest_seq();
  count();
  check();
  look();
}

// What can be seen before a packet is due.
void HandOver::check() {
  if (!active_) return;
  if (is_configured(packets_, HandedTo::webhook)) {
    std::string why;
    if (!open_webhook(packets_, credentials_directory_, why)) warn(HandedTo::webhook, why);
  }
  if (is_configured(packets_, HandedTo::outbox)) {
    const auto work = [folder = packets_.outbox] { return folder_defect(folder); };
    apart(work, [this](const std::string& why) {
      if (!why.empty()) warn(HandedTo::outbox, why);
    });
  }
}

void HandOver::warn(HandedTo to, const std::string& why) {
  if (std::exchange(of(to).logged_defect, why) == why) return;
  parts_.log.warning("packets cannot be handed over",
                     {{"to", std::string(core::word(to))}, {"why", why}});
}

void HandOver::stop() {
  active_ = false;
  alive_.reset();
}

void HandOver::observe(const Records& records) {
  count();
  const auto newest = std::find_if(records.rbegin(), records.rend(), [](const auto& record) {
    return std::holds_alternative<core::CheckpointLine>(record.line());
  });
  if (newest == records.rend()) return;
  proved_seq_ = newest->seq();
  look();
}

void HandOver::count() {
  for (const auto to : core::every<HandedTo>()) {
    const bool wanted = is_configured(packets_, to);
    const auto packets = wanted ? core::not_handed_over(parts_.journal.packets(), to) : 0;
    if (std::exchange(of(to).not_handed_over, packets) == packets) continue;
    parts_.tell_not_handed_over(to, packets);
  }
}

void HandOver::look() {
  if (!active_) return;
  for (const auto to : core::every<HandedTo>()) {
    const Target& target = of(to);
    if (target.busy || target.waits || !is_configured(packets_, to)) continue;
    const auto next = core::next_to_hand_over(parts_.journal.packets(), to);
    if (next && *next <= proved_seq_) begin(*next, to);
  }
}

void HandOver::begin(std::uint64_t packet, HandedTo to) {
  of(to).busy = true;
  const auto job = std::make_shared<Job>();
  job->packet = packet;
  job->to = to;
  job->ledger_id = parts_.ledger_name + '-' + std::to_string(packet);
  job->ledger_dir = ledger_dir_;
  job->config = packets_;
  job->circumstances = circumstances_;
  job->where = to == HandedTo::outbox ? packets_.outbox : "";
  compose(job);
}

void HandOver::compose(const JobPtr& job) {
  const auto work = [job]() -> std::string {
    auto files = packets::packet_files(job->ledger_dir, job->ledger_id, job->circumstances);
    if (!files) return "its evidence cannot be read: " + files.error().message;
    job->files = std::move(*files);
    return {};
  };
  apart(work, [this, job](const std::string& why) {
    if (!why.empty()) return put_off(job, why);
    if (!job->files.slice.empty()) return deliver(job);
    // A newer line of the packet waits for its proof.
    parts_.journal.checkpoint([](const Records*) {});
    after(proof_takes, [this, job] { compose(job); });
  });
}

void HandOver::deliver(const JobPtr& job) {
  job->to == HandedTo::outbox ? put_into_outbox(job) : post_to_webhook(job);
}

// The JSON last: whoever watches for it finds all of them.
void HandOver::put_into_outbox(const JobPtr& job) {
  const auto work = [job] {
    const auto& files = job->files;
    const auto put = [&](const std::string& name, std::string_view text) {
      return put_file(job->config.outbox, name, text);
    };
    auto why = put(job->ledger_id + ".md", files.markdown);
    if (why.empty()) why = put(files.slice_name, files.slice);
    if (why.empty()) why = put(job->ledger_id + ".json", files.json);
    return why;
  };
  apart(work, [this, job](const std::string& why) {
    why.empty() ? tell(job, true, why) : put_off(job, why);
  });
}

// Both secrets are read for each attempt, so that they can be exchanged while the service runs.
void HandOver::post_to_webhook(const JobPtr& job) {
  std::string why;
  const auto webhook = open_webhook(job->config, credentials_directory_, why);
  if (!webhook) return put_off(job, why);
  job->where = webhook->sayable;
  auto request = webhook_request(
      *webhook, {job->ledger_id, webhook_body(job->files)}, parts_.clock.stamp().wall);
  request.timeout = job->config.webhook.attempt_timeout;
  ++job->attempts;
  const auto alive = std::weak_ptr(alive_);
  parts_.transport.send({{}, std::move(request)}, [this, job, alive](const core::Exchange& got) {
    if (!alive.expired()) answered(job, got);
  });
}

void HandOver::answered(const JobPtr& job, const core::Exchange& exchange) {
  const auto result = core::hand_over_result(exchange);
  if (result == HandOverResult::taken) return tell(job, true, "");
  const auto wait =
      result == HandOverResult::try_again
          ? core::wait_to_hand_over(job->config.webhook, job->attempts, parts_.random.draw())
          : std::nullopt;
  if (!wait) return tell(job, false, said(exchange));
  after(*wait, [this, job] { post_to_webhook(job); });
}

// Until a reload or some time later: then it begins anew, with what is configured then.
void HandOver::put_off(const JobPtr& job, const std::string& why) {
  Target& target = of(job->to);
  target.busy = false;
  target.waits = true;
  warn(job->to, why);
  after(look_again_after, [this, to = job->to] {
    of(to).waits = false;
    look();
  });
}

void HandOver::tell(const JobPtr& job, bool went, const std::string& why) {
  const LogFields fields{{"packet", job->ledger_id},
                         {"to", std::string(core::word(job->to))},
                         {"where", job->where},
                         {"why", why}};
  went ? parts_.log.info("a packet was handed over", fields)
       : parts_.log.warning("a packet was not handed over", fields);
  of(job->to).logged_defect.clear();
  const auto attempts = std::max(job->attempts, std::uint32_t{1});
  const auto alive = std::weak_ptr(alive_);
  parts_.keeper.hand_over(job->packet,
                          job->to,
                          went,
                          attempts,
                          [this, to = job->to, alive](const PacketKeeper::Answer& answer) {
                            if (alive.expired()) return;
                            of(to).busy = false;
                            // Without its line it is due again: not before the ledger takes lines.
                            if (answer.kind == PacketKeeper::Answer::Kind::kept) look();
                          });
}

void HandOver::after(core::Milliseconds wait, std::function<void()> then) {
  parts_.clock.at(parts_.clock.now() + wait,
                  [then = std::move(then), alive = std::weak_ptr(alive_)] {
                    if (!alive.expired()) then();
                  });
}

void HandOver::apart(std::function<std::string()> work,
                     std::function<void(const std::string& why)> then) {
  // One thread for each target: a folder that hangs holds up the webhook no more than the rest.
  if (!threads_) threads_ = std::make_unique<boost::asio::thread_pool>(targets_.size());
  boost::asio::post(*threads_,
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
