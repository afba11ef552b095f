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
#include "base/printable.h"
#include "base/unique_fd.h"
#include "base/wakeup.h"
#include "daemon/api_service.h"
#include "daemon/counters.h"
#include "daemon/cut_over.h"
#include "daemon/daemon_status.h"
#include "daemon/event_log.h"
#include "daemon/explainer.h"
#include "daemon/fact_gatherer.h"
#include "daemon/finder.h"
#include "daemon/firewall_table.h"
#include "daemon/flow_marks.h"
#include "daemon/interception.h"
#include "daemon/listed_rules.h"
#include "daemon/log.h"
#include "daemon/opensnitch_link.h"
#include "daemon/packet_thread.h"
#include "daemon/process_news.h"
#include "daemon/process_watcher.h"
#include "daemon/question_desk.h"
#include "daemon/queue_losses.h"
#include "daemon/requirements.h"
#include "daemon/rule_changes.h"
#include "daemon/rule_keeper.h"
#include "daemon/stale_decisions.h"

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

// A way to mark flows, or none where this kernel has none.
FlowMarks OpenFlowMarks(const Settings& settings) {
  auto marks = FlowMarks::Open(settings.flow_mark);
  if (marks) return *std::move(marks);
  spdlog::warn("event=flow_marks_missing reason=\"{}\"", marks.error().ToString());
  return {};
}

// What was let through is judged again: the next packets of marked flows, and live connections.
class Renewal {
 public:
  Renewal(FlowMarks marks, const Clock& clock) : marks_(std::move(marks)), stale_(clock) {}

  void AlsoCut(CutOver& cut_over) { cut_over_ = &cut_over; }
  void ClearMarks() {
    const auto cleared = marks_.ClearAll();
    if (cleared) return;
    spdlog::warn("event=flow_marks_stay reason=\"{}\"", cleared.error().ToString());
  }
  void Check(const std::shared_ptr<const RuleSet>& rules) {
    if (!stale_.Check(rules)) return;
    ClearMarks();
    if (cut_over_ != nullptr) cut_over_->RulesChanged();
  }

 private:
  FlowMarks marks_;
  CutOver* cut_over_ = nullptr;  // null: nothing is cut
  StaleDecisions stale_;
};

RoleGroups ApiGroups(const Settings& settings) {
  std::vector<std::string> unknown;
  const RoleGroups groups =
      FindGroups({settings.view_group, settings.answer_group, settings.admin_group}, &unknown);
  for (const std::string& name : unknown) {
    if (name == Settings().view_group) continue;  // nobody has asked for it
    spdlog::warn("event=group_missing name=\"{}\", ignoring: root alone has its role",
                 Printable(name));
  }
  return groups;
}

// No packet is looked up in the socket tables but those of sockets older than the daemon.
bool SeesEverything(const KernelWitness* witness) {
  return witness != nullptr &&
         std::ranges::all_of(witness->Parts(), [](const WitnessPart& part) { return part.runs; });
}

constexpr int kSettleTimeMs = 50;

// What the main thread looks after.
struct Duties {
  const UniqueFd& signals;
  int rules_fd;
  RuleKeeper& rules;
  RuleChanges& changes;
  const SharedRules& in_force;
  Renewal& renewal;
  Interception& interception;
  QueueLosses& losses;
  const PacketThread& packets;
};

// The main thread's life: signals, rule changes and what they mean for flows, the kernel's loss
// counters.
std::string Guard(const Duties& duties) {
  bool rules_changed = false;
  for (;;) {
    // Editors save in several steps: a change is looked at when it has settled.
    std::array<pollfd, 4> fds{{{duties.signals.UnsafeFd(), POLLIN, 0},
                               {rules_changed ? -1 : duties.rules_fd, POLLIN, 0},
                               {duties.changes.UnsafeFd(), POLLIN, 0},
                               {duties.interception.UnsafeFd(), POLLIN, 0}}};
    if (::poll(fds.data(), fds.size(), rules_changed ? kSettleTimeMs : 1000) < 0 &&
        errno != EINTR) {
      return "poll failed";
    }
    if (std::exchange(rules_changed, (fds[1].revents & POLLIN) != 0)) duties.rules.OnChange();
    if ((fds[2].revents & POLLIN) != 0) duties.rules.Change(duties.changes.TakeAll());
    if ((fds[3].revents & POLLIN) != 0) duties.interception.DoAsked();
    duties.rules.OnTime();
    duties.renewal.Check(duties.in_force.Copy());
    if ((fds[0].revents & POLLIN) != 0) {
      signalfd_siginfo info{};
      if (::read(duties.signals.UnsafeFd(), &info, sizeof(info)) == sizeof(info)) {
        spdlog::info("event=ending signal={}", info.ssi_signo);
        return "";
      }
    }
    duties.losses.Update();
    if (duties.packets.HasFailed()) return "the packet queue failed; see the log";
  }
}

