#include "probes/stub/session.h"

#include <algorithm>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>

#include "probes/stub/errors.h"

namespace smokeledger::probes::stub {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr std::chrono::milliseconds trickle_pause{100};
// Time for the peer to read what came before: a reset may take it away unread.
constexpr std::chrono::milliseconds reset_pause{200};
// A peer that never reads the end of its reply may send no more than this meanwhile.
constexpr std::size_t max_waiting_bytes = max_request_head_bytes + max_request_body_bytes + 65536;

Act refusal_of(core::EndpointFamily family, const ProviderError& what, std::uint64_t number) {
  const std::string_view message = "The stub has no answer to this.";
  return {
      .bytes = http_text(
          {.status = what.http_status, .body = error_body(family, what, message, number)}, number)};
}

bool is_authorized(const Request& request) {
  constexpr std::array<std::string_view, 3> names{"authorization", "x-api-key", "x-goog-api-key"};
  return std::any_of(names.begin(), names.end(), [&](std::string_view name) {
    return !request.header(name).empty();
  });
}

bool is_at_once(Ending ending) {
  return ending == Ending::next_request || ending == Ending::close || ending == Ending::reset;
}

// generate_content says in its path what the others say in their body.
Asked asked_by(const Request& request, const Destination& to, std::uint64_t number) {
  const bool by_path = *to.family == core::EndpointFamily::generate_content;
  const Wishes wishes = wishes_of(request.body);
  return {.family = *to.family,
          .model = by_path ? to.model : wishes.model,
          .number = number,
          .stream = by_path ? to.stream : wishes.stream,
          .include_usage = wishes.include_usage};
}

}  // namespace

House::House() : began(std::chrono::steady_clock::now()) {}

core::Milliseconds House::now() const {
  return std::chrono::floor<core::Milliseconds>(std::chrono::steady_clock::now() - began);
}

Act answer(House& house, const Request& request, core::Milliseconds at) {
  const Destination to = destination_of(request.target);
  if (request.method == "GET" && to.path == "/stub/arrivals") {
    return {.bytes = http_text({.body = house.arrivals.json() + "\n"}, house.arrivals.total())};
  }
  const Script* script = find_script(to.script.value_or(house.options.script));
  const std::string id = logical_request(request.header(house.options.request_header));
  const auto place = house.arrivals.count({.script = script != nullptr ? script->name : "unknown",
                                           .request = id,
                                           .retry_count = retry_count(request),
                                           .authorized = is_authorized(request),
                                           .at = at});
  const auto family = to.family.value_or(core::EndpointFamily::chat_completions);
  if (script == nullptr) return refusal_of(family, provider_error::unknown_script, place.in_total);
  if (request.method != "POST" || !to.family) {
    return refusal_of(family, provider_error::unknown_path, place.in_total);
  }
  const Scene scene{.asked = asked_by(request, to, place.in_total),
                    .redirect_to = house.options.redirect_to};
  Act played = act(step_for(*script, place.of_request), scene);
  house.arrivals.answered(played.asks, is_at_once(played.ending));
  return played;
}

Session::Session(asio::ip::tcp::socket socket, std::shared_ptr<House> house)
    : socket_(std::move(socket)), timer_(socket_.get_executor()), house_(std::move(house)) {
  error_code ignored;
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
}

void Session::close() {
  error_code ignored;
  timer_.cancel();
  socket_.close(ignored);
}

void Session::read() {
  socket_.async_read_some(asio::buffer(chunk_),
                          [self = shared_from_this()](error_code error, std::size_t size) {
                            if (error) return self->close();
                            self->received_.append(self->chunk_.data(), size);
                            if (self->received_.size() > max_waiting_bytes) return self->close();
                            if (!self->busy_) self->next_request();
                            if (self->socket_.is_open()) self->read();
                          });
}

void Session::next_request() {
  busy_ = false;
  const ReadResult result = read_request(received_);
  if (std::holds_alternative<Incomplete>(result)) return;
  busy_ = true;
  if (const auto* unreadable = std::get_if<Unreadable>(&result)) {
    act_ = refusal_of(core::EndpointFamily::chat_completions,
                      unreadable_request(unreadable->http_status),
                      house_->arrivals.total());
    keep_alive_ = false;
  } else {
    const Request& request = std::get<Request>(result);
    act_ = answer(*house_, request, house_->now());
    keep_alive_ = request.keep_alive;
  }
  play();
}

void Session::play() {
  switch (act_.ending) {
    case Ending::next_request:
    case Ending::close:
      return write(act_.bytes, &Session::finish);
    case Ending::reset:
      return act_.bytes.empty() ? reset() : write(act_.bytes, &Session::reset_later);
    case Ending::hold:
      return write(act_.bytes, nullptr);
    case Ending::trickle:
      trickled_ = 0;
      return trickle();
    case Ending::endless:
      return write(act_.bytes, &Session::write_again);
  }
}

void Session::finish() {
  if (act_.ending == Ending::next_request && keep_alive_) return next_request();
  error_code ignored;
  socket_.shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
  close();
}

void Session::reset() {
  error_code ignored;
  socket_.set_option(asio::socket_base::linger(true, 0), ignored);
  close();
}

void Session::reset_later() {
  timer_.expires_after(reset_pause);
  timer_.async_wait([self = shared_from_this()](error_code error) {
    if (!error && self->socket_.is_open()) self->reset();
  });
}

// `bytes` must stay in act_ until the next act.
void Session::write(std::string_view bytes, void (Session::*then)()) {
  asio::async_write(socket_,
                    asio::buffer(bytes.data(), bytes.size()),
                    [self = shared_from_this(), then](error_code error, std::size_t) {
                      if (error) return self->close();
                      if (then != nullptr) (self.get()->*then)();
                    });
}

void Session::trickle() {
  if (trickled_ == act_.bytes.size()) return finish();
  timer_.expires_after(trickle_pause);
  timer_.async_wait([self = shared_from_this()](error_code error) {
    if (error || !self->socket_.is_open()) return;
    self->write(std::string_view(self->act_.bytes).substr(self->trickled_++, 1), &Session::trickle);
  });
}

void Session::write_again() {
  write(act_.again, &Session::write_again);
}

}  // namespace smokeledger::probes::stub
