// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/daemon.h"

#include <poll.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): POSIX, not C++
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "attribution/kernel_witness.h"
#include "attribution/process_table.h"
#include "attribution/procfs.h"
#include "base/clock.h"
#include "base/unique_fd.h"
#include "base/wakeup.h"
#include "daemon/api_service.h"
#include "daemon/counters.h"
#include "daemon/daemon_status.h"
#include "daemon/event_log.h"
#include "daemon/explainer.h"
#include "daemon/finder.h"
#include "daemon/firewall_table.h"
#include "daemon/log.h"
#include "daemon/packet_thread.h"
#include "daemon/process_watcher.h"
#include "daemon/queue_losses.h"
#include "daemon/requirements.h"
#include "daemon/rule_keeper.h"

namespace procwall {
namespace {

tl::expected<PacketQueue, std::string> OpenQueue(const Settings& settings) {
  QueueOptions options;
  options.number = settings.queue_number;
  auto queue = PacketQueue::Open(options);
  if (queue) return *std::move(queue);
  const int number = settings.queue_number;
  switch (queue.error().code) {
    case Errc::kBusy:
      return tl::unexpected(
          fmt::format("queue number {} is taken by another program (opensnitchd, or another "
                      "procwalld): stop it, or choose "
                      "another number with -queue-num",
                      number));
    case Errc::kPermission:
      return tl::unexpected(
          fmt::format("the kernel refuses us queue number {}: run procwalld as root", number));
    case Errc::kUnsupported:
      return tl::unexpected<std::string>(
          "this kernel has no NFQUEUE (CONFIG_NETFILTER_NETLINK_QUEUE)");
    default:
      return tl::unexpected(fmt::format("queue number {}: {}", number, queue.error().ToString()));
  }
}

// The owner indices keep two files open for each process they know.
void AllowManyFiles() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, 65536);
  if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) {
    spdlog::warn("event=file_limit, ignoring: cannot be raised to {}", limit.rlim_cur);
  }
}

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

// The witness, if it is wanted and can run; else why not.
tl::expected<std::unique_ptr<KernelWitness>, std::string> StartWitness(const Settings& settings,
                                                                       const Clock& clock) {
  if (!settings.witness) return tl::unexpected<std::string>("switched off");
  auto witness = KernelWitness::Start(clock);
  if (!witness) {
    spdlog::warn("event=witness_missing reason=\"{}\"", witness.error());
    return witness;
  }
  for (const WitnessPart& part : (*witness)->Parts()) {
    if (part.runs) continue;
    spdlog::warn("event=witness_part_missing name={} reason=\"{}\"", part.name, part.why_not);
  }
  if (const Status scanned = (*witness)->ScanSockets(); !scanned) {
    spdlog::warn("event=witness_scan_failed reason=\"{}\"", scanned.error().ToString());
  }
  return witness;
}

constexpr int kSettleTimeMs = 50;

// The main thread's life: signals, rule changes, the kernel's loss counters.
std::string Guard(const UniqueFd& signals, int rules_fd, RuleKeeper& rules, QueueLosses& losses,
                  const PacketThread& packets) {
  bool rules_changed = false;
  for (;;) {
    // Editors save in several steps: a change is looked at when it has settled.
    std::array<pollfd, 2> fds{
        {{signals.UnsafeFd(), POLLIN, 0}, {rules_changed ? -1 : rules_fd, POLLIN, 0}}};
    if (::poll(fds.data(), fds.size(), rules_changed ? kSettleTimeMs : 1000) < 0 &&
        errno != EINTR) {
      return "poll failed";
    }
    if (std::exchange(rules_changed, (fds[1].revents & POLLIN) != 0)) rules.OnChange();
    rules.OnTime();
    if ((fds[0].revents & POLLIN) != 0) {
      signalfd_siginfo info{};
      if (::read(signals.UnsafeFd(), &info, sizeof(info)) == sizeof(info)) {
        spdlog::info("event=ending signal={}", info.ssi_signo);
        return "";
      }
    }
    losses.Update();
    if (packets.HasFailed()) return "the packet queue failed; see the log";
  }
}

}  // namespace

