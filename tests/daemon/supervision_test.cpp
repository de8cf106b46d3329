#include "daemon/supervision.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <future>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/daemon/service_house.h"

namespace smokeledger::daemon {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

// What a service manager sees: the datagrams sent to $NOTIFY_SOCKET.
class ServiceManager {
 public:
  ServiceManager() : descriptor_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {
    const std::string path = dir_.path() / "notify";
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof(address.sun_path) - 1);
    EXPECT_EQ(::bind(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
    ::setenv("NOTIFY_SOCKET", path.c_str(), 1);
    ::unsetenv("WATCHDOG_PID");
    ::unsetenv("WATCHDOG_USEC");
  }
  ~ServiceManager() {
    ::unsetenv("NOTIFY_SOCKET");
    ::unsetenv("WATCHDOG_USEC");
    ::close(descriptor_);
  }
  ServiceManager(const ServiceManager&) = delete;
  ServiceManager& operator=(const ServiceManager&) = delete;

  void wants_to_hear_every(std::chrono::microseconds interval) {
    ::setenv("WATCHDOG_USEC", std::to_string(interval.count()).c_str(), 1);
  }
  std::vector<std::string> heard() {
    std::vector<std::string> messages;
    std::array<char, 512> buffer{};
    for (;;) {
      const auto size = ::recv(descriptor_, buffer.data(), buffer.size(), 0);
      if (size < 0) return messages;
      messages.emplace_back(buffer.data(), static_cast<std::size_t>(size));
    }
  }

 private:
  tests::ScratchDir dir_;
  int descriptor_;
};

TEST(Notify, SaysWhatSystemdReads) {
  ServiceManager manager;
  const Notify notify;
  notify.ready("3 probes scheduled");
  notify.reloading();
  notify.status("last reload failed");
  notify.watchdog();
  notify.stopping();
  EXPECT_THAT(manager.heard(),
              ElementsAre("READY=1\nSTATUS=3 probes scheduled",
                          testing::MatchesRegex("RELOADING=1\nMONOTONIC_USEC=[0-9]+"),
                          "STATUS=last reload failed",
                          "WATCHDOG=1",
                          "STOPPING=1"));
}

TEST(Notify, KnowsHowOftenItIsWanted) {
  ServiceManager manager;
  EXPECT_FALSE(Notify{}.watchdog_interval());
  manager.wants_to_hear_every(30s);
  EXPECT_EQ(Notify{}.watchdog_interval(), core::Milliseconds{30s});
}

core::Stamp stamp(const char* wall, core::Milliseconds boot) {
  return {tests::at(wall), "00000001", core::Instant{boot}};
}

TEST(ClockStep, IsHowFarTheWallClockMovedAgainstBootTime) {
  struct Row {
    const char* wall;
    core::Milliseconds boot;
    core::Milliseconds step;
  };
  const std::array<Row, 9> table{{
      {"2026-11-21T08:01:00Z", 60s, 0s},
      {"2026-11-21T08:01:00Z", 60'999ms, 0s},  // stamps are whole seconds
      {"2026-11-21T08:01:01Z", 60s, 0s},
      {"2026-11-21T08:00:59Z", 60s, 0s},
      {"2026-11-21T08:01:02Z", 60s, 2s},
      {"2026-11-21T08:00:58Z", 60s, -2s},
      {"2026-11-21T11:01:00Z", 60s, 3h},
      {"2026-11-20T08:01:00Z", 60s, -24h},
      {"2026-11-21T08:00:00Z", 0s, 0s},
  }};
  for (const Row& row : table) {
    EXPECT_EQ(clock_step(stamp("2026-11-21T08:00:00Z", 0s), stamp(row.wall, row.boot)), row.step)
        << row.wall << ' ' << row.boot.count();
  }
}

// A supervision over a house that runs no probes.
struct Watched {
  Watched() {
    house.start();
    supervision = std::make_unique<Supervision>(Supervision::Parts{
        house.clock, house.journal(), projections, notify, log, [this](auto work) {
          house.io.post(std::move(work));
        }});
  }
  ~Watched() { supervision.reset(); }

  // Until the projections thread has done what was queued.
  void let_projections_work() {
    std::promise<void> reached;
    projections.post([&](const auto&) { reached.set_value(); });
    reached.get_future().wait();
  }
  std::vector<core::Milliseconds> steps() const {
    std::vector<core::Milliseconds> found;
    for (const auto& record : house.lines) {
      const auto* line = std::get_if<core::ClockStepLine>(&record.line());
      if (line != nullptr) found.emplace_back(line->step_ms);
    }
    return found;
  }

  ServiceManager manager;
  tests::ServiceHouse house{{}};
  Notify notify;
  Log log{{.level = LogLevel::off}};
  Projections projections{"0.1.0"};
  std::unique_ptr<Supervision> supervision;
};

TEST(Watchdog, IsFedByARoundThroughBothThreadsAThirdOfTheIntervalApart) {
  Watched watched;
  watched.manager.wants_to_hear_every(30s);
  watched.supervision->start();
  watched.house.advance(9s);
  watched.let_projections_work();
  watched.house.settle();
  EXPECT_THAT(watched.manager.heard(), IsEmpty());
  for (int round = 0; round < 3; ++round) {
    watched.house.advance(10s);
    watched.let_projections_work();
    watched.house.settle();
    EXPECT_THAT(watched.manager.heard(), ElementsAre("WATCHDOG=1"));
  }
}

TEST(Watchdog, StarvesWhenTheProjectionsThreadStandsStill) {
  Watched watched;
  watched.manager.wants_to_hear_every(30s);
  watched.supervision->start();
  std::promise<void> gate;
  watched.projections.post([&](const auto&) { gate.get_future().wait(); });
  watched.house.advance(5min);
  EXPECT_THAT(watched.manager.heard(), IsEmpty());
  gate.set_value();
  watched.let_projections_work();
  watched.house.settle();
  EXPECT_THAT(watched.manager.heard(), ElementsAre("WATCHDOG=1"))
      << "one, not one per round missed";
}

TEST(Watchdog, StarvesWhenTheIoThreadStandsStill) {
  Watched watched;
  watched.manager.wants_to_hear_every(30s);
  watched.supervision->start();
  watched.house.advance(0s);
  watched.house.clock.fire_next(watched.house.clock.now() + 10s);
  watched.let_projections_work();
  EXPECT_THAT(watched.manager.heard(), IsEmpty()) << "io has not come round";
  watched.house.settle();
  EXPECT_THAT(watched.manager.heard(), ElementsAre("WATCHDOG=1"));
}

TEST(Watchdog, IsLeftAloneWhereNobodyListens) {
  Watched watched;
  watched.supervision->start();
  watched.house.advance(10min);
  EXPECT_THAT(watched.manager.heard(), IsEmpty());
}

TEST(Supervision, RecordsAStepOfTheWallClockOnce) {
  Watched watched;
  watched.supervision->start();
  watched.house.advance(5min);
  EXPECT_THAT(watched.steps(), IsEmpty());
  watched.house.clock.step_wall(2h);
  watched.house.advance(5min);
  EXPECT_THAT(watched.steps(), ElementsAre(2h));
  watched.house.clock.step_wall(-1h);
  watched.house.advance(5min);
  EXPECT_THAT(watched.steps(), ElementsAre(2h, -1h));
}

TEST(Supervision, LeavesNoTimerBehindWhenItStops) {
  Watched watched;
  watched.manager.wants_to_hear_every(30s);
  watched.supervision->start();
  watched.house.clock.fire_next(watched.house.clock.now() + 10s);
  watched.supervision->stop();
  watched.let_projections_work();
  watched.house.settle();
  EXPECT_EQ(watched.house.clock.pending(), 0U);
  EXPECT_THAT(watched.manager.heard(), IsEmpty());
}

}  // namespace
}  // namespace smokeledger::daemon
