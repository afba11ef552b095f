// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/accounts.h"

#include <gmock/gmock.h>

namespace procwall {
namespace {

TEST(SystemAccounts, KnowRootAndHisGroup) {
  const SystemAccounts accounts;
  EXPECT_EQ(accounts.FindUser("root"), 0U);
  EXPECT_THAT(accounts.FindGroup("root").value(), testing::Contains(0U));
}

TEST(SystemAccounts, DoNotKnowStrangers) {
  const SystemAccounts accounts;
  EXPECT_EQ(accounts.FindUser("nobody-has-this-name"), std::nullopt);
  EXPECT_EQ(accounts.FindGroup("nobody-has-this-name"), std::nullopt);
  EXPECT_EQ(accounts.FindUser(""), std::nullopt);
}

}  // namespace
}  // namespace procwall
