#include "probes/transport/transfer.h"

#include <string.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <utility>

namespace smokeledger::probes::transport {
namespace {

// Applies options until one is refused.
class Options {
 public:
  explicit Options(CURL* handle) : handle_(handle) {}

  template <class Value>
  Options& set(CURLoption option, Value value) {
    if (code_ == CURLE_OK) code_ = curl_easy_setopt(handle_, option, value);
    return *this;
  }
  CURLcode code() const { return code_; }

 private:
  CURL* handle_;
  CURLcode code_ = CURLE_OK;
};

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) {
    return static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  });
  return out;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blank = " \t\r\n";
  const auto first = text.find_first_not_of(blank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

// A line break inside a value would smuggle in another header.
bool one_line(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](unsigned char c) {
    return (c < 0x20 && c != '\t') || c == 0x7F;
  });
}

bool sendable(const run::Request& request) {
  if ((request.auth == core::AuthScheme::none) != (request.secret == nullptr)) return false;
  if (request.secret && !one_line(request.secret->reveal())) return false;
  if (!one_line(request.url) || !one_line(request.method)) return false;
  return std::all_of(request.headers.begin(), request.headers.end(), [](const auto& header) {
    return !header.first.empty() && header.first.find(':') == std::string::npos &&
           one_line(header.first) && one_line(header.second);
  });
}

int status_from(std::string_view status_line) {
  const auto space = status_line.find(' ');
  if (space == std::string_view::npos) return 0;
  const std::string_view digits = status_line.substr(space + 1, 3);
  int status = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), status);
  return status;
}

}  // namespace

Transfer::Transfer(run::Transport::SendId id, run::Request request, const TransportOptions& options)
    : id_(id),
      options_(options),
      request_(std::move(request)),
      user_agent_("smokeledger/" + options.version),
      handle_(curl_easy_init()) {
  ready_ = handle_ && sendable(request_) && set_up() == CURLE_OK && set_request() == CURLE_OK &&
           set_headers() == CURLE_OK;
}

Transfer& Transfer::of(CURL* handle) {
  void* self = nullptr;
  curl_easy_getinfo(handle, CURLINFO_PRIVATE, &self);
  return *static_cast<Transfer*>(self);
}

void Transfer::Wipe::operator()(curl_slist* list) const {
  for (curl_slist* at = list; at != nullptr; at = at->next) {
    ::explicit_bzero(at->data, ::strlen(at->data));
  }
  curl_slist_free_all(list);
}

CURLcode Transfer::set_up() {
  Options options(handle_.get());
  options.set(CURLOPT_PRIVATE, static_cast<void*>(this))
      .set(CURLOPT_NOSIGNAL, 1L)
      .set(CURLOPT_PROTOCOLS_STR, "http,https")
      // libcurl resends a request on its own in two cases: on a kept connection that turns out
      // dead, and on an HTTP/2 stream that the server refuses. Neither exists here.
      .set(CURLOPT_FRESH_CONNECT, 1L)
      .set(CURLOPT_FORBID_REUSE, 1L)
      .set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1))
      // A redirect would carry x-api-key to another host.
      .set(CURLOPT_FOLLOWLOCATION, 0L)
      .set(CURLOPT_PROXY, "")
      .set(CURLOPT_PRE_PROXY, "")
      .set(CURLOPT_NOPROXY, "*")
      .set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED))
      .set(CURLOPT_DISALLOW_USERNAME_IN_URL, 1L)
      .set(CURLOPT_DNS_CACHE_TIMEOUT, 0L)
      // Else the end of a timed-out resolution is waited for, by every transfer.
      .set(CURLOPT_QUICK_EXIT, 1L)
      .set(CURLOPT_SSL_VERIFYPEER, 1L)
      .set(CURLOPT_SSL_VERIFYHOST, 2L)
      .set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2))
      // With a directory set, every connection parses the whole bundle again.
      .set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));
  if (!options_.ca_file.empty()) options.set(CURLOPT_CAINFO, options_.ca_file.c_str());
  options.set(CURLOPT_HEADERFUNCTION, &Transfer::on_header)
      .set(CURLOPT_HEADERDATA, static_cast<void*>(this))
      .set(CURLOPT_WRITEFUNCTION, &Transfer::on_body)
      .set(CURLOPT_WRITEDATA, static_cast<void*>(this))
      .set(CURLOPT_OPENSOCKETFUNCTION, &Transfer::on_socket)
      .set(CURLOPT_OPENSOCKETDATA, static_cast<void*>(this));
  return options.code();
}

