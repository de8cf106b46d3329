#include "probes/transport/ending.h"

#include <cerrno>

namespace smokeledger::probes::transport {
namespace {

using core::Reason;

// The kernel refused before anything left this host.
bool is_local(int os_error) {
  switch (os_error) {
    case ENETUNREACH:
    case EHOSTUNREACH:
    case ENETDOWN:
    case EADDRNOTAVAIL:
    case EAFNOSUPPORT:
    case EACCES:
    case EPERM:
    case EMFILE:
    case ENFILE:
    case ENOBUFS:
    case ENOMEM:
      return true;
    default:
      return false;
  }
}

Reason reason_of(const Ending& ending) {
  switch (ending.code) {
    case CURLE_OPERATION_TIMEDOUT:
      return Reason::timeout;
    case CURLE_COULDNT_RESOLVE_HOST:
      return is_local(ending.os_error) ? Reason::local_network : Reason::dns;
    case CURLE_COULDNT_CONNECT:
      return is_local(ending.os_error) ? Reason::local_network : Reason::connect;
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_GOT_NOTHING:
      return ending.http_status ? Reason::truncated : Reason::connect;
    case CURLE_PARTIAL_FILE:
      return Reason::truncated;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_ENGINE_NOTFOUND:
    case CURLE_SSL_ENGINE_SETFAILED:
    case CURLE_SSL_ENGINE_INITFAILED:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_USE_SSL_FAILED:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_SHUTDOWN_FAILED:
    case CURLE_SSL_CRL_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_SSL_CLIENTCERT:
      return Reason::tls;
    // What libcurl also says of a single header line longer than it stores.
    case CURLE_OUT_OF_MEMORY:
      return ending.http_status ? Reason::too_large : Reason::local_network;
    case CURLE_FAILED_INIT:
    case CURLE_INTERFACE_FAILED:
    case CURLE_NO_CONNECTION_AVAILABLE:
      return Reason::local_network;
    default:
      return Reason::protocol;
  }
}

}  // namespace

std::optional<core::Fault> fault_of(const Ending& ending) {
  switch (ending.stopped) {
    case Stopped::too_large:
      return core::Fault{.reason = Reason::too_large, .http_status = ending.http_status};
    case Stopped::encoded:
      return core::Fault{.reason = Reason::protocol, .http_status = ending.http_status};
    case Stopped::no:
      break;
  }
  if (ending.code != CURLE_OK)
    return core::Fault{.reason = reason_of(ending), .http_status = ending.http_status};
  if (!ending.http_status) return core::Fault{.reason = Reason::protocol};
  // libcurl takes the end of the connection for the end of the headers.
  if (!ending.head_complete)
    return core::Fault{.reason = Reason::truncated, .http_status = ending.http_status};
  return std::nullopt;
}

}  // namespace smokeledger::probes::transport
