// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/daemon.h"

#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <functional>
#include <thread>
#include <utility>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "base/background_thread.h"
#include "base/clock.h"
#include "base/printable.h"
#include "base/resident_code.h"
#include "base/wakeup.h"
#include "daemon/api_service.h"
#include "daemon/attribution_tiers.h"
#include "daemon/chronicle.h"
#include "daemon/conntrack_watch.h"
#include "daemon/counters.h"
#include "daemon/cut_over.h"
#include "daemon/daemon_status.h"
#include "daemon/event_log.h"
#include "daemon/explainer.h"
#include "daemon/fact_gatherer.h"
#include "daemon/firewall_guard.h"
#include "daemon/flow_keeper.h"
#include "daemon/flow_marks.h"
#include "daemon/flow_note_message.h"
#include "daemon/flow_settings.h"
#include "daemon/interception.h"
#include "daemon/listed_rules.h"
#include "daemon/log.h"
#include "daemon/main_thread.h"
#include "daemon/mark_uses.h"
#include "daemon/opensnitch_link.h"
#include "daemon/own_firewall.h"
#include "daemon/packet_threads.h"
#include "daemon/profile_watch.h"
#include "daemon/program_checksums.h"
#include "daemon/question_desk.h"
#include "daemon/queue_losses.h"
#include "daemon/renewal.h"
#include "daemon/requirements.h"
#include "daemon/resolved_monitor.h"
#include "daemon/rule_changes.h"
#include "daemon/rule_keeper.h"
#include "daemon/system_rules.h"

namespace procwall {
namespace {

// The owner indices keep two files open for each process they know.
void AllowManyFiles() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, 65536);
  if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) {
    spdlog::warn("event=file_limit, ignoring: cannot be raised to {}", limit.rlim_cur);
  }
}

// What is missing is logged, and refused what the daemon cannot do without. Whether there is
// NFQUEUE will be seen.
tl::expected<void, std::string> MeetsRequirements() {
  for (const Requirement& requirement : CheckRequirements()) {
    if (requirement.met || requirement.name == "NFQUEUE") continue;
    if (requirement.essential) {
      return tl::unexpected(requirement.name + " is missing: " + requirement.advice);
    }
    spdlog::warn("event=requirement_missing name={} advice=\"{}\"", requirement.name,
                 requirement.advice);
  }
  return {};
}

// What wakes the packet threads.
Result<std::vector<QueueWaker>> WakersOf(const std::vector<PacketQueue>& queues) {
  std::vector<QueueWaker> wakers;
  for (const PacketQueue& queue : queues) wakers.push_back(PROCWALL_TRY(queue.OpenWaker()));
  return wakers;
}

// Who follows flows, if the kernel tells of them; else why not.
tl::expected<std::unique_ptr<FlowKeeper>, std::string> StartFlows(const FlowSettings& settings,
                                                                  FlowKeeperParts parts) {
  using Consent = FlowAccounting::Consent;
  parts.buffer_bytes = settings.buffer_bytes;
  parts.accounting = settings.accounting ? Consent::kYes : Consent::kNo;
  auto flows = FlowKeeper::Start(parts);
  if (!flows) spdlog::warn("event=flows_missing reason=\"{}\"", flows.error());
  return flows;
}

// Who cuts connections that new rules deny: whoever follows flows, or, without conntrack, one who
// knows of decisions alone; null where that is not needed.
tl::expected<std::unique_ptr<CutOver>, std::string> StartCutOver(Mode mode, FlowKeeper* flows,
                                                                 Renewal& renewal,
                                                                 const CutOverParts& parts) {
  if (mode != Mode::kEnforce) return nullptr;
  if (flows != nullptr) {
    renewal.AlsoCut([flows] { flows->RulesChanged(); });
    return nullptr;
  }
  auto started = CutOver::Start(parts);
  if (started) renewal.AlsoCut([cut_over = started->get()] { cut_over->RulesChanged(); });
  return started;
}

