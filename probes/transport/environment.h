// What the process environment may do behind the back of a request.
#pragma once

namespace smokeledger::probes::transport {

// Removes the variables by which an environment could read or redirect our traffic: SSLKEYLOGFILE
// (libcurl would write TLS secrets to that file), proxies, replaced trust stores, OpenSSL
// configuration and host aliases. Call it first in main(), before any thread starts and before the
// first CurlTransport: libcurl and OpenSSL read some of them once, when they are initialised.
// https://curl.se/libcurl/c/libcurl-env.html
void clear_hostile_environment();

}  // namespace smokeledger::probes::transport
