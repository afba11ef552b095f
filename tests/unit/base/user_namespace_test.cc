// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "base/user_namespace.h"

#include <gtest/gtest.h>

namespace procwall {
namespace {

TEST(IsIdentityUidMap, KnowsTheInitialNamespace) {
  EXPECT_TRUE(IsIdentityUidMap("         0          0 4294967295\n"));
}

TEST(IsIdentityUidMap, KnowsAnotherNamespace) {
  EXPECT_FALSE(IsIdentityUidMap("         0       1000          1\n"));
  EXPECT_FALSE(IsIdentityUidMap("         0          0          1\n"));
  EXPECT_FALSE(IsIdentityUidMap("         0          0      65536\n     65536     100000 1\n"));
}

TEST(IsIdentityUidMap, WhatMakesNoSenseIsNoIdentity) {
  for (const char* text :
       {"", "\n", "0 0", "0 0 x\n", "0 0 4294967295", "0 0 99999999999999999999999\n"}) {
    EXPECT_FALSE(IsIdentityUidMap(text)) << text;
  }
}

}  // namespace
}  // namespace procwall
