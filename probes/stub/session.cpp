#include "probes/stub/session.h"

#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>

namespace smokeledger::probes::stub {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr std::chrono::milliseconds trickle_pause{100};
// A peer that never reads the end of its reply may send no more than this meanwhile.
constexpr std::size_t max_waiting_bytes = max_request_head_bytes + max_request_body_bytes + 65536;

Act refusal_of(int status, std::string_view code, std::uint64_t number) {
  return {
      .bytes = http_text(
          {.status = status,
           .body = error_body("The stub has no answer to this.", "invalid_request_error", code)},
          number)};
}

}  // namespace

Act answer(House& house, const Request& request) {
  const Destination to = destination_of(request.target);
  if (request.method == "GET" && to.path == "/stub/arrivals") {
    return {.bytes = http_text({.body = house.arrivals.json() + "\n"}, house.arrivals.total())};
  }
  const Script* script = find_script(to.script.value_or(house.options.script));
  const bool authorized =
      !request.header("authorization").empty() || !request.header("x-api-key").empty();
  const auto place = house.arrivals.count(script != nullptr ? script->name : "unknown",
                                          logical_request(request.header("x-request-id")),
                                          authorized);
  if (script == nullptr) return refusal_of(404, "unknown_script", place.in_total);
  if (request.method != "POST" || !to.family) {
    return refusal_of(404, "unknown_path", place.in_total);
  }
  const Scene scene{.asked = {.family = *to.family,
                              .model = requested_model(request.body),
                              .number = place.in_total},
                    .redirect_to = house.options.redirect_to};
  return act(step_for(*script, place.of_request), scene);
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
    act_ = refusal_of(unreadable->http_status, "unreadable_request", house_->arrivals.total());
    keep_alive_ = false;
  } else {
    const Request& request = std::get<Request>(result);
    act_ = answer(*house_, request);
    keep_alive_ = request.keep_alive;
  }
  play();
}

void Session::play() {
  switch (act_.ending) {
    case Ending::next_request:
    case Ending::close:
      return write(act_.bytes, &Session::finish);
    case Ending::reset: {
      error_code ignored;
      socket_.set_option(asio::socket_base::linger(true, 0), ignored);
      return close();
    }
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
