// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/interception.h"

#include <memory>
#include <string>
#include <utility>

#include <gtest/gtest.h>

namespace procwall {
namespace {

class CountedTable final : public FirewallTable {
 public:
  explicit CountedTable(int& standing) : standing_(standing) { ++standing_; }
  ~CountedTable() override {
    if (!Stays()) --standing_;
  }
  FirewallKind Kind() const override { return FirewallKind::kNft; }

 private:
  int& standing_;
};

class InterceptionTest : public testing::Test {
 protected:
  int standing_ = 0;
  bool can_install_ = true;
  Interception interception_{Wakeup::Create().value(),
                             [this]() -> tl::expected<std::unique_ptr<FirewallTable>, std::string> {
                               if (!can_install_) return tl::unexpected<std::string>("no nft");
                               return std::make_unique<CountedTable>(standing_);
                             }};
};

TEST_F(InterceptionTest, IsSwitchedOnAndOffAgain) {
  EXPECT_FALSE(interception_.IsOn());
  ASSERT_TRUE(interception_.Switch(true));
  ASSERT_TRUE(interception_.Switch(true));
  EXPECT_TRUE(interception_.IsOn());
  EXPECT_EQ(standing_, 1);
  ASSERT_TRUE(interception_.Switch(false));
  EXPECT_EQ(standing_, 0);
  EXPECT_FALSE(interception_.IsOn());
}

TEST_F(InterceptionTest, StaysOffWhereItCannotBeSwitchedOn) {
  can_install_ = false;
  EXPECT_EQ(interception_.Switch(true).error(), "no nft");
  EXPECT_FALSE(interception_.IsOn());
}

TEST_F(InterceptionTest, DoesWhatWasAskedWhenTheMainThreadComesToIt) {
  bool done = false;
  ASSERT_TRUE(interception_.Ask(
      true, [&](const Interception::Outcome& outcome) { done = outcome.has_value(); }));
  EXPECT_EQ(standing_, 0);
  interception_.DoAsked();
  EXPECT_TRUE(done);
  EXPECT_EQ(standing_, 1);
}

TEST_F(InterceptionTest, LeavesTheHostAtItsEndAsWasDeclared) {
  const auto install = [this]() -> tl::expected<std::unique_ptr<FirewallTable>, std::string> {
    return std::make_unique<CountedTable>(standing_);
  };
  {
    Interception open(Wakeup::Create().value(), install, Interception::AtFailure::kOpen);
    ASSERT_TRUE(open.Switch(true));
  }
  EXPECT_EQ(standing_, 0);
  {
    Interception closed(Wakeup::Create().value(), install, Interception::AtFailure::kClosed);
    ASSERT_TRUE(closed.Switch(true));
    ASSERT_TRUE(closed.Switch(false));
    EXPECT_EQ(standing_, 0);
    ASSERT_TRUE(closed.Switch(true));
  }
  EXPECT_EQ(standing_, 1);
}

TEST_F(InterceptionTest, DoesNotLetWishesPileUp) {
  int taken = 0;
  while (taken < 1000 && interception_.Ask(true, {})) ++taken;
  EXPECT_LT(taken, 1000);
  interception_.DoAsked();
  EXPECT_TRUE(interception_.Ask(false, {}));
}

}  // namespace
}  // namespace procwall
