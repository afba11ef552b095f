// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/rule_store.h"

#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <memory>
#include <thread>

#include <gtest/gtest.h>

#include "base/guarded.h"
#include "rules/rule_file.h"
#include "rules/rule_set.h"
#include "tests/support/fake_clock.h"
#include "tests/unit/rules/temporary_directory.h"
#include "tests/unit/rules/world.h"

namespace procwall {
namespace {

// A rules directory inside one that is only ours, so that it can be replaced too.
struct RulesFolder {
  TemporaryDirectory top;
  std::string path = top.Path("rules");
  FakeClock clock;
  RuleStore store{path, clock};

  RulesFolder() {
    std::filesystem::create_directory(path);
    EXPECT_TRUE(store.Watch());
    EXPECT_TRUE(store.Load());
  }
  void Write(const std::string& name, std::string_view text) const {
    top.Write("rules/" + name, text);
  }
  // "name=data" of each rule in force.
  std::string InForce() const {
    std::string text;
    for (const auto& rule : store.Rules()) text += rule->name + "=" + rule->op.data + " ";
    return text;
  }
  std::string Reasons() const {
    std::string text;
    for (const RuleError& error : store.Errors()) {
      text += std::filesystem::path(error.file).filename().string() + ": " + error.reason + "\n";
    }
    return text;
  }
};

TEST(RuleStoreLoad, ReadsRuleFilesInLexicalOrderAndNothingElse) {
  RulesFolder world;
  world.Write("b.json", AllowText("x", "/b"));
  world.Write("a.json", AllowText("y", "/a"));
  for (const char* name : {".hidden.json", "a.json~", ".a.json.swp", "notes.txt", "json"}) {
    world.Write(name, "not a rule");
  }
  std::filesystem::create_directory(world.path + "/deeper");
  world.Write("deeper/c.json", AllowText("z", "/c"));
  ASSERT_TRUE(world.store.Load());
  EXPECT_EQ(world.InForce(), "y=/a x=/b ");
  EXPECT_EQ(world.Reasons(), "");
}

TEST(RuleStoreLoad, SaysThatTheDirectoryIsMissingAndKeepsTheRules) {
  RulesFolder world;
  world.Write("a.json", AllowText("a", "/a"));
  ASSERT_TRUE(world.store.Load());
  std::filesystem::rename(world.path, world.path + ".old");
  EXPECT_EQ(world.store.Load().error().code, Errc::kNotFound);
  EXPECT_EQ(world.InForce(), "a=/a ");
}

TEST(RuleStoreLoad, RefusesWhatIsNoRegularFileWithoutHanging) {
  RulesFolder world;
  ASSERT_EQ(::mkfifo((world.path + "/fifo.json").c_str(), 0600), 0);
  std::filesystem::create_directory(world.path + "/folder.json");
  std::filesystem::create_symlink("nowhere", world.path + "/link.json");
  world.Write("large.json", std::string(kMaxRuleFileBytes + 1, ' '));
  ASSERT_TRUE(world.store.Load());
  EXPECT_EQ(world.Reasons(),
            "fifo.json: not a regular file\n"
            "folder.json: not a regular file\n"
            "large.json: larger than the 1048576 bytes it may have\n"
            "link.json: a symbolic link to a file that is not there\n");
}

TEST(RuleStoreLoad, RefusesLinksInACircleAndKeepsWhatWasGood) {
  RulesFolder world;
  world.Write("a.json", AllowText("a", "/1"));
  ASSERT_TRUE(world.store.Load());
  std::filesystem::remove(world.path + "/a.json");
  std::filesystem::create_symlink("b.json", world.path + "/a.json");
  std::filesystem::create_symlink("a.json", world.path + "/b.json");
  ASSERT_TRUE(world.store.Load());
  EXPECT_EQ(world.InForce(), "a=/1 ");
  EXPECT_NE(world.Reasons().find("Too many levels of symbolic links"), std::string::npos);
}

TEST(RuleStoreLoad, PutsTheLaterOfTwoRulesWithOneNameInForceAndSaysSo) {
  RulesFolder world;
  world.Write("a.json", AllowText("same", "/a"));
  world.Write("b.json", AllowText("same", "/b"));
  ASSERT_TRUE(world.store.Load());
  EXPECT_EQ(world.InForce(), "same=/b ");
  EXPECT_EQ(world.Reasons(),
            "a.json: hidden by b.json, which has a rule of the same name \"same\"\n");
  std::filesystem::remove(world.path + "/b.json");
  ASSERT_TRUE(world.store.Reload());
  EXPECT_EQ(world.InForce(), "same=/a ");
  EXPECT_EQ(world.Reasons(), "");
}

TEST(RuleStoreReload, SeesAFileWrittenChangedAndRemoved) {
  RulesFolder world;
  EXPECT_FALSE(world.store.Reload());
  world.Write("a.json", AllowText("a", "/1"));
  EXPECT_TRUE(world.store.Reload());
  EXPECT_EQ(world.InForce(), "a=/1 ");
  world.Write("a.json", AllowText("a", "/2"));
  EXPECT_TRUE(world.store.Reload());
  EXPECT_EQ(world.InForce(), "a=/2 ");
  std::filesystem::remove(world.path + "/a.json");
  EXPECT_TRUE(world.store.Reload());
  EXPECT_EQ(world.InForce(), "");
}

std::string LimitedText(std::string_view duration) {
  std::string text = AllowText("a", "/1");
  return text.replace(text.find("always"), 6, duration);
}

TEST(RuleStore, EndsARuleWhenItsTimeIsOver) {
  RulesFolder world;
  world.Write("a.json", LimitedText("1h30m"));
  world.store.Reload();
  EXPECT_EQ(world.store.NextEnd(), world.clock.Now() + std::chrono::minutes(90));
  EXPECT_FALSE(world.store.DropEnded());
  world.clock.Advance(std::chrono::minutes(90));
  EXPECT_TRUE(world.store.DropEnded());
  EXPECT_EQ(world.InForce(), "");
  EXPECT_TRUE(world.store.Files().at(0).has_ended);
  EXPECT_EQ(world.store.NextEnd(), std::nullopt);
}

TEST(RuleStore, BeginsTheTimeOfARuleAnewWhenItIsSavedAfterItsEnd) {
  RulesFolder world;
  world.Write("a.json", LimitedText("1h"));
  world.store.Reload();
  world.clock.Advance(std::chrono::minutes(59));
  world.Write("a.json", LimitedText("1h"));
  EXPECT_FALSE(world.store.Reload());  // still the same hour
  world.clock.Advance(std::chrono::minutes(1));
  world.store.DropEnded();
  world.Write("a.json", LimitedText("1h"));
  EXPECT_TRUE(world.store.Reload());
  EXPECT_EQ(world.InForce(), "a=/1 ");
}

TEST(RuleStoreReload, SeesFilesMovedInRenamedAndMovedOut) {
  RulesFolder world;
  world.top.Write("outside", AllowText("a", "/1"));
  std::filesystem::rename(world.top.Path("outside"), world.path + "/a.json");
  EXPECT_TRUE(world.store.Reload());
  EXPECT_EQ(world.InForce(), "a=/1 ");
  std::filesystem::rename(world.path + "/a.json", world.path + "/b.json");
  EXPECT_FALSE(world.store.Reload());  // another file, the same rule
  EXPECT_EQ(world.store.Files().at(0).file, "b.json");
  std::filesystem::rename(world.path + "/b.json", world.path + "/b.json.disabled");
  EXPECT_TRUE(world.store.Reload());
  EXPECT_EQ(world.InForce(), "");
}

TEST(RuleStoreReload, SeesLinksMade) {
  RulesFolder world;
  world.top.Write("outside", AllowText("a", "/1"));
  std::filesystem::create_symlink("../outside", world.path + "/a.json");
  EXPECT_TRUE(world.store.Reload());
  EXPECT_EQ(world.InForce(), "a=/1 ");
}

TEST(RuleStoreReload, KeepsTheLastGoodVersionOfABadFile) {
  RulesFolder world;
  world.Write("a.json", AllowText("a", "/1"));
  EXPECT_TRUE(world.store.Reload());
  world.Write("a.json", "{");
  EXPECT_FALSE(world.store.Reload());
  EXPECT_EQ(world.InForce(), "a=/1 ");
  EXPECT_EQ(world.store.Errors().size(), 1U);
  world.Write("a.json", AllowText("a", "/2"));
  EXPECT_TRUE(world.store.Reload());
  EXPECT_EQ(world.InForce(), "a=/2 ");
  EXPECT_EQ(world.Reasons(), "");
}

TEST(RuleStoreReload, ForgetsTheOldNameOfARuleThatWasRenamedInItsFile) {
  RulesFolder world;
  world.Write("a.json", AllowText("old", "/1"));
  world.store.Reload();
  world.Write("a.json", AllowText("new", "/1"));
  EXPECT_TRUE(world.store.Reload());
  EXPECT_EQ(world.InForce(), "new=/1 ");
}

TEST(RuleStoreReload, IsNotMovedByFilesOfOthersOrByTheSameTextAgain) {
  RulesFolder world;
  world.Write("a.json", AllowText("a", "/1"));
  world.store.Reload();
  const auto before = world.store.Rules();
  world.Write(".a.json.swp", "x");
  world.Write("a.json", AllowText("a", "/1"));
  EXPECT_FALSE(world.store.Reload());
  EXPECT_EQ(world.store.Rules(), before);  // the very same rules
}

class ChangingAccounts final : public Accounts {
 public:
  std::optional<Uid> FindUser(const std::string& /*name*/) const override { return uid; }
  std::optional<std::vector<Uid>> FindGroup(const std::string& /*name*/) const override {
    return std::vector<Uid>{uid};
  }
  Uid uid = 1;
};

std::string AccountText(std::string_view operand, std::string_view duration) {
  return R"({"name":"a","enabled":true,"action":"deny","duration":")" + std::string(duration) +
         R"(","operator":{"type":"list","list":[{"type":"simple","operand":")" +
         std::string(operand) + R"(","data":"staff"}]}})";
}

