// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/question_call.h"

#include <poll.h>

#include <optional>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/message_text.h"
#include "tests/support/temporary_directory.h"
#include "tests/unit/ui/fake_daemon.h"
#include "ui/daemon_client.h"

namespace procwall {
namespace {

class QuestionCallTest : public testing::Test {
 protected:
  // As soon as there are so many responses, or the end.
  QuestionCall::Heard Hear(QuestionCall& call, std::size_t count) const {
    QuestionCall::Heard all;
    while (all.responses.size() < count && !all.ended) {
      pollfd waiting{heard.UnsafeFd(), POLLIN, 0};
      if (::poll(&waiting, 1, 30'000) != 1) break;
      heard.Clear();
      QuestionCall::Heard some = call.TakeAll();
      for (v1::QuestionsResponse& response : some.responses) {
        all.responses.push_back(std::move(response));
      }
      all.ended = some.ended;
    }
    return all;
  }

  TemporaryDirectory directory;
  FakeDaemon daemon{directory / "api.sock"};
  DaemonClient client{daemon.Address()};
  Wakeup heard = Wakeup::Create().value();
};

TEST_F(QuestionCallTest, SaysHelloAndHearsTheQuestions) {
  daemon.questions = {FromText<v1::QuestionsResponse>("asked { id: 7 }")};
  QuestionCall call(client.Stub(), "me", heard);
  const auto all = Hear(call, 2);
  ASSERT_EQ(all.responses.size(), 2U);
  EXPECT_EQ(all.responses[0].welcome().name(), "me");
  EXPECT_EQ(all.responses[1].asked().id(), 7U);
}

TEST_F(QuestionCallTest, TakesAnswersToTheDaemon) {
  QuestionCall call(client.Stub(), "me", heard);
  call.Say(FromText<v1::QuestionsRequest>("answer { id: 7 default_action: true }"));
  const auto said = daemon.Said(2);
  ASSERT_EQ(said.size(), 2U);
  EXPECT_EQ(said[1].answer().id(), 7U);
}

TEST_F(QuestionCallTest, TellsWhenTheDaemonRefuses) {
  daemon.answer = {grpc::StatusCode::PERMISSION_DENIED, "not you"};
  QuestionCall call(client.Stub(), "me", heard);
  const auto all = Hear(call, 1);
  ASSERT_TRUE(all.ended);
  EXPECT_EQ(all.ended->error_message(), "not you");
}

TEST_F(QuestionCallTest, HangsUpInTheMiddle) {
  QuestionCall call(client.Stub(), "me", heard);
  Hear(call, 1);
}

}  // namespace
}  // namespace procwall