// A way to mark flows, or none where this kernel has none.
FlowMarks OpenFlowMarks(const Settings& settings) {
  auto marks = FlowMarks::Open(settings.flow_mark);
  if (marks) return *std::move(marks);
  spdlog::warn("event=flow_marks_missing reason=\"{}\"", marks.error().ToString());
  return {};
}

// Other programs' rules that use the same bit of flows' marks. Runs programs: on a thread of its
// own.
void TellMarkClashes(FlowMark ours, FirewallNotes& notes) {
  ::pthread_setname_np(::pthread_self(), "marks");
  const std::vector<std::string> clashes = MarkClashes(FindMarkUses(), ours);
  for (const std::string& clash : clashes) spdlog::warn("event=mark_clash reason=\"{}\"", clash);
  notes.Set("marks", clashes);
}

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

void TellReady(const Settings& settings, FirewallKind firewall) {
  spdlog::info(
      "event=ready pid={} queue={} queues={} firewall={} bypass={} mode={} default_action={} "
      "api={}",
      ::getpid(), settings.queue_number, settings.queues, FirewallKindName(firewall),
      settings.queue_bypass, settings.mode == Mode::kObserve ? "observe" : "enforce",
      RuleActionName(settings.default_action), settings.api_address);
  NotifyReady();
}

// What OpenSnitch's GUI may see and do; the rest of the parts is the same.
tl::expected<std::unique_ptr<OpensnitchLink>, std::string> LinkGui(
    const Settings& settings, EventLog& events, const Counters& counters,
    const StatusSource& status, GuiDesk desk, OpensnitchCommands::Parts commands,
    ProgramChecksums& checksums) {
  auto address = ParseGuiAddress(settings.ui_socket);
  if (!address) return tl::unexpected(address.error());
  decltype(OpensnitchLink::Parts::hashes_of) hashes_of;
  if (settings.tells_checksums) {
    hashes_of = [&checksums](const ProcessPtr& process, std::chrono::milliseconds patience) {
      return checksums.Of(process, patience);
    };
  }
  return OpensnitchLink::Start({.address = *std::move(address),
                                .dialect = DialectOf(settings.ui_protocol),
                                .version = settings.ui_version,
                                .users = settings.ui_users,
                                .tls = settings.ui_tls,
                                .status = &status,
                                .events = events,
                                .counters = counters,
                                .desk = std::move(desk),
                                .commands = std::move(commands),
                                .hashes_of = std::move(hashes_of)});
}

}  // namespace

