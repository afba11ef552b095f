// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/process.h"

#include <gtest/gtest.h>

namespace procwall {
namespace {

TEST(ProcessCommandLine, JoinsTheArgumentsByOneBlank) {
  Process process;
  process.args = {"curl", "", "-s", "http://a b/"};
  EXPECT_EQ(process.CommandLine(), "curl  -s http://a b/");
}

TEST(ProcessCommandLine, IsEmptyWithoutArguments) { EXPECT_EQ(Process().CommandLine(), ""); }

TEST(ExecutableState, HasAName) {
  EXPECT_STREQ(ExecutableStateName(ExecutableState::kReplaced), "replaced");
  EXPECT_STREQ(ExecutableStateName(ExecutableState::kForeign), "foreign");
}

TEST(ProcessId, OfAReusedPidIsAnother) { EXPECT_NE((ProcessId{42, 1000}), (ProcessId{42, 2000})); }

}  // namespace
}  // namespace procwall
