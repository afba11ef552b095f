// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "base/result.h"

#include <cerrno>
#include <memory>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/errc_of.h"

namespace procwall {
namespace {

static_assert(sizeof(Error) == 16, "an error is two registers");
static_assert(std::is_trivially_copyable_v<Error>, "an error never allocates");

constexpr Error kRefused{Errc::kMalformed, 0, "check number"};

Result<int> Positive(int number) {
  if (number <= 0) return kRefused;
  return number;
}
Result<int> Doubled(int number) { return 2 * PROCWALL_TRY(Positive(number)); }

Status Check(int number) {
  if (number <= 0) return kRefused;
  return {};
}
Result<int> Checked(int number) {
  PROCWALL_TRY_STATUS(Check(number));
  return number;
}

TEST(Result, HoldsItsValue) {
  const Result<int> result = Positive(7);
  ASSERT_TRUE(result);
  EXPECT_EQ(*result, 7);
}

TEST(Result, HoldsItsError) {
  const Result<int> result = Positive(0);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Errc::kMalformed);
  EXPECT_STREQ(result.error().what, "check number");
}

TEST(ProcwallTry, YieldsTheValueOrReturnsTheError) {
  EXPECT_EQ(Doubled(7).value(), 14);
  EXPECT_EQ(ErrcOf(Doubled(-7)), Errc::kMalformed);
}

TEST(ProcwallTry, MovesAValueThatCannotBeCopied) {
  const auto box = [](int number) -> Result<std::unique_ptr<int>> {
    return std::make_unique<int>(PROCWALL_TRY(Positive(number)));
  };
  const auto unbox = [&](int number) -> Result<int> {
    const std::unique_ptr<int> boxed = PROCWALL_TRY(box(number));
    return *boxed;
  };
  EXPECT_EQ(unbox(7).value(), 7);
  EXPECT_EQ(ErrcOf(unbox(0)), Errc::kMalformed);
}

TEST(ProcwallTryStatus, GoesOnOrReturnsTheError) {
  EXPECT_EQ(Checked(7).value(), 7);
  EXPECT_EQ(ErrcOf(Checked(0)), Errc::kMalformed);
}

TEST(Error, SaysWhatFailedAndHow) {
  EXPECT_EQ((Error{Errc::kTruncated, 0, "read tcp header"}.ToString()),
            "read tcp header: truncated");
}

TEST(Error, AddsWhatTheSystemSays) {
  EXPECT_EQ(SystemError(EBUSY, "bind queue").ToString(),
            "bind queue: busy (Device or resource busy)");
}

TEST(SystemError, KeepsTheErrnoAndSortsIt) {
  const std::vector<std::pair<int, Errc>> kinds = {
      {ENOENT, Errc::kNotFound},
      {ESRCH, Errc::kGone},
      {EACCES, Errc::kPermission},
      {EPERM, Errc::kPermission},
      {EBUSY, Errc::kBusy},
      {EADDRINUSE, Errc::kBusy},
      {EOPNOTSUPP, Errc::kUnsupported},
      {ENOSYS, Errc::kUnsupported},
      {EPROTONOSUPPORT, Errc::kUnsupported},
      {ETIMEDOUT, Errc::kTimedOut},
      {EIO, Errc::kSystem},
  };
  for (const auto& [sys_errno, code] : kinds) {
    const Error error = SystemError(sys_errno, "x");
    EXPECT_EQ(error.code, code) << sys_errno;
    EXPECT_EQ(error.sys_errno, sys_errno);
  }
}

TEST(ErrcName, NamesEveryKindDifferently) {
  EXPECT_STREQ(ErrcName(Errc::kTruncated), "truncated");
  EXPECT_STREQ(ErrcName(Errc::kMalformed), "malformed");
  EXPECT_STREQ(ErrcName(Errc::kUnsupported), "unsupported");
  EXPECT_STREQ(ErrcName(Errc::kNotFound), "not found");
  EXPECT_STREQ(ErrcName(Errc::kGone), "gone");
  EXPECT_STREQ(ErrcName(Errc::kPermission), "permission denied");
  EXPECT_STREQ(ErrcName(Errc::kBusy), "busy");
  EXPECT_STREQ(ErrcName(Errc::kTooLarge), "too large");
  EXPECT_STREQ(ErrcName(Errc::kTimedOut), "timed out");
  EXPECT_STREQ(ErrcName(Errc::kSystem), "failed");
}

}  // namespace
}  // namespace procwall
