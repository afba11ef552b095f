// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/api_rules.h"

#include <functional>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "base/printable.h"
#include "daemon/api_refusal.h"
#include "daemon/event_message.h"
#include "daemon/rule_page.h"
#include "record/rule_message.h"
#include "rules/recorded_event.h"

namespace procwall {
namespace {

grpc::Status NoRuleNamed(const std::string& name) {
  return StatusOf(
      RuleRefusal{RuleRefusal::Kind::kNotFound, fmt::format("there is no rule \"{}\"", name)},
      name);
}

std::optional<v1::Rule> FindRule(const StatusSource& status, const std::string& name) {
  const v1::ListRulesResponse listing = status.ListRules();
  // Of one name, that which is kept in memory counts: it is listed last.
  for (auto rule = listing.rules().rbegin(); rule != listing.rules().rend(); ++rule) {
    if (rule->name() == name) return *rule;
  }
  return std::nullopt;
}

}  // namespace

grpc::Status ApiRules::List(const v1::ListRulesRequest& request,
                            v1::ListRulesResponse& response) const {
  const std::string& token = request.page_token();
  if (request.page_size() == 0) {
    if (!token.empty()) return InvalidRequest("a page_token needs the page_size of its page");
    response = status_.ListRules();
    return grpc::Status::OK;
  }
  auto page = PageOfRules(status_.ListRules(), request.page_size(), token);
  if (page) {
    response.Swap(&*page);
    return grpc::Status::OK;
  }
  if (page.error() == NoRulePage::kGone) {
    return Refusal(grpc::StatusCode::ABORTED,
                   "the last rule of the page before is gone: begin with the first page",
                   "RULES_CHANGED");
  }
  return Refusal(grpc::StatusCode::INVALID_ARGUMENT,
                 "this is no page_token: send next_page_token of the page before, as it came",
                 "INVALID", "field", "page_token");
}

grpc::Status ApiRules::Get(const v1::GetRuleRequest& request, v1::Rule& response) const {
  auto rule = FindRule(status_, request.name());
  if (!rule) return NoRuleNamed(Unprintable(request.name()));
  response = *std::move(rule);
  return grpc::Status::OK;
}

grpc::ServerUnaryReactor* ApiRules::Put(grpc::CallbackServerContext& context,
                                        const v1::PutRuleRequest& request,
                                        v1::PutRuleResponse& response) {
  auto rule = RuleOf(request.rule());
  if (!rule) {
    const PendingCallPtr call = calls_.Begin(context);
    call->Finish(StatusOf(RuleRefusal{RuleRefusal::Kind::kInvalid, rule.error()},
                          Unprintable(request.rule().name())));
    return call->Reactor();
  }
  const auto kind = request.replace() ? RuleChange::Kind::kPut : RuleChange::Kind::kPutNew;
  return Change(context, {.kind = kind, .rule = *std::move(rule), .done = {}},
                [&response] { return response.mutable_rule(); });
}

grpc::ServerUnaryReactor* ApiRules::Remove(grpc::CallbackServerContext& context,
                                           const v1::RemoveRuleRequest& request) {
  RuleChange change{.kind = RuleChange::Kind::kRemove, .rule = {}, .done = {}};
  change.rule.name = Unprintable(request.name());
  return Change(context, std::move(change), {});
}

grpc::ServerUnaryReactor* ApiRules::SetEnabled(grpc::CallbackServerContext& context,
                                               const v1::SetRuleEnabledRequest& request,
                                               v1::SetRuleEnabledResponse& response) {
  const auto kind = request.enabled() ? RuleChange::Kind::kEnable : RuleChange::Kind::kDisable;
  RuleChange change{.kind = kind, .rule = {}, .done = {}};
  change.rule.name = Unprintable(request.name());
  return Change(context, std::move(change), [&response] { return response.mutable_rule(); });
}

// Finish() may be called, and the context be gone, before this returns: the reactor is taken first.
grpc::ServerUnaryReactor* ApiRules::Change(grpc::CallbackServerContext& context, RuleChange change,
                                           std::function<v1::Rule*()> response) {
  const PendingCallPtr call = calls_.Begin(context);
  grpc::ServerUnaryReactor* const reactor = call->Reactor();
  if (changes_ == nullptr || under_way_->fetch_add(1) >= kMostChanges) {
    if (changes_ != nullptr) under_way_->fetch_sub(1);
    call->Finish(Overloaded("too many rules are being changed: try again"));
    return reactor;
  }
  change.done = [this, call, name = change.rule.name, response = std::move(response),
                 under_way = under_way_](const RuleChange::Outcome& outcome) {
    under_way->fetch_sub(1);
    if (!outcome) return call->Finish(StatusOf(outcome.error(), name));
    call->FinishWith([&] {
      if (response && outcome->rule != nullptr) *response() = InForce(*outcome->rule);
    });
  };
  if (!changes_->TryAsk(std::move(change))) {
    under_way_->fetch_sub(1);
    call->Finish(Overloaded("too many rules are being changed: try again"));
  }
  return reactor;
}

// With its file and what has been counted of it.
v1::Rule ApiRules::InForce(const Rule& rule) const {
  auto listed = FindRule(status_, Printable(rule.name));
  return listed ? *std::move(listed) : ToMessage(rule);
}

}  // namespace procwall
