// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/opensnitch_session.h"

#include <algorithm>
#include <utility>
#include <variant>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "daemon/opensnitch_dialect.h"
#include "daemon/opensnitch_rule.h"

namespace procwall {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kProbeTime = std::chrono::seconds(5);
constexpr milliseconds kSubscribeTime = std::chrono::seconds(10);
constexpr milliseconds kPingTime = std::chrono::seconds(5);
constexpr milliseconds kAlertTime = std::chrono::seconds(5);
constexpr milliseconds kPingEvery = std::chrono::seconds(1);
constexpr int kMostFailedPings = 3;

}  // namespace

OpensnitchSession::OpensnitchSession(const Parts& parts)
    : parts_(parts), dialect_(parts.dialect), next_ping_(parts.clock.Now() + kPingEvery) {
  if (dialect_) {
    Subscribe();
  } else {
    opening_call_ = parts_.wire.Call(kGuiPostAlert, ProbeMessage(), kProbeTime);
  }
}

void OpensnitchSession::Work() {
  for (Arrival& arrival : parts_.wire.Take()) {
    if (HasEnded()) return;
    if (auto* call = std::get_if<CallEnded>(&arrival)) OnCall(std::move(*call));
    if (const auto* said = std::get_if<StreamSaid>(&arrival)) OnStream(*said);
    if (const auto* ended = std::get_if<StreamEnded>(&arrival)) {
      End(ended->ok ? std::string("the GUI ended the conversation")
                    : "the connection was lost: " + ended->reason);
    }
  }
  const BootTime now = parts_.clock.Now();
  if (now < next_ping_) return;
  next_ping_ = now + kPingEvery;
  if (IsOpen() && ping_call_ == 0) Ping();
}

void OpensnitchSession::OnCall(CallEnded ended) {
  if (ended.call == opening_call_) {
    opening_call_ = 0;
    return state_ == State::kProbing ? OnProbed(ended) : OnSubscribed(ended);
  }
  if (ended.call == ping_call_) return OnPinged(ended);
  const auto asked = questions_.extract(ended.call);
  if (!asked.empty()) parts_.host.OnAnswer(asked.mapped(), AnswerOf(ended));
}

void OpensnitchSession::OnProbed(const CallEnded& ended) {
  switch (ended.result) {
    case CallResult::kOk:
      dialect_ = GuiDialect::k16;
      return Subscribe();
    case CallResult::kNoSuchMethod:
      dialect_ = GuiDialect::k15;
      return Subscribe();
    case CallResult::kTimedOut:
    case CallResult::kFailed:
      return End("it does not answer: " + ended.reason);
  }
}

void OpensnitchSession::Subscribe() {
  state_ = State::kSubscribing;
  std::size_t left_out = 0;
  std::string node = NodeMessage(*dialect_, parts_.host.Node(), &left_out);
  if (left_out > 0) {
    spdlog::warn(
        "event=gui_rules_left_out rules={}, more than a message to the GUI can hold: it "
        "does not list them, they are in force all the same",
        left_out);
  }
  opening_call_ = parts_.wire.Call(kGuiSubscribe, std::move(node), kSubscribeTime);
}

void OpensnitchSession::OnSubscribed(const CallEnded& ended) {
  if (ended.result != CallResult::kOk) return End("it refused us: " + ended.reason);
  state_ = State::kOpen;
  parts_.wire.OpenStream(kGuiNotifications);
  Reply({});  // says hello
  next_ping_ = parts_.clock.Now();
}

void OpensnitchSession::Ping() {
  // Any number that changes.
  ping_call_ = parts_.wire.Call(
      kGuiPing, PingMessage(*dialect_, ++pings_, parts_.host.Statistics()), kPingTime);
}

void OpensnitchSession::OnPinged(const CallEnded& ended) {
  ping_call_ = 0;
  if (ended.result == CallResult::kOk) {
    failed_pings_ = 0;
    return parts_.host.OnDelivered();
  }
  if (++failed_pings_ >= kMostFailedPings) End("it takes no statistics: " + ended.reason);
}

void OpensnitchSession::OnStream(const StreamSaid& said) {
  auto notification = ParseNotification(*dialect_, said.message);
  if (!notification) return End("it sent what is no notification");
  if (notification->command == GuiCommand::kNone) return End("the GUI ended the conversation");
  parts_.host.OnNotification(*dialect_, *std::move(notification));
}

bool OpensnitchSession::Ask(std::uint64_t question, const GuiQuestion& about,
                            milliseconds time_limit) {
  if (!CanAsk()) return false;
  questions_.emplace(parts_.wire.Call(kGuiAskRule, QuestionMessage(*dialect_, about), time_limit),
                     question);
  return true;
}

void OpensnitchSession::Forget(std::uint64_t question) {
  const auto asked = std::find_if(questions_.begin(), questions_.end(),
                                  [&](const auto& entry) { return entry.second == question; });
  if (asked == questions_.end()) return;
  parts_.wire.Cancel(asked->first);
  questions_.erase(asked);
}

tl::expected<Rule, std::string> OpensnitchSession::AnswerOf(const CallEnded& ended) const {
  if (ended.result != CallResult::kOk) return tl::unexpected(ended.reason);
  const auto sent = ParseRuleMessage(*dialect_, ended.reply);
  if (!sent) return tl::unexpected<std::string>("the answer is no rule");
  auto rule = UsableRule(*sent, parts_.aliases);
  if (rule && !rule->enabled) return tl::unexpected<std::string>("the answer is a disabled rule");
  if (rule) return rule;
  // Perhaps we have taken it for the other kind.
  const auto other = *dialect_ == GuiDialect::k15 ? GuiDialect::k16 : GuiDialect::k15;
  const auto misread = ParseRuleMessage(other, ended.reply);
  if (!misread || !UsableRule(*misread, parts_.aliases)) return rule;
  return tl::unexpected(fmt::format(
      "it answers in the language of OpenSnitch {}, not {}: set Procwall.UiProtocol to \"{}\"",
      GuiDialectName(other), GuiDialectName(*dialect_), GuiDialectName(other)));
}

void OpensnitchSession::Reply(const GuiReply& reply) {
  if (!IsOpen()) return;
  if (!parts_.wire.Write(ReplyMessage(*dialect_, reply))) End("it does not read our replies");
}

void OpensnitchSession::Alert(const GuiAlert& alert) {
  if (!IsOpen() || *dialect_ == GuiDialect::k15) return;
  parts_.wire.Call(kGuiPostAlert, AlertMessage(alert), kAlertTime);
}

void OpensnitchSession::End(std::string why) {
  if (HasEnded()) return;
  state_ = State::kEnded;
  why_ended_ = std::move(why);
  for (const auto& [call, question] : std::exchange(questions_, {})) {
    parts_.host.OnAnswer(question, tl::unexpected("the GUI has gone: " + why_ended_));
  }
}

}  // namespace procwall
