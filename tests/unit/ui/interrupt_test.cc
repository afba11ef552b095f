// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/interrupt.h"

#include <unistd.h>

#include <gtest/gtest.h>

namespace procwall {
namespace {

TEST(InterruptListenerDeathTest, TurnsCtrlCIntoACall) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  EXPECT_EXIT(
      {
        const InterruptListener listener([] { ::_exit(7); });
        ::kill(::getpid(), SIGINT);
        for (;;) ::pause();
      },
      testing::ExitedWithCode(7), "");
}

TEST(InterruptListenerDeathTest, EndsTheProcessAtTheSecondCtrlC) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  EXPECT_EXIT(
      {
        const InterruptListener listener([] { ::kill(::getpid(), SIGINT); });
        ::kill(::getpid(), SIGINT);
        for (;;) ::pause();
      },
      testing::ExitedWithCode(128 + SIGINT), "");
}

TEST(InterruptListener, RestoresTheSignalMask) {
  {
    const InterruptListener listener([] {});
  }
  sigset_t mask;
  ::pthread_sigmask(SIG_SETMASK, nullptr, &mask);
  EXPECT_EQ(::sigismember(&mask, SIGINT), 0);
}

}  // namespace
}  // namespace procwall
