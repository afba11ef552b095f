// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/opensnitch_dialect.h"

#include <array>
#include <chrono>
#include <memory>
#include <string>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "opensnitch/v15/ui.pb.h"
#include "opensnitch/v16/ui.pb.h"

namespace procwall {
namespace {

namespace v15 = opensnitch::v15;
namespace v16 = opensnitch::v16;

template <typename Message>
Message ParsedAs(const std::string& bytes) {
  Message message;
  EXPECT_TRUE(message.ParseFromString(bytes));
  return message;
}

std::shared_ptr<const Rule> SharedRule(const std::string& name) {
  Rule rule{.name = name, .enabled = true, .op = {.type = "simple", .operand = "true"}};
  return std::make_shared<const Rule>(std::move(rule));
}

// curl, user 1000, from 10.0.0.2:40000 to 192.0.2.1:443.
Connection ToServer() {
  return {.local = {IpAddress::V4({10, 0, 0, 2}), 40000},
          .remote = {IpAddress::V4({192, 0, 2, 1}), 443},
          .uid = 1000};
}

Attribution ByCurl(std::vector<std::string> args = {"curl", "x"}) {
  Process process;
  process.id = {100, 5000};
  process.path = "/usr/bin/curl";
  process.args = std::move(args);
  process.working_directory = "/home/\xff";
  process.ancestors = {{1, "/sbin/init"}};
  Attribution attribution;
  attribution.unknown_reason = UnknownReason::kNone;
  attribution.processes = {std::make_shared<const Process>(process)};
  return attribution;
}

EventPtr SharedEvent() {
  Event event;
  event.action = RuleAction::kAllow;
  event.connection = ToServer();
  event.host = "example.org";
  event.attribution = ByCurl();
  return std::make_shared<const Event>(event);
}

TEST(OpensnitchDialect, TellsANodeInEither) {
  const GuiNode node{.host_name = "host",
                     .kernel_version = "6.1",
                     .intercepts = true,
                     .config = "{}",
                     .log_level = 2,
                     .rules = {SharedRule("a"), SharedRule("b")}};
  const auto old = ParsedAs<v15::ClientConfig>(NodeMessage(GuiDialect::k15, node));
  EXPECT_EQ(old.name(), "host");
  EXPECT_TRUE(old.is_firewall_running());
  EXPECT_EQ(old.rules(1).name(), "b");
  const auto now = ParsedAs<v16::ClientConfig>(NodeMessage(GuiDialect::k16, node));
  EXPECT_EQ(now.config(), "{}");
  EXPECT_EQ(now.rules(0).name(), "a");
  EXPECT_EQ(now.system_firewall().version(), 1U);
}

TEST(OpensnitchDialect, TellsAsManyRulesAsAGuiCanTake) {
  const GuiNode node{.config = "{}",
                     .rules = std::vector(60'000, SharedRule(std::string(100, 'a')))};
  for (const GuiDialect dialect : {GuiDialect::k15, GuiDialect::k16}) {
    std::size_t left_out = 0;
    const std::string message = NodeMessage(dialect, node, &left_out);
    EXPECT_LT(message.size(), std::size_t{4} << 20);
    EXPECT_GT(message.size(), std::size_t{3} << 20);
    EXPECT_EQ(ParsedAs<v16::ClientConfig>(message).rules_size() + static_cast<int>(left_out),
              60'000);
  }
}

TEST(OpensnitchDialect, AsksWithEverythingThatIsShown) {
  const Connection connection = ToServer();
  const Attribution attribution = ByCurl();
  const GuiQuestion question{connection, attribution, "example.org"};
  const auto old = ParsedAs<v15::Connection>(QuestionMessage(GuiDialect::k15, question));
  EXPECT_EQ(old.protocol(), "tcp");
  EXPECT_EQ(old.src_ip(), "10.0.0.2");
  EXPECT_EQ(old.src_port(), 40000U);
  EXPECT_EQ(old.dst_ip(), "192.0.2.1");
  EXPECT_EQ(old.dst_port(), 443U);
  EXPECT_EQ(old.dst_host(), "example.org");
  EXPECT_EQ(old.user_id(), 1000U);
  EXPECT_EQ(old.process_id(), 100U);
  EXPECT_EQ(old.process_path(), "/usr/bin/curl");
  EXPECT_EQ(old.process_cwd(), "/home/\xef\xbf\xbd");
  EXPECT_EQ(old.process_args_size(), 2);
  const auto now = ParsedAs<v16::Connection>(QuestionMessage(GuiDialect::k16, question));
  ASSERT_EQ(now.process_tree_size(), 2);
  EXPECT_EQ(now.process_tree(1).key(), "/sbin/init");
}

TEST(OpensnitchDialect, TellsChecksumsByTheNamesOfTheirOperands) {
  const Connection connection = ToServer();
  const Attribution attribution = ByCurl();
  const GuiQuestion without{connection, attribution, ""};
  EXPECT_EQ(
      ParsedAs<v16::Connection>(QuestionMessage(GuiDialect::k16, without)).process_checksums_size(),
      0);
  const GuiQuestion question{
      connection, attribution, "",
      std::make_shared<const Hashes>(Hashes{.md5 = "5", .sha1 = "", .sha256 = "256"})};
  const auto asked = ParsedAs<v16::Connection>(QuestionMessage(GuiDialect::k16, question));
  EXPECT_THAT(asked.process_checksums(),
              testing::UnorderedElementsAre(testing::Pair("process.hash.md5", "5")));
  const auto old = ParsedAs<v15::Connection>(QuestionMessage(GuiDialect::k15, question));
  EXPECT_EQ(old.process_path(), "/usr/bin/curl");
}

TEST(OpensnitchDialect, AsksAboutWhatHasNoProgram) {
  Connection connection = ToServer();
  connection.uid.reset();
  Attribution attribution;
  const GuiQuestion question{connection, attribution, ""};
  auto asked = ParsedAs<v15::Connection>(QuestionMessage(GuiDialect::k15, question));
  EXPECT_EQ(asked.process_path(), "");
  EXPECT_EQ(asked.user_id(), 0xffffffffU);
  attribution.unknown_reason = UnknownReason::kKernel;
  asked = ParsedAs<v15::Connection>(QuestionMessage(GuiDialect::k15, question));
  EXPECT_EQ(asked.process_path(), "Kernel connection");
}

TEST(OpensnitchDialect, CutsArgumentsThatAProgramMadeHuge) {
  const Connection connection = ToServer();
  const Attribution attribution = ByCurl({"curl", std::string(10'000'000, 'x'), "z"});
  const auto asked =
      ParsedAs<v16::Connection>(QuestionMessage(GuiDialect::k16, {connection, attribution, ""}));
  EXPECT_EQ(asked.process_args_size(), 1);
}

TEST(OpensnitchDialect, TellsStatisticsAndEvents) {
  GuiStatistics statistics;
  statistics.version = "1.5.8";
  statistics.connections = 7;
  statistics.by_port = {{"443", 3}};
  statistics.events = {{SharedEvent(), 12345}};
  const auto ping = ParsedAs<v15::PingRequest>(PingMessage(GuiDialect::k15, 9, statistics));
  EXPECT_EQ(ping.id(), 9U);
  EXPECT_EQ(ping.stats().daemon_version(), "1.5.8");
  EXPECT_EQ(ping.stats().connections(), 7U);
  EXPECT_EQ(ping.stats().by_port().at("443"), 3U);
  ASSERT_EQ(ping.stats().events_size(), 1);
  const v15::Event& event = ping.stats().events(0);
  EXPECT_EQ(event.unixnano(), 12345);
  EXPECT_EQ(event.connection().process_path(), "/usr/bin/curl");
  EXPECT_EQ(event.rule().action(), "allow");  // of no rule at all
  EXPECT_NE(event.rule().name(), "");
}

TEST(OpensnitchDialect, TellsNoMoreEventsThanAGuiTakes) {
  Event event = *SharedEvent();
  Process process = *event.attribution.processes.front();
  process.path = "/" + std::string(4000, 'x');
  process.working_directory = process.path;
  event.attribution.processes = {std::make_shared<const Process>(process)};
  const auto large = std::make_shared<const Event>(event);
  GuiStatistics statistics;
  statistics.events.assign(5000, GuiEvent{large, 1});
  EXPECT_LT(PingMessage(GuiDialect::k16, 1, statistics).size(), std::size_t{3} << 20);
}

TEST(OpensnitchDialect, ReadsEveryCommandInItsOwnNumbers) {
  for (int type = 0; type < v15::Action_ARRAYSIZE; ++type) {
    v15::Notification message;
    message.set_id(5);
    message.set_type(static_cast<v15::Action>(type));
    const auto read = ParseNotification(GuiDialect::k15, message.SerializeAsString());
    ASSERT_TRUE(read);
    EXPECT_NE(read->command, GuiCommand::kUnknown);
  }
  v15::Notification message;
  message.set_type(v15::ACTION_CHANGE_RULE);
  EXPECT_EQ(ParseNotification(GuiDialect::k15, message.SerializeAsString())->command,
            GuiCommand::kChangeRule);
  EXPECT_EQ(ParseNotification(GuiDialect::k16, message.SerializeAsString())->command,
            GuiCommand::kEnableRule);
}

TEST(OpensnitchDialect, KnowsNoCommandBeyondThose) {
  for (const auto& [type, command] :
       {std::pair{99, GuiCommand::kUnknown}, std::pair{-1, GuiCommand::kNone}}) {
    v16::Notification message;
    message.set_type(static_cast<v16::Action>(type));
    EXPECT_EQ(ParseNotification(GuiDialect::k16, message.SerializeAsString())->command, command);
  }
}

TEST(OpensnitchDialect, ReadsTheRulesOfACommand) {
  v16::Notification message;
  message.set_id(17);
  message.set_data("more");
  message.add_rules()->set_name("a");
  const GuiNotification expected{
      .id = 17, .command = GuiCommand::kNone, .data = "more", .rules = {{}}};
  auto read = ParseNotification(GuiDialect::k16, message.SerializeAsString());
  ASSERT_TRUE(read);
  ASSERT_EQ(read->rules.size(), 1U);
  EXPECT_EQ(read->rules[0].rule.name, "a");
  EXPECT_FALSE(read->rules[0].has_operator);
  read->rules.clear();
  EXPECT_EQ(read->id, expected.id);
  EXPECT_EQ(read->data, expected.data);
}

TEST(OpensnitchDialect, RefusesWhatIsNoMessage) {
  for (const GuiDialect dialect : {GuiDialect::k15, GuiDialect::k16}) {
    EXPECT_FALSE(ParseRuleMessage(dialect, "\xff\xff\xff"));
    EXPECT_FALSE(ParseNotification(dialect, "\x0a\x7f"));
  }
}

TEST(OpensnitchDialect, ReadsAnythingCutAnywhereWithoutHarm) {
  v16::Rule rule;
  rule.set_created(1);
  rule.set_name("name");
  rule.set_action("allow");
  rule.mutable_operator_()->set_type("list");
  rule.mutable_operator_()->add_list()->set_data("data");
  const std::string whole = rule.SerializeAsString();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    for (const GuiDialect dialect : {GuiDialect::k15, GuiDialect::k16}) {
      (void)ParseRuleMessage(dialect, whole.substr(0, size));
      std::string flipped = whole;
      flipped[size] = static_cast<char>(flipped[size] ^ 0x55);
      (void)ParseRuleMessage(dialect, flipped);
    }
  }
}

TEST(OpensnitchDialect, RefusesARuleNestedBeyondReason) {
  v16::Rule rule;
  v16::Operator* op = rule.mutable_operator_();
  for (int i = 0; i < 300; ++i) op = op->add_list();
  EXPECT_FALSE(ParseRuleMessage(GuiDialect::k16, rule.SerializeAsString()));
}

TEST(OpensnitchDialect, SaysHowACommandWent) {
  const auto reply = ParsedAs<v16::NotificationReply>(
      ReplyMessage(GuiDialect::k16, {.id = 3, .ok = false, .data = "no\xff"}));
  EXPECT_EQ(reply.id(), 3U);
  EXPECT_EQ(reply.code(), v16::REPLY_CODE_ERROR);
  EXPECT_EQ(reply.data(), "no\xef\xbf\xbd");
}

TEST(OpensnitchDialect, ProbesWithoutAnyoneSeeingIt) {
  EXPECT_EQ(ParsedAs<v16::Alert>(ProbeMessage()).action(), v16::Alert::REACTION_NONE);
  EXPECT_EQ(ParsedAs<v16::Alert>(AlertMessage({.text = "x"})).action(), v16::Alert::REACTION_SHOW);
}

}  // namespace
}  // namespace procwall
