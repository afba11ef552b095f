// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/sinks.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/fake_clock.h"
#include "tests/support/temporary_directory.h"
#include "tests/unit/daemon/fake_log_socket.h"

namespace procwall {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class SinksTest : public testing::Test {
 protected:
  void Start(const std::vector<std::string>& names) {
    std::vector<SinkTarget> targets;
    for (const std::string& name : names) targets.push_back(*ParseSinkTarget(name));
    auto started = Sinks::Start(targets, log, clock);
    ASSERT_TRUE(started) << started.error();
    sinks = *std::move(started);
  }
  void Append(const std::string& host) {
    Event event;
    event.host = host;
    log.Append(std::move(event));
  }
  bool Becomes(const std::function<bool()>& so) const {
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (!so()) {
      if (std::chrono::steady_clock::now() > limit) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    return true;
  }

  TemporaryDirectory directory;
  FakeClock clock;
  const Wakeup wakeup = Wakeup::Create().value();
  EventLog log{wakeup};
  std::unique_ptr<Sinks> sinks;
};

TEST_F(SinksTest, EachGetsEveryEvent) {
  const FakeLogSocket syslog(directory / "syslog");
  const FakeLogSocket journald(directory / "journald");
  Start({"syslog:" + directory / "syslog", "journald:" + directory / "journald",
         "file:" + directory / "events.jsonl"});
  Append("example.org");
  EXPECT_THAT(syslog.Next(), HasSubstr(R"( dst_host="example.org" )"));
  EXPECT_THAT(journald.Next(), HasSubstr("\nPROCWALL_DST_HOST=example.org\n"));
  ASSERT_TRUE(Becomes([&] { return sinks->States()[2].written == 1; }));
  sinks.reset();
  std::ifstream file(directory / "events.jsonl");
  std::string line;
  EXPECT_TRUE(std::getline(file, line));
  EXPECT_THAT(line, HasSubstr(R"("dst_host":"example.org")"));
}

TEST_F(SinksTest, OneThatFailsIsTold) {
  Start({"syslog:" + directory / "nobody"});
  Append("lost");
  ASSERT_TRUE(Becomes([&] { return sinks->States()[0].lost == 1; }));
  EXPECT_TRUE(Becomes([&] { return !sinks->States()[0].trouble.empty(); }));
  EXPECT_THAT(sinks->States()[0].name, StartsWith("syslog:/"));
}

TEST_F(SinksTest, NothingOfOurOwnPacketsGoesOverANetwork) {
  Start({"syslog:udp:127.0.0.1:9", "file:" + directory / "events.jsonl"});
  Event own;
  Process self;
  self.id.pid = ::getpid();
  own.attribution.processes = {std::make_shared<const Process>(self)};
  log.Append(std::move(own));
  ASSERT_TRUE(Becomes([&] { return sinks->States()[1].written == 1; }));
  Append("x");
  ASSERT_TRUE(Becomes([&] {
    const SinkState state = sinks->States()[0];
    return state.written + state.lost >= 1;
  }));
  EXPECT_EQ(sinks->States()[0].written + sinks->States()[0].lost, 1U);
}

}  // namespace
}  // namespace procwall
