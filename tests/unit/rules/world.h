// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "attribution/process.h"
#include "net/connection.h"
#include "rules/rule.h"
#include "rules/subject.h"

namespace procwall {

// The four-line worlds of the rule tests: curl of user 1000 asks example.net for a page, over TLS.
inline IpAddress Ip(std::string_view text) { return IpAddress::Parse(text).value(); }

inline Process Curl() {
  Process process;
  process.id = {4711, 1};
  process.uid = 1000;
  process.path = "/usr/bin/curl";
  process.args = {"curl", "-s", "https://example.net/"};
  return process;
}

inline Connection ToExample() {
  return {.protocol = IpProtocol::kTcp,
          .local = {Ip("192.0.2.7"), 40000},
          .remote = {Ip("203.0.113.9"), 443},
          .uid = 1000};
}

inline Operator Is(std::string operand, std::string data) {
  return {.type = "simple", .operand = std::move(operand), .data = std::move(data)};
}
inline Operator Like(std::string operand, std::string data) {
  return {.type = "regexp", .operand = std::move(operand), .data = std::move(data)};
}
inline Operator Within(std::string operand, std::string data) {
  return {.type = "network", .operand = std::move(operand), .data = std::move(data)};
}
inline Operator AllOf(std::vector<Operator> list) {
  return {.type = "list", .operand = "list", .list = std::move(list)};
}

inline std::shared_ptr<const Rule> MakeRule(std::string name, RuleAction action, Operator op) {
  return std::make_shared<const Rule>(
      Rule{.name = std::move(name), .enabled = true, .action = action, .op = std::move(op)});
}

}  // namespace procwall
