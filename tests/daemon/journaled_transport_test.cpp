#include "daemon/journaled_transport.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/daemon/service_house.h"

namespace smokeledger::daemon {
namespace {

using namespace std::chrono_literals;
using testing::IsEmpty;
using testing::SizeIs;
using tests::ServiceHouse;

probes::run::Outgoing outgoing(const std::string& probe, std::uint32_t number) {
  probes::run::Outgoing out;
  out.line = tests::attempt_of(probe, number);
  out.request.url = "http://127.0.0.1:1/v1/chat/completions";
  out.request.timeout = 30s;
  return out;
}

// Attempt lines that were durable, of all that was told.
std::size_t durable_attempts(const ServiceHouse& house) {
  std::size_t count = 0;
  for (const auto& record : house.lines) {
    count += std::holds_alternative<core::AttemptLine>(record.line()) ? 1 : 0;
  }
  return count;
}

struct Answers {
  std::vector<core::Exchange> list;
  std::function<void(core::Exchange)> callback() {
    return [this](core::Exchange exchange) { list.push_back(std::move(exchange)); };
  }
};

TEST(JournaledTransport, SendsOnlyWhenTheAttemptLineIsDurable) {
  ServiceHouse house({});
  house.start();
  Answers answers;
  house.journaled().send(outgoing("a", 1), answers.callback());
  EXPECT_THAT(house.transport.sent, IsEmpty());
  EXPECT_EQ(durable_attempts(house), 0U);
  house.settle();
  EXPECT_THAT(house.transport.sent, SizeIs(1));
  EXPECT_EQ(durable_attempts(house), 1U);
  EXPECT_EQ(house.transport.sent[0].request.timeout, 30s);
  house.advance(1s);
  ASSERT_THAT(answers.list, SizeIs(1));
  EXPECT_EQ(std::get<core::Reply>(answers.list[0]).http_status, 200);
}

TEST(JournaledTransport, DoesNotSendWhatIsCancelledWhileItsLineIsWritten) {
  ServiceHouse house({});
  house.start();
  Answers answers;
  const auto id = house.journaled().send(outgoing("a", 1), answers.callback());
  house.journaled().cancel(id);
  house.advance(1min);
  EXPECT_EQ(durable_attempts(house), 1U) << "the line stands";
  EXPECT_THAT(house.transport.sent, IsEmpty());
  EXPECT_THAT(answers.list, IsEmpty());
}

TEST(JournaledTransport, CancelsTheRequestItself) {
  ServiceHouse house({});
  house.start();
  Answers answers;
  const auto first = house.journaled().send(outgoing("a", 1), answers.callback());
  house.journaled().send(outgoing("b", 1), answers.callback());
  house.settle();
  house.journaled().cancel(first);
  house.advance(1min);
  EXPECT_EQ(house.transport.cancelled, 1U);
  EXPECT_THAT(answers.list, SizeIs(1));
}

TEST(JournaledTransport, IgnoresACancelOfWhatHasEnded) {
  ServiceHouse house({});
  house.start();
  Answers answers;
  const auto id = house.journaled().send(outgoing("a", 1), answers.callback());
  house.advance(1min);
  house.journaled().cancel(id);
  house.journaled().cancel(id + 1);
  EXPECT_EQ(house.transport.cancelled, 0U);
  EXPECT_THAT(answers.list, SizeIs(1));
}

TEST(JournaledTransport, AnswersWithAnAbortedFaultWhenTheLineCannotBeWritten) {
  ServiceHouse house({});
  house.start();
  house.disk.break_now();
  Answers answers;
  house.journaled().send(outgoing("a", 1), answers.callback());
  EXPECT_THAT(answers.list, IsEmpty()) << "never from inside send()";
  house.settle();
  EXPECT_THAT(house.transport.sent, IsEmpty());
  ASSERT_THAT(answers.list, SizeIs(1));
  EXPECT_EQ(std::get<core::Fault>(answers.list[0]).reason, core::Reason::aborted);
}

}  // namespace
}  // namespace smokeledger::daemon
