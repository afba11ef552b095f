// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include <tl/expected.hpp>

#include "base/wakeup.h"
#include "daemon/api_role.h"
#include "daemon/event_log.h"
#include "daemon/explain_source.h"
#include "daemon/flow_log.h"
#include "daemon/flow_source.h"
#include "daemon/journal_source.h"
#include "daemon/question_desk.h"
#include "daemon/rule_changes.h"
#include "daemon/rule_tester.h"
#include "daemon/settings.h"
#include "daemon/status_source.h"

namespace procwall {

// What the API tells of. Everything referred to must outlive the server.
struct ApiSources {
  EventLog& log;
  const StatusSource& status;
  ExplainSource& explanations;
  QuestionDesk& desk;
  ProcessLog* processes = nullptr;  // null: nobody tells of them
  std::string why_no_processes = {};
  FlowSource* flows = nullptr;  // null, both: the kernel does not tell of flows
  FlowLog* flow_log = nullptr;
  std::string why_no_flows = {};
  // Null: calls about them are refused.
  RuleChanges* rule_changes = nullptr;
  const RuleTester* rule_tester = nullptr;
  const Settings* settings = nullptr;
  JournalSource* journal = nullptr;  // null: none is kept
  // Prometheus' text, told how many watch; empty: nobody tells.
  std::function<std::string(std::uint32_t watchers)> metrics = {};
};

// What strangers can have us hold, whatever they do. A client that wants more is refused by gRPC.
struct ApiLimits {
  static constexpr int kMaxRequestBytes = 1 << 20;
  static constexpr int kMaxResponseBytes = 64 << 20;
  static constexpr int kMaxHeaderBytes = 16 << 10;
  static constexpr int kMaxCallsPerConnection = 64;
  static constexpr std::size_t kMaxTransportBytes = std::size_t{128} << 20;  // buffers of gRPC
  // Threads of gRPC that may wait for a client: those of reflection, no others do.
  static constexpr int kMaxWaitingThreads = 8;
  // Who says nothing for so long is asked whether he is there; who does not answer is cut off.
  static constexpr int kKeepaliveMs = 60'000;
  static constexpr int kKeepaliveAnswerMs = 20'000;
  static constexpr int kMaxIdleMs = 10 * 60'000;  // a connection without a call
};

// procwall.v1 on a unix socket (see ApiSocket); what a client may do depends on its groups. Where
// `tls` has an address, over TCP too (see api_tls.h). With gRPC's reflection and health services.
// Watchers are told of new events by a thread of ours that sleeps on `wakeup`, the one the EventLog
// wakes, which must outlive it. Thread rule: construct and destroy on one thread.
class ApiServer {
 public:
  // `address`: "unix:/path". The error names the path and the reason, for people.
  static tl::expected<std::unique_ptr<ApiServer>, std::string> Start(
      const std::string& address, const ApiSources& sources, const Wakeup& wakeup,
      const RoleGroups& groups, const ApiTlsSettings& tls = {});
  virtual ~ApiServer() = default;
  // How many watch decisions now. From any thread.
  virtual std::uint32_t WatcherCount() const = 0;
};

}  // namespace procwall
