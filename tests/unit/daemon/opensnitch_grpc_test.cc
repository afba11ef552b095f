// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/opensnitch_grpc.h"

#include <poll.h>

#include <chrono>
#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <variant>

#include <gtest/gtest.h>

#include "tests/support/temporary_directory.h"
#include "tests/unit/daemon/fake_gui.h"

namespace procwall {
namespace {

constexpr std::chrono::seconds kLong{10};

class GuiWireTest : public testing::Test {
 protected:
  FakeGui::Reply Answer(const std::string& method, const std::string& request) const {
    if (method == "/echo") return {.bytes = request};
    if (method == "/never") return {.never = true};
    if (method == "/huge") return {.bytes = std::string(2 * kMostGuiMessageBytes, 'x')};
    return {.status = grpc::StatusCode::UNIMPLEMENTED};
  }
  // The next thing that arrives.
  Arrival Next() {
    const auto limit = std::chrono::steady_clock::now() + kLong;
    while (arrived_.empty() && std::chrono::steady_clock::now() < limit) {
      pollfd waiting{wakeup_->UnsafeFd(), POLLIN, 0};
      ::poll(&waiting, 1, 100);
      wakeup_->Clear();
      for (Arrival& arrival : wire_->Take()) arrived_.push_back(std::move(arrival));
    }
    if (arrived_.empty()) return StreamEnded{false, "nothing arrived"};
    Arrival next = std::move(arrived_.front());
    arrived_.pop_front();
    return next;
  }
  CallResult ResultOf(const char* method, std::chrono::milliseconds timeout = kLong) {
    wire_->Call(method, "x", timeout);
    const Arrival arrival = Next();
    const auto* ended = std::get_if<CallEnded>(&arrival);
    EXPECT_NE(ended, nullptr);
    return ended == nullptr ? CallResult::kFailed : ended->result;
  }

  TemporaryDirectory directory_;
  const std::string address_ = "unix:" + (directory_ / "gui.sock");
  FakeGui gui_{address_,
               [this](const auto& method, const auto& request) { return Answer(method, request); }};
  const std::shared_ptr<const Wakeup> wakeup_ =
      std::make_shared<const Wakeup>(Wakeup::Create().value());
  std::unique_ptr<GuiWire> wire_ =
      MakeGuiWire(grpc::CreateChannel(address_, grpc::InsecureChannelCredentials()), wakeup_);
  std::deque<Arrival> arrived_;
};

TEST_F(GuiWireTest, CallsByThePathOfTheMethod) {
  const std::string bytes("a\0b", 3);
  const std::uint64_t call = wire_->Call("/echo", bytes, kLong);
  EXPECT_EQ(Next(), Arrival(CallEnded{call, CallResult::kOk, bytes, ""}));
}

TEST_F(GuiWireTest, TellsTheWaysACallCanFail) {
#ifdef __SANITIZE_THREAD__
  // Two times of three a callback never comes then, and gRPC 1.51 ends the program with an
  // assertion of its own (callback_common.h, "call_ == nullptr"). Not seen in any other build; not
  // understood.
  GTEST_SKIP() << "gRPC is not instrumented for TSan, and fails here";
#endif
  EXPECT_EQ(ResultOf("/nothing"), CallResult::kNoSuchMethod);
  EXPECT_EQ(ResultOf("/never", std::chrono::milliseconds(50)), CallResult::kTimedOut);
  EXPECT_EQ(ResultOf("/huge"), CallResult::kFailed);
  gui_.End();
  EXPECT_EQ(ResultOf("/echo", std::chrono::seconds(2)), CallResult::kFailed);
}

TEST_F(GuiWireTest, CancelsACall) {
  const std::uint64_t call = wire_->Call("/never", "", kLong);
  gui_.WaitFor("/never");
  wire_->Cancel(call);
  const Arrival arrival = Next();
  ASSERT_TRUE(std::holds_alternative<CallEnded>(arrival));
  EXPECT_EQ(std::get<CallEnded>(arrival).result, CallResult::kFailed);
}

TEST_F(GuiWireTest, TalksBothWaysOnTheStream) {
  wire_->OpenStream("/protocol.UI/Notifications");
  EXPECT_TRUE(wire_->Write("hello"));
  EXPECT_TRUE(wire_->Write("again"));
  const std::vector<std::string> expected = {"hello", "again"};
  EXPECT_EQ(gui_.WaitFor("/protocol.UI/Notifications", 2), expected);
  gui_.Notify("one");
  gui_.Notify("two");
  EXPECT_EQ(Next(), Arrival(StreamSaid{"one"}));
  EXPECT_EQ(Next(), Arrival(StreamSaid{"two"}));
}

TEST_F(GuiWireTest, TellsThatTheStreamHasEnded) {
  wire_->OpenStream("/protocol.UI/Notifications");
  EXPECT_TRUE(wire_->Write("hello"));
  gui_.WaitFor("/protocol.UI/Notifications");
  gui_.End();
  EXPECT_TRUE(std::holds_alternative<StreamEnded>(Next()));
  EXPECT_FALSE(wire_->Write("x"));
}

TEST_F(GuiWireTest, CanBeDroppedInTheMiddleOfEverything) {
  wire_->OpenStream("/protocol.UI/Notifications");
  for (int i = 0; i < 10; ++i) wire_->Call("/never", "", kLong);
  gui_.WaitFor("/never", 10);
  wire_.reset();
}

}  // namespace
}  // namespace procwall
