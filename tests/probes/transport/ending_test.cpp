#include "probes/transport/ending.h"

#include <cerrno>
#include <vector>

#include <gtest/gtest.h>

namespace smokeledger::probes::transport {
namespace {

using core::Reason;

struct Case {
  CURLcode code;
  int os_error;
  std::optional<int> http_status;
  Reason reason;
};

TEST(Ending, NamesTheReasonOfEveryKindOfFailure) {
  const std::vector<Case> cases{
      {CURLE_OPERATION_TIMEDOUT, 0, {}, Reason::timeout},
      {CURLE_OPERATION_TIMEDOUT, 0, 200, Reason::timeout},
      {CURLE_COULDNT_RESOLVE_HOST, 0, {}, Reason::dns},
      {CURLE_COULDNT_CONNECT, ECONNREFUSED, {}, Reason::connect},
      {CURLE_COULDNT_CONNECT, ETIMEDOUT, {}, Reason::connect},
      {CURLE_COULDNT_CONNECT, ENETUNREACH, {}, Reason::local_network},
      {CURLE_COULDNT_CONNECT, EHOSTUNREACH, {}, Reason::local_network},
      {CURLE_COULDNT_CONNECT, EMFILE, {}, Reason::local_network},
      {CURLE_INTERFACE_FAILED, 0, {}, Reason::local_network},
      {CURLE_OUT_OF_MEMORY, 0, {}, Reason::local_network},
      {CURLE_OUT_OF_MEMORY, 0, 200, Reason::too_large},
      {CURLE_PEER_FAILED_VERIFICATION, 0, {}, Reason::tls},
      {CURLE_SSL_CONNECT_ERROR, ECONNRESET, {}, Reason::tls},
      {CURLE_GOT_NOTHING, 0, {}, Reason::connect},
      {CURLE_RECV_ERROR, ECONNRESET, {}, Reason::connect},
      {CURLE_RECV_ERROR, ECONNRESET, 200, Reason::truncated},
      {CURLE_SEND_ERROR, EPIPE, {}, Reason::connect},
      {CURLE_PARTIAL_FILE, 0, 200, Reason::truncated},
      {CURLE_WEIRD_SERVER_REPLY, 0, {}, Reason::protocol},
      {CURLE_UNSUPPORTED_PROTOCOL, 0, {}, Reason::protocol},
      {CURLE_OK, 0, {}, Reason::protocol},
  };
  for (const Case& c : cases) {
    const auto fault =
        fault_of({.code = c.code, .os_error = c.os_error, .http_status = c.http_status});
    ASSERT_TRUE(fault) << curl_easy_strerror(c.code);
    EXPECT_EQ(core::word(fault->reason), core::word(c.reason))
        << curl_easy_strerror(c.code) << ", errno " << c.os_error;
    EXPECT_EQ(fault->http_status, c.http_status);
  }
}

TEST(Ending, IsNoFaultWhenTheReplyIsComplete) {
  EXPECT_FALSE(fault_of({.code = CURLE_OK, .http_status = 500}));
}

TEST(Ending, IsTruncatedWhenTheHeadersNeverEnded) {
  const auto fault = fault_of({.code = CURLE_OK, .head_complete = false, .http_status = 200});
  ASSERT_TRUE(fault);
  EXPECT_EQ(fault->reason, Reason::truncated);
}

TEST(Ending, SaysWhichOfOurLimitsStoppedATransfer) {
  EXPECT_EQ(fault_of({.code = CURLE_WRITE_ERROR, .stopped = Stopped::too_large, .http_status = 200})
                ->reason,
            Reason::too_large);
  EXPECT_EQ(fault_of({.code = CURLE_WRITE_ERROR, .stopped = Stopped::encoded, .http_status = 200})
                ->reason,
            Reason::protocol);
}

}  // namespace
}  // namespace smokeledger::probes::transport
