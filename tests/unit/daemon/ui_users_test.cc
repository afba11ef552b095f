// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/ui_users.h"

#include <gtest/gtest.h>

namespace procwall {
namespace {

// alice (1000) is in the group sudo, bob (1001) in none.
class TwoUsers final : public Accounts {
 public:
  std::optional<Uid> FindUser(const std::string& name) const override {
    if (name == "alice") return 1000;
    if (name == "bob") return 1001;
    return std::nullopt;
  }
  std::optional<std::vector<Uid>> FindGroup(const std::string& name) const override {
    if (name == "sudo") return std::vector<Uid>{1000};
    return std::nullopt;
  }
};

TEST(IsUiUser, AlwaysTakesRoot) { EXPECT_TRUE(IsUiUser({}, 0, TwoUsers())); }

TEST(IsUiUser, KnowsNamesNumbersAndGroups) {
  EXPECT_TRUE(IsUiUser({"alice"}, 1000, TwoUsers()));
  EXPECT_TRUE(IsUiUser({"1001"}, 1001, TwoUsers()));
  EXPECT_TRUE(IsUiUser({"root", "@sudo"}, 1000, TwoUsers()));
}

TEST(IsUiUser, TakesNobodyElse) {
  EXPECT_FALSE(IsUiUser({"alice", "@sudo", "@nobody", "nobody"}, 1001, TwoUsers()));
  EXPECT_FALSE(IsUiUser({}, 1000, TwoUsers()));
}

}  // namespace
}  // namespace procwall
