// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/opensnitch_commands.h"

#include <fcntl.h>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>

#include "base/background_thread.h"
#include "base/file.h"
#include "base/guarded.h"
#include "base/printable.h"
#include "daemon/config.h"
#include "daemon/opensnitch_config.h"
#include "daemon/opensnitch_rule.h"
#include "rules/lifetime.h"

namespace procwall {
namespace {

constexpr const char* kPidMonitor = "pid-monitor";
constexpr const char* kNodeMonitor = "node-monitor";
constexpr const char* kSocketsMonitor = "sockets-monitor";
constexpr std::chrono::seconds kShortestInterval{1};
constexpr std::chrono::seconds kLongestInterval{3600};
constexpr unsigned kConfigMode = 0600;

using Outcome = tl::expected<void, std::string>;

void Answer(const OpensnitchCommands::From& from, std::uint64_t id, const Outcome& outcome) {
  from.reply({.id = id, .ok = outcome.has_value(), .data = outcome ? "" : outcome.error()});
}

template <typename Number>
std::optional<Number> ParseNumber(std::string_view text) {
  Number number = 0;
  const char* const end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, number);
  if (parsed.ec != std::errc{} || parsed.ptr != end) return std::nullopt;
  return number;
}

// What several changes came to: answered when the last of them is done.
class ChangeCount {
 public:
  ChangeCount(std::size_t changes, std::uint64_t id, OpensnitchCommands::From from)
      : id_(id), from_(std::move(from)), state_(State{changes, {}}) {}

  void Done(const Outcome& outcome) {
    Outcome all;
    {
      const auto state = state_.Lock();
      if (!outcome) state->outcome = outcome;
      if (--state->left > 0) return;
      all = state->outcome;
    }
    Answer(from_, id_, all);
  }

 private:
  struct State {
    std::size_t left = 0;
    Outcome outcome;
  };
  const std::uint64_t id_;
  const OpensnitchCommands::From from_;
  Guarded<State> state_;
};

RuleChange::Kind KindOf(GuiCommand command) {
  switch (command) {
    case GuiCommand::kEnableRule:
      return RuleChange::Kind::kEnable;
    case GuiCommand::kDisableRule:
      return RuleChange::Kind::kDisable;
    case GuiCommand::kDeleteRule:
      return RuleChange::Kind::kRemove;
    default:
      return RuleChange::Kind::kPut;
  }
}

// A GUI may still list a rule that is long gone: to delete it is what opensnitchd answers with OK,
// or the row would stay for ever.
Outcome ToldOutcome(RuleChange::Kind kind, const RuleChange::Outcome& outcome) {
  if (outcome) return {};
  const RuleRefusal& refusal = outcome.error();
  const bool is_gone =
      kind == RuleChange::Kind::kRemove && refusal.kind == RuleRefusal::Kind::kNotFound;
  return is_gone ? Outcome() : Outcome(tl::unexpected(refusal.what));
}

// A task as GUIs since 1.7 describe it; before, the data is the pid: nothing else tells a 1.6 from
// a 1.7, which speak the same dialect but count memory differently.
struct WantedTask {
  std::string name;
  Pid pid = 0;
  SocketsWanted sockets{};
  MemoryUnit unit = MemoryUnit::kPages;
  std::chrono::seconds interval{2};

  std::string Key() const { return fmt::format("{} {}", name, pid); }
};

std::string TextIn(const nlohmann::json& object, const char* key) {
  if (!object.is_object() || !object.contains(key)) return "";
  const auto& value = object[key];
  if (value.is_string()) return value.get<std::string>();
  return value.is_number_integer() ? std::to_string(value.get<std::int64_t>()) : "";
}

std::optional<WantedTask> ParseTask(const std::string& data) {
  if (const auto pid = ParseNumber<Pid>(data)) return WantedTask{.name = kPidMonitor, .pid = *pid};
  const auto json = nlohmann::json::parse(data, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) return std::nullopt;
  WantedTask task;
  task.name = TextIn(json, "name");
  task.unit = MemoryUnit::kBytes;
  const auto about = json.contains("data") ? json["data"] : nlohmann::json();
  const auto number = [&](const char* key) {
    return ParseNumber<int>(TextIn(about, key)).value_or(0);
  };
  task.pid = number("pid");
  task.sockets = {number("state"), number("proto"), number("family")};
  if (const auto interval = ParseGoDuration(TextIn(about, "interval"))) {
    task.interval = std::clamp(std::chrono::duration_cast<std::chrono::seconds>(*interval),
                               kShortestInterval, kLongestInterval);
  }
  return task;
}

}  // namespace