tl::expected<void, std::string> RunDaemon(const Settings& settings) {
  AllowManyFiles();
  auto signals = BlockEndingSignals();
  if (!signals) return tl::unexpected(signals.error());
  if (auto met = MeetsRequirements(); !met) return met;

  const SystemClock clock;
  Counters counters;
  FirewallNotes firewall_notes;
  FirewallGuard firewall_guard(clock, firewall_notes);
  SharedRules shared_rules(std::make_shared<const RuleSet>());
  auto event_wakeup = Wakeup::Create();
  auto change_wakeup = Wakeup::Create();
  if (!event_wakeup) return tl::unexpected(event_wakeup.error().ToString());
  auto queues = OpenQueues(settings);
  if (!queues) return tl::unexpected(queues.error());
  const auto wakers = WakersOf(*queues);
  if (!wakers) return tl::unexpected(wakers.error().ToString());
  const Lanes lanes(*wakers);
  if (!change_wakeup) return tl::unexpected(change_wakeup.error().ToString());
  RuleChanges rule_changes(*std::move(change_wakeup));
  RuleKeeper rules(settings.rules_directory, shared_rules, clock, &lanes, settings.network_aliases);
  Renewal renewal(OpenFlowMarks(settings), clock);
  renewal.ClearMarks(FlowMarks::Which::kAll);  // a predecessor's, that was killed
  // From here on nothing passes unjudged: packets wait in the kernel's queue until there are rules
  // and a thread to judge them.
  auto interception_wakeup = Wakeup::Create();
  if (!interception_wakeup) return tl::unexpected(interception_wakeup.error().ToString());
  SystemRules system_rules(settings.system_rules, firewall_notes);
  (void)system_rules.Load();
  Interception interception(
      *std::move(interception_wakeup), [&] { return InstallOwnFirewall(settings, system_rules); },
      settings.queue_bypass ? Interception::AtFailure::kOpen : Interception::AtFailure::kClosed);
  if (const auto on = interception.Switch(true); !on) return on;
  int rules_fd = -1;
  if (settings.live_reload) {  // before they are read, so that no change is overlooked
    const auto followed = rules.Follow();
    if (!followed) return tl::unexpected(followed.error());
    rules_fd = *followed;
  }
  if (auto loaded = rules.Load(); !loaded) return loaded;

  EventLog events(*event_wakeup);
  const auto tiers = AttributionTiers::Start(settings, clock, lanes, *event_wakeup);
  if (!tiers) return tl::unexpected(tiers.error());
  auto desk = QuestionDesk::Start(lanes, clock, rule_changes);
  if (!desk) return tl::unexpected(desk.error());
  auto facts = FactGatherer::Start(clock, lanes);
  if (!facts) return tl::unexpected(facts.error());
  std::unique_ptr<ProfileWatch> profile;
  if (!settings.network_profiles.empty()) {
    auto watch = ProfileWatch::Start(settings.network_profiles, [&facts](const std::string& name) {
      (*facts)->SetProfile(name);
    });
    if (!watch) return tl::unexpected("network profiles: " + watch.error());
    profile = *std::move(watch);
  }
  auto resolved = ResolvedMonitor::Start(lanes.Of(0));
  if (!resolved) return tl::unexpected(resolved.error());
  SharedNames names(clock, lanes);
  auto packets = PacketThreads::Start(
      *std::move(queues), lanes,
      {.witness = (*tiers)->Witness(),
       .programs = (*tiers)->Programs(),
       .finder = (*tiers)->Search(),
       .desk = **desk,
       .facts = **facts,
       .names = names,
       .waker = &lanes.Of(0),
       .events = events,
       .counters = counters,
       .rules = shared_rules,
       .clock = clock,
       .settings = settings,
       .resolved = resolved->get(),
       .bounds_sends = (*tiers)->News() != nullptr && !(*tiers)->SeesEverything()},
      [&]() -> Result<PacketThreads::Sockets> {
        PacketThreads::Sockets own{PROCWALL_TRY(SocketDiag::Open()), OpenFlowMarks(settings), {}};
        if (settings.incoming) own.asked_flows = PROCWALL_TRY(AskedFlows::Open());
        return own;
      });
  if (!packets) return tl::unexpected(packets.error());
  // From here on the packet threads come first: before reloads, a thousand a minute of them, and,
  // since threads inherit it, before gRPC's, which tell watchers.
  BeginBackgroundThread("procwalld");
  DaemonStatus status(settings, clock, counters, rules, shared_rules);
  status.SetWitness((*tiers)->WitnessIfAny(), (*tiers)->WhyNoWitness());
  status.SetProcessNews((*tiers)->NewsName());
  status.SetReceiveBufferBytes((*packets)->ReceiveBufferBytes());
  status.SetPackets(packets->get());
  status.SetFirewallGuard(&firewall_guard, &firewall_notes);
  auto explainer = Explainer::Start({.witness = (*tiers)->Witness(),
                                     .programs = (*tiers)->Programs(),
                                     .events = events,
                                     .rules = shared_rules,
                                     .facts = **facts,
                                     .clock = clock,
                                     .default_action = settings.default_action});
  if (!explainer) return tl::unexpected(explainer.error());
  const RuleTester rule_tester({.events = events,
                                .rules = shared_rules,
                                .facts = facts->get(),
                                .clock = clock,
                                .default_action = settings.default_action,
                                .aliases = rules.Aliases()});
  auto chronicle = Chronicle::Start({.settings = settings,
                                     .events = events,
                                     .clock = clock,
                                     .counters = counters,
                                     .rules = rules,
                                     .status = status});
  if (!chronicle) return tl::unexpected(chronicle.error());
  FlowLog flow_log(*event_wakeup);
  const auto flows = StartFlows(settings.flows, {.events = events,
                                                 .log = flow_log,
                                                 .rules = shared_rules,
                                                 .clock = clock,
                                                 .facts = facts->get(),
                                                 .on_end = [&chronicle](const FlowNote& note) {
                                                   (*chronicle)->Append(ToMessage(note));
                                                 }});
  status.SetFlows(flows ? flows->get() : nullptr, flows ? std::string() : flows.error());
  ProgramChecksums checksums(**facts, shared_rules);
  std::unique_ptr<OpensnitchLink> gui;  // outlives the API, which tells of it
  auto api = ApiServer::Start(settings.api_address,
                              {.log = events,
                               .status = status,
                               .explanations = **explainer,
                               .desk = **desk,
                               .processes = (*tiers)->News(),
                               .why_no_processes = (*tiers)->WhyNoNews(),
                               .flows = flows ? flows->get() : nullptr,
                               .flow_log = flows ? &flow_log : nullptr,
                               .why_no_flows = flows ? std::string() : flows.error(),
                               .rule_changes = &rule_changes,
                               .rule_tester = &rule_tester,
                               .settings = &settings,
                               .journal = &(*chronicle)->Archive(),
                               .metrics = (*chronicle)->Metrics()},
                              *event_wakeup, ApiGroups(settings), settings.api_tls);
  if (!api) return tl::unexpected(api.error());
  const auto metrics = (*chronicle)->ServeMetrics([&api] { return (*api)->WatcherCount(); });
  if (!metrics) return tl::unexpected(metrics.error());

  const auto cut_over = StartCutOver(
      settings.mode, flows ? flows->get() : nullptr, renewal,
      {.events = events, .rules = shared_rules, .clock = clock, .facts = facts->get()});
  if (!cut_over) return tl::unexpected(cut_over.error());
  status.SetFirewall(interception.Kind());
  TellReady(settings, interception.Kind());
  const std::jthread mark_clashes([&] { TellMarkClashes(settings.flow_mark, firewall_notes); });
  if (!settings.ui_socket.empty()) {
    const auto listed =
        std::make_shared<ListedRules>([&rules] { return rules.Listing(); });  // the link's thread's
    auto linked = LinkGui(settings, events, counters, status, DeskOf(**desk),
                          {.rules = rule_changes,
                           .interception = interception,
                           .settings = settings,
                           .clock = clock,
                           .listed = [listed] { return listed->Get(); },
                           .set_log_level = SetLogLevel,
                           .aliases = rules.Aliases()},
                          checksums);
    if (!linked) return tl::unexpected(linked.error());
    gui = *std::move(linked);
    status.SetGui(gui.get());
  }

  (void)GiveBackCodeAndConstants();  // what the start needed
  QueueLosses losses(settings.queue_number, settings.queues, counters, clock);
  ConntrackWatch conntrack(clock, firewall_notes);
  const std::string failure = RunMainThread({.signals = *signals,
                                             .rules_fd = rules_fd,
                                             .rules = rules,
                                             .changes = rule_changes,
                                             .in_force = shared_rules,
                                             .renewal = renewal,
                                             .interception = interception,
                                             .firewall = firewall_guard,
                                             .system_rules = system_rules,
                                             .settings = settings,
                                             .losses = losses,
                                             .conntrack = conntrack,
                                             .packets = **packets,
                                             .facts = **facts,
                                             .clock = clock});
  NotifyStopping();
  // First, so that nothing new comes up. A failure is not an end that anybody wanted: then a host
  // that is to be closed without us stays closed.
  if (failure.empty() || settings.queue_bypass) (void)interception.Switch(false);
  (*packets)->Stop();
  renewal.ClearMarks(FlowMarks::Which::kAll);
  if (!failure.empty()) return tl::unexpected(failure);
  return {};
}

}  // namespace procwall