std::optional<GuiDialect> DialectOf(UiProtocol protocol) {
  if (protocol == UiProtocol::kAuto) return std::nullopt;
  return protocol == UiProtocol::k15 ? GuiDialect::k15 : GuiDialect::k16;
}

GuiDesk DeskOf(QuestionDesk& desk) {
  return {.attach = [&desk](const AskerPtr& asker) { return desk.Attach(asker); },
          .detach = [&desk](const AskerPtr& asker) { desk.Detach(asker); },
          .answer =
              [&desk](QuestionId id, const AskerPtr& asker, QuestionAnswer answer) {
                return desk.Answer(id, asker, std::move(answer));
              }};
}

// What OpenSnitch's GUI may see and do; the rest of the parts is the same.
tl::expected<std::unique_ptr<OpensnitchLink>, std::string> LinkGui(
    const Settings& settings, EventLog& events, const Counters& counters, GuiDesk desk,
    OpensnitchCommands::Parts commands) {
  auto address = ParseGuiAddress(settings.ui_socket);
  if (!address) return tl::unexpected(address.error());
  return OpensnitchLink::Start({.address = *std::move(address),
                                .dialect = DialectOf(settings.ui_protocol),
                                .version = settings.ui_version,
                                .users = settings.ui_users,
                                .events = events,
                                .counters = counters,
                                .desk = std::move(desk),
                                .commands = std::move(commands)});
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
  auto event_wakeup = Wakeup::Create();
  auto answer_wakeup = Wakeup::Create();
  auto change_wakeup = Wakeup::Create();
  if (!event_wakeup) return tl::unexpected(event_wakeup.error().ToString());
  if (!answer_wakeup) return tl::unexpected(answer_wakeup.error().ToString());
  if (!change_wakeup) return tl::unexpected(change_wakeup.error().ToString());
  RuleChanges rule_changes(*std::move(change_wakeup));
  RuleKeeper rules(settings.rules_directory, shared_rules, clock, &*answer_wakeup);
  int rules_fd = -1;
  if (settings.live_reload) {  // before they are read, so that no change is overlooked
    const auto followed = rules.Follow();
    if (!followed) return tl::unexpected(followed.error());
    rules_fd = *followed;
  }
  auto queue = OpenQueue(settings);
  if (!queue) return tl::unexpected(queue.error());
  Renewal renewal(OpenFlowMarks(settings), clock);
  renewal.ClearMarks();  // a predecessor's, that was killed
  // From here on nothing passes unjudged: packets wait in the kernel's queue until there are rules
  // and a thread to judge them.
  auto interception_wakeup = Wakeup::Create();
  if (!interception_wakeup) return tl::unexpected(interception_wakeup.error().ToString());
  Interception interception(*std::move(interception_wakeup), [&] {
    return InstallFirewall(settings.firewall, {.queue_number = settings.queue_number,
                                               .bypass = settings.queue_bypass,
                                               .forwarded = settings.forwarded,
                                               .flow_mark = settings.flow_mark});
  });
  if (const auto on = interception.Switch(true); !on) return on;
  if (auto loaded = rules.Load(); !loaded) return loaded;

  auto diag = SocketDiag::Open();
  if (!diag) return tl::unexpected(diag.error().ToString());
  EventLog events(*event_wakeup);
  auto procfs = Procfs::Open();
  if (!procfs) return tl::unexpected("/proc: " + procfs.error().ToString());
  const auto kernel_witness = StartWitness(settings, clock);
  const BlindWitness blind;
  KernelWitness* const witness_or_none = kernel_witness ? kernel_witness->get() : nullptr;
  const SocketWitness* const witness = witness_or_none;
  ProcessTable processes(clock);
  ProcessLog process_log(*event_wakeup);
  const ProcessNews news = FindProcessNews(witness_or_none, clock);
  spdlog::info("event=process_news source=\"{}\" why_not=\"{}\"", news.name, news.why_not);
  auto watcher =
      ProcessWatcher::Start(news.source, processes, *std::move(procfs), clock, &process_log);
  if (!watcher) return tl::unexpected(watcher.error());
  auto finder = Finder::Start(clock, *answer_wakeup, **watcher);
  if (!finder) return tl::unexpected(finder.error());
  auto desk = QuestionDesk::Start(*answer_wakeup, clock, rule_changes);
  if (!desk) return tl::unexpected(desk.error());
  auto facts = FactGatherer::Start(clock, *answer_wakeup);
  if (!facts) return tl::unexpected(facts.error());
  PacketThread packets(
      *std::move(queue), *std::move(diag), OpenFlowMarks(settings),
      {.witness = witness != nullptr ? *witness : blind,
       .programs = **watcher,
       .finder = **finder,
       .desk = **desk,
       .facts = **facts,
       .answered = *answer_wakeup,
       .events = events,
       .counters = counters,
       .rules = shared_rules,
       .clock = clock,
       .settings = settings,
       .bounds_sends = news.source != nullptr && !SeesEverything(witness_or_none)});
  DaemonStatus status(settings, clock, counters, rules, shared_rules);
  status.SetWitness(kernel_witness ? kernel_witness->get() : nullptr,
                    kernel_witness ? std::string() : kernel_witness.error());
  status.SetProcessNews(news.name);
  status.SetReceiveBufferBytes(packets.ReceiveBufferBytes());
  auto explainer = Explainer::Start({.witness = witness != nullptr ? *witness : blind,
                                     .programs = **watcher,
                                     .events = events,
                                     .rules = shared_rules,
                                     .facts = **facts,
                                     .clock = clock,
                                     .default_action = settings.default_action});
  if (!explainer) return tl::unexpected(explainer.error());
  std::unique_ptr<OpensnitchLink> gui;  // outlives the API, which tells of it
  auto api = ApiServer::Start(settings.api_address,
                              {.log = events,
                               .status = status,
                               .explanations = **explainer,
                               .desk = **desk,
                               .processes = news.source != nullptr ? &process_log : nullptr,
                               .why_no_processes = news.why_not},
                              *event_wakeup, ApiGroups(settings));
  if (!api) return tl::unexpected(api.error());

  std::unique_ptr<CutOver> cut_over;
  if (settings.mode == Mode::kEnforce) {
    auto started = CutOver::Start({.events = events, .rules = shared_rules, .clock = clock});
    if (!started) return tl::unexpected(started.error());
    cut_over = *std::move(started);
    renewal.AlsoCut(*cut_over);
  }
  status.SetFirewall(interception.Kind());
  spdlog::info("event=ready pid={} queue={} firewall={} bypass={} mode={} default_action={} api={}",
               ::getpid(), settings.queue_number, FirewallKindName(interception.Kind()),
               settings.queue_bypass, settings.mode == Mode::kObserve ? "observe" : "enforce",
               RuleActionName(settings.default_action), settings.api_address);
  NotifyReady();
  if (!settings.ui_socket.empty()) {
    const auto listed =
        std::make_shared<ListedRules>([&rules] { return rules.Listing(); });  // the link's thread's
    auto linked = LinkGui(settings, events, counters, DeskOf(**desk),
                          {.rules = rule_changes,
                           .interception = interception,
                           .settings = settings,
                           .clock = clock,
                           .listed = [listed] { return listed->Get(); },
                           .set_log_level = SetLogLevel});
    if (!linked) return tl::unexpected(linked.error());
    gui = *std::move(linked);
    status.SetGui(gui.get());
  }

  QueueLosses losses(settings.queue_number, counters, clock);
  const std::string failure = Guard({.signals = *signals,
                                     .rules_fd = rules_fd,
                                     .rules = rules,
                                     .changes = rule_changes,
                                     .in_force = shared_rules,
                                     .renewal = renewal,
                                     .interception = interception,
                                     .losses = losses,
                                     .packets = packets});
  NotifyStopping();
  (void)interception.Switch(false);  // first, so that nothing new comes up
  packets.Stop();
  renewal.ClearMarks();
  if (!failure.empty()) return tl::unexpected(failure);
  return {};
}

}  // namespace procwall
