// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/socket_witness.h"

#include <gtest/gtest.h>

namespace procwall {
namespace {

TEST(WitnessHook, HasAName) {
  EXPECT_STREQ(WitnessHookName(WitnessHook::kConnect), "connect");
  EXPECT_STREQ(WitnessHookName(WitnessHook::kPacket), "packet");
}

TEST(Actor, WithoutAnExecutableIsAKernelThread) {
  EXPECT_TRUE(Actor().IsKernelThread());
  EXPECT_FALSE(
      (Actor{.program = {.id = {7, 1}, .exec_number = 1, .executable = {1, 2}}}).IsKernelThread());
}

}  // namespace
}  // namespace procwall
