// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/top_feed.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace procwall {
namespace {

using std::chrono::steady_clock;

constexpr std::uint32_t kRecent = 4096;
constexpr std::uint32_t kFeedPage = 10'000;
constexpr std::chrono::seconds kDeadline{10};
constexpr std::chrono::milliseconds kTryAgain{1000};
constexpr std::chrono::seconds kAskRarely{30};
constexpr int kMostNames = 20;

std::string WhyNoFlows(const grpc::Status& status) {
  if (status.error_code() == grpc::StatusCode::UNIMPLEMENTED) {
    return "decisions only: this procwalld does not tell of live connections";
  }
  return "decisions only, no live connections: " + status.error_message();
}

}  // namespace

TopFeed::TopFeed(DaemonClient& client, std::chrono::milliseconds interval, const Wakeup& heard)
    : client_(client), stub_(client.Stub()), interval_(interval), heard_(heard) {
  watcher_ = std::thread([this] { Watch(); });
  worker_ = std::thread([this] { Work(); });
}

TopFeed::~TopFeed() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    if (watching_) watching_->TryCancel();
    if (calling_) calling_->TryCancel();
  }
  changed_.notify_all();
  watcher_.join();
  worker_.join();
}

TopFeed::News TopFeed::TakeAll() {
  const std::lock_guard lock(mutex_);
  News news = std::move(news_);
  news_ = {};
  news_.problem = news.problem;
  news_.looks = news.looks;
  return news;
}

void TopFeed::Ask(TopRequest request) {
  {
    const std::lock_guard lock(mutex_);
    if (requests_.size() >= kMaxRequests) {
      TopReply busy;
      busy.kind = TopReply::Kind::kFailed;
      busy.what = "not done: the daemon has yet to answer what was asked before";
      news_.replies.push_back(std::move(busy));
      return;
    }
    requests_.push_back(std::move(request));
  }
  changed_.notify_all();
}

bool TopFeed::Rest(std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, time, [this] { return ended_; });
  return !ended_;
}

bool TopFeed::Begin(std::unique_ptr<grpc::ClientContext>& place) {
  const std::lock_guard lock(mutex_);
  if (ended_) return false;
  place = std::make_unique<grpc::ClientContext>();
  return true;
}

void TopFeed::End(std::unique_ptr<grpc::ClientContext>& place) {
  const std::lock_guard lock(mutex_);
  place.reset();
}

void TopFeed::Watch() {
  v1::WatchRequest request;
  request.set_recent(kRecent);
  do {
    if (!Begin(watching_)) return;
    const auto reader = stub_.Watch(watching_.get(), request);
    v1::WatchResponse response;
    while (reader->Read(&response)) OnWatched(response);
    const grpc::Status status = reader->Finish();
    End(watching_);
    {
      const std::lock_guard lock(mutex_);
      if (ended_) return;
      news_.problem = status.ok() ? "procwalld has ended the watch" : client_.ErrorOf(status).what;
    }
    heard_.Wake();
  } while (Rest(kTryAgain));
}

void TopFeed::OnWatched(const v1::WatchResponse& response) {
  {
    const std::lock_guard lock(mutex_);
    news_.problem.clear();
    news_.missed += response.missed();
    for (const v1::Event& event : response.events()) {
      if (news_.events.size() < kMaxEvents) {
        news_.events.push_back(event);
      } else {
        ++news_.missed;
      }
    }
  }
  // Rows are drawn by the clock: a wake for each of thousands of decisions would only cost.
}

void TopFeed::Work() {
  for (;;) {
    TopRequest request;
    {
      std::unique_lock lock(mutex_);
      changed_.wait_until(lock, next_look_, [this] { return ended_ || !requests_.empty(); });
      if (ended_) return;
      if (requests_.empty()) {
        lock.unlock();
        Look();
        next_look_ = steady_clock::now() +
                     (flows_are_told_ ? steady_clock::duration(interval_) : kAskRarely);
        heard_.Wake();
        continue;
      }
      request = std::move(requests_.front());
      requests_.pop_front();
    }
    TopReply reply = Answer(request);
    next_look_ = steady_clock::now();  // what has changed is seen at once
    {
      const std::lock_guard lock(mutex_);
      news_.replies.push_back(std::move(reply));
    }
    heard_.Wake();
  }
}

