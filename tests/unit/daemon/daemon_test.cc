// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/daemon.h"

#include <sched.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): POSIX, not C++
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "daemon/log.h"
#include "tests/support/temporary_directory.h"

namespace procwall {
namespace {

constexpr int kRan = 0;
constexpr int kCannotWork = 1;
constexpr int kNoNamespace = 77;

bool HasOwnNetworks() {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(::unshare(CLONE_NEWUSER | CLONE_NEWNET));
  int status = -1;
  ::waitpid(child, &status, 0);
  return status == 0;
}

class RunDaemonTest : public testing::Test {
 protected:
  RunDaemonTest() {
    // A process of its own for each daemon, started anew: namespaces want one without threads.
    testing::FLAGS_gtest_death_test_style = "threadsafe";
    settings.rules_directory = directory_->Path();
    settings.api_address = "unix:" + (*directory_ / "api.sock");
    settings.firewall = FirewallKind::kNone;
  }

  // Runs a daemon in a network of its own, where any user may filter packets, and ends this
  // process. A SIGTERM waits for it already, so that one that can work ends as soon as it is ready.
  [[noreturn]] void RunInOwnNetwork() {
    if (::unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0) ::_exit(kNoNamespace);
    sigset_t term;
    ::sigemptyset(&term);
    ::sigaddset(&term, SIGTERM);
    ::pthread_sigmask(SIG_BLOCK, &term, nullptr);
    ::raise(SIGTERM);
    Run();
  }
  [[noreturn]] void RunWithoutPrivileges() {
    constexpr uid_t kNobody = 65534;
    if (::geteuid() == 0 && ::seteuid(kNobody) != 0) ::_exit(kNoNamespace);
    Run();
  }

  Settings settings;

 private:
  std::unique_ptr<TemporaryDirectory> directory_ = std::make_unique<TemporaryDirectory>();

  [[noreturn]] void Run() {
    if (!StartLog(LogLevel::kInfo, /*file=*/"")) ::_exit(kNoNamespace);
    const auto ran = RunDaemon(settings);
    if (!ran) std::fputs(ran.error().c_str(), stderr);
    [[maybe_unused]] const int restored = ::seteuid(::getuid());
    directory_.reset();                   // exit() leaves it
    std::exit(ran ? kRan : kCannotWork);  // NOLINT(concurrency-mt-unsafe): the daemon has ended
  }
};

// Those that come further than the first look at their privileges.
class RunDaemonInOwnNetworkTest : public RunDaemonTest {
 protected:
  void SetUp() override {
    if (!HasOwnNetworks()) GTEST_SKIP() << "this machine gives us no network of our own";
  }
};

TEST_F(RunDaemonInOwnNetworkTest, EndsCleanlyOnASignal) {
  if (::access("/proc/self/net/netfilter/nfnetlink_queue", F_OK) != 0)
    GTEST_SKIP() << "this kernel has no NFQUEUE, or has not loaded it";
  EXPECT_EXIT(RunInOwnNetwork(), testing::ExitedWithCode(kRan), "event=ready.*event=ending");
}

TEST_F(RunDaemonInOwnNetworkTest, NamesARulesDirectoryThatIsNotThere) {
  settings.rules_directory += "/no-rules";
  EXPECT_EXIT(RunInOwnNetwork(), testing::ExitedWithCode(kCannotWork),
              "rules directory .*/no-rules: .*not found");
}

TEST_F(RunDaemonInOwnNetworkTest, NamesAnApiAddressItCannotListenOn) {
  settings.api_address = "tcp:1.2.3.4:5";
  EXPECT_EXIT(RunInOwnNetwork(), testing::ExitedWithCode(kCannotWork),
              "API address \"tcp:1.2.3.4:5\": only unix:/path is supported");
}

TEST_F(RunDaemonTest, SaysWhichPrivilegeIsMissing) {
  EXPECT_EXIT(RunWithoutPrivileges(), testing::ExitedWithCode(kCannotWork),
              "CAP_NET_ADMIN is missing: .*run procwalld as root");
}

}  // namespace
}  // namespace procwall
