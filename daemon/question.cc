// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/question.h"

#include <algorithm>

#include <fmt/format.h>

namespace procwall {
namespace {

constexpr char kSeparator = '\0';  // no text of the kernel's has one

}  // namespace

const char* SettledHowName(SettledHow how) {
  switch (how) {
    case SettledHow::kAnswered:
      return "answered";
    case SettledHow::kTimedOut:
      return "timed-out";
    case SettledHow::kNobodyLeft:
      return "nobody-left";
    case SettledHow::kRules:
      return "rules";
    case SettledHow::kEnding:
      return "ending";
  }
  return "unknown";
}

std::string ProgramKeyOf(const Attribution& attribution) {
  std::vector<std::string> programs;
  for (const ProcessPtr& process : attribution.processes) {
    programs.push_back(RulePath(*process) + kSeparator + process->script + kSeparator +
                       process->container);
  }
  std::ranges::sort(programs);
  programs.erase(std::unique(programs.begin(), programs.end()), programs.end());
  std::string key;
  for (const std::string& program : programs) key += program + kSeparator;
  return key;
}

std::string QuestionKeyOf(const Connection& connection, std::string_view host,
                          const Attribution& attribution) {
  // What rules call the destination is the remote end of an outgoing packet, ours of any other.
  const Endpoint& to = connection.Destination();
  std::string key = ProgramKeyOf(attribution);
  key += host.empty() ? to.address.ToString() : std::string(host);
  const Uid packet_uid = connection.uid.value_or(static_cast<Uid>(-1));
  const Uid uid = attribution.processes.empty() ? packet_uid : attribution.processes.front()->uid;
  key += fmt::format("{0}{1}{0}{2}{0}{3}{0}{4}", kSeparator, to.port,
                     static_cast<int>(connection.protocol), uid,
                     static_cast<int>(connection.direction));
  return key;
}

}  // namespace procwall