OpensnitchCommands::~OpensnitchCommands() {
  if (reader_.joinable()) reader_.join();
}

void OpensnitchCommands::Do(GuiNotification notification, From from) {
  const std::uint64_t id = notification.id;
  spdlog::info("event=gui_command command=\"{}\" rules={}", GuiCommandName(notification.command),
               notification.rules.size());
  switch (notification.command) {
    case GuiCommand::kEnableRule:
    case GuiCommand::kDisableRule:
    case GuiCommand::kDeleteRule:
    case GuiCommand::kChangeRule:
      return ChangeRules(notification, from);
    case GuiCommand::kEnableInterception:
      return Intercept(true, id, from);
    case GuiCommand::kDisableInterception:
      return Intercept(false, id, from);
    case GuiCommand::kChangeConfig:
      return Answer(from, id, ChangeConfig(notification.data));
    case GuiCommand::kLogLevel:
      return Answer(from, id, ChangeLogLevel(notification.data));
    case GuiCommand::kStartTask:
      return StartTask(notification, std::move(from));
    case GuiCommand::kStopTask:
      return StopTask(notification, from);
    case GuiCommand::kEnableFirewall:
    case GuiCommand::kDisableFirewall:
    case GuiCommand::kReloadFirewall:
      return Answer(from, id,
                    tl::unexpected<std::string>(
                        "Procwall leaves the host's other firewall rules alone: use nft or "
                        "iptables for them"));
    case GuiCommand::kStop:
      return Answer(from, id,
                    tl::unexpected<std::string>("Procwall is not stopped by a GUI: systemctl "
                                                "stop procwall, or switch interception off"));
    case GuiCommand::kNone:
    case GuiCommand::kUnknown:
      return Answer(from, id, tl::unexpected<std::string>("Procwall does not know this command"));
  }
}

void OpensnitchCommands::ChangeRules(const GuiNotification& notification, const From& from) {
  if (notification.rules.empty()) {
    return Answer(from, notification.id, tl::unexpected<std::string>("no rule was named"));
  }
  const auto count =
      std::make_shared<ChangeCount>(notification.rules.size(), notification.id, from);
  for (const GuiRule& sent : notification.rules) {
    auto change = ChangeOf(notification.command, sent, from.dialect);
    if (!change) {
      spdlog::warn("event=gui_rule_refused rule=\"{}\" reason=\"{}\"", Printable(sent.rule.name),
                   Printable(change.error()));
      count->Done(tl::unexpected(fmt::format("{}: {}", sent.rule.name, change.error())));
      continue;
    }
    change->done = [count, kind = change->kind](const RuleChange::Outcome& outcome) {
      count->Done(ToldOutcome(kind, outcome));
    };
    if (!parts_.rules.TryAsk(*std::move(change))) {
      count->Done(tl::unexpected<std::string>("too many rules are being changed: try again"));
    }
  }
}

tl::expected<RuleChange, std::string> OpensnitchCommands::ChangeOf(GuiCommand command,
                                                                   const GuiRule& sent,
                                                                   GuiDialect dialect) const {
  const GuiRulesPtr listed = parts_.listed();
  const auto known = std::find_if(listed->begin(), listed->end(),
                                  [&](const auto& rule) { return rule->name == sent.rule.name; });
  RuleChange change;
  change.kind = KindOf(command);
  change.rule.name = sent.rule.name;
  if (sent.rule.name.empty()) return tl::unexpected<std::string>("the rule has no name");
  if (command == GuiCommand::kDeleteRule) return change;
  // Switching a known rule on or off is about ours: what the GUI remembers of it may be old, and
  // 1.5.8 sends it without its condition.
  const bool is_switch = command != GuiCommand::kChangeRule;
  if (is_switch && known != listed->end()) return change;
  GuiRule whole = sent;
  if (is_switch) whole.rule.enabled = command == GuiCommand::kEnableRule;
  auto usable = UsableRule(whole, parts_.aliases);
  if (!usable) return tl::unexpected(usable.error());
  change.kind = RuleChange::Kind::kPut;
  change.rule = known == listed->end() ? *std::move(usable)
                                       : KeepUnsaid(dialect, **known, *std::move(usable));
  return change;
}

void OpensnitchCommands::Intercept(bool on, std::uint64_t id, const From& from) {
  const bool asked = parts_.interception.Ask(
      on, [from, id](const Interception::Outcome& outcome) { Answer(from, id, outcome); });
  if (!asked) {
    Answer(from, id, tl::unexpected<std::string>("too much is asked at once: try again"));
  }
}

