#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include <gtest/gtest.h>

#include "tests/exporters/web/client.h"
#include "tests/exporters/web/served.h"

namespace smokeledger::exporters::web {
namespace {

namespace fs = std::filesystem;

class UnixSocket : public testing::Test {
 protected:
  UnixSocket() {
    char name[] = "/tmp/smokeledger-web-XXXXXX";
    dir_ = ::mkdtemp(name);
  }
  ~UnixSocket() override { fs::remove_all(dir_); }

  std::string path() const { return (dir_ / "control.sock").string(); }

  // What a daemon that was killed leaves behind.
  void leave_stale_socket() const {
    const int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path().copy(address.sun_path, sizeof address.sun_path - 1);
    ASSERT_EQ(::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    ASSERT_EQ(::listen(socket, 1), 0);
    ::close(socket);
  }

  fs::path dir_;
};

TEST_F(UnixSocket, TellsTheHandlerWhoCalls) {
  Served served(path());
  ASSERT_EQ(served.unix_error(), "");
  const auto response = call_unix(path(), "GET", "/whoami", "", 20);
  ASSERT_TRUE(response.has_value()) << response.error();
  EXPECT_EQ(response->body, std::to_string(::getuid()));
  EXPECT_EQ(ask(served.port(), "GET /whoami HTTP/1.1\r\nHost: localhost\r\n\r\n").body, "unknown");
}

TEST_F(UnixSocket, IsForItsOwnerAndGroupOnly) {
  Served served(path());
  struct stat status {};
  ASSERT_EQ(::stat(path().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0660U);
}

TEST_F(UnixSocket, OfADaemonThatWasKilledIsReplaced) {
  leave_stale_socket();
  Served served(path());
  EXPECT_EQ(served.unix_error(), "");
  EXPECT_TRUE(call_unix(path(), "GET", "/hello", "", 20).has_value());
}

TEST_F(UnixSocket, OfARunningDaemonIsLeftAlone) {
  Served first(path());
  {
    Served second(path());
    EXPECT_EQ(second.unix_error(), path() + " is in use by another process");
  }
  EXPECT_TRUE(call_unix(path(), "GET", "/hello", "", 20).has_value()) << "the first still answers";
}

TEST_F(UnixSocket, NeverReplacesAnotherKindOfFile) {
  std::ofstream(path()) << "precious";
  Served served(path());
  EXPECT_EQ(served.unix_error(),
            path() + " exists and is not a socket; remove it or configure another path");
  EXPECT_EQ(fs::file_size(path()), 8U);
}

TEST_F(UnixSocket, GoesWithTheServerUnlessAnotherTookItsPlace) {
  {
    Served served(path());
    ASSERT_TRUE(fs::exists(path()));
  }
  EXPECT_FALSE(fs::exists(path()));
  {
    Served served(path());
    fs::remove(path());
    leave_stale_socket();
  }
  EXPECT_TRUE(fs::exists(path())) << "this one was not the server's";
}

TEST_F(UnixSocket, WithAPathTooLongIsRefused) {
  const auto refused = Served("/tmp/" + std::string(120, 'x')).unix_error();
  EXPECT_NE(refused.find("it must have 1 to 107 characters"), std::string::npos) << refused;
}

TEST_F(UnixSocket, CarriesARequestAndItsReplyToTheCommandLine) {
  Served served(path());
  const std::string body(200'000, 'x');
  const auto response = call_unix(path(), "POST", "/echo", body, 20);
  ASSERT_TRUE(response.has_value()) << response.error();
  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(response->content_type, "text/plain; charset=utf-8");
  EXPECT_EQ(response->body, body);
  const auto refused = call_unix(path(), "POST", "/echo", std::string(300'000, 'x'), 20);
  ASSERT_TRUE(refused.has_value()) << refused.error();
  EXPECT_EQ(refused->status, 413);
  const auto missing = call_unix(path(), "GET", "/nothing", "", 20);
  ASSERT_TRUE(missing.has_value());
  EXPECT_EQ(missing->status, 404);
}

TEST_F(UnixSocket, ThatNobodyListensOnIsSaidInASentence) {
  const auto none = call_unix(path(), "GET", "/hello", "", 20);
  ASSERT_TRUE(none.has_error());
  EXPECT_EQ(none.error(), "no daemon listens on " + path());
  leave_stale_socket();
  const auto stale = call_unix(path(), "GET", "/hello", "", 20);
  ASSERT_TRUE(stale.has_error());
  EXPECT_EQ(stale.error(), "no daemon listens on " + path());
}

TEST_F(UnixSocket, ThatDoesNotAnswerInTimeIsSaidInASentence) {
  Served served(path());
  const auto late = call_unix(path(), "GET", "/later", "", 1);
  ASSERT_TRUE(late.has_error());
  EXPECT_EQ(late.error(), "the daemon on " + path() + " did not answer within 1 s");
}

TEST_F(UnixSocket, ThatClosesWithoutAReplyIsSaidInASentence) {
  Served served(path());
  std::thread closing([&served] {
    served.kept().take();
    served.destroy_server();
  });
  const auto closed = call_unix(path(), "GET", "/later", "", 20);
  closing.join();
  ASSERT_TRUE(closed.has_error());
  EXPECT_EQ(closed.error(), "the daemon on " + path() + " closed without a complete reply");
}

}  // namespace
}  // namespace smokeledger::exporters::web
