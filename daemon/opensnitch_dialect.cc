// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/opensnitch_dialect.h"

#include <array>
#include <ctime>
#include <limits>

#include <fmt/chrono.h>

#include "daemon/opensnitch_rule.h"
#include "opensnitch/v15/ui.pb.h"
#include "opensnitch/v16/ui.pb.h"
#include "rules/utf8.h"

namespace procwall {
namespace {

namespace v15 = opensnitch::v15;
namespace v16 = opensnitch::v16;

// The messages of one dialect.
struct Messages15 {
  using Connection = v15::Connection;
  using PingRequest = v15::PingRequest;
  using ClientConfig = v15::ClientConfig;
  using Notification = v15::Notification;
  using NotificationReply = v15::NotificationReply;
  static constexpr auto kError = v15::REPLY_CODE_ERROR;
  static constexpr std::array kCommands = {
      GuiCommand::kNone,         GuiCommand::kEnableInterception, GuiCommand::kDisableInterception,
      GuiCommand::kChangeConfig, GuiCommand::kEnableRule,         GuiCommand::kDisableRule,
      GuiCommand::kDeleteRule,   GuiCommand::kChangeRule,         GuiCommand::kLogLevel,
      GuiCommand::kStop,         GuiCommand::kStartTask,          GuiCommand::kStopTask};
};
struct Messages16 {
  using Connection = v16::Connection;
  using PingRequest = v16::PingRequest;
  using ClientConfig = v16::ClientConfig;
  using Notification = v16::Notification;
  using NotificationReply = v16::NotificationReply;
  static constexpr auto kError = v16::REPLY_CODE_ERROR;
  static constexpr std::array kCommands = {GuiCommand::kNone,
                                           GuiCommand::kEnableInterception,
                                           GuiCommand::kDisableInterception,
                                           GuiCommand::kEnableFirewall,
                                           GuiCommand::kDisableFirewall,
                                           GuiCommand::kReloadFirewall,
                                           GuiCommand::kChangeConfig,
                                           GuiCommand::kEnableRule,
                                           GuiCommand::kDisableRule,
                                           GuiCommand::kDeleteRule,
                                           GuiCommand::kChangeRule,
                                           GuiCommand::kLogLevel,
                                           GuiCommand::kStop,
                                           GuiCommand::kStartTask,
                                           GuiCommand::kStopTask};
};
static_assert(Messages15::kCommands.size() == v15::Action_ARRAYSIZE);
static_assert(Messages16::kCommands.size() == v16::Action_ARRAYSIZE);

// Calls `make` with the messages of that dialect.
template <typename Make>
auto In(GuiDialect dialect, const Make& make) {
  return dialect == GuiDialect::k15 ? make(Messages15{}) : make(Messages16{});
}

// GUIs take messages of 4 MiB, and a program chooses its own arguments and path: so many bytes of
// arguments are told, and so many of events at a time; what is beyond is left out.
constexpr std::size_t kMostArgumentBytesOfAnEvent = 2048;
constexpr std::size_t kMostArgumentBytesOfAQuestion = 65536;
constexpr std::size_t kMostEventBytes = std::size_t{2} << 20;
// So much of the rules: a GUI that is told too much refuses the whole node, every second again.
constexpr std::size_t kMostNodeBytes = (std::size_t{4} << 20) - 65536;
constexpr std::size_t kMostFrameBytes = 6;  // of a message in a message: its tag and its length
enum class Detail : std::uint8_t { kOfAnEvent, kOfAQuestion };
constexpr std::uint32_t kNoUser = std::numeric_limits<std::uint32_t>::max();

// For people too: what OpenSnitch calls a connection that no program made.
constexpr const char* kKernelConnection = "Kernel connection";

std::uint32_t UserOf(const Connection& connection, const Attribution& attribution) {
  if (connection.uid) return *connection.uid;
  if (attribution.evidence.socket) return attribution.evidence.socket->socket.uid;
  return attribution.processes.empty() ? kNoUser : attribution.processes.front()->uid;
}

template <typename Message>
void FillArguments(const Process& process, std::size_t most_bytes, Message& message) {
  std::size_t left = most_bytes;
  for (const std::string& argument : process.args) {
    if (argument.size() >= left) break;
    left -= argument.size() + 1;
    message.add_process_args(ReplaceInvalidUtf8(argument));
  }
}

void FillTree(const Process& /*process*/, v15::Connection& /*message*/) {}
void FillTree(const Process& process, v16::Connection& message) {
  const auto add = [&](const std::string& path, Pid pid) {
    v16::StringInt& entry = *message.add_process_tree();
    entry.set_key(ReplaceInvalidUtf8(path));
    entry.set_value(static_cast<std::uint32_t>(pid));
  };
  add(RulePath(process), process.id.pid);
  for (const Ancestor& ancestor : process.ancestors) add(ancestor.path, ancestor.pid);
}

// By the names of the operands that a rule would have; 1.5 and 1.6 have no place for them.
void FillChecksums(const HashesPtr& /*hashes*/, v15::Connection& /*message*/) {}
void FillChecksums(const HashesPtr& hashes, v16::Connection& message) {
  if (hashes == nullptr) return;
  auto& checksums = *message.mutable_process_checksums();
  if (!hashes->md5.empty()) checksums["process.hash.md5"] = hashes->md5;
  if (!hashes->sha1.empty()) checksums["process.hash.sha1"] = hashes->sha1;
}

template <typename Message>
void FillConnection(const GuiQuestion& question, Detail detail, Message& message) {
  const Connection& connection = question.connection;
  const Attribution& attribution = question.attribution;
  message.set_protocol(ProtocolName(connection.protocol, connection.Family()));
  message.set_src_ip(connection.Source().address.ToString());
  message.set_src_port(connection.Source().port);
  message.set_dst_ip(connection.Destination().address.ToString());
  message.set_dst_port(connection.Destination().port);
  message.set_dst_host(ReplaceInvalidUtf8(question.host));
  message.set_user_id(UserOf(connection, attribution));
  if (attribution.unknown_reason == UnknownReason::kKernel) {
    message.set_process_path(kKernelConnection);
  }
  if (attribution.processes.empty()) return;
  const Process& process = *attribution.processes.front();
  message.set_process_id(static_cast<std::uint32_t>(process.id.pid));
  message.set_process_path(ReplaceInvalidUtf8(RulePath(process)));
  message.set_process_cwd(ReplaceInvalidUtf8(process.working_directory));
  const bool is_event = detail == Detail::kOfAnEvent;
  FillArguments(process, is_event ? kMostArgumentBytesOfAnEvent : kMostArgumentBytesOfAQuestion,
                message);
  if (!is_event) FillTree(process, message);
  FillChecksums(question.hashes, message);
}

std::string LocalTime(WallTime time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  const std::time_t seconds_of_c = seconds.time_since_epoch().count();
  std::tm parts{};
  if (::localtime_r(&seconds_of_c, &parts) == nullptr) return "";
  return fmt::format("{:%Y-%m-%d %H:%M:%S}", parts);
}

// GUIs show the action from the rule: where none decided, one of that name is made up.
constexpr const char* kNoRule = "(no rule: default action)";

template <typename Message>
void FillEvent(const GuiEvent& gui_event, Message& message) {
  const Event& event = *gui_event.event;
  message.set_time(LocalTime(event.time));
  message.set_unixnano(gui_event.unix_nanoseconds);
  FillConnection({*event.connection, event.attribution, event.host, gui_event.hashes},
                 Detail::kOfAnEvent, *message.mutable_connection());
  // No more of the rule: it may be large, and nobody looks at it.
  auto& rule = *message.mutable_rule();
  rule.set_name(event.rule ? ReplaceInvalidUtf8(event.rule->name) : std::string(kNoRule));
  rule.set_action(RuleActionName(event.action));
}

template <typename Map>
void FillHits(const GuiStatistics::Hits& hits, Map& map) {
  for (const auto& [what, count] : hits) map[ReplaceInvalidUtf8(what)] = count;
}

template <typename Message>
void FillStatistics(const GuiStatistics& from, Message& message) {
  message.set_daemon_version(from.version);
  message.set_rules(from.rules);
  message.set_uptime(from.uptime_seconds);
  message.set_dns_responses(from.dns_answers);
  message.set_connections(from.connections);
  message.set_ignored(from.ignored);
  message.set_accepted(from.accepted);
  message.set_dropped(from.dropped);
  message.set_rule_hits(from.rule_hits);
  message.set_rule_misses(from.rule_misses);
  FillHits(from.by_protocol, *message.mutable_by_proto());
  FillHits(from.by_address, *message.mutable_by_address());
  FillHits(from.by_host, *message.mutable_by_host());
  FillHits(from.by_port, *message.mutable_by_port());
  FillHits(from.by_user, *message.mutable_by_uid());
  FillHits(from.by_program, *message.mutable_by_executable());
  std::size_t event_bytes = 0;
  for (const GuiEvent& event : from.events) {
    auto& added = *message.add_events();
    FillEvent(event, added);
    event_bytes += added.ByteSizeLong();
    if (event_bytes > kMostEventBytes) return message.mutable_events()->RemoveLast();
  }
}

void FillSystemFirewall(v15::ClientConfig& /*message*/) {}
void FillSystemFirewall(v16::ClientConfig& message) {
  message.mutable_system_firewall()->set_version(1);
}

template <typename Message>
bool Parse(std::string_view bytes, Message& message) {
  return bytes.size() <= std::numeric_limits<int>::max() &&
         message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
}

template <typename Message>
std::optional<GuiRule> ParsedRule(std::string_view bytes) {
  Message message;
  if (!Parse(bytes, message)) return std::nullopt;
  return ReadRule(message);
}

}  // namespace

const char* GuiDialectName(GuiDialect dialect) {
  return dialect == GuiDialect::k15 ? "1.5" : "1.6+";
}

const char* GuiCommandName(GuiCommand command) {
  constexpr std::array kNames = {"end",
                                 "enable interception",
                                 "disable interception",
                                 "enable the system firewall",
                                 "disable the system firewall",
                                 "reload the system firewall",
                                 "change the configuration",
                                 "enable a rule",
                                 "disable a rule",
                                 "delete a rule",
                                 "change a rule",
                                 "change the log level",
                                 "stop the daemon",
                                 "start a task",
                                 "stop a task",
                                 "unknown"};
  static_assert(kNames.size() == static_cast<std::size_t>(GuiCommand::kUnknown) + 1);
  return kNames.at(static_cast<std::size_t>(command));
}

std::string NodeMessage(GuiDialect dialect, const GuiNode& node, std::size_t* rules_left_out) {
  return In(dialect, [&](auto messages) {
    typename decltype(messages)::ClientConfig message;
    message.set_id(1);  // nobody looks at it
    message.set_name(ReplaceInvalidUtf8(node.host_name));
    message.set_version(ReplaceInvalidUtf8(node.kernel_version));
    message.set_is_firewall_running(node.intercepts);
    message.set_config(ReplaceInvalidUtf8(node.config));
    message.set_log_level(node.log_level);
    FillSystemFirewall(message);
    std::size_t bytes = message.ByteSizeLong();
    std::size_t told = 0;
    for (const auto& rule : node.rules) {
      auto& added = *message.add_rules();
      FillRule(*rule, added);
      bytes += added.ByteSizeLong() + kMostFrameBytes;
      if (bytes > kMostNodeBytes) {
        message.mutable_rules()->RemoveLast();
        break;
      }
      ++told;
    }
    if (rules_left_out != nullptr) *rules_left_out = node.rules.size() - told;
    return message.SerializeAsString();
  });
}

std::string PingMessage(GuiDialect dialect, std::uint64_t id, const GuiStatistics& statistics) {
  return In(dialect, [&](auto messages) {
    typename decltype(messages)::PingRequest message;
    message.set_id(id);
    FillStatistics(statistics, *message.mutable_stats());
    return message.SerializeAsString();
  });
}

std::string QuestionMessage(GuiDialect dialect, const GuiQuestion& question) {
  return In(dialect, [&](auto messages) {
    typename decltype(messages)::Connection message;
    FillConnection(question, Detail::kOfAQuestion, message);
    return message.SerializeAsString();
  });
}

std::string ReplyMessage(GuiDialect dialect, const GuiReply& reply) {
  return In(dialect, [&](auto messages) {
    typename decltype(messages)::NotificationReply message;
    message.set_id(reply.id);
    if (!reply.ok) message.set_code(decltype(messages)::kError);
    message.set_data(ReplaceInvalidUtf8(reply.data));
    return message.SerializeAsString();
  });
}

std::string AlertMessage(const GuiAlert& alert) {
  v16::Alert message;
  message.set_type(alert.kind == GuiAlert::Kind::kError     ? v16::Alert::TYPE_ERROR
                   : alert.kind == GuiAlert::Kind::kWarning ? v16::Alert::TYPE_WARNING
                                                            : v16::Alert::TYPE_INFO);
  message.set_action(alert.show ? v16::Alert::REACTION_SHOW : v16::Alert::REACTION_NONE);
  message.set_text(ReplaceInvalidUtf8(alert.text));
  return message.SerializeAsString();
}

std::string ProbeMessage() {
  return AlertMessage({.kind = GuiAlert::Kind::kInfo, .show = false, .text = "procwalld is here"});
}

std::optional<GuiRule> ParseRuleMessage(GuiDialect dialect, std::string_view bytes) {
  return dialect == GuiDialect::k15 ? ParsedRule<v15::Rule>(bytes) : ParsedRule<v16::Rule>(bytes);
}

std::optional<GuiNotification> ParseNotification(GuiDialect dialect, std::string_view bytes) {
  return In(dialect, [&](auto messages) -> std::optional<GuiNotification> {
    typename decltype(messages)::Notification message;
    if (!Parse(bytes, message)) return std::nullopt;
    GuiNotification read;
    read.id = message.id();
    const auto type = static_cast<int>(message.type());
    // Since 1.7 a GUI says -1 when it ends.
    if (type < 0) read.command = GuiCommand::kNone;
    const auto& commands = decltype(messages)::kCommands;
    if (type >= 0 && static_cast<std::size_t>(type) < commands.size()) {
      read.command = commands.at(static_cast<std::size_t>(type));
    }
    read.data = message.data();
    for (const auto& rule : message.rules()) read.rules.push_back(ReadRule(rule));
    return read;
  });
}

}  // namespace procwall