tl::expected<void, std::string> RunDaemon(const Settings& settings) {
  AllowManyFiles();
  auto signals = BlockEndingSignals();
  if (!signals) return tl::unexpected(signals.error());
  for (const Requirement& requirement : CheckRequirements()) {
    if (requirement.met || requirement.name == "NFQUEUE") continue;
    if (requirement.essential)
      return tl::unexpected(requirement.name + " is missing: " + requirement.advice);
    spdlog::warn("event=requirement_missing name={} advice=\"{}\"", requirement.name,
                 requirement.advice);
  }

  const SystemClock clock;
  Counters counters;
  SharedRules shared_rules(std::make_shared<const RuleSet>());
  RuleKeeper rules(settings.rules_directory, shared_rules, clock);
  int rules_fd = -1;
  if (settings.live_reload) {  // before they are read, so that no change is overlooked
    const auto followed = rules.Follow();
    if (!followed) return tl::unexpected(followed.error());
    rules_fd = *followed;
  }
  if (auto loaded = rules.Load(); !loaded) return loaded;

  auto event_wakeup = Wakeup::Create();
  auto answer_wakeup = Wakeup::Create();
  auto diag = SocketDiag::Open();
  if (!event_wakeup) return tl::unexpected(event_wakeup.error().ToString());
  if (!answer_wakeup) return tl::unexpected(answer_wakeup.error().ToString());
  if (!diag) return tl::unexpected(diag.error().ToString());
  EventLog events(*event_wakeup);
  auto procfs = Procfs::Open();
  if (!procfs) return tl::unexpected("/proc: " + procfs.error().ToString());
  const auto kernel_witness = StartWitness(settings, clock);
  const BlindWitness blind;
  const SocketWitness* const witness = kernel_witness ? kernel_witness->get() : nullptr;
  ProcessTable processes(clock);
  auto watcher = ProcessWatcher::Start(kernel_witness ? kernel_witness->get() : nullptr, processes,
                                       *std::move(procfs), clock);
  if (!watcher) return tl::unexpected(watcher.error());
  auto finder = Finder::Start(clock, *answer_wakeup, **watcher);
  if (!finder) return tl::unexpected(finder.error());
  auto queue = OpenQueue(settings);
  if (!queue) return tl::unexpected(queue.error());
  PacketThread packets(*std::move(queue), *std::move(diag),
                       {.witness = witness != nullptr ? *witness : blind,
                        .programs = **watcher,
                        .finder = **finder,
                        .answered = *answer_wakeup,
                        .events = events,
                        .counters = counters,
                        .rules = shared_rules,
                        .clock = clock,
                        .settings = settings});
  DaemonStatus status(settings, clock, counters, rules, shared_rules);
  status.SetWitness(kernel_witness ? kernel_witness->get() : nullptr,
                    kernel_witness ? std::string() : kernel_witness.error());
  status.SetReceiveBufferBytes(packets.ReceiveBufferBytes());
  auto explainer = Explainer::Start({.witness = witness != nullptr ? *witness : blind,
                                     .programs = **watcher,
                                     .events = events,
                                     .rules = shared_rules,
                                     .clock = clock,
                                     .default_action = settings.default_action});
  if (!explainer) return tl::unexpected(explainer.error());
  auto api = ApiServer::Start(settings.api_address,
                              {.log = events, .status = status, .explanations = **explainer},
                              *event_wakeup);
  if (!api) return tl::unexpected(api.error());

  // Last: from here on packets come up, and somebody is there to answer them.
  auto firewall = InstallFirewall(settings.firewall, {.queue_number = settings.queue_number,
                                                      .bypass = settings.queue_bypass,
                                                      .forwarded = settings.forwarded});
  if (!firewall) return tl::unexpected(firewall.error());
  status.SetFirewall((*firewall)->Kind());
  spdlog::info("event=ready pid={} queue={} firewall={} bypass={} mode={} default_action={} api={}",
               ::getpid(), settings.queue_number, FirewallKindName((*firewall)->Kind()),
               settings.queue_bypass, settings.mode == Mode::kObserve ? "observe" : "enforce",
               RuleActionName(settings.default_action), settings.api_address);
  NotifyReady();

  QueueLosses losses(settings.queue_number, counters, clock);
  const std::string failure = Guard(*signals, rules_fd, rules, losses, packets);
  NotifyStopping();
  firewall->reset();  // first, so that nothing new comes up
  packets.Stop();
  if (!failure.empty()) return tl::unexpected(failure);
  return {};
}

}  // namespace procwall
