// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/condition.h"

#include <gtest/gtest.h>

#include "rules/condition_compiler.h"
#include "tests/unit/rules/world.h"

namespace procwall {
namespace {

struct World {
  Process process = Curl();
  Connection connection = ToExample();
  std::string host = "example.net";
  bool process_known = true;

  bool Holds(const Operator& op) const {
    const Subject subject{&connection, process_known ? &process : nullptr, host};
    return CompileCondition(op).value().Matches(Facts(subject));
  }
};

TEST(Condition, ReadsEveryOperand) {
  const World world;
  for (const Operator& op :
       {Is("true", ""), Is("process.path", "/usr/bin/curl"),
        Is("process.command", "curl -s https://example.net/"), Is("process.id", "4711"),
        Is("user.id", "1000"), Is("source.ip", "192.0.2.7"), Is("source.port", "40000"),
        Is("dest.ip", "203.0.113.9"), Is("dest.host", "example.net"), Is("dest.port", "443"),
        Is("protocol", "tcp"), Within("source.network", "192.0.2.0/24"),
        Within("dest.network", "203.0.113.0/24")}) {
    EXPECT_TRUE(world.Holds(op)) << op.operand;
  }
  for (const Operator& op :
       {Is("process.path", "/usr/bin/wget"), Is("process.command", "curl"), Is("process.id", "471"),
        Is("user.id", "0"), Is("source.ip", "192.0.2.8"), Is("source.port", "443"),
        Is("dest.ip", "203.0.113.90"), Is("dest.host", "example.ne"), Is("dest.port", "44"),
        Is("protocol", "tcp6"), Within("source.network", "192.0.3.0/24"),
        Within("dest.network", "203.0.114.0/24")}) {
    EXPECT_FALSE(world.Holds(op)) << op.operand;
  }
}

TEST(Condition, OfTypeRegexpReadsNumbersAndAddressesAsText) {
  const World world;
  EXPECT_TRUE(world.Holds(Like("dest.port", "^(53|80|443)$")));
  EXPECT_FALSE(world.Holds(Like("dest.port", "^44$")));
  EXPECT_TRUE(world.Holds(Like("dest.ip", R"(^203\.0\.)")));
  EXPECT_TRUE(world.Holds(Like("source.ip", R"(\.7$)")));
  EXPECT_TRUE(world.Holds(Like("protocol", "^TCP")));
}

TEST(Condition, IgnoresCaseUnlessSensitive) {
  World world;
  world.host = "Example.NET";
  EXPECT_TRUE(world.Holds(Is("dest.host", "eXample.net")));
  Operator op = Is("dest.host", "example.net");
  op.sensitive = true;
  EXPECT_FALSE(world.Holds(op));
  op = Like("dest.host", "^EXAMPLE");
  EXPECT_TRUE(world.Holds(op));
  op.sensitive = true;
  EXPECT_FALSE(world.Holds(op));
}

TEST(Condition, IgnoresOnlyTheCaseOfLetters) {
  World world;
  world.process.path = "/opt/a@b[c";
  EXPECT_FALSE(world.Holds(Is("process.path", "/opt/a`b{c")));
}

TEST(Condition, IgnoresCaseBeyondAscii) {
  World world;
  world.process.path = "/opt/GR\u00dcN";
  EXPECT_TRUE(world.Holds(Is("process.path", "/opt/gr\u00fcn")));
}

TEST(Condition, ComparesAddressesNotTheirSpelling) {
  World world;
  world.connection.remote.address = Ip("2001:db8::1");
  EXPECT_TRUE(world.Holds(Is("dest.ip", "2001:0DB8:0:0::0001")));
}

TEST(Condition, OfAnUnknownProgramSeesAnEmptyPath) {
  World world;
  world.process_known = false;
  EXPECT_TRUE(world.Holds(Like("process.path", ".*")));
  EXPECT_TRUE(world.Holds(Is("process.path", "")));
  EXPECT_TRUE(world.Holds(Is("process.id", "0")));
  EXPECT_FALSE(world.Holds(Like("process.path", ".+")));
  EXPECT_FALSE(world.Holds(Is("process.path", "/usr/bin/curl")));
}

TEST(Condition, OfAnUnknownUserSeesMinusOne) {
  World world;
  world.process_known = false;
  world.connection.uid.reset();
  EXPECT_TRUE(world.Holds(Is("user.id", "-1")));
  EXPECT_FALSE(world.Holds(Is("user.id", "0")));
}

TEST(Condition, OfAnUnknownHostSeesAnEmptyName) {
  World world;
  world.host = "";
  EXPECT_TRUE(world.Holds(Like("dest.host", "^$")));
  EXPECT_TRUE(world.Holds(Is("dest.host", "")));
  EXPECT_FALSE(world.Holds(Like("dest.host", R"(^(|.*\.)example\.net$)")));
}

TEST(Condition, OfTypeListHoldsWhenAllOfItDoes) {
  const World world;
  const Operator yes = Is("dest.port", "443");
  const Operator no = Is("dest.port", "80");
  EXPECT_TRUE(world.Holds(AllOf({yes, Like("process.path", "curl$"), yes})));
  EXPECT_FALSE(world.Holds(AllOf({yes, no, yes})));
  EXPECT_TRUE(world.Holds(AllOf({yes, AllOf({yes, AllOf({yes})})})));
  EXPECT_FALSE(world.Holds(AllOf({yes, AllOf({yes, AllOf({no})})})));
}

TEST(Condition, NeedsWhatItsListNeeds) {
  const auto condition =
      CompileCondition(AllOf({Is("dest.port", "1"), Is("dest.host", "a"),
                              AllOf({Is("process.path", "/a"), Is("process.env.HOME", "")})}));
  EXPECT_EQ(condition->Needs(),
            (FactsNeeded{.process = true, .host = true, .environment = {"HOME"}}));
}

TEST(Condition, OnAncestorsHoldsForAnyOfThem) {
  World world;
  world.process.ancestors = {{1, "/bin/bash"}, {2, "/sbin/init"}};
  EXPECT_TRUE(world.Holds(Is("process.parent.path", "/sbin/init")));
  EXPECT_TRUE(world.Holds(Like("process.parent.path", "^/bin/")));
  EXPECT_FALSE(world.Holds(Is("process.parent.path", "/usr/bin/curl")));
  world.process.ancestors = {};
  EXPECT_FALSE(world.Holds(Like("process.parent.path", ".*")));
}

TEST(Condition, ThatNeverHoldsCannotBeFound) {
  std::vector<KeyAlternatives> ways;
  CompileCondition(Is("dest.port", "x"))->AddKeys(ways);
  EXPECT_EQ(ways, std::vector<KeyAlternatives>(1));
}

}  // namespace
}  // namespace procwall