CURLcode Transfer::set_request() {
  const auto timeout = static_cast<long>(std::max<std::int64_t>(request_.timeout.count(), 1));
  Options options(handle_.get());
  options.set(CURLOPT_URL, request_.url.c_str())
      .set(CURLOPT_USERAGENT, user_agent_.c_str())
      .set(CURLOPT_TIMEOUT_MS, timeout)
      .set(CURLOPT_CONNECTTIMEOUT_MS, timeout);
  if (request_.method == "GET") {
    options.set(CURLOPT_HTTPGET, 1L);
  } else {
    options.set(CURLOPT_POST, 1L)
        .set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()))
        .set(CURLOPT_POSTFIELDS, request_.body.data());
    if (request_.method != "POST") options.set(CURLOPT_CUSTOMREQUEST, request_.method.c_str());
  }
  return options.code();
}

CURLcode Transfer::set_headers() {
  bool added = add_header("Expect:");  // no waiting for permission to send
  bool typed = false;
  for (const auto& [name, value] : request_.headers) {
    added = added && add_header(value.empty() ? name + ";" : name + ": " + value);
    typed = typed || lower(name) == "content-type";
  }
  // Else libcurl calls the body a form.
  if (!typed) added = added && add_header("Content-Type:");
  if (request_.secret) {
    std::string line = request_.auth == core::AuthScheme::bearer
                           ? "Authorization: Bearer "
                           : std::string(core::word(request_.auth)) + ": ";
    line += request_.secret->reveal();
    added = added && add_header(line);
    ::explicit_bzero(line.data(), line.size());
  }
  if (!added) return CURLE_OUT_OF_MEMORY;
  return curl_easy_setopt(handle_.get(), CURLOPT_HTTPHEADER, headers_.get());
}

bool Transfer::add_header(const std::string& line) {
  curl_slist* longer = curl_slist_append(headers_.get(), line.c_str());
  if (longer == nullptr) return false;
  // The head of a list that was not empty stays the same.
  if (!headers_) headers_.reset(longer);
  return true;
}

std::size_t Transfer::on_header(char* data, std::size_t size, std::size_t count, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  const std::size_t bytes = size * count;
  transfer.header_bytes_ += bytes;
  if (transfer.header_bytes_ > transfer.options_.max_header_bytes) {
    transfer.stopped_ = Stopped::too_large;
  } else if (!transfer.head_complete_) {  // afterwards only trailers come
    transfer.take_header_line({data, bytes});
  }
  return transfer.stopped_ == Stopped::no ? bytes : 0;
}

void Transfer::take_header_line(std::string_view line) {
  if (line.starts_with("HTTP/")) {
    status_ = status_from(line);
    reply_.headers.clear();
    return;
  }
  if (trimmed(line).empty()) {
    head_complete_ = status_ >= 200;
    return;
  }
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return;
  core::Header header{lower(trimmed(line.substr(0, colon))),
                      std::string(trimmed(line.substr(colon + 1)))};
  if (header.name == "content-encoding" && !header.value.empty() &&
      lower(header.value) != "identity") {
    stopped_ = Stopped::encoded;
  }
  reply_.headers.push_back(std::move(header));
}

std::size_t Transfer::on_body(char* data, std::size_t size, std::size_t count, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  const std::size_t bytes = size * count;
  if (bytes > transfer.options_.max_reply_bytes - transfer.reply_.body.size()) {
    transfer.stopped_ = Stopped::too_large;
    return 0;
  }
  transfer.reply_.body.append(data, bytes);
  return bytes;
}

// As libcurl would do it, but the errno of a failure is kept: libcurl does not report this one.
curl_socket_t Transfer::on_socket(void* self, curlsocktype, curl_sockaddr* address) {
  const int fd = ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
  if (fd < 0) static_cast<Transfer*>(self)->socket_error_ = errno;
  return fd < 0 ? CURL_SOCKET_BAD : fd;
}

core::Exchange Transfer::finish(CURLcode code) {
  Ending ending{.code = code,
                .os_error = socket_error_,
                .stopped = stopped_,
                .head_complete = head_complete_};
  if (status_ >= 200) ending.http_status = status_;
  if (!ready_) {
    ending.code = handle_ ? CURLE_URL_MALFORMAT : CURLE_OUT_OF_MEMORY;
  } else if (ending.os_error == 0) {
    long os_error = 0;
    curl_easy_getinfo(handle_.get(), CURLINFO_OS_ERRNO, &os_error);
    ending.os_error = static_cast<int>(os_error);
  }
  reply_.http_status = status_;
  reply_.body.reserve(reply_.body.size() + core::BodyView::room);
  auto fault = fault_of(ending);
  if (!fault) return std::move(reply_);
  const bool readable = ending.stopped == Stopped::no && ending.head_complete && ending.http_status;
  if (readable) fault->partial = std::move(reply_);
  return std::move(*fault);
}

}  // namespace smokeledger::probes::transport
