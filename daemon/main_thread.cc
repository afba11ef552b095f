// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
// Tested by tests/lab/lifecycle_test.py.
#include "daemon/main_thread.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): POSIX, not C++
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <utility>

#include <spdlog/spdlog.h>

#include "base/free_memory.h"
#include "base/result.h"
#include "daemon/own_firewall.h"

namespace procwall {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds kSettleTime = 20ms;
constexpr std::chrono::milliseconds kLook = 1000ms;

// How long nothing may happen before the main thread looks around.
int MostPauseMs(const MainThreadDuties& duties, bool settles) {
  const auto due = duties.renewal.Due();
  if (settles || !due) return static_cast<int>((settles ? kSettleTime : kLook).count());
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(*due - duties.clock.Now());
  return static_cast<int>(std::clamp(left, 0ms, kLook).count());
}

}  // namespace

tl::expected<UniqueFd, std::string> BlockEndingSignals() {
  sigset_t signals;
  ::sigemptyset(&signals);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP, SIGQUIT}) ::sigaddset(&signals, signal);
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  ::signal(SIGPIPE, SIG_IGN);  // a UI that goes away must not end us
  ::signal(SIGCHLD, SIG_DFL);  // or nobody tells how the firewall's programs ended
  UniqueFd fd(::signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!fd.IsOpen()) return tl::unexpected(SystemError(errno, "create signalfd").ToString());
  return fd;
}

std::string RunMainThread(const MainThreadDuties& duties) {
  bool rules_changed = false;
  bool system_rules_changed = false;
  FreeMemory free_memory;
  for (;;) {
    // Editors save in several steps: a change is looked at when it has settled.
    FirewallTable* const table = duties.interception.Table();
    std::array<pollfd, 6> fds{
        {{duties.signals.UnsafeFd(), POLLIN, 0},
         {rules_changed ? -1 : duties.rules_fd, POLLIN, 0},
         {duties.changes.UnsafeFd(), POLLIN, 0},
         {duties.interception.UnsafeFd(), POLLIN, 0},
         {table == nullptr ? -1 : table->UnsafeNewsFd(), POLLIN, 0},
         {system_rules_changed ? -1 : duties.system_rules.UnsafeFd(), POLLIN, 0}}};
    const bool settles = rules_changed || system_rules_changed;
    if (::poll(fds.data(), fds.size(), MostPauseMs(duties, settles)) < 0 && errno != EINTR) {
      return "poll failed";
    }
    if (std::exchange(rules_changed, (fds[1].revents & POLLIN) != 0)) duties.rules.OnChange();
    if (std::exchange(system_rules_changed, (fds[5].revents & POLLIN) != 0)) {
      ReplaceSystemRules(duties.settings, duties.system_rules, duties.interception.Table());
    }
    if ((fds[2].revents & POLLIN) != 0) duties.rules.Change(duties.changes.TakeAll());
    if ((fds[3].revents & POLLIN) != 0) duties.interception.DoAsked();
    if (duties.interception.Table() != nullptr) {
      duties.firewall.Check(*duties.interception.Table());
    }
    duties.rules.OnTime();
    duties.renewal.Check(duties.in_force.Copy(), duties.facts.Profile());
    if ((fds[0].revents & POLLIN) != 0) {
      signalfd_siginfo info{};
      if (::read(duties.signals.UnsafeFd(), &info, sizeof(info)) == sizeof(info)) {
        spdlog::info("event=ending signal={}", info.ssi_signo);
        return "";
      }
    }
    duties.losses.Update();
    duties.conntrack.Look();
    (void)free_memory.Look(duties.clock.Now());
    if (duties.packets.HasFailed()) return "the packet queue failed; see the log";
  }
}

}  // namespace procwall
