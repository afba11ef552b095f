// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <grpcpp/grpcpp.h>

#include "procwall/v1/procwall.grpc.pb.h"

namespace procwall {

// A procwalld as `procwall top` sees it, on a unix socket.
class FakeTopDaemon final : public v1::Procwall::Service {
 public:
  explicit FakeTopDaemon(const std::string& path) : path_(path) {
    status.set_mode("enforce");
    status.set_default_action("deny");
    grpc::ServerBuilder builder;
    builder.AddListeningPort("unix:" + path_, grpc::InsecureServerCredentials());
    builder.RegisterService(this);
    server_ = builder.BuildAndStart();
  }
  ~FakeTopDaemon() override { server_->Shutdown(std::chrono::system_clock::now()); }
  FakeTopDaemon(const FakeTopDaemon&) = delete;
  FakeTopDaemon& operator=(const FakeTopDaemon&) = delete;

  std::string Address() const { return "unix:" + path_; }

  v1::StatusResponse status;
  std::vector<v1::Event> events;
  std::vector<v1::Flow> flows;     // told a few a page
  grpc::Status flows_answer;       // instead of them, if it is not OK
  std::vector<std::string> taken;  // names of rules that are there already
  grpc::Status change_answer;      // of changes

  std::vector<v1::Rule> Rules() {
    const std::lock_guard lock(mutex_);
    return rules_;
  }
  std::vector<v1::FlowFilter> Cut() {
    const std::lock_guard lock(mutex_);
    return cut_;
  }

  grpc::Status Status(grpc::ServerContext*, const v1::StatusRequest*,
                      v1::StatusResponse* response) override {
    *response = status;
    return grpc::Status::OK;
  }
  grpc::Status Watch(grpc::ServerContext* context, const v1::WatchRequest*,
                     grpc::ServerWriter<v1::WatchResponse>* writer) override {
    writer->Write({});
    for (const v1::Event& event : events) {
      v1::WatchResponse response;
      *response.add_events() = event;
      writer->Write(response);
    }
    while (!context->IsCancelled()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    return grpc::Status::OK;
  }
  grpc::Status ListFlows(grpc::ServerContext*, const v1::ListFlowsRequest* request,
                         v1::ListFlowsResponse* response) override {
    if (!flows_answer.ok()) return flows_answer;
    response->set_counts_bytes(true);
    constexpr std::size_t kPage = 2;
    const std::size_t from = request->page_token().empty() ? 0 : std::stoul(request->page_token());
    for (std::size_t i = from; i < flows.size() && i < from + kPage; ++i) {
      *response->add_flows() = flows[i];
    }
    if (from + kPage < flows.size()) response->set_next_page_token(std::to_string(from + kPage));
    return grpc::Status::OK;
  }
  grpc::Status Explain(grpc::ServerContext*, const v1::ExplainRequest* request,
                       v1::ExplainResponse* response) override {
    if (request->sequence() == 0) return {grpc::StatusCode::NOT_FOUND, "it is forgotten"};
    response->mutable_event()->set_sequence(request->sequence());
    return grpc::Status::OK;
  }
  grpc::Status PutRule(grpc::ServerContext*, const v1::PutRuleRequest* request,
                       v1::PutRuleResponse*) override {
    if (!change_answer.ok()) return change_answer;
    for (const std::string& name : taken) {
      if (name == request->rule().name()) return {grpc::StatusCode::ALREADY_EXISTS, "it is there"};
    }
    const std::lock_guard lock(mutex_);
    rules_.push_back(request->rule());
    return grpc::Status::OK;
  }
  grpc::Status CutFlows(grpc::ServerContext*, const v1::CutFlowsRequest* request,
                        v1::CutFlowsResponse* response) override {
    if (!change_answer.ok()) return change_answer;
    response->add_cut()->set_id(request->filter().id());
    const std::lock_guard lock(mutex_);
    cut_.push_back(request->filter());
    return grpc::Status::OK;
  }

 private:
  const std::string path_;
  std::mutex mutex_;
  std::vector<v1::Rule> rules_;
  std::vector<v1::FlowFilter> cut_;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace procwall
