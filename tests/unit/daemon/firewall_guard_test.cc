// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/firewall_guard.h"

#include <optional>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/wakeup.h"
#include "tests/support/fake_clock.h"

namespace procwall {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class FakeTable final : public FirewallTable {
 public:
  FirewallKind Kind() const override { return FirewallKind::kIptablesLegacy; }
  int UnsafeNewsFd() const override { return -1; }
  tl::expected<std::string, std::string> Missing() override {
    ++looks;
    if (blind) return tl::unexpected<std::string>("no eyes");
    return missing;
  }
  tl::expected<void, std::string> PutBack() override {
    ++tries;
    if (!can_put_back) return tl::unexpected<std::string>("locked");
    missing.clear();
    return {};
  }

  std::string missing;
  bool blind = false;
  bool can_put_back = true;
  int looks = 0;
  int tries = 0;
};

class FirewallGuardTest : public testing::Test {
 protected:
  void CheckAfter(std::chrono::milliseconds time) {
    clock.Advance(time);
    guard.Check(table);
  }

  FakeClock clock;
  FirewallNotes notes;
  FakeTable table;
  FirewallGuard guard{clock, notes};
};

TEST_F(FirewallGuardTest, LooksOnceInAWhileHoweverOftenItIsCalled) {
  for (int i = 0; i < 100; ++i) CheckAfter(std::chrono::milliseconds(50));  // 5 s
  EXPECT_GE(table.looks, 4);
  EXPECT_LE(table.looks, 6);
  EXPECT_EQ(table.tries, 0);
  EXPECT_EQ(guard.Repairs(), 0U);
  EXPECT_THAT(notes.All(), IsEmpty());
}

TEST_F(FirewallGuardTest, PutsBackWhatIsGoneCountsAndNotesIt) {
  table.missing = "the rules of PROCWALL-OUTPUT";
  CheckAfter(FirewallGuard::kLookEvery);
  EXPECT_EQ(guard.Repairs(), 1U);
  EXPECT_THAT(notes.All(), ElementsAre(HasSubstr("the rules of PROCWALL-OUTPUT")));
  CheckAfter(FirewallGuard::kLookEvery);
  EXPECT_EQ(guard.Repairs(), 1U);
}

TEST_F(FirewallGuardTest, WhatCannotBePutBackIsTriedLessAndLessOften) {
  table.missing = "everything";
  table.can_put_back = false;
  for (int i = 0; i < 64; ++i) CheckAfter(FirewallGuard::kLookEvery);
  EXPECT_GE(table.tries, 5);
  EXPECT_LE(table.tries, 8);
  EXPECT_EQ(guard.Repairs(), 0U);
  EXPECT_THAT(notes.All(), ElementsAre(HasSubstr("cannot be put back: locked")));
  table.can_put_back = true;
  for (int i = 0; i < 33; ++i) CheckAfter(FirewallGuard::kLookEvery);
  EXPECT_EQ(guard.Repairs(), 1U);
}

TEST_F(FirewallGuardTest, DoesNotFightWithSomebodyWhoRemovesThemAgainAndAgain) {
  for (int i = 0; i < 60; ++i) {
    table.missing = "everything";
    CheckAfter(FirewallGuard::kLookEvery);
  }
  EXPECT_GE(guard.Repairs(), 4U);
  EXPECT_LE(guard.Repairs(), 4U + 5U);  // then after 2, 4, 8, 16 and 32 s
}

TEST_F(FirewallGuardTest, WhoRemovesThemInSomeStepsDoesNotMakeItWait) {
  for (int i = 0; i < 5; ++i) {
    table.missing = "one table more";
    CheckAfter(FirewallGuard::kLookEvery);
    EXPECT_EQ(table.missing, "");
  }
  // A minute later it is a new affair.
  for (int i = 0; i < 61; ++i) CheckAfter(FirewallGuard::kLookEvery);
  for (int i = 0; i < 5; ++i) {
    table.missing = "one table more";
    CheckAfter(FirewallGuard::kLookEvery);
    EXPECT_EQ(table.missing, "");
  }
  EXPECT_EQ(guard.Repairs(), 10U);
}

TEST_F(FirewallGuardTest, SaysWhenItCannotLookAndWhenItCanAgain) {
  table.blind = true;
  CheckAfter(FirewallGuard::kLookEvery);
  EXPECT_THAT(notes.All(), ElementsAre(HasSubstr("no eyes")));
  table.blind = false;
  CheckAfter(FirewallGuard::kLookEvery);
  EXPECT_THAT(notes.All(), IsEmpty());
}

}  // namespace
}  // namespace procwall
