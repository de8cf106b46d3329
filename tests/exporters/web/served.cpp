#include "tests/exporters/web/served.h"

#include <future>

#include <boost/asio/post.hpp>
#include <gtest/gtest.h>

namespace smokeledger::exporters::web {

void KeptReplies::keep(Reply reply) {
  const std::lock_guard lock(mutex_);
  replies_.push_back(std::move(reply));
  came_.notify_all();
}

Reply KeptReplies::take() {
  std::unique_lock lock(mutex_);
  if (!came_.wait_for(lock, std::chrono::seconds(20), [this] { return !replies_.empty(); })) {
    ADD_FAILURE() << "no request reached the handler";
    return [](const WebResponse&) {};
  }
  Reply reply = std::move(replies_.front());
  replies_.erase(replies_.begin());
  return reply;
}

WebServer::Options hello_options(const std::shared_ptr<KeptReplies>& kept) {
  const auto text = [](std::string body) {
    WebResponse response;
    response.body = std::move(body);
    return response;
  };
  WebServer::Options options;
  options.routes = {
      {"GET",
       "/hello",
       [text](const WebRequest& request, const Reply& reply) {
         reply(text("hello?" + request.query));
       }},
      {"POST",
       "/echo",
       [text](const WebRequest& request, const Reply& reply) { reply(text(request.body)); }},
      {"GET", "/later", [kept](const WebRequest&, const Reply& reply) { kept->keep(reply); }},
      {"GET",
       "/whoami",
       [text](const WebRequest& request, const Reply& reply) {
         reply(text(request.peer_uid ? std::to_string(*request.peer_uid) : "unknown"));
       }},
  };
  return options;
}

namespace {

WebServer::Options limited(const WebLimits& limits, const std::shared_ptr<KeptReplies>& kept) {
  auto options = hello_options(kept);
  options.limits = limits;
  return options;
}

}  // namespace

Served::Served(const WebLimits& limits) : Served(limits, {}) {}

Served::Served(const std::string& unix_path) : Served(WebLimits{}, unix_path) {}

Served::Served(const WebLimits& limits, const std::string& unix_path)
    : kept_(std::make_shared<KeptReplies>()) {
  start(limited(limits, kept_), unix_path);
}

Served::Served(WebServer::Options options) {
  start(std::move(options), {});
}

void Served::start(WebServer::Options options, const std::string& unix_path) {
  server_ = std::make_unique<WebServer>(io_, std::move(options));
  const auto address = server_->listen("127.0.0.1:0");
  if (address) {
    port_ = static_cast<std::uint16_t>(std::stoul(address->substr(address->rfind(':') + 1)));
  } else {
    ADD_FAILURE() << address.error();
  }
  if (!unix_path.empty()) {
    const auto listening = server_->listen_unix(unix_path);
    if (!listening) unix_error_ = listening.error();
  }
  thread_ = std::thread([this] { io_.run(); });
}

void Served::destroy_server() {
  std::promise<void> gone;
  boost::asio::post(io_, [this, &gone] {
    server_.reset();
    gone.set_value();
  });
  gone.get_future().wait();
}

Served::~Served() {
  destroy_server();
  work_.reset();  // what is left ends by itself: nothing may keep the io thread
  thread_.join();
}

}  // namespace smokeledger::exporters::web
