// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <grpcpp/grpcpp.h>

#include "procwall/v1/procwall.grpc.pb.h"

namespace procwall {

// A procwalld that answers what it was told to, on a unix socket.
class FakeDaemon final : public v1::Procwall::Service {
 public:
  // What a watcher gets, after the empty first message; then the stream is held open, or ended.
  enum class AfterScript : std::uint8_t { kHold, kEnd };

  explicit FakeDaemon(const std::string& socket_path);
  ~FakeDaemon() override;
  FakeDaemon(const FakeDaemon&) = delete;
  FakeDaemon& operator=(const FakeDaemon&) = delete;

  v1::StatusResponse status;
  v1::ListRulesResponse rules;
  grpc::Status list_answer;  // instead of them, if it is not OK
  std::vector<v1::WatchResponse> script;
  AfterScript after_script = AfterScript::kHold;
  std::uint32_t asked_recent = 0;
  std::vector<v1::WatchProcessesResponse> process_script;  // after it, the stream is ended
  v1::ExplainResponse explanation;
  v1::ExplainRequest asked_explanation;
  // How changes of rules were asked for.
  v1::PutRuleRequest put_rule;
  std::string put_file;  // that the rule was saved in
  v1::RemoveRuleRequest removed_rule;
  v1::SetRuleEnabledRequest switched_rule;
  grpc::Status change_answer;  // of these, if it is not OK
  v1::ReadJournalResponse journal;
  v1::ReadJournalRequest asked_journal;
  // What an asker hears after its welcome; then the call is held open, or ended, as with Watch.
  std::vector<v1::QuestionsResponse> questions;
  // All that askers have said, as soon as there is so much.
  std::vector<v1::QuestionsRequest> Said(std::size_t count);
  grpc::Status answer;  // of all but Watch, instead of the response if it is not OK

  std::string Address() const { return "unix:" + socket_path_; }

  grpc::Status Watch(grpc::ServerContext* context, const v1::WatchRequest* request,
                     grpc::ServerWriter<v1::WatchResponse>* writer) override;
  grpc::Status WatchProcesses(grpc::ServerContext* context,
                              const v1::WatchProcessesRequest* request,
                              grpc::ServerWriter<v1::WatchProcessesResponse>* writer) override;
  grpc::Status Status(grpc::ServerContext* context, const v1::StatusRequest* request,
                      v1::StatusResponse* response) override;
  grpc::Status ListRules(grpc::ServerContext* context, const v1::ListRulesRequest* request,
                         v1::ListRulesResponse* response) override;
  grpc::Status Explain(grpc::ServerContext* context, const v1::ExplainRequest* request,
                       v1::ExplainResponse* response) override;
  grpc::Status PutRule(grpc::ServerContext* context, const v1::PutRuleRequest* request,
                       v1::PutRuleResponse* response) override;
  grpc::Status RemoveRule(grpc::ServerContext* context, const v1::RemoveRuleRequest* request,
                          v1::RemoveRuleResponse* response) override;
  grpc::Status SetRuleEnabled(grpc::ServerContext* context,
                              const v1::SetRuleEnabledRequest* request,
                              v1::SetRuleEnabledResponse* response) override;
  grpc::Status ReadJournal(grpc::ServerContext* context, const v1::ReadJournalRequest* request,
                           v1::ReadJournalResponse* response) override;
  grpc::Status Questions(
      grpc::ServerContext* context,
      grpc::ServerReaderWriter<v1::QuestionsResponse, v1::QuestionsRequest>* stream) override;

 private:
  std::mutex mutex_;
  std::condition_variable said_more_;
  std::vector<v1::QuestionsRequest> said_;
  std::string socket_path_;
  std::unique_ptr<grpc::Server> server_;
};

v1::WatchResponse Watched(const v1::Event& event);
v1::WatchResponse Missed(std::uint64_t count);

}  // namespace procwall
