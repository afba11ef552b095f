// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "base/unique_fd.h"

#include <fcntl.h>
#include <unistd.h>

#include <type_traits>
#include <utility>

#include <gtest/gtest.h>

namespace procwall {
namespace {

static_assert(!std::is_copy_constructible_v<UniqueFd> && !std::is_copy_assignable_v<UniqueFd>);
static_assert(std::is_nothrow_move_constructible_v<UniqueFd>);

int OpenSomething() { return ::open("/dev/null", O_RDONLY | O_CLOEXEC); }
bool IsOpen(int fd) { return ::fcntl(fd, F_GETFD) >= 0; }

TEST(UniqueFd, IsEmptyAtFirst) {
  const UniqueFd fd;
  EXPECT_FALSE(fd.IsOpen());
  EXPECT_EQ(fd.UnsafeFd(), -1);
}

TEST(UniqueFd, ClosesWhenItDies) {
  const int raw = OpenSomething();
  {
    const UniqueFd fd(raw);
    EXPECT_TRUE(fd.IsOpen());
    EXPECT_TRUE(IsOpen(raw));
  }
  EXPECT_FALSE(IsOpen(raw));
}

TEST(UniqueFd, IsEmptyAfterAMove) {
  UniqueFd from(OpenSomething());
  const int raw = from.UnsafeFd();
  const UniqueFd to(std::move(from));
  EXPECT_EQ(to.UnsafeFd(), raw);
  // NOLINTNEXTLINE(bugprone-use-after-move,clang-analyzer-cplusplus.Move): promised by the class
  EXPECT_FALSE(from.IsOpen());
}

TEST(UniqueFd, ClosesWhatItHeldWhenAnotherMovesIn) {
  UniqueFd to(OpenSomething());
  UniqueFd from(OpenSomething());
  const int old = to.UnsafeFd();
  const int raw = from.UnsafeFd();
  to = std::move(from);
  EXPECT_FALSE(IsOpen(old));
  EXPECT_EQ(to.UnsafeFd(), raw);
  EXPECT_TRUE(IsOpen(raw));
}

TEST(UniqueFd, SurvivesAMoveIntoItself) {
  UniqueFd fd(OpenSomething());
  UniqueFd& same = fd;
  fd = std::move(same);
  EXPECT_TRUE(IsOpen(fd.UnsafeFd()));
}

TEST(UniqueFd, GivesAwayWhatItReleases) {
  UniqueFd fd(OpenSomething());
  const int raw = fd.Release();
  EXPECT_FALSE(fd.IsOpen());
  EXPECT_TRUE(IsOpen(raw));
  ::close(raw);
}

TEST(UniqueFd, ClosesOnResetOnce) {
  UniqueFd fd(OpenSomething());
  const int raw = fd.UnsafeFd();
  fd.Reset();
  EXPECT_FALSE(IsOpen(raw));
  fd.Reset();
  EXPECT_FALSE(fd.IsOpen());
}

}  // namespace
}  // namespace procwall
