#include "probes/transport/environment.h"

#include <stdlib.h>

#include <array>

namespace smokeledger::probes::transport {
namespace {

constexpr auto hostile = std::to_array<const char*>({
    "SSLKEYLOGFILE", "http_proxy",   "HTTP_PROXY",       "https_proxy",     "HTTPS_PROXY",
    "all_proxy",     "ALL_PROXY",    "no_proxy",         "NO_PROXY",        "CURL_CA_BUNDLE",
    "SSL_CERT_FILE", "SSL_CERT_DIR", "OPENSSL_CONF",     "OPENSSL_MODULES", "OPENSSL_ENGINES",
    "CURL_HOME",     "CURL_ENTROPY", "CURL_SSL_BACKEND", "NETRC",           "HOSTALIASES",
    "LOCALDOMAIN",
});

}  // namespace

void clear_hostile_environment() {
  for (const char* name : hostile) ::unsetenv(name);
}

}  // namespace smokeledger::probes::transport