TEST(RuleStoreReload, LooksUsersAndGroupsUpAgainWhenTheSameTextIsSavedAgain) {
  for (const char* operand : {"user.group", "user.name"}) {
    const TemporaryDirectory directory;
    const FakeClock clock;
    const auto accounts = std::make_shared<ChangingAccounts>();
    RuleStore store(directory.Path(), clock, {.accounts = accounts});
    const auto denies_curl = [&] {
      const Connection connection = ToExample();
      return RuleSet::Create(store.CompiledRules()).Decide({&connection, nullptr}).IsDecided();
    };
    ASSERT_TRUE(store.Watch());
    directory.Write("a.json", AccountText(operand, "always"));
    EXPECT_TRUE(store.Reload());
    EXPECT_FALSE(denies_curl()) << operand;
    accounts->uid = 1000;
    directory.Write("a.json", AccountText(operand, "always"));
    EXPECT_TRUE(store.Reload()) << operand;
    EXPECT_TRUE(denies_curl()) << operand;
  }
}

TEST(RuleStoreReload, DoesNotBeginTheTimeOfARuleAnewWhenItLooksUsersUpAgain) {
  const TemporaryDirectory directory;
  FakeClock clock;
  RuleStore store(directory.Path(), clock, {.accounts = std::make_shared<ChangingAccounts>()});
  ASSERT_TRUE(store.Watch());
  directory.Write("a.json", AccountText("user.name", "1h"));
  EXPECT_TRUE(store.Reload());
  const auto end = store.NextEnd();
  clock.Advance(std::chrono::minutes(1));
  directory.Write("a.json", AccountText("user.name", "1h"));
  EXPECT_TRUE(store.Reload());
  EXPECT_EQ(store.NextEnd(), end);
}

