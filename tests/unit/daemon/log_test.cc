// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/log.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string>

#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

#include "base/unique_fd.h"
#include "tests/support/temporary_directory.h"

namespace procwall {
namespace {

class LogTest : public testing::Test {
 protected:
  ~LogTest() override { spdlog::set_default_logger(before_); }

  // The lines of the log file, without their times.
  std::string Logged() const {
    spdlog::default_logger()->flush();
    std::ifstream file(file_);
    std::string texts;
    for (std::string line; std::getline(file, line);)
      texts += line.substr(line.find(']') + 2) + '\n';
    return texts;
  }

  TemporaryDirectory directory_;
  const std::string file_ = directory_ / "procwalld.log";

 private:
  std::shared_ptr<spdlog::logger> before_ = spdlog::default_logger();
};

TEST_F(LogTest, TakesAnotherLevelFromThenOn) {
  ASSERT_TRUE(StartLog(LogLevel::kInfo, file_));
  SetLogLevel(LogLevel::kError);
  spdlog::warn("event=a");
  SetLogLevel(LogLevel::kWarning);
  spdlog::warn("event=b");
  EXPECT_EQ(Logged(), "warning event=b\n");
}

TEST_F(LogTest, WritesOneLineForAnEvent) {
  ASSERT_TRUE(StartLog(LogLevel::kInfo, file_));
  spdlog::info("event=ready pid={}", 7);
  spdlog::warn("event=b");
  EXPECT_EQ(Logged(), "info event=ready pid=7\nwarning event=b\n");
}

TEST_F(LogTest, LeavesOutWhatIsBelowTheLevel) {
  ASSERT_TRUE(StartLog(LogLevel::kWarning, file_));
  spdlog::info("event=a");
  spdlog::error("event=b");
  EXPECT_EQ(Logged(), "error event=b\n");
}

TEST_F(LogTest, ImportantShowsWhatInfoShows) {
  ASSERT_TRUE(StartLog(LogLevel::kImportant, file_));
  spdlog::debug("event=a");
  spdlog::info("event=b");
  EXPECT_EQ(Logged(), "info event=b\n");
}

TEST_F(LogTest, AppendsToAnExistingFile) {
  ASSERT_TRUE(StartLog(LogLevel::kInfo, file_));
  spdlog::info("event=a");
  ASSERT_TRUE(StartLog(LogLevel::kInfo, file_));
  spdlog::info("event=b");
  EXPECT_EQ(Logged(), "info event=a\ninfo event=b\n");
}

TEST_F(LogTest, NamesAFileItCannotWrite) {
  const auto started = StartLog(LogLevel::kInfo, "/dev/null/procwalld.log");
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().substr(0, 43), "cannot log to /dev/null/procwalld.log: Fail");
}

TEST(NotifyReady, TellsSystemdWhereItStartedUs) {
  const TemporaryDirectory directory;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(static_cast<char*>(address.sun_path), (directory / "notify").c_str(),
               sizeof(address.sun_path) - 1);
  const UniqueFd systemd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  ASSERT_EQ(
      ::bind(systemd.UnsafeFd(), static_cast<const sockaddr*>(static_cast<const void*>(&address)),
             sizeof(address)),
      0);
  ::setenv("NOTIFY_SOCKET", (directory / "notify").c_str(), 1);  // NOLINT(concurrency-mt-unsafe)
  NotifyReady();
  ::unsetenv("NOTIFY_SOCKET");  // NOLINT(concurrency-mt-unsafe): one thread
  std::array<char, 64> message{};
  EXPECT_GT(::recv(systemd.UnsafeFd(), message.data(), message.size() - 1, 0), 0);
  EXPECT_STREQ(message.data(), "READY=1");
}

}  // namespace
}  // namespace procwall
