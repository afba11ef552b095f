// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "base/background_thread.h"

#include <pthread.h>
#include <sched.h>

#include <array>
#include <thread>

#include <gtest/gtest.h>

namespace procwall {
namespace {

TEST(BackgroundThread, HasItsNameAndInterruptsNobody) {
  std::thread([] {
    BeginBackgroundThread("scribe");
    std::array<char, 16> name{};
    ::pthread_getname_np(::pthread_self(), name.data(), name.size());
    EXPECT_STREQ(name.data(), "scribe");
    EXPECT_EQ(::sched_getscheduler(0), SCHED_BATCH);
  }).join();
  EXPECT_EQ(::sched_getscheduler(0), SCHED_OTHER);  // of this thread nothing was changed
}

}  // namespace
}  // namespace procwall
