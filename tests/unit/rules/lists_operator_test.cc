// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/lists_operator.h"

#include <gtest/gtest.h>

#include "rules/rule_set.h"
#include "tests/unit/rules/temporary_directory.h"
#include "tests/unit/rules/world.h"

namespace procwall {
namespace {

Operator InList(std::string operand, std::string directory) {
  return {.type = "lists", .operand = std::move(operand), .data = std::move(directory)};
}

struct WorldWithLists {
  TemporaryDirectory directory;
  References references{};
  WorldWithLists() { references.lists = std::make_shared<ListStore>(1000); }

  bool Denies(const Operator& op) const {
    std::vector<RuleError> errors;
    const auto set = RuleSet::Compile({MakeRule("r", RuleAction::kDeny, op)}, &errors, references);
    EXPECT_TRUE(errors.empty());
    const Connection connection = ToExample();
    const Process process = Curl();
    return set.Decide({&connection, &process, "example.net"}).IsDecided();
  }
  std::vector<std::string> Notes(const Operator& op) const {
    std::vector<std::string> notes;
    EXPECT_TRUE(CompileCondition(op, references, &notes));
    return notes;
  }
};

TEST(CompileLists, MatchesWhatIsInTheListOfTheDirectory) {
  const WorldWithLists world;
  world.directory.Write("a.txt", "0.0.0.0 example.net\n");
  EXPECT_TRUE(world.Denies(InList("lists.domains", world.directory.Path())));
  world.directory.Write("a.txt", "203.0.113.0/24\n");
  EXPECT_TRUE(world.Denies(InList("lists.ips", world.directory.Path())));
  EXPECT_TRUE(world.Denies(InList("lists.nets", world.directory.Path())));
  EXPECT_TRUE(world.Denies(
      AllOf({Is("process.path", "/usr/bin/curl"), InList("lists.nets", world.directory.Path())})));
  EXPECT_FALSE(world.Denies(
      AllOf({Is("process.path", "/usr/bin/wget"), InList("lists.nets", world.directory.Path())})));
}

TEST(CompileLists, MindsLetterCaseOfPatternsOnlyWhenSensitive) {
  const WorldWithLists world;
  world.directory.Write("a.txt", "EXAMPLE\n");
  Operator op = InList("lists.domains_regexp", world.directory.Path());
  EXPECT_TRUE(world.Denies(op));
  op.sensitive = true;
  EXPECT_FALSE(world.Denies(op));
}

TEST(CompileLists, NeverMatchesAndSaysSoWhenTheListIsMissingOrEmpty) {
  const WorldWithLists world;
  const std::string path = world.directory.Path();
  EXPECT_FALSE(world.Denies(InList("lists.domains", path)));
  EXPECT_EQ(world.Notes(InList("lists.domains", path)),
            (std::vector<std::string>{"list " + path + " is empty: this never matches"}));
  EXPECT_FALSE(world.Denies(InList("lists.domains", path + "/none")));
  EXPECT_EQ(world.Notes(InList("lists.domains", path + "/none")).size(), 2U);
}

TEST(CompileLists, TellsOfBadLines) {
  const WorldWithLists world;
  world.directory.Write("a.txt", "a.example\n?\n");
  EXPECT_EQ(world.Notes(InList("lists.domains", world.directory.Path())),
            (std::vector{"list " + world.directory.Path() +
                         ": bad lines are passed over: 1, the first is " +
                         world.directory.Path("a.txt") + ":2: not a domain name"}));
}

TEST(CompileLists, RefusesWhatIsNoListAndWhatIsNoPath) {
  EXPECT_EQ(CompileCondition(InList("dest.host", "/x")).error().reason,
            "type lists makes no sense for dest.host");
  EXPECT_EQ(CompileCondition(InList("lists.domains", "ads")).error().reason,
            "a list is a directory, whose path begins with a slash");
}

}  // namespace
}  // namespace procwall
