// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "daemon/interception.h"
#include "daemon/opensnitch_message.h"
#include "daemon/process_report.h"
#include "daemon/rule_changes.h"
#include "daemon/settings.h"
#include "daemon/sockets_report.h"
#include "net/connection.h"
#include "rules/network_aliases.h"
#include "rules/rule.h"

namespace procwall {

// Does what OpenSnitch's GUI wants: each notification gets one reply, tasks one each few seconds
// until they are stopped. Thread rule: one thread only; replies come from any.
class OpensnitchCommands {
 public:
  static constexpr std::size_t kMostTasks = 16;

  struct Parts {
    RuleChanges& rules;
    Interception& interception;
    const Settings& settings;
    const Clock& clock;
    std::function<GuiRulesPtr()> listed;  // every rule in force, disabled ones included
    std::function<void(LogLevel)> set_log_level;
    std::string proc = "/proc";
    NetworkAliases aliases{};  // what the GUI's rules may name networks by
    // From a thread of its own: it may take as long as there are descriptors.
    std::function<tl::expected<std::string, std::string>(const SocketsWanted&)> sockets =
        ReadSocketsReport;
  };
  explicit OpensnitchCommands(Parts parts) : parts_(std::move(parts)) {}
  ~OpensnitchCommands();
  OpensnitchCommands(const OpensnitchCommands&) = delete;
  OpensnitchCommands& operator=(const OpensnitchCommands&) = delete;

  // Whose wish it is, and where replies go: called from any thread, also after the session has
  // ended.
  struct From {
    GuiDialect dialect = GuiDialect::k16;
    Uid peer = 0;  // what this user may not see himself is not shown to him
    std::function<void(GuiReply)> reply;
  };
  void Do(GuiNotification notification, From from);

  // The GUI has gone: its tasks with it.
  void Forget() { tasks_.clear(); }
  // Goes on with tasks.
  void Work();
  // When to Work() again; nullopt: there is nothing to do.
  std::optional<BootTime> NextTime() const;

 private:
  struct Task {
    std::uint64_t notification = 0;
    std::string name;  // "pid-monitor", "node-monitor", "sockets-monitor"
    Pid pid = 0;
    SocketsWanted wanted{};
    MemoryUnit unit = MemoryUnit::kPages;
    std::chrono::seconds interval{2};
    BootTime next;
    From from;
  };

  void ChangeRules(const GuiNotification& notification, const From& from);
  tl::expected<RuleChange, std::string> ChangeOf(GuiCommand command, const GuiRule& sent,
                                                 GuiDialect dialect) const;
  void Intercept(bool on, std::uint64_t id, const From& from);
  tl::expected<void, std::string> ChangeConfig(const std::string& sent) const;
  tl::expected<void, std::string> ChangeLogLevel(const std::string& data) const;
  void StartTask(const GuiNotification& notification, From from);
  void StopTask(const GuiNotification& notification, const From& from);
  // False: it has come to its end.
  bool Run(Task& task);
  void ReadSockets(const Task& task);

  Parts parts_;
  std::map<std::string, Task> tasks_;  // by name and pid
  std::thread reader_;                 // of sockets
  std::atomic<bool> is_reading_{false};
};

}  // namespace procwall
