// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <set>
#include <string>

#include <grpcpp/grpcpp.h>

#include "daemon/event_log.h"
#include "daemon/question_desk.h"
#include "procwall/v1/procwall.pb.h"

namespace procwall {

class QuestionReactor;

// All Questions calls that are open now. Thread rule: all methods from any thread.
class QuestionCalls {
 public:
  // Ends every call; later ones are refused.
  void Close();

 private:
  friend class QuestionReactor;
  bool Join(QuestionReactor* reactor);  // false: closing
  void Leave(QuestionReactor* reactor);

  std::mutex mutex_;
  std::set<QuestionReactor*> reactors_;
  bool closed_ = false;
};

// The asker that one call is. Outlives its call as long as the desk still holds it, and says
// nothing any more then.
class CallingAsker final : public Asker {
 public:
  // `events`: what is remembered of the program that is asked about; must outlive it.
  CallingAsker(QuestionReactor& reactor, const EventLog& events, std::string name)
      : name_(std::move(name)), events_(events), reactor_(&reactor) {}

  std::string Name() const override { return name_; }
  void Ask(const QuestionPtr& question) override;
  void Changed(const QuestionPtr& question) override;
  void Claimed(QuestionId id, const std::string& by) override;
  void Settled(QuestionId id, const Settlement& settlement) override;
  void HangUp();  // its call ends

 private:
  void Say(const v1::QuestionsResponse& response);

  const std::string name_;
  const EventLog& events_;
  std::mutex mutex_;
  QuestionReactor* reactor_;  // null: the call is over
};

// One Questions call: puts the desk's questions to its client as fast as that reads, and hands its
// answers over. One that reads too slowly is sent away. Deletes itself when gRPC is done with it.
class QuestionReactor final
    : public grpc::ServerBidiReactor<v1::QuestionsRequest, v1::QuestionsResponse> {
 public:
  static constexpr std::size_t kMaxUnread = 2 * QuestionDesk::kMaxOpen;
  static constexpr std::size_t kMaxNameBytes = 64;

  // `user`: who calls, for people; empty: not known.
  QuestionReactor(QuestionDesk& desk, const EventLog& events, QuestionCalls& calls,
                  std::string user);

  void Say(v1::QuestionsResponse response);
  void End(const grpc::Status& status);

  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

 private:
  grpc::Status Handle(const v1::QuestionsRequest& request);
  grpc::Status Welcome(const v1::QuestionsHello& hello);
  void Answer(const v1::AnswerQuestion& message);

  QuestionDesk& desk_;
  const EventLog& events_;
  QuestionCalls& calls_;
  const std::string user_;
  v1::QuestionsRequest request_;         // of the one read that is under way
  std::shared_ptr<CallingAsker> asker_;  // set by the first request, by the reading thread alone

  std::mutex mutex_;
  // State below is protected by mutex_.
  std::deque<v1::QuestionsResponse> unread_;  // the first one is being written
  bool ended_ = false;
};

}  // namespace procwall
