// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/flow_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temporary_directory.h"

namespace procwall {
namespace {

using testing::HasSubstr;

// What a daemon answers is tested with the command that asks: flows_test.cc.

TEST(FlowClient, SaysThatNoDaemonAnswers) {
  const TemporaryDirectory directory;
  DaemonClient daemon("unix:" + (directory / "missing.sock"));
  FlowClient client(daemon);
  EXPECT_THAT(client.List({}).error().what, HasSubstr("no daemon answers"));
  EXPECT_THAT(client.Cut({}).error().what, HasSubstr("no daemon answers"));
}

TEST(FlowClient, AWatchThatWasCancelledBeforeItBeganIsNoError) {
  DaemonClient daemon("unix:/nowhere");
  FlowClient client(daemon);
  client.Cancel();
  EXPECT_FALSE(
      client.Watch({}, [](const v1::WatchFlowsResponse&) { return FlowClient::Continue::kMore; }));
}

}  // namespace
}  // namespace procwall
