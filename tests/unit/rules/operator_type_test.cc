// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/operator_type.h"

#include <gtest/gtest.h>

#include "tests/unit/rules/world.h"

namespace procwall {
namespace {

Operator Of(std::string type, std::string operand, std::string data) {
  return {.type = std::move(type), .operand = std::move(operand), .data = std::move(data)};
}
std::string ErrorOf(const Operator& op) {
  const auto compiled = CompileCondition(op);
  return compiled ? "it compiled" : compiled.error().reason;
}
bool Holds(const Operator& op) {
  const Process process = Curl();
  const Connection connection = ToExample();
  const Subject subject{&connection, &process, "www.example.net"};
  return CompileCondition(op).value().Matches(Facts(subject));
}

TEST(OperatorTypeRange, IncludesBothEnds) {
  EXPECT_TRUE(Holds(Of("range", "dest.port", "443-443")));
  EXPECT_TRUE(Holds(Of("range", "dest.port", " 1 - 443 ")));
  EXPECT_TRUE(Holds(Of("range", "user.id", "1000-65535")));
  EXPECT_FALSE(Holds(Of("range", "dest.port", "444-65535")));
}

TEST(OperatorTypeRange, RefusesWhatIsNoRange) {
  for (const char* data : {"", "1", "1-", "-1", "2-1", "a-b", "1-2-3", "0x1-2", "1-99999999999"}) {
    EXPECT_EQ(ErrorOf(Of("range", "dest.port", data)),
              "\"" + std::string(data) + "\" is not a range like 1024-65535");
  }
  EXPECT_EQ(ErrorOf(Of("range", "process.path", "1-2")),
            "type range makes no sense for process.path");
}

TEST(OperatorTypeNetwork, TakesTheNameOfNetworks) {
  EXPECT_FALSE(Holds(Of("network", "dest.network", "LAN")));
  References references;
  std::vector<std::string> notes;
  references.aliases = *NetworkAliases::Parse(R"({"DOCS": ["203.0.113.0/24"]})", notes);
  EXPECT_TRUE(CompileCondition(Of("network", "dest.network", "DOCS"), references).has_value());
  EXPECT_FALSE(CompileCondition(Of("network", "dest.network", "LAN"), references).has_value());
}

TEST(OperatorTypeGlob, MatchesAWholePath) {
  EXPECT_TRUE(Holds(Of("glob", "process.path", "/usr/*/curl")));
  EXPECT_TRUE(Holds(Of("glob", "process.path", "/USR/**")));
  EXPECT_FALSE(Holds(Of("glob", "process.path", "/usr/*")));
  EXPECT_EQ(ErrorOf(Of("glob", "dest.port", "4*")), "type glob makes no sense for dest.port");
}

TEST(OperatorTypeDirectory, MatchesWhatIsBelow) {
  EXPECT_TRUE(Holds(Of("directory", "process.path", "/usr")));
  EXPECT_FALSE(Holds(Of("directory", "process.path", "/usr/bi")));
  EXPECT_EQ(ErrorOf(Of("directory", "process.path", "usr")), "a directory begins with a slash");
  EXPECT_EQ(ErrorOf(Of("directory", "dest.host", "/usr")),
            "type directory makes no sense for dest.host");
}

TEST(OperatorTypeRegexp, RefusesWhatHasNoText) {
  EXPECT_EQ(ErrorOf(Like("user.name", "root")), "type regexp makes no sense for user.name");
  EXPECT_EQ(ErrorOf(Like("time", "08")), "type regexp makes no sense for time");
  EXPECT_TRUE(Holds(Like("true", "")));
}

TEST(OperatorTypeRegexp, ReadsADomainAsAName) {
  EXPECT_TRUE(Holds(Like("dest.domain", "^www\\.")));
}

}  // namespace
}  // namespace procwall
