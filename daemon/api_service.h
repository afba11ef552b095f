// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include <tl/expected.hpp>

#include "base/wakeup.h"
#include "daemon/api_role.h"
#include "daemon/event_log.h"
#include "daemon/explain_source.h"
#include "daemon/question_desk.h"
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
};

// procwall.v1 on a unix socket (see ApiSocket); what a client may do depends on its groups.
// Watchers are told of new events by a thread of ours that sleeps on `wakeup`, the one the EventLog
// wakes, which must outlive it. Thread rule: construct and destroy on one thread.
class ApiServer {
 public:
  // `address`: "unix:/path". The error names the path and the reason, for people.
  static tl::expected<std::unique_ptr<ApiServer>, std::string> Start(const std::string& address,
                                                                     const ApiSources& sources,
                                                                     const Wakeup& wakeup,
                                                                     const RoleGroups& groups);
  virtual ~ApiServer() = default;
};

}  // namespace procwall