Outcome OpensnitchCommands::ChangeConfig(const std::string& sent) const {
  const std::string& named = parts_.settings.config_file;
  const std::string file = named.empty() ? std::string(kDefaultConfigFile) : named;
  const auto before = ReadFileAt(AT_FDCWD, file.c_str(), kMaxConfigBytes);
  const auto text = ChangedConfig(before.value_or(""), parts_.settings, sent);
  if (!text) return tl::unexpected(text.error());
  if (const Status saved = WriteFileAtomically(file, *text, kConfigMode); !saved) {
    return tl::unexpected(fmt::format("{}: {}", file, saved.error().ToString()));
  }
  if (const auto read = ParseConfig(*text, file)) parts_.set_log_level(read->log_level);
  spdlog::info(
      "event=config_saved file=\"{}\" note=\"what is not the log level counts from the "
      "next start on\"",
      Printable(file));
  return {};
}

Outcome OpensnitchCommands::ChangeLogLevel(const std::string& data) const {
  const auto level = ParseNumber<int>(data);
  if (!level) return tl::unexpected<std::string>("the log level is no number");
  const auto read = ParseConfig(fmt::format(R"({{"LogLevel": {}}})", *level), "the log level");
  if (!read) return tl::unexpected(read.error());
  parts_.set_log_level(read->log_level);
  return {};
}

void OpensnitchCommands::StartTask(const GuiNotification& notification, From from) {
  const auto wanted = ParseTask(notification.data);
  const auto refuse = [&](std::string why) {
    Answer(from, notification.id, tl::unexpected(std::move(why)));
  };
  if (!wanted) return refuse("the task cannot be understood");
  const bool is_known = wanted->name == kPidMonitor || wanted->name == kNodeMonitor ||
                        wanted->name == kSocketsMonitor;
  if (!is_known) {
    return refuse(fmt::format("Procwall has no task \"{}\"", wanted->name));
  }
  if (tasks_.size() >= kMostTasks && !tasks_.contains(wanted->Key())) {
    return refuse("too many tasks run");
  }
  Task task{.notification = notification.id,
            .name = wanted->name,
            .pid = wanted->pid,
            .wanted = wanted->sockets,
            .unit = wanted->unit,
            .interval = wanted->interval,
            .next = parts_.clock.Now(),
            .from = std::move(from)};
  if (Run(task)) tasks_.insert_or_assign(wanted->Key(), std::move(task));
}

void OpensnitchCommands::StopTask(const GuiNotification& notification, const From& from) {
  if (const auto wanted = ParseTask(notification.data)) tasks_.erase(wanted->Key());
  Answer(from, notification.id, {});
}

bool OpensnitchCommands::Run(Task& task) {
  task.next = parts_.clock.Now() + task.interval;
  if (task.name == kSocketsMonitor) {
    ReadSockets(task);
    return true;
  }
  if (task.name == kNodeMonitor) {
    task.from.reply({.id = task.notification, .ok = true, .data = NodeReport()});
    return true;
  }
  auto report = ProcessReport(parts_.proc, task.pid, task.from.peer, task.unit);
  const bool lives = report.has_value();
  task.from.reply({.id = task.notification,
                   .ok = lives,
                   .data = lives ? *std::move(report) : std::move(report).error()});
  return lives;
}

// One reading at a time: who asks more often than sockets can be read gets fewer replies.
void OpensnitchCommands::ReadSockets(const Task& task) {
  if (is_reading_.exchange(true)) return;
  if (reader_.joinable()) reader_.join();
  reader_ = std::thread([this, read = parts_.sockets, wanted = task.wanted, id = task.notification,
                         reply = task.from.reply] {
    BeginBackgroundThread("gui-sockets");
    auto report = read(wanted);
    const bool is_read = report.has_value();
    reply({.id = id,
           .ok = is_read,
           .data = is_read ? *std::move(report) : std::move(report).error()});
    is_reading_.store(false);
  });
}

void OpensnitchCommands::Work() {
  const BootTime now = parts_.clock.Now();
  for (auto task = tasks_.begin(); task != tasks_.end();) {
    const bool goes_on = task->second.next > now || Run(task->second);
    task = goes_on ? std::next(task) : tasks_.erase(task);
  }
}

std::optional<BootTime> OpensnitchCommands::NextTime() const {
  std::optional<BootTime> next;
  for (const auto& [key, task] : tasks_) {
    if (!next || task.next < *next) next = task.next;
  }
  return next;
}

}  // namespace procwall
