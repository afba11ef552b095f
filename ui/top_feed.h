// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <grpcpp/grpcpp.h>

#include "base/wakeup.h"
#include "procwall/v1/procwall.grpc.pb.h"
#include "ui/daemon_client.h"
#include "ui/top_request.h"

namespace procwall {

// What `procwall top` hears from the daemon: decisions as they are made, all flows every interval,
// and what became of requests. Two threads of its own; when the daemon goes away they try again.
// Thread rule: one thread only. The client and `heard` must outlive it.
// Limits: kMaxEvents wait to be taken, later ones are counted as missed; kMaxFlows are read.
class TopFeed {
 public:
  static constexpr std::size_t kMaxEvents = 16384;
  static constexpr std::size_t kMaxFlows = 65536;
  static constexpr std::size_t kMaxRequests = 8;  // that wait; more are answered with kFailed

  TopFeed(DaemonClient& client, std::chrono::milliseconds interval, const Wakeup& heard);
  ~TopFeed();  // hangs up
  TopFeed(const TopFeed&) = delete;
  TopFeed& operator=(const TopFeed&) = delete;

  // What is known of flows: nothing yet, those of the last look, or why there are none.
  struct Flows {
    enum class Kind : std::uint8_t { kNotYet, kTold, kNotTold };
    Kind kind = Kind::kNotYet;
    std::vector<v1::Flow> flows{};
    bool counts_bytes = false;
    std::string why_not{};
  };
  struct News {
    std::vector<v1::Event> events{};
    std::uint64_t missed = 0;
    Flows flows{};            // kNotYet: nothing new
    std::uint64_t looks = 0;  // at the flows, since the beginning, whatever was found
    std::vector<TopReply> replies{};
    std::string problem{};  // the daemon is not there; empty: it is
  };
  News TakeAll();
  void Ask(TopRequest request);

 private:
  void Watch();
  void Work();
  // Sleeps so long; false: it is over.
  bool Rest(std::chrono::milliseconds time);
  bool Begin(std::unique_ptr<grpc::ClientContext>& place);
  void End(std::unique_ptr<grpc::ClientContext>& place);
  void OnWatched(const v1::WatchResponse& response);

  // A question with a deadline, ended early when all is.
  template <typename Request, typename Response>
  using Method = grpc::Status (v1::Procwall::Stub::*)(grpc::ClientContext*, const Request&,
                                                      Response*);
  template <typename Request, typename Response>
  grpc::Status Call(Method<Request, Response> method, const Request& request, Response& response);

  void Look();
  TopReply Answer(const TopRequest& request);
  TopReply Explain(const TopExplain& question);
  TopReply PutRule(const TopPutRule& question);
  TopReply Cut(const TopCut& question);

  DaemonClient& client_;
  v1::Procwall::Stub& stub_;
  const std::chrono::milliseconds interval_;
  const Wakeup& heard_;

  std::mutex mutex_;
  std::condition_variable changed_;
  // Guarded by mutex_:
  News news_;
  std::deque<TopRequest> requests_;
  std::unique_ptr<grpc::ClientContext> watching_;
  std::unique_ptr<grpc::ClientContext> calling_;
  bool ended_ = false;

  bool flows_are_told_ = true;  // of the worker: a daemon that cannot is asked rarely
  std::chrono::steady_clock::time_point next_look_{};  // likewise
  std::thread watcher_;                                // last: they use all of the above
  std::thread worker_;
};

}  // namespace procwall
