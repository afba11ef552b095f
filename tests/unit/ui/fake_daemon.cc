// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "tests/unit/ui/fake_daemon.h"

#include <chrono>
#include <thread>

namespace procwall {

FakeDaemon::FakeDaemon(const std::string& socket_path) : socket_path_(socket_path) {
  grpc::ServerBuilder builder;
  builder.AddListeningPort(Address(), grpc::InsecureServerCredentials());
  builder.RegisterService(this);
  server_ = builder.BuildAndStart();
}

FakeDaemon::~FakeDaemon() {
  // Calls that are still open end now, as they do when a daemon dies.
  server_->Shutdown(std::chrono::system_clock::now());
}

grpc::Status FakeDaemon::Watch(grpc::ServerContext* context, const v1::WatchRequest* request,
                               grpc::ServerWriter<v1::WatchResponse>* writer) {
  asked_recent = request->recent();
  writer->Write({});
  for (const v1::WatchResponse& response : script) {
    if (!writer->Write(response)) return grpc::Status::OK;
  }
  while (after_script == AfterScript::kHold && !context->IsCancelled()) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return grpc::Status::OK;
}

grpc::Status FakeDaemon::WatchProcesses(grpc::ServerContext* /*context*/,
                                        const v1::WatchProcessesRequest* /*request*/,
                                        grpc::ServerWriter<v1::WatchProcessesResponse>* writer) {
  if (!answer.ok()) return answer;
  for (const v1::WatchProcessesResponse& response : process_script) writer->Write(response);
  return grpc::Status::OK;
}

grpc::Status FakeDaemon::Status(grpc::ServerContext* /*context*/,
                                const v1::StatusRequest* /*request*/,
                                v1::StatusResponse* response) {
  *response = status;
  return answer;
}

grpc::Status FakeDaemon::ListRules(grpc::ServerContext* /*context*/,
                                   const v1::ListRulesRequest* /*request*/,
                                   v1::ListRulesResponse* response) {
  *response = rules;
  return answer.ok() ? list_answer : answer;
}

grpc::Status FakeDaemon::Explain(grpc::ServerContext* /*context*/,
                                 const v1::ExplainRequest* request, v1::ExplainResponse* response) {
  asked_explanation = *request;
  *response = explanation;
  return answer;
}

grpc::Status FakeDaemon::PutRule(grpc::ServerContext* /*context*/,
                                 const v1::PutRuleRequest* request, v1::PutRuleResponse* response) {
  put_rule = *request;
  *response->mutable_rule() = request->rule();
  response->mutable_rule()->set_file(put_file);
  return change_answer;
}

grpc::Status FakeDaemon::RemoveRule(grpc::ServerContext* /*context*/,
                                    const v1::RemoveRuleRequest* request,
                                    v1::RemoveRuleResponse* /*response*/) {
  removed_rule = *request;
  return change_answer;
}

grpc::Status FakeDaemon::SetRuleEnabled(grpc::ServerContext* /*context*/,
                                        const v1::SetRuleEnabledRequest* request,
                                        v1::SetRuleEnabledResponse* /*response*/) {
  switched_rule = *request;
  return change_answer;
}

grpc::Status FakeDaemon::ReadJournal(grpc::ServerContext* /*context*/,
                                     const v1::ReadJournalRequest* request,
                                     v1::ReadJournalResponse* response) {
  asked_journal = *request;
  *response = journal;
  return answer;
}

grpc::Status FakeDaemon::Questions(
    grpc::ServerContext* /*context*/,
    grpc::ServerReaderWriter<v1::QuestionsResponse, v1::QuestionsRequest>* stream) {
  if (!answer.ok()) return answer;
  v1::QuestionsRequest request;
  while (stream->Read(&request)) {
    if (request.has_hello()) {
      v1::QuestionsResponse welcome;
      welcome.mutable_welcome()->set_name(request.hello().name());
      stream->Write(welcome);
      for (const v1::QuestionsResponse& response : questions) stream->Write(response);
    }
    if (request.has_answer()) {
      v1::QuestionsResponse receipt;
      receipt.mutable_receipt()->set_id(request.answer().id());
      receipt.mutable_receipt()->set_kind(v1::AnswerReceipt::KIND_TAKEN);
      stream->Write(receipt);
    }
    {
      const std::lock_guard lock(mutex_);
      said_.push_back(request);
      said_more_.notify_all();
    }
    if (after_script == AfterScript::kEnd) break;
  }
  return grpc::Status::OK;
}

std::vector<v1::QuestionsRequest> FakeDaemon::Said(std::size_t count) {
  std::unique_lock lock(mutex_);
  said_more_.wait_for(lock, std::chrono::seconds(30), [&] { return said_.size() >= count; });
  return said_;
}

v1::WatchResponse Watched(const v1::Event& event) {
  v1::WatchResponse response;
  *response.add_events() = event;
  return response;
}

v1::WatchResponse Missed(std::uint64_t count) {
  v1::WatchResponse response;
  response.set_missed(count);
  return response;
}

}  // namespace procwall
