// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/opensnitch_link.h"

#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/clock.h"
#include "daemon/opensnitch_rule.h"
#include "opensnitch/v15/ui.pb.h"
#include "opensnitch/v16/ui.pb.h"
#include "tests/support/temporary_directory.h"
#include "tests/unit/daemon/fake_gui.h"

namespace procwall {
namespace {

namespace v15 = opensnitch::v15;
namespace v16 = opensnitch::v16;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::chrono::seconds kLongWait{10};

// A desk with one question at a time, and the answers that came.
class OneQuestion {
 public:
  GuiDesk Desk() {
    return {.attach =
                [this](const AskerPtr& asker) {
                  const std::lock_guard lock(mutex_);
                  asker_ = asker;
                  changed_.notify_all();
                  return true;
                },
            .detach =
                [this](const AskerPtr&) {
                  const std::lock_guard lock(mutex_);
                  asker_.reset();
                  changed_.notify_all();
                },
            .answer =
                [this](QuestionId, const AskerPtr&, QuestionAnswer answer) {
                  const std::lock_guard lock(mutex_);
                  answers_.push_back(std::move(answer));
                  changed_.notify_all();
                  return AnswerReceipt{};
                }};
  }
  Attribution attribution{};  // of what is asked about

  bool WaitUntilAttached(bool attached = true) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, kLongWait, [&] { return (asker_ != nullptr) == attached; });
  }
  void Ask(QuestionId id) {
    Question question{.id = id,
                      .attribution = std::make_shared<const Attribution>(attribution),
                      .deadline = SystemClock().WallNow() + std::chrono::seconds(30)};
    const std::lock_guard lock(mutex_);
    if (asker_) asker_->Ask(std::make_shared<const Question>(std::move(question)));
  }
  std::vector<QuestionAnswer> WaitForAnswers(std::size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, kLongWait, [&] { return answers_.size() >= count; });
    return answers_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  AskerPtr asker_;
  std::vector<QuestionAnswer> answers_;
};

Rule ChosenRule() {
  return {.name = "allow-all",
          .enabled = true,
          .action = RuleAction::kAllow,
          .duration = "once",
          .op = {.type = "simple", .operand = "true"}};
}

// Answers as a GUI of that dialect does.
template <typename RuleMessage>
FakeGui::Reply AnswerAs(bool knows_alerts, const std::string& method, const std::string& request) {
  if (method == "/protocol.UI/PostAlert" && !knows_alerts) {
    return {.status = grpc::StatusCode::UNIMPLEMENTED};
  }
  if (method == "/protocol.UI/AskRule") {
    RuleMessage rule;
    FillRule(ChosenRule(), rule);
    return {.bytes = rule.SerializeAsString()};
  }
  if (method == "/protocol.UI/Subscribe") return {.bytes = request};
  return {};
}

FakeGui::Reply Answer15(const std::string& method, const std::string& request) {
  return AnswerAs<v15::Rule>(false, method, request);
}
FakeGui::Reply Answer16(const std::string& method, const std::string& request) {
  return AnswerAs<v16::Rule>(true, method, request);
}

class LinkTest : public testing::Test {
 protected:
  void StartGui(FakeGui::Answers answers) {
    gui_ = std::make_unique<FakeGui>("unix:" + path_, std::move(answers));
  }
  void StartLink(const std::string& user = std::to_string(::getuid())) {
    auto link = OpensnitchLink::Start(
        {.address = {GuiAddress::Kind::kUnixPath, path_},
         .users = {user},
         .redial = std::chrono::milliseconds(10),
         .events = events_,
         .counters = counters_,
         .desk = questions_.Desk(),
         .commands = {.rules = changes_,
                      .interception = interception_,
                      .settings = settings_,
                      .clock = clock_,
                      .listed = [] { return std::make_shared<const GuiRules>(); },
                      .set_log_level = [](LogLevel) {}},
         .hashes_of = hashes_of_});
    ASSERT_TRUE(link) << link.error();
    link_ = *std::move(link);
  }
  // Until the link says so, or too long.
  template <typename Condition>
  GuiState StateWhen(const Condition& condition) {
    const auto limit = std::chrono::steady_clock::now() + kLongWait;
    while (!condition(link_->State()) && std::chrono::steady_clock::now() < limit) {
      std::this_thread::yield();
    }
    return link_->State();
  }

  TemporaryDirectory directory_;
  const std::string path_ = directory_ / "osui.sock";
  const SystemClock clock_{};
  const Wakeup wakeup_ = Wakeup::Create().value();
  EventLog events_{wakeup_};
  Counters counters_;
  Settings settings_;
  RuleChanges changes_{Wakeup::Create().value()};
  Interception interception_{Wakeup::Create().value(),
                             [] { return tl::unexpected<std::string>("none"); }};
  OneQuestion questions_;
  std::function<HashesPtr(const ProcessPtr&, std::chrono::milliseconds)> hashes_of_;
  std::unique_ptr<FakeGui> gui_;
  std::unique_ptr<OpensnitchLink> link_;
};

TEST_F(LinkTest, FindsAnOldGui) {
  StartGui(Answer15);
  StartLink();
  EXPECT_TRUE(questions_.WaitUntilAttached());
  const GuiState state = StateWhen([](const GuiState& now) { return now.connected; });
  EXPECT_EQ(state, (GuiState{.connected = true, .dialect = GuiDialect::k15}));
}

TEST_F(LinkTest, FindsANewGui) {
  StartGui(Answer16);
  StartLink();
  EXPECT_TRUE(questions_.WaitUntilAttached());
  EXPECT_EQ(StateWhen([](const GuiState& now) { return now.connected; }).dialect, GuiDialect::k16);
}