template <typename Request, typename Response>
grpc::Status TopFeed::Call(Method<Request, Response> method, const Request& request,
                           Response& response) {
  if (!Begin(calling_)) return grpc::Status::CANCELLED;
  calling_->set_deadline(std::chrono::system_clock::now() + kDeadline);
  const grpc::Status status = (stub_.*method)(calling_.get(), request, &response);
  End(calling_);
  return status;
}

void TopFeed::Look() {
  Flows flows;
  flows.kind = Flows::Kind::kTold;
  v1::ListFlowsRequest request;
  request.set_page_size(kFeedPage);
  for (;;) {
    v1::ListFlowsResponse response;
    const grpc::Status status = Call<v1::ListFlowsRequest, v1::ListFlowsResponse>(
        &v1::Procwall::Stub::ListFlows, request, response);
    if (!status.ok()) {
      flows = {};
      flows.kind = Flows::Kind::kNotTold;
      flows.why_not = WhyNoFlows(status);
      break;
    }
    flows.counts_bytes = response.counts_bytes();
    for (v1::Flow& flow : *response.mutable_flows()) flows.flows.push_back(std::move(flow));
    const bool is_last = response.next_page_token().empty() || response.flows_size() == 0;
    if (is_last || flows.flows.size() >= kMaxFlows) break;
    request.set_page_token(response.next_page_token());
  }
  flows_are_told_ = flows.kind == Flows::Kind::kTold;
  const std::lock_guard lock(mutex_);
  news_.flows = std::move(flows);
  ++news_.looks;
}

TopReply TopFeed::Answer(const TopRequest& request) {
  if (const auto* explain = std::get_if<TopExplain>(&request)) return Explain(*explain);
  if (const auto* rule = std::get_if<TopPutRule>(&request)) return PutRule(*rule);
  return Cut(std::get<TopCut>(request));
}

TopReply TopFeed::Explain(const TopExplain& question) {
  TopReply reply;
  reply.row = question.row;
  const grpc::Status status = Call<v1::ExplainRequest, v1::ExplainResponse>(
      &v1::Procwall::Stub::Explain, question.request, reply.explanation);
  reply.kind = status.ok() ? TopReply::Kind::kExplained : TopReply::Kind::kNotExplained;
  if (!status.ok()) reply.what = client_.ErrorOf(status).what;
  return reply;
}

// A name that is taken gets "-2" and so on, as answers do.
TopReply TopFeed::PutRule(const TopPutRule& question) {
  v1::PutRuleRequest request;
  grpc::Status status;
  for (int i = 1; i <= kMostNames; ++i) {
    *request.mutable_rule() = question.rule;
    if (i > 1) request.mutable_rule()->set_name(fmt::format("{}-{}", question.rule.name(), i));
    v1::PutRuleResponse response;
    status = Call<v1::PutRuleRequest, v1::PutRuleResponse>(&v1::Procwall::Stub::PutRule, request,
                                                           response);
    if (status.error_code() != grpc::StatusCode::ALREADY_EXISTS) break;
  }
  TopReply reply;
  reply.kind = status.ok() ? TopReply::Kind::kDone : TopReply::Kind::kFailed;
  reply.what = status.ok() ? fmt::format("in force: {} {} \"{}\"", request.rule().action(),
                                         request.rule().duration(), request.rule().name())
                           : "no rule was made: " + client_.ErrorOf(status).what;
  return reply;
}

TopReply TopFeed::Cut(const TopCut& question) {
  std::size_t cut = 0;
  std::string failed;
  for (const v1::FlowFilter& flow : question.flows) {
    v1::CutFlowsRequest request;
    *request.mutable_filter() = flow;
    v1::CutFlowsResponse response;
    const grpc::Status status = Call<v1::CutFlowsRequest, v1::CutFlowsResponse>(
        &v1::Procwall::Stub::CutFlows, request, response);
    cut += static_cast<std::size_t>(response.cut_size());
    if (response.failed_size() > 0) failed = response.failed(0);
    if (status.ok()) continue;
    failed = client_.ErrorOf(status).what;
    break;
  }
  TopReply reply;
  reply.kind = failed.empty() ? TopReply::Kind::kDone : TopReply::Kind::kFailed;
  reply.what = fmt::format("{} of {} connections cut", cut, question.flows.size());
  if (!failed.empty()) reply.what += ": " + failed;
  return reply;
}

}  // namespace procwall
