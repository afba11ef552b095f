// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/answered_flows.h"

#include <fmt/format.h>

#include "daemon/question.h"

namespace procwall {
namespace {

std::string KeyOf(const Walk& walk) {
  const Connection& connection = walk.connection;
  return ProgramKeyOf(walk.attribution) + fmt::format("{} {} {}",
                                                      static_cast<int>(connection.protocol),
                                                      connection.local, connection.remote);
}

}  // namespace

void AnsweredFlows::Remember(const Walk& walk, const Judgement& judged) {
  std::string key = KeyOf(walk);
  // Its first answer stays, and so does the time it ends.
  if (!flows_.emplace(key, judged).second) return;
  ends_.emplace_back(clock_.Now() + kLifetime, std::move(key));
  if (flows_.size() > kMaxFlows) {
    flows_.erase(ends_.front().second);
    ends_.pop_front();
  }
}

std::optional<Judgement> AnsweredFlows::Find(const Walk& walk) {
  ForgetOld();
  if (flows_.empty()) return std::nullopt;
  const auto found = flows_.find(KeyOf(walk));
  return found == flows_.end() ? std::nullopt : std::optional(found->second);
}

void AnsweredFlows::ForgetOld() {
  const BootTime now = clock_.Now();
  while (!ends_.empty() && ends_.front().first <= now) {
    flows_.erase(ends_.front().second);
    ends_.pop_front();
  }
}

}  // namespace procwall