TEST(RuleStoreReload, KeepsTheRulesWhileTheDirectoryIsAwayAndFollowsTheNewOne) {
  RulesFolder world;
  world.Write("a.json", AllowText("a", "/1"));
  world.store.Reload();
  std::filesystem::rename(world.path, world.path + ".old");
  EXPECT_FALSE(world.store.Reload());
  EXPECT_EQ(world.InForce(), "a=/1 ");
  EXPECT_EQ(world.store.DirectoryError()->code, Errc::kNotFound);
  std::filesystem::create_directory(world.path + ".new");
  world.top.Write("rules.new/b.json", AllowText("b", "/2"));
  std::filesystem::rename(world.path + ".new", world.path);
  EXPECT_TRUE(world.store.Reload());
  EXPECT_EQ(world.InForce(), "b=/2 ");
  EXPECT_FALSE(world.store.DirectoryError().has_value());
  world.Write("c.json", AllowText("c", "/3"));
  EXPECT_TRUE(world.store.Reload());
  EXPECT_EQ(world.InForce(), "b=/2 c=/3 ");
}

TEST(RuleStoreReload, FollowsADirectoryLinkThatTurnsAround) {
  const TemporaryDirectory top;
  std::filesystem::create_directory(top.Path("one"));
  std::filesystem::create_directory(top.Path("two"));
  top.Write("one/a.json", AllowText("a", "/1"));
  top.Write("two/a.json", AllowText("a", "/2"));
  std::filesystem::create_symlink("one", top.Path("rules"));
  const FakeClock clock;
  RuleStore store(top.Path("rules") + "/", clock);
  ASSERT_TRUE(store.Watch());
  ASSERT_TRUE(store.Load());
  std::filesystem::create_symlink("two", top.Path("new"));
  std::filesystem::rename(top.Path("new"), top.Path("rules"));
  EXPECT_TRUE(store.Reload());
  EXPECT_EQ(store.Rules().at(0)->op.data, "/2");
}

