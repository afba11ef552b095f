// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/condition_index.h"

#include <gtest/gtest.h>

#include "rules/condition_compiler.h"
#include "tests/unit/rules/world.h"

namespace procwall {
namespace {

struct IndexedWorld {
  Process process = Curl();
  Connection connection = ToExample();
  std::vector<Condition> conditions;
  std::vector<ConditionIndex::Position> tried{};

  explicit IndexedWorld(const std::vector<Operator>& operators) {
    for (const Operator& op : operators) conditions.push_back(CompileCondition(op).value());
  }
  ConditionIndex::Position FindFirst() {
    std::vector<const Condition*> pointers;
    for (const Condition& condition : conditions) pointers.push_back(&condition);
    const Subject subject{&connection, &process, "example.net"};
    const Facts facts(subject);
    tried.clear();
    return ConditionIndex(pointers).FindFirst(facts, [&](ConditionIndex::Position position) {
      tried.push_back(position);
      return conditions[position].Matches(facts);
    });
  }
};

std::vector<Operator> Numbered(int count, auto make) {
  std::vector<Operator> operators;
  for (int i = 0; i < count; ++i) operators.push_back(make(i));
  return operators;
}

TEST(ConditionIndex, FindsTheFirstThatHolds) {
  IndexedWorld world({Is("dest.port", "1"), Is("dest.port", "443"), Is("dest.port", "443")});
  EXPECT_EQ(world.FindFirst(), 1U);
}

TEST(ConditionIndex, FindsNothingAmongNone) {
  EXPECT_EQ(IndexedWorld({}).FindFirst(), ConditionIndex::kNone);
  EXPECT_EQ(IndexedWorld({Is("dest.port", "1")}).FindFirst(), ConditionIndex::kNone);
}

TEST(ConditionIndex, TriesOnlyWhatCouldHold) {
  IndexedWorld world(
      Numbered(1000, [](int i) { return Is("process.path", "/bin/" + std::to_string(i)); }));
  world.process.path = "/bin/700";
  EXPECT_EQ(world.FindFirst(), 700U);
  EXPECT_EQ(world.tried, std::vector<ConditionIndex::Position>{700});
}

TEST(ConditionIndex, FindsPatternsByTheirRarestLetters) {
  IndexedWorld world(Numbered(1000, [](int i) {
    return Like("process.path", "^/opt/program-" + std::to_string(i) + "/bin/x$");
  }));
  world.process.path = "/opt/program-700/bin/x";
  EXPECT_EQ(world.FindFirst(), 700U);
  EXPECT_LT(world.tried.size(), 5U);
}

TEST(ConditionIndex, FilesOnceMoreWhatManyShare) {
  IndexedWorld world(Numbered(1024, [](int i) {
    return AllOf({Is("dest.port", std::to_string(i % 32)), Is("user.id", "1000"),
                  Is("source.port", std::to_string(i / 32))});
  }));
  world.connection.remote.port = 7;
  world.connection.local.port = 9;
  EXPECT_EQ(world.FindFirst(), 9U * 32 + 7);
  EXPECT_LT(world.tried.size(), 10U);
}

TEST(ConditionIndex, StopsAtTheFirstOfManyThatAllHold) {
  IndexedWorld world(Numbered(1000, [](int) { return Is("dest.port", "443"); }));
  EXPECT_EQ(world.FindFirst(), 0U);
  EXPECT_EQ(world.tried.size(), 1U);
}

TEST(ConditionIndex, AlwaysTriesWhatHasNoKey) {
  IndexedWorld world({Is("dest.port", "1"), Like("dest.host", "."), Is("dest.port", "443")});
  EXPECT_EQ(world.FindFirst(), 1U);
}

TEST(ConditionIndex, LooksNoFurtherThanAsked) {
  IndexedWorld world({Is("dest.port", "1"), Is("dest.port", "443")});
  const Subject subject{&world.connection, &world.process, ""};
  const std::vector<const Condition*> pointers{&world.conditions[0], &world.conditions[1]};
  const auto holds = [](ConditionIndex::Position) { return true; };
  EXPECT_EQ(ConditionIndex(pointers).FindFirst(Facts(subject), holds, 1), ConditionIndex::kNone);
  EXPECT_EQ(ConditionIndex(pointers).FindFirst(Facts(subject), holds, 2), 1U);
}

}  // namespace
}  // namespace procwall
