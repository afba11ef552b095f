// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/simple_operator.h"

#include <gtest/gtest.h>

#include "tests/unit/rules/world.h"

namespace procwall {
namespace {

class FakeAccounts final : public Accounts {
 public:
  std::optional<Uid> FindUser(const std::string& name) const override {
    return name == "alice" ? std::optional<Uid>(1000) : std::nullopt;
  }
  std::optional<std::vector<Uid>> FindGroup(const std::string& name) const override {
    if (name == "staff") return std::vector<Uid>{7, 1000};
    if (name == "empty") return std::vector<Uid>{};
    return std::nullopt;
  }
};

struct WorldWithAccounts {
  Process process = Curl();
  Connection connection = ToExample();
  Subject subject{&connection, &process, "www.example.net"};
  References references{{}, std::make_shared<const FakeAccounts>()};

  bool Holds(const Operator& op) const {
    return CompileCondition(op, references).value().Matches(Facts(subject));
  }
  std::string ErrorOf(const Operator& op) const {
    const auto compiled = CompileCondition(op, references);
    return compiled ? "it compiled" : compiled.error().reason;
  }
};

TEST(SimpleOperator, LooksUsersUp) {
  const WorldWithAccounts world;
  EXPECT_TRUE(world.Holds(Is("user.name", "alice")));
  EXPECT_TRUE(world.Holds(Is("user.name", "1000")));
  EXPECT_FALSE(world.Holds(Is("user.name", "0")));
  EXPECT_EQ(world.ErrorOf(Is("user.name", "mallory")), "there is no user \"mallory\"");
}

TEST(SimpleOperator, ComparesPidsAndUidsAsNumbers) {
  const WorldWithAccounts world;
  EXPECT_TRUE(world.Holds(Is("user.id", "01000")));
  EXPECT_TRUE(world.Holds(Is("process.id", " 4711 ")));
  EXPECT_TRUE(world.Holds(Is("source.port", "040000")));
}

TEST(SimpleOperator, TakesANumberWithZerosInFrontForTheNameOfAUser) {
  EXPECT_EQ(WorldWithAccounts().ErrorOf(Is("user.name", "01000")), "there is no user \"01000\"");
}

TEST(SimpleOperator, LooksGroupsUp) {
  const WorldWithAccounts world;
  EXPECT_TRUE(world.Holds(Is("user.group", "staff")));
  EXPECT_FALSE(world.Holds(Is("user.group", "empty")));
  EXPECT_EQ(world.ErrorOf(Is("user.group", "none")), "there is no group \"none\"");
}

TEST(SimpleOperator, ComparesHashesWhateverTheirCaseAndNeverAMissingOne) {
  WorldWithAccounts world;
  const std::string md5 = "0123456789ABCDEF0123456789ABCDEF";
  Operator op = Is("process.hash.md5", md5);
  op.sensitive = true;
  EXPECT_FALSE(world.Holds(op));
  EXPECT_FALSE(world.Holds(Like("process.hash.md5", ".*")));
  const Hashes hashes{"0123456789abcdef0123456789abcdef", "", ""};
  world.subject.hashes = &hashes;
  EXPECT_TRUE(world.Holds(op));
  EXPECT_FALSE(world.Holds(Is("process.hash.sha1", "")));
}

TEST(SimpleOperator, NotesWhatIsNoHash) {
  std::vector<std::string> notes;
  EXPECT_TRUE(CompileCondition(Is("process.hash.sha256", "12"), {}, &notes).has_value());
  EXPECT_EQ(notes,
            std::vector<std::string>{
                R"(process.hash.sha256 "12" is not a hash of 64 digits: this never matches)"});
}

TEST(SimpleOperator, MatchesDomainsOnTheirLabels) {
  const WorldWithAccounts world;
  EXPECT_TRUE(world.Holds(Is("dest.domain", "example.net")));
  EXPECT_FALSE(world.Holds(Is("dest.domain", "ample.net")));
  EXPECT_EQ(world.ErrorOf(Is("dest.domain", "*.")), "the domain is missing");
}

TEST(SimpleOperator, ReadsVariablesByTheirName) {
  WorldWithAccounts world;
  EXPECT_FALSE(world.Holds(Is("process.env.HOME", "")));
  const Environment environment{.variables = {"HOME=/root"}};
  world.subject.environment = &environment;
  EXPECT_TRUE(world.Holds(Is("process.env.HOME ", "/root")));
  EXPECT_TRUE(world.Holds(Is("process.env.home", "")));
}

TEST(SimpleOperator, KeepsTimes) {
  WorldWithAccounts world;
  EXPECT_FALSE(world.Holds(Is("time", "00:00-24:00")));  // what time is it?
  world.subject.now = WallTime(std::chrono::hours(500000));
  EXPECT_TRUE(world.Holds(Is("time", "00:00-24:00")));
}

TEST(SimpleOperator, ReadsWhatElseIsOurs) {
  WorldWithAccounts world;
  world.process.unit = "cups.service";
  world.subject.confidence = Confidence::kLikely;
  EXPECT_TRUE(world.Holds(Is("process.unit", "cups.service")));
  EXPECT_TRUE(world.Holds(Is("process.container", "")));
  EXPECT_TRUE(world.Holds(Is("process.name", "curl")));
  EXPECT_TRUE(world.Holds(Is("attribution.confidence", "likely")));
  EXPECT_TRUE(world.Holds(Is("direction", "outgoing")));
  EXPECT_FALSE(world.Holds(Is("network.profile", "")));
}

}  // namespace
}  // namespace procwall
