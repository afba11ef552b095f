// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/resolved_monitor.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <deque>
#include <iterator>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temporary_directory.h"

namespace procwall {
namespace {

using testing::ElementsAre;

constexpr int kNewsMilliseconds = 30'000;  // not reached

bool IsReadable(int fd) {
  pollfd waiting{fd, POLLIN, 0};
  return ::poll(&waiting, 1, kNewsMilliseconds) == 1;
}

// systemd-resolved's side.
class FakeResolved {
 public:
  explicit FakeResolved(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::copy(path.begin(), path.end(), std::begin(address.sun_path));
    listener_ = UniqueFd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const auto* const generic = static_cast<const sockaddr*>(static_cast<const void*>(&address));
    EXPECT_EQ(::bind(listener_.UnsafeFd(), generic, sizeof(address)), 0);
    EXPECT_EQ(::listen(listener_.UnsafeFd(), 4), 0);
  }

  // Waits for a subscriber; what it says, up to its NUL.
  std::string Accept() {
    EXPECT_TRUE(IsReadable(listener_.UnsafeFd()));
    connection_ = UniqueFd(::accept4(listener_.UnsafeFd(), nullptr, nullptr, SOCK_CLOEXEC));
    std::string said;
    char c = 0;
    while (IsReadable(connection_.UnsafeFd()) && ::recv(connection_.UnsafeFd(), &c, 1, 0) == 1 &&
           c != '\0') {
      said += c;
    }
    return said;
  }
  // False: the other side has gone.
  bool Send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(connection_.UnsafeFd(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }
  void Tell(const std::string& name) {
    std::string message = R"({"parameters":{"question":[{"name":")" + name +
                          R"("}],"answer":[{"rr":{"key":{"name":")" + name +
                          R"("},"address":[192,0,2,1]}}]},"continues":true})";
    message += '\0';
    EXPECT_TRUE(Send(message));
  }
  void HangUp() { connection_ = UniqueFd(); }

 private:
  UniqueFd listener_;
  UniqueFd connection_;
};

class ResolvedMonitorTest : public testing::Test {
 protected:
  void Start() {
    monitor_ = ResolvedMonitor::Start(heard_, path_, std::chrono::milliseconds(5)).value();
  }
  // The names that are heard, as soon as there are so many.
  std::vector<std::string> Heard(std::size_t count) {
    std::vector<std::string> names;
    while (names.size() < count && IsReadable(heard_.UnsafeFd())) {
      heard_.Clear();
      for (const DnsMessage& answer : monitor_->TakeAll())
        names.push_back(answer.questions.front());
    }
    return names;
  }

  TemporaryDirectory folder_;
  std::string path_ = (folder_.Path() / "monitor").string();
  Wakeup heard_ = Wakeup::Create().value();
  std::unique_ptr<ResolvedMonitor> monitor_;
};

TEST_F(ResolvedMonitorTest, SubscribesAndHears) {
  FakeResolved resolved(path_);
  Start();
  EXPECT_EQ(resolved.Accept(),
            R"({"method":"io.systemd.Resolve.Monitor.SubscribeQueryResults","parameters":{},)"
            R"("more":true})");
  ASSERT_TRUE(resolved.Send(std::string_view("{\"parameters\":{\"ready\":true}}\0", 30)));
  resolved.Tell("a.example");
  resolved.Tell("b.example");
  EXPECT_THAT(Heard(2), ElementsAre("a.example", "b.example"));
}

TEST_F(ResolvedMonitorTest, WaitsForOneThatIsNotThereYet) {
  Start();
  FakeResolved resolved(path_);
  resolved.Accept();
  resolved.Tell("a.example");
  EXPECT_THAT(Heard(1), ElementsAre("a.example"));
}

TEST_F(ResolvedMonitorTest, ComesBackWhenItHangsUp) {
  FakeResolved resolved(path_);
  Start();
  resolved.Accept();
  resolved.HangUp();
  resolved.Accept();
  resolved.Tell("a.example");
  EXPECT_THAT(Heard(1), ElementsAre("a.example"));
}

TEST_F(ResolvedMonitorTest, LeavesOneThatNeverEndsItsMessage) {
  FakeResolved resolved(path_);
  Start();
  resolved.Accept();
  const std::string endless(1 << 16, 'x');
  std::size_t sent = 0;
  while (resolved.Send(endless)) {
    sent += endless.size();
    ASSERT_LT(sent, std::size_t{64} << 20);
  }
  resolved.Accept();  // it comes back
  resolved.Tell("a.example");
  EXPECT_THAT(Heard(1), ElementsAre("a.example"));
}

TEST_F(ResolvedMonitorTest, KeepsSoManyAndDropsTheRest) {
  FakeResolved resolved(path_);
  Start();
  resolved.Accept();
  for (std::size_t i = 0; i < 2 * ResolvedMonitor::kMaxWaiting; ++i) resolved.Tell("a.example");
  resolved.HangUp();
  resolved.Accept();  // by now it has read all
  EXPECT_EQ(monitor_->TakeAll().size(), ResolvedMonitor::kMaxWaiting);
}

TEST_F(ResolvedMonitorTest, EndsWhileItListensAndWhileItWaits) {
  FakeResolved resolved(path_);
  Start();
  resolved.Accept();
  monitor_.reset();
  path_ += "-not-there";
  Start();
  monitor_.reset();
}

}  // namespace
}  // namespace procwall
