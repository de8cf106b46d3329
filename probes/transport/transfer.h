// One request on its way: an easy handle, everything it points to, and what has come back.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <curl/curl.h>

#include "probes/run/seams.h"
#include "probes/transport/curl_transport.h"
#include "probes/transport/ending.h"

namespace smokeledger::probes::transport {

// Used on one thread. Stays where it is: libcurl holds its address.
class Transfer {
 public:
  // `options` must outlive the transfer.
  Transfer(run::Transport::SendId, run::Request, const TransportOptions& options);
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  // The transfer that made this handle.
  static Transfer& of(CURL* handle);

  run::Transport::SendId id() const { return id_; }
  // Null when this request cannot be sent; finish() then says why.
  CURL* handle() const { return ready_ ? handle_.get() : nullptr; }
  core::Exchange finish(CURLcode);

 private:
  struct CleanUp {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
  };
  // Overwrites the lines before they go: one of them holds the credential.
  struct Wipe {
    void operator()(curl_slist* list) const;
  };

  CURLcode set_up();
  CURLcode set_request();
  CURLcode set_headers();
  bool add_header(const std::string& line);

  static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* self);
  static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self);
  static curl_socket_t on_socket(void* self, curlsocktype, curl_sockaddr*);
  void take_header_line(std::string_view line);

  const run::Transport::SendId id_;
  const TransportOptions& options_;
  run::Request request_;
  std::string user_agent_;
  std::unique_ptr<curl_slist, Wipe> headers_;
  std::unique_ptr<CURL, CleanUp> handle_;  // after all that it points to, so that it goes first
  bool ready_ = false;

  core::Reply reply_;
  int status_ = 0;  // of the newest status line, interim ones included
  bool head_complete_ = false;
  std::size_t header_bytes_ = 0;
  Stopped stopped_ = Stopped::no;
  int socket_error_ = 0;
};

}  // namespace smokeledger::probes::transport
