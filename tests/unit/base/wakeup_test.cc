// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "base/wakeup.h"

#include <fcntl.h>
#include <poll.h>

#include <thread>

#include <gtest/gtest.h>

namespace procwall {
namespace {

bool IsAwake(const Wakeup& wakeup, int timeout_ms = 0) {
  pollfd waiting{.fd = wakeup.UnsafeFd(), .events = POLLIN, .revents = 0};
  return ::poll(&waiting, 1, timeout_ms) == 1;
}

TEST(Wakeup, SleepsUntilItIsWoken) {
  const Wakeup wakeup = Wakeup::Create().value();
  EXPECT_FALSE(IsAwake(wakeup));
  wakeup.Wake();
  EXPECT_TRUE(IsAwake(wakeup));
}

TEST(Wakeup, MakesOneOfSeveralWakes) {
  const Wakeup wakeup = Wakeup::Create().value();
  wakeup.Wake();
  wakeup.Wake();
  wakeup.Clear();
  EXPECT_FALSE(IsAwake(wakeup));
}

TEST(Wakeup, DoesNotBlockWhenThereIsNothingToClear) {
  const Wakeup wakeup = Wakeup::Create().value();
  wakeup.Clear();
  EXPECT_FALSE(IsAwake(wakeup));
}

TEST(Wakeup, IsWokenByAnotherThread) {
  const Wakeup wakeup = Wakeup::Create().value();
  std::jthread waker([&] { wakeup.Wake(); });
  EXPECT_TRUE(IsAwake(wakeup, 30000));
  waker.join();
}

TEST(Wakeup, IsNotInheritedByOtherPrograms) {
  const Wakeup wakeup = Wakeup::Create().value();
  EXPECT_NE(::fcntl(wakeup.UnsafeFd(), F_GETFD) & FD_CLOEXEC, 0);
}

}  // namespace
}  // namespace procwall