TEST_F(LinkTest, WaitsForAGuiThatComesLater) {
  StartLink();
  EXPECT_THAT(StateWhen([](const GuiState& now) { return !now.why_not.empty(); }).why_not,
              HasSubstr("no GUI is running"));
  StartGui(Answer15);
  EXPECT_TRUE(questions_.WaitUntilAttached());
}

TEST_F(LinkTest, ComesBackToAGuiThatWasGone) {
  StartGui(Answer15);
  StartLink();
  ASSERT_TRUE(questions_.WaitUntilAttached());
  gui_->End();
  EXPECT_TRUE(questions_.WaitUntilAttached(false));
  StartGui(Answer16);
  EXPECT_TRUE(questions_.WaitUntilAttached());
}

TEST_F(LinkTest, TellsWhatWasDecided) {
  Event event;
  event.connection.emplace();
  event.host = "example.org";
  events_.Append(std::move(event));
  StartGui(Answer15);
  StartLink();
  const auto pings = gui_->WaitFor("/protocol.UI/Ping");
  ASSERT_FALSE(pings.empty());
  v15::PingRequest ping;
  ASSERT_TRUE(ping.ParseFromString(pings.front()));
  EXPECT_EQ(ping.stats().daemon_version(), "1.5.8");
  ASSERT_EQ(ping.stats().events_size(), 1);
  EXPECT_EQ(ping.stats().events(0).connection().dst_host(), "example.org");
}

TEST_F(LinkTest, BringsQuestionsToTheGuiAndAnswersBack) {
  StartGui(Answer16);
  StartLink();
  ASSERT_TRUE(questions_.WaitUntilAttached());
  for (QuestionId id = 1; id <= 10; ++id) questions_.Ask(id);
  const auto answers = questions_.WaitForAnswers(10);
  ASSERT_EQ(answers.size(), 10U);
  EXPECT_EQ(answers.front(), QuestionAnswer{ChosenRule()});
}

TEST_F(LinkTest, TellsChecksumsOfWhatIsAskedAboutAndOfWhatWasDecided) {
  const auto curl = std::make_shared<const Process>(Process{.path = "/usr/bin/curl"});
  questions_.attribution.processes = {curl};
  hashes_of_ = [curl](const ProcessPtr& process, std::chrono::milliseconds patience) {
    EXPECT_EQ(process, curl);
    EXPECT_LE(patience, std::chrono::seconds(1));
    return std::make_shared<const Hashes>(Hashes{.md5 = "5", .sha1 = "1", .sha256 = ""});
  };
  Event event;
  event.connection.emplace();
  event.attribution.processes = {curl};
  events_.Append(std::move(event));
  StartGui(Answer16);
  StartLink();
  ASSERT_TRUE(questions_.WaitUntilAttached());
  questions_.Ask(1);
  const auto asked = gui_->WaitFor("/protocol.UI/AskRule");
  ASSERT_FALSE(asked.empty());
  v16::Connection connection;
  ASSERT_TRUE(connection.ParseFromString(asked.front()));
  EXPECT_EQ(connection.process_checksums().at("process.hash.md5"), "5");
  const auto pings = gui_->WaitFor("/protocol.UI/Ping");
  ASSERT_FALSE(pings.empty());
  v16::PingRequest ping;
  ASSERT_TRUE(ping.ParseFromString(pings.front()));
  ASSERT_EQ(ping.stats().events_size(), 1);
  EXPECT_EQ(ping.stats().events(0).connection().process_checksums().at("process.hash.sha1"), "1");
}

TEST_F(LinkTest, HasNoAnswerWhereTheGuiFails) {
  StartGui([](const std::string& method, const std::string& request) -> FakeGui::Reply {
    if (method == "/protocol.UI/AskRule") return {.status = grpc::StatusCode::INTERNAL};
    return Answer15(method, request);
  });
  StartLink();
  ASSERT_TRUE(questions_.WaitUntilAttached());
  for (QuestionId id = 1; id <= 10; ++id) questions_.Ask(id);
  gui_->WaitFor("/protocol.UI/AskRule", 10);
  EXPECT_TRUE(link_->State().connected);
  EXPECT_THAT(questions_.WaitForAnswers(0), IsEmpty());
}

TEST_F(LinkTest, RepliesToWhatTheGuiWants) {
  StartGui(Answer16);
  StartLink();
  ASSERT_TRUE(questions_.WaitUntilAttached());
  v16::Notification wanted;
  wanted.set_id(77);
  wanted.set_type(v16::ACTION_RELOAD_FIREWALL);
  gui_->Notify(wanted.SerializeAsString());
  const auto replies = gui_->WaitFor("/protocol.UI/Notifications", 2);  // hello is the first
  ASSERT_EQ(replies.size(), 2U);
  v16::NotificationReply reply;
  ASSERT_TRUE(reply.ParseFromString(replies[1]));
  EXPECT_EQ(reply.id(), 77U);
  EXPECT_EQ(reply.code(), v16::REPLY_CODE_ERROR);
}

TEST_F(LinkTest, EndsInTheMiddleOfAQuestion) {
  StartGui([](const std::string& method, const std::string& request) -> FakeGui::Reply {
    if (method == "/protocol.UI/AskRule") return {.never = true};
    return Answer15(method, request);
  });
  StartLink();
  ASSERT_TRUE(questions_.WaitUntilAttached());
  questions_.Ask(1);
  gui_->WaitFor("/protocol.UI/AskRule");
  link_.reset();
  EXPECT_TRUE(questions_.WaitUntilAttached(false));
}

}  // namespace
}  // namespace procwall