TEST(RuleStoreReload, SurvivesMoreChangesThanTheKernelCounts) {
  RulesFolder world;
  world.Write("a.json", AllowText("a", "/1"));
  for (int i = 0; i < 20000; ++i) {  // max_queued_events is 16,384 by default
    const std::string name = world.path + "/x" + std::to_string(i % 2);
    std::filesystem::create_symlink("a", name);
    std::filesystem::remove(name);
  }
  world.Write("b.json", AllowText("b", "/2"));
  EXPECT_TRUE(world.store.Reload());
  EXPECT_EQ(world.InForce(), "a=/1 b=/2 ");
}

std::string ListText(const std::string& directory) {
  return R"({"name":"ads","enabled":true,"action":"deny","duration":"always",)"
         R"("operator":{"type":"lists","operand":"lists.domains","data":")" +
         directory + R"("}})";
}

struct ListWorld : RulesFolder {
  ListWorld() {
    std::filesystem::create_directory(top.Path("ads"));
    top.Write("ads/a.txt", "a.example\n");
    Write("ads.json", ListText(top.Path("ads")));
    store.Reload();
  }
  bool Denies(std::string_view host) const {
    const Connection connection = ToExample();
    return RuleSet::Create(store.CompiledRules()).Decide({&connection, nullptr, host}).IsDecided();
  }
};

TEST(RuleStoreReload, FollowsTheListsThatRulesName) {
  ListWorld world;
  EXPECT_TRUE(world.Denies("a.example"));
  EXPECT_FALSE(world.store.Reload());
  world.top.Write("ads/b.txt", "b.example\n");
  EXPECT_TRUE(world.store.Reload());
  EXPECT_TRUE(world.Denies("a.example") && world.Denies("b.example"));
  std::filesystem::rename(world.top.Path("ads"), world.top.Path("gone"));
  EXPECT_FALSE(world.store.Reload());
  EXPECT_TRUE(world.Denies("a.example"));
  EXPECT_TRUE(world.store.Lists().at(0).is_last_good);
}

TEST(RuleStoreReload, LetsGoOfListsThatNoRuleNames) {
  ListWorld world;
  EXPECT_EQ(world.store.Lists().size(), 1U);
  std::filesystem::remove(world.path + "/ads.json");
  EXPECT_TRUE(world.store.Reload());
  EXPECT_FALSE(world.store.RetryLists());
  EXPECT_EQ(world.store.Lists().size(), 0U);
}

