// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/opensnitch_commands.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <future>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/fake_clock.h"
#include "tests/support/temporary_directory.h"

namespace procwall {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

Rule RuleNamed(const std::string& name) {
  return {
      .name = name, .enabled = true, .op = {.type = "simple", .operand = "dest.port", .data = "1"}};
}

GuiRule Sent(const Rule& rule) { return {rule, true}; }

class CommandsTest : public testing::Test {
 protected:
  CommandsTest() { settings_.config_file = directory_ / "config.json"; }

  void Do(GuiCommand command, std::vector<GuiRule> rules, std::string data = "") {
    commands_.Do({.id = 9, .command = command, .data = std::move(data), .rules = std::move(rules)},
                 {.dialect = GuiDialect::k16,
                  .peer = ::getuid(),
                  .reply = [this](const GuiReply& reply) { replies_.push_back(reply); }});
  }
  // "add a", "put b" and so on: what the main thread is asked to change; each succeeds.
  std::vector<std::string> Changes(const RuleChange::Outcome& outcome = RuleChange::Done{}) {
    std::vector<std::string> changes;
    for (const RuleChange& change : changes_.TakeAll()) {
      changes.push_back(fmt::format("{} {}", RuleChangeName(change.kind), change.rule.name));
      last_ = change.rule;
      change.done(outcome);
    }
    return changes;
  }
  std::string Config() const {
    std::ifstream file(settings_.config_file);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  TemporaryDirectory directory_;
  FakeClock clock_;
  RuleChanges changes_{Wakeup::Create().value()};
  Interception interception_{Wakeup::Create().value(),
                             [] { return tl::unexpected<std::string>("no firewall here"); }};
  Settings settings_;
  GuiRules listed_;
  LogLevel level_ = LogLevel::kInfo;
  OpensnitchCommands commands_{
      {.rules = changes_,
       .interception = interception_,
       .settings = settings_,
       .clock = clock_,
       .listed = [this] { return std::make_shared<const GuiRules>(listed_); },
       .set_log_level = [this](LogLevel level) { level_ = level; }}};
  std::vector<GuiReply> replies_;
  Rule last_;
};

using testing::ElementsAre;

TEST_F(CommandsTest, ChangesARule) {
  Do(GuiCommand::kChangeRule, {Sent(RuleNamed("a"))});
  EXPECT_TRUE(replies_.empty());  // not yet
  EXPECT_THAT(Changes(), ElementsAre("put a"));
  EXPECT_EQ(last_, RuleNamed("a"));
  EXPECT_THAT(replies_, ElementsAre(GuiReply{.id = 9}));
}

TEST_F(CommandsTest, KeepsOfAChangedRuleWhatGuisDoNotKnow) {
  Rule known = RuleNamed("a");
  known.enforce = false;
  listed_ = {std::make_shared<const Rule>(known)};
  Do(GuiCommand::kChangeRule, {Sent(RuleNamed("a"))});
  EXPECT_THAT(Changes(), ElementsAre("put a"));
  EXPECT_EQ(last_, known);
}

TEST_F(CommandsTest, RefusesARuleThatCannotBeUsed) {
  Do(GuiCommand::kChangeRule, {GuiRule{RuleNamed("a"), false}});
  EXPECT_THAT(Changes(), ElementsAre());
  EXPECT_THAT(replies_,
              ElementsAre(GuiReply{.id = 9, .ok = false, .data = "a: the rule has no condition"}));
}

TEST_F(CommandsTest, SwitchesAKnownRuleWithoutItsCondition) {
  listed_ = {std::make_shared<const Rule>(RuleNamed("a"))};
  Do(GuiCommand::kDisableRule, {GuiRule{{.name = "a"}, false}});
  Do(GuiCommand::kEnableRule, {GuiRule{{.name = "a"}, false}});
  EXPECT_THAT(Changes(), ElementsAre("disable a", "enable a"));
}

TEST_F(CommandsTest, TakesAnUnknownRuleThatIsSwitched) {
  Rule rule = RuleNamed("a");
  rule.enabled = false;
  Do(GuiCommand::kEnableRule, {Sent(rule)});
  EXPECT_THAT(Changes(), ElementsAre("put a"));
  EXPECT_TRUE(last_.enabled);
}

TEST_F(CommandsTest, DeletesByTheNameAlone) {
  Do(GuiCommand::kDeleteRule, {GuiRule{{.name = "../a"}, false}});
  EXPECT_THAT(Changes(), ElementsAre("remove ../a"));
}

TEST_F(CommandsTest, RepliesOnceForSeveralRules) {
  Do(GuiCommand::kDeleteRule, {Sent(RuleNamed("a")), Sent(RuleNamed("b"))});
  EXPECT_THAT(Changes(), SizeIs(2));
  EXPECT_THAT(replies_, ElementsAre(GuiReply{.id = 9}));
}

TEST_F(CommandsTest, SaysWhatWentWrong) {
  Do(GuiCommand::kDeleteRule, {Sent(RuleNamed("a"))});
  Changes(tl::unexpected(RuleRefusal{RuleRefusal::Kind::kFailed, "the disk is full"}));
  EXPECT_THAT(replies_, ElementsAre(GuiReply{.id = 9, .ok = false, .data = "the disk is full"}));
}

TEST_F(CommandsTest, ARuleThatIsGoneAlreadyIsDeleted) {
  const RuleRefusal gone{RuleRefusal::Kind::kNotFound, "there is no rule \"a\""};
  Do(GuiCommand::kDeleteRule, {Sent(RuleNamed("a"))});
  Changes(tl::unexpected(gone));
  EXPECT_THAT(replies_, ElementsAre(GuiReply{.id = 9}));
}

TEST_F(CommandsTest, ARuleThatIsGoneAlreadyIsNotSwitched) {
  listed_ = {std::make_shared<const Rule>(RuleNamed("a"))};
  const RuleRefusal gone{RuleRefusal::Kind::kNotFound, "there is no rule \"a\""};
  Do(GuiCommand::kDisableRule, {GuiRule{{.name = "a"}, false}});
  Changes(tl::unexpected(gone));
  EXPECT_THAT(replies_, ElementsAre(GuiReply{.id = 9, .ok = false, .data = gone.what}));
}

TEST_F(CommandsTest, RefusesWhatNamesNoRule) {
  Do(GuiCommand::kChangeRule, {});
  Do(GuiCommand::kDeleteRule, {GuiRule{}});
  ASSERT_THAT(replies_, SizeIs(2));
  EXPECT_FALSE(replies_[0].ok);
  EXPECT_FALSE(replies_[1].ok);
}

TEST_F(CommandsTest, SwitchesInterceptionOnTheMainThread) {
  Do(GuiCommand::kEnableInterception, {});
  EXPECT_TRUE(replies_.empty());
  interception_.DoAsked();
  EXPECT_THAT(replies_, ElementsAre(GuiReply{.id = 9, .ok = false, .data = "no firewall here"}));
  Do(GuiCommand::kDisableInterception, {});
  interception_.DoAsked();
  EXPECT_EQ(replies_.back(), GuiReply{.id = 9});
}

TEST_F(CommandsTest, SavesTheConfigurationAndTakesItsLogLevel) {
  Do(GuiCommand::kChangeConfig, {}, R"({"DefaultAction": "deny", "LogLevel": 4, "Mine": 1})");
  EXPECT_THAT(replies_, ElementsAre(GuiReply{.id = 9}));
  EXPECT_THAT(Config(), HasSubstr("\"Mine\": 1"));
  EXPECT_EQ(level_, LogLevel::kError);
}

TEST_F(CommandsTest, RefusesABadConfiguration) {
  Do(GuiCommand::kChangeConfig, {}, R"({"DefaultAction": "perhaps"})");
  ASSERT_THAT(replies_, SizeIs(1));
  EXPECT_FALSE(replies_[0].ok);
  EXPECT_EQ(Config(), "");
}

TEST_F(CommandsTest, TakesALogLevel) {
  Do(GuiCommand::kLogLevel, {}, "0");
  EXPECT_EQ(level_, LogLevel::kDebug);
  Do(GuiCommand::kLogLevel, {}, "loud");
  EXPECT_FALSE(replies_.back().ok);
}

TEST_F(CommandsTest, RepliesToWhatItDoesNotDo) {
  for (const GuiCommand command :
       {GuiCommand::kEnableFirewall, GuiCommand::kDisableFirewall, GuiCommand::kReloadFirewall,
        GuiCommand::kStop, GuiCommand::kUnknown, GuiCommand::kNone}) {
    replies_.clear();
    Do(command, {});
    ASSERT_THAT(replies_, SizeIs(1));
    EXPECT_FALSE(replies_[0].ok);
    EXPECT_NE(replies_[0].data, "");
  }
}

TEST_F(CommandsTest, MonitorsAProcessUntilToldToStop) {
  const std::string pid = std::to_string(::getpid());
  Do(GuiCommand::kStartTask, {}, pid);
  ASSERT_THAT(replies_, SizeIs(1));
  EXPECT_THAT(replies_[0].data, HasSubstr("\"Path\""));
  clock_.Advance(std::chrono::seconds(2));
  commands_.Work();
  EXPECT_THAT(replies_, SizeIs(2));
  Do(GuiCommand::kStopTask, {}, pid);
  replies_.clear();
  clock_.Advance(std::chrono::seconds(2));
  commands_.Work();
  EXPECT_TRUE(replies_.empty());
  EXPECT_FALSE(commands_.NextTime());
}

TEST_F(CommandsTest, RunsTasksAsNewGuisDescribeThem) {
  Do(GuiCommand::kStartTask, {},
     fmt::format(R"({{"name": "pid-monitor", "data": {{"pid": "{}", "interval": "5s"}}}})",
                 ::getpid()));
  Do(GuiCommand::kStartTask, {},
     R"({"name": "node-monitor", "data": {"node": "unix:/local", "interval": "5s"}})");
  ASSERT_THAT(replies_, SizeIs(2));
  EXPECT_THAT(replies_[1].data, HasSubstr("\"Uptime\""));
  EXPECT_EQ(commands_.NextTime(), clock_.Now() + std::chrono::seconds(5));
  commands_.Forget();
  EXPECT_FALSE(commands_.NextTime());
}

TEST_F(CommandsTest, ReadsSocketsOnAThreadOfItsOwn) {
  std::promise<SocketsWanted> asked;
  std::promise<GuiReply> replied;
  std::promise<void> go_on;
  {
    OpensnitchCommands commands({.rules = changes_,
                                 .interception = interception_,
                                 .settings = settings_,
                                 .clock = clock_,
                                 .listed = {},
                                 .set_log_level = {},
                                 .sockets = [&](const SocketsWanted& wanted) {
                                   asked.set_value(wanted);
                                   go_on.get_future().wait();
                                   return std::string("{}");
                                 }});
    commands.Do({.id = 9, .command = GuiCommand::kStartTask, .data = R"({"name": "sockets-monitor",
                             "data": {"interval": "5s", "state": 10, "proto": 6, "family": 2}})"},
                {.reply = [&](const GuiReply& reply) { replied.set_value(reply); }});
    EXPECT_EQ(asked.get_future().get(), (SocketsWanted{10, 6, 2}));
    EXPECT_EQ(commands.NextTime(), clock_.Now() + std::chrono::seconds(5));
    clock_.Advance(std::chrono::seconds(5));
    commands.Work();  // it reads still: not twice at once
    go_on.set_value();
  }
  EXPECT_EQ(replied.get_future().get(), (GuiReply{.id = 9, .ok = true, .data = "{}"}));
}

TEST_F(CommandsTest, SaysWhySocketsCannotBeRead) {
  std::promise<GuiReply> replied;
  OpensnitchCommands commands(
      {.rules = changes_,
       .interception = interception_,
       .settings = settings_,
       .clock = clock_,
       .listed = {},
       .set_log_level = {},
       .sockets = [](const SocketsWanted&) { return tl::unexpected<std::string>("no memory"); }});
  commands.Do(
      {.id = 9, .command = GuiCommand::kStartTask, .data = R"({"name": "sockets-monitor"})"},
      {.reply = [&](const GuiReply& reply) { replied.set_value(reply); }});
  EXPECT_EQ(replied.get_future().get(), (GuiReply{.id = 9, .ok = false, .data = "no memory"}));
}

// 1.6 and 1.7 speak the same dialect: how the task is described tells them apart.
TEST_F(CommandsTest, CountsMemoryAsTheGuiThatAsksDoes) {
  std::filesystem::create_directory(directory_ / "7");
  std::ofstream(directory_ / "7/statm") << "100 50 20 5 0 40 0\n";
  OpensnitchCommands commands({.rules = changes_,
                               .interception = interception_,
                               .settings = settings_,
                               .clock = clock_,
                               .listed = {},
                               .set_log_level = {},
                               .proc = directory_.Path()});
  for (const char* data : {"7", R"({"name": "pid-monitor", "data": {"pid": "7"}})"}) {
    commands.Do({.id = 9, .command = GuiCommand::kStartTask, .data = data},
                {.reply = [this](const GuiReply& reply) { replies_.push_back(reply); }});
  }
  ASSERT_THAT(replies_, SizeIs(2));
  EXPECT_THAT(replies_[0].data, HasSubstr(R"("Size":100,)"));
  EXPECT_THAT(replies_[1].data,
              HasSubstr(fmt::format(R"("Size":{},)", 100 * ::sysconf(_SC_PAGESIZE))));
}

TEST_F(CommandsTest, RefusesTasksThatItDoesNotKnow) {
  for (const char* data : {"", "x", "[]", R"({"name": "rules-monitor", "data": 1})", "-5",
                           R"({"name": "pid-monitor", "data": {"pid": "0"}})"}) {
    replies_.clear();
    Do(GuiCommand::kStartTask, {}, data);
    ASSERT_THAT(replies_, SizeIs(1)) << data;
    EXPECT_FALSE(replies_[0].ok) << data;
  }
  EXPECT_FALSE(commands_.NextTime());
}

TEST_F(CommandsTest, RunsAFewTasksOnly) {
  for (int i = 0; i < 2 * static_cast<int>(OpensnitchCommands::kMostTasks); ++i) {
    Do(GuiCommand::kStartTask, {},
       fmt::format(R"({{"name": "node-monitor", "data": {{"pid": {}}}}})", i));
  }
  EXPECT_FALSE(replies_.back().ok);
}

}  // namespace
}  // namespace procwall
