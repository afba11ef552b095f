// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include <tl/expected.hpp>

#include "base/clock.h"
#include "daemon/opensnitch_message.h"
#include "daemon/opensnitch_wire.h"
#include "rules/network_aliases.h"
#include "rules/rule.h"

namespace procwall {

// What a session needs of the daemon, and tells it. Called on the session's thread.
class GuiHost {
 public:
  GuiHost() = default;
  GuiHost(const GuiHost&) = delete;
  GuiHost& operator=(const GuiHost&) = delete;
  virtual ~GuiHost() = default;

  virtual GuiNode Node() = 0;
  virtual GuiStatistics Statistics() = 0;
  // The GUI has the last Statistics().
  virtual void OnDelivered() = 0;
  // Answers with OpensnitchSession::Reply(), now or later.
  virtual void OnNotification(GuiDialect dialect, GuiNotification notification) = 0;
  // The rule that answers that question; else why there is no answer.
  virtual void OnAnswer(std::uint64_t question, tl::expected<Rule, std::string> answer) = 0;
};

// One conversation with an OpenSnitch GUI, from the first call to the end of either side: finds out
// its dialect, subscribes, sends statistics each second, passes on what it wants, asks it. When it
// has ended it stays so: the next one needs a new connection. Thread rule: one thread only. The
// parts must outlive it.
class OpensnitchSession {
 public:
  // How many questions wait in the GUI at a time: each takes one of its threads, of which it has
  // few, and it shows one after the other anyway.
  static constexpr std::size_t kMostQuestions = 3;

  struct Parts {
    GuiWire& wire;
    GuiHost& host;
    const Clock& clock;
    std::optional<GuiDialect> dialect{};  // empty: to be found out
    NetworkAliases aliases{};             // what its answers may name networks by
  };
  explicit OpensnitchSession(const Parts& parts);

  // Something may have arrived, or a second has passed.
  void Work();
  // When to Work() again at the latest.
  BootTime NextTime() const { return next_ping_; }

  // False: it cannot be asked now, or too many are waiting.
  bool Ask(std::uint64_t question, const GuiQuestion& about, std::chrono::milliseconds time_limit);
  // Nobody waits for the answer any more; the GUI goes on showing it.
  void Forget(std::uint64_t question);
  bool CanAsk() const { return IsOpen() && questions_.size() < kMostQuestions; }

  void Reply(const GuiReply& reply);
  void Alert(const GuiAlert& alert);

  bool IsOpen() const { return state_ == State::kOpen; }
  bool HasEnded() const { return state_ == State::kEnded; }
  const std::string& WhyEnded() const { return why_ended_; }
  // Known once it has been found out.
  std::optional<GuiDialect> Dialect() const { return dialect_; }

 private:
  enum class State : std::uint8_t { kProbing, kSubscribing, kOpen, kEnded };

  void Subscribe();
  void OnCall(CallEnded ended);
  void OnProbed(const CallEnded& ended);
  void OnSubscribed(const CallEnded& ended);
  void OnPinged(const CallEnded& ended);
  void OnStream(const StreamSaid& said);
  tl::expected<Rule, std::string> AnswerOf(const CallEnded& ended) const;
  void Ping();
  void End(std::string why);

  Parts parts_;
  State state_ = State::kProbing;
  std::optional<GuiDialect> dialect_;
  std::uint64_t opening_call_ = 0;  // the probe, then the subscription
  std::uint64_t ping_call_ = 0;     // 0: none is under way
  int failed_pings_ = 0;            // in a row
  std::uint64_t pings_ = 0;
  BootTime next_ping_;
  std::map<std::uint64_t, std::uint64_t> questions_;  // by the number of the call
  std::string why_ended_;
};

}  // namespace procwall
