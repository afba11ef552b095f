// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <ostream>
#include <string>

#include <grpcpp/grpcpp.h>
#include <tl/expected.hpp>

#include "procwall/v1/procwall.grpc.pb.h"
#include "ui/client_tls.h"

namespace procwall {

// Why the daemon gave no answer, for the person who asked: what is wrong, and what to do about it.
struct DaemonError {
  std::string what;
  std::string advice;      // empty: none
  bool forbidden = false;  // somebody may be there, but we may not ask

  friend bool operator==(const DaemonError&, const DaemonError&) = default;
};

// The same on a stream: "procwall: no daemon answers ...", a line each.
void PrintDaemonError(const DaemonError& error, std::ostream& stream);

// Asks a procwalld. Thread rule: one thread only, but for Cancel().
class DaemonClient {
 public:
  static constexpr std::chrono::seconds kDeadline{5};

  // `address` is "unix:PATH", or with `tls` "HOST:PORT". Connects with the first question, not
  // before.
  explicit DaemonClient(std::string address, std::chrono::milliseconds deadline = kDeadline,
                        ClientTls tls = {});

  tl::expected<v1::StatusResponse, DaemonError> Status();
  tl::expected<v1::ListRulesResponse, DaemonError> ListRules();

  // The error of a question that makes no sense to the daemon is the person's: `what` alone says
  // it.
  tl::expected<v1::ExplainResponse, DaemonError> Explain(const v1::ExplainRequest& request);

  // Changes of rules, which are in force when the daemon answers. What it refuses is the person's,
  // too.
  tl::expected<v1::PutRuleResponse, DaemonError> PutRule(const v1::PutRuleRequest& request);
  tl::expected<v1::RemoveRuleResponse, DaemonError> RemoveRule(
      const v1::RemoveRuleRequest& request);
  tl::expected<v1::SetRuleEnabledResponse, DaemonError> SetRuleEnabled(
      const v1::SetRuleEnabledRequest& request);

  // A page of the journal.
  tl::expected<v1::ReadJournalResponse, DaemonError> ReadJournal(
      const v1::ReadJournalRequest& request);

  // Hands every response to `on_response` until that says kEnough, Cancel() is called (both:
  // nullopt) or the daemon ends it (an error). Has no deadline: a quiet host is no error.
  enum class Continue : std::uint8_t { kMore, kEnough };
  using OnResponse = std::function<Continue(const v1::WatchResponse&)>;
  std::optional<DaemonError> Watch(std::uint32_t recent, const OnResponse& on_response);

  // For a call that is more than a question and its answer: what it is made on, and what its end
  // means.
  v1::Procwall::Stub& Stub();
  DaemonError ErrorOf(const grpc::Status& status) const;

  // The same with what processes do.
  using OnProcess = std::function<Continue(const v1::WatchProcessesResponse&)>;
  std::optional<DaemonError> WatchProcesses(const OnProcess& on_response);

  // Ends a watch, now or as soon as it begins. From any thread.
  void Cancel();

 private:
  template <typename Request, typename Response>
  using Method = grpc::Status (v1::Procwall::Stub::*)(grpc::ClientContext*, const Request&,
                                                      Response*);
  template <typename Request, typename Response>
  tl::expected<Response, DaemonError> Ask(Method<Request, Response> method, const Request& request);

  // Reads the stream that `start` begins, as Watch() does.
  template <typename Response, typename Start>
  std::optional<DaemonError> ReadStream(
      const Start& start, const std::function<Continue(const Response&)>& on_response);

  const std::string address_;
  const std::chrono::milliseconds deadline_;
  const ClientTls tls_;
  std::unique_ptr<v1::Procwall::Stub> stub_;

  std::mutex mutex_;
  bool cancelled_ = false;                   // guarded by mutex_
  grpc::ClientContext* watching_ = nullptr;  // guarded by mutex_
};

}  // namespace procwall