TEST(RuleStoreReload, FindsAListThatComesLater) {
  ListWorld world;
  world.Write("ads.json", ListText(world.top.Path("later/ads")));
  world.store.Reload();
  EXPECT_FALSE(world.Denies("a.example"));
  std::filesystem::create_directory(world.top.Path("later"));
  std::filesystem::rename(world.top.Path("ads"), world.top.Path("later/ads"));
  EXPECT_TRUE(world.store.RetryLists());
  EXPECT_TRUE(world.Denies("a.example"));
}

TEST(RuleStore, DoesNotTakeForRootWhatEverybodyCanChange) {
  const RulesFolder world;
  const FakeClock clock;
  RuleStore store(world.path, clock, {}, 0);
  world.Write("a.json", AllowText("a", "/1"));
  world.Write("b.json", AllowText("b", "/2"));
  ASSERT_EQ(::chmod((world.path + "/a.json").c_str(), 0666), 0);
  ASSERT_TRUE(store.Load());
  ASSERT_EQ(store.Rules().size(), 1U);
  EXPECT_EQ(store.Errors().at(0).reason,
            "everybody can change it: take the write permission from others (chmod o-w)");
  ASSERT_EQ(::chmod(world.path.c_str(), 0777), 0);
  EXPECT_EQ(store.Load().error().code, Errc::kPermission);
  EXPECT_EQ(store.Rules().size(), 1U);  // as it was
}

TEST(RuleStoreReload, TakesRulesOfAnyName) {
  RulesFolder world;
  world.Write("a.json", AllowText("../../etc/x", "/1"));
  world.Write("b.json", AllowText("two\\nlines", "/2"));
  EXPECT_TRUE(world.store.Reload());
  EXPECT_EQ(world.InForce(), "../../etc/x=/1 two\nlines=/2 ");
  std::filesystem::remove(world.path + "/a.json");
  EXPECT_TRUE(world.store.Reload());
  EXPECT_EQ(world.InForce(), "two\nlines=/2 ");
}

TEST(RuleStoreReload, KeepsTheOldVersionWhileTheNewOneIsHalfWritten) {
  RulesFolder world;
  const std::string text = AllowText("a", "/new");
  world.Write("a.json", AllowText("a", "/old"));
  world.store.Reload();
  for (std::size_t size = 0; size < text.size(); ++size) {
    world.Write("a.json", text.substr(0, size));
    EXPECT_FALSE(world.store.Reload()) << size;
    ASSERT_EQ(world.InForce(), "a=/old ") << size;
  }
  world.Write("a.json", text);
  EXPECT_TRUE(world.store.Reload());
  EXPECT_EQ(world.InForce(), "a=/new ");
}

// Of the two rules, one matches curl in every version; a mixture of versions could have none.
TEST(RuleStoreReload, IsSeenWholeOrNotAtAllByWhoDecides) {
  RulesFolder world;
  Guarded<std::shared_ptr<const RuleSet>> rules;
  const auto publish = [&](int version) {
    world.Write("a.json", AllowText("a", version % 2 == 0 ? "/usr/bin/curl" : "/none"));
    world.Write("b.json", AllowText("b", version % 2 == 0 ? "/none" : "/usr/bin/curl"));
    ASSERT_TRUE(world.store.Reload());
    rules.Set(std::make_shared<const RuleSet>(RuleSet::Create(world.store.CompiledRules())));
  };
  publish(0);
  std::atomic<bool> is_over = false;
  int mixtures = 0;
  std::thread decider([&] {
    const Connection connection = ToExample();
    const Process process = Curl();
    while (!is_over) {
      if (!rules.Copy()->Decide({&connection, &process}).IsAllowed()) ++mixtures;
    }
  });
  for (int version = 1; version <= 1000; ++version) publish(version);
  is_over = true;
  decider.join();
  EXPECT_EQ(mixtures, 0);
}

TEST(RuleStoreReload, DoesNothingUnlessWatching) {
  const FakeClock clock;
  RuleStore store("/nonexistent/procwall", clock);
  EXPECT_EQ(store.UnsafeWatchFd(), -1);
  EXPECT_FALSE(store.Reload());
  EXPECT_FALSE(store.Watch());
}

}  // namespace
}  // namespace procwall
