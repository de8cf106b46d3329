#include "probes/transport/curl_transport.h"

#include <chrono>
#include <map>
#include <mutex>
#include <new>
#include <thread>
#include <utility>
#include <vector>

#include <curl/curl.h>

#include "probes/transport/transfer.h"

namespace smokeledger::probes::transport {
namespace {

// libcurl asks for earlier turns itself; this only bounds a wait with nothing to do.
constexpr std::chrono::milliseconds idle_turn{std::chrono::minutes(10)};

bool libcurl_ready() {
  static const CURLcode code = curl_global_init(CURL_GLOBAL_DEFAULT);
  return code == CURLE_OK;
}

CURLM* make_multi() {
  CURLM* multi = libcurl_ready() ? curl_multi_init() : nullptr;
  if (multi == nullptr) throw std::bad_alloc();  // libcurl gives no other reason
  return multi;
}

struct CleanUp {
  void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};

}  // namespace

struct CurlTransport::Impl {
  using Done = std::function<void(core::Exchange)>;
  struct Start {
    SendId id = 0;
    run::Request request;
  };
  struct Orders {
    std::vector<Start> starts;
    std::vector<SendId> cancels;
    bool stop = false;
  };

  Impl(Post to_caller, TransportOptions chosen)
      : post(std::move(to_caller)), options(std::move(chosen)), multi(make_multi()) {
    thread = std::thread([this] { run(); });
  }

  ~Impl() {
    order([](Orders& next) { next.stop = true; });
    thread.join();
  }

  template <class Change>
  void order(Change&& change) {
    {
      const std::lock_guard lock(mutex);
      change(orders);
    }
    curl_multi_wakeup(multi.get());
  }

  // From here to the fields: on the transport thread.
  void run() {
    while (take_orders()) {
      int running = 0;
      curl_multi_perform(multi.get(), &running);
      take_finished();
      const int wait = static_cast<int>(idle_turn.count());
      if (curl_multi_poll(multi.get(), nullptr, 0, wait, nullptr) != CURLM_OK) {
        // Out of memory or descriptors: not in a busy loop.
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
      }
    }
    for (const auto& [id, transfer] : transfers) {
      curl_multi_remove_handle(multi.get(), transfer->handle());
    }
    transfers.clear();
  }

  bool take_orders() {
    Orders taken;
    {
      const std::lock_guard lock(mutex);
      if (orders.stop) return false;
      std::swap(taken, orders);
    }
    for (Start& start : taken.starts) begin(std::move(start));
    for (SendId id : taken.cancels) {
      const auto found = transfers.find(id);
      if (found == transfers.end()) continue;
      curl_multi_remove_handle(multi.get(), found->second->handle());
      transfers.erase(found);
    }
    return true;
  }

  void begin(Start start) {
    auto transfer = std::make_unique<Transfer>(start.id, std::move(start.request), options);
    CURL* handle = transfer->handle();
    if (handle == nullptr || curl_multi_add_handle(multi.get(), handle) != CURLM_OK) {
      return deliver(start.id, transfer->finish(CURLE_FAILED_INIT));
    }
    transfers.emplace(start.id, std::move(transfer));
  }

  void take_finished() {
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi.get(), &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      const CURLcode code = message->data.result;  // the message goes with its handle
      CURL* handle = message->easy_handle;
      finish(handle, code);
    }
  }

  void finish(CURL* handle, CURLcode code) {
    Transfer& transfer = Transfer::of(handle);
    const SendId id = transfer.id();
    core::Exchange exchange = transfer.finish(code);
    curl_multi_remove_handle(multi.get(), handle);
    transfers.erase(id);
    deliver(id, std::move(exchange));
  }

  void deliver(SendId id, core::Exchange exchange) {
    post([known = std::weak_ptr(waiting), id, exchange = std::move(exchange)]() mutable {
      const auto callbacks = known.lock();
      if (!callbacks) return;
      const auto done = callbacks->extract(id);
      if (!done.empty()) done.mapped()(std::move(exchange));
    });
  }

  const Post post;
  const TransportOptions options;
  // On the caller's thread.
  std::shared_ptr<std::map<SendId, Done>> waiting = std::make_shared<std::map<SendId, Done>>();
  SendId last_id = 0;
  // Between the threads.
  std::mutex mutex;
  Orders orders;
  const std::unique_ptr<CURLM, CleanUp> multi;  // only its wake-up is called from outside
  // On the transport thread.
  std::map<SendId, std::unique_ptr<Transfer>> transfers;
  std::thread thread;
};

CurlTransport::CurlTransport(Post post, TransportOptions options)
    : impl_(std::make_unique<Impl>(std::move(post), std::move(options))) {}

CurlTransport::~CurlTransport() = default;

CurlTransport::SendId CurlTransport::send(run::Outgoing outgoing,
                                          std::function<void(core::Exchange)> done) {
  const SendId id = ++impl_->last_id;
  impl_->waiting->emplace(id, std::move(done));
  impl_->order([&](Impl::Orders& orders) {
    orders.starts.push_back({id, std::move(outgoing.request)});
  });
  return id;
}

void CurlTransport::cancel(SendId id) {
  if (impl_->waiting->erase(id) == 0) return;
  impl_->order([id](Impl::Orders& orders) { orders.cancels.push_back(id); });
}

}  // namespace smokeledger::probes::transport
