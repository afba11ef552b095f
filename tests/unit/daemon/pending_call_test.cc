// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/pending_call.h"

#include <grpcpp/test/default_reactor_test_peer.h>
#include <gtest/gtest.h>

namespace procwall {
namespace {

// A call without a wire: its status is what gRPC would send.
struct FakeCall {
  grpc::CallbackServerContext context;
  grpc::testing::DefaultReactorTestPeer peer{&context};
};

TEST(PendingCall, IsAnsweredOnce) {
  FakeCall fake;
  int filled = 0;
  PendingCall call(fake.context);
  call.FinishWith([&] { ++filled; });
  call.FinishWith([&] { ++filled; });
  call.Finish({grpc::StatusCode::INTERNAL, "late"});
  ASSERT_TRUE(fake.peer.test_status_set());
  EXPECT_TRUE(fake.peer.test_status().ok());
  EXPECT_EQ(filled, 1);
  EXPECT_FALSE(call.IsWanted());
}

TEST(PendingCall, ThatIsForgottenIsAnsweredAllTheSame) {
  FakeCall fake;
  { const PendingCall call(fake.context); }
  ASSERT_TRUE(fake.peer.test_status_set());
  EXPECT_EQ(fake.peer.test_status().error_code(), grpc::StatusCode::UNAVAILABLE);
}

TEST(PendingCalls, AnswerAllThatWaitWhenTheyClose) {
  FakeCall waiting;
  FakeCall answered;
  FakeCall late;
  PendingCalls calls;
  const PendingCallPtr first = calls.Begin(waiting.context);
  calls.Begin(answered.context)->Finish(grpc::Status::OK);
  calls.Close();
  EXPECT_EQ(waiting.peer.test_status().error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_TRUE(answered.peer.test_status().ok());
  const PendingCallPtr after = calls.Begin(late.context);
  EXPECT_EQ(late.peer.test_status().error_code(), grpc::StatusCode::UNAVAILABLE);
  first->Finish(grpc::Status::OK);
  EXPECT_EQ(waiting.peer.test_status().error_code(), grpc::StatusCode::UNAVAILABLE);
}

}  // namespace
}  // namespace procwall
