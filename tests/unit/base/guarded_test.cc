// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "base/guarded.h"

#include <memory>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace procwall {
namespace {

TEST(Guarded, StartsWithItsValue) {
  EXPECT_EQ(Guarded<int>().Copy(), 0);
  EXPECT_EQ(Guarded<int>(7).Copy(), 7);
}

TEST(Guarded, IsChangedThroughItsLock) {
  Guarded<std::vector<int>> guarded;
  guarded.Lock()->push_back(7);
  (*guarded.Lock()).push_back(8);
  EXPECT_EQ(guarded.Copy(), (std::vector{7, 8}));
}

TEST(Guarded, LosesNoChangeOfSeveralThreads) {
  constexpr int kChanges = 10000;
  Guarded<int> counter;
  const auto count = [&] {
    for (int i = 0; i < kChanges; ++i) ++*counter.Lock();
  };
  std::jthread first(count);
  std::jthread second(count);
  first.join();
  second.join();
  EXPECT_EQ(counter.Copy(), 2 * kChanges);
}

// How the rules are used: one thread replaces the snapshot, another reads what it has copied out.
TEST(Guarded, HandsOutWholeSnapshotsWhileTheyAreReplaced) {
  Guarded<std::shared_ptr<const std::vector<int>>> guarded(
      std::make_shared<const std::vector<int>>(3, 0));
  std::jthread writer([&] {
    for (int i = 1; i <= 2000; ++i) guarded.Set(std::make_shared<const std::vector<int>>(3, i));
  });
  int last = 0;
  while (last < 2000) {
    const auto snapshot = guarded.Copy();
    ASSERT_EQ(*snapshot, std::vector<int>(3, snapshot->front()));
    ASSERT_GE(snapshot->front(), last);
    last = snapshot->front();
    std::this_thread::yield();
  }
  writer.join();
}

TEST(Guarded, DestroysTheOldValueAfterTheLockIsGone) {
  // A value that looks at its own guard when it dies: a deadlock if that were locked.
  struct Watcher {
    Guarded<std::shared_ptr<Watcher>>* guard;
    bool* was_free;
    ~Watcher() { *was_free = guard->Copy() == nullptr; }
  };
  bool was_free = false;
  Guarded<std::shared_ptr<Watcher>> guarded;
  guarded.Set(std::make_shared<Watcher>(Watcher{&guarded, &was_free}));
  was_free = false;
  guarded.Set(nullptr);
  EXPECT_TRUE(was_free);
}

}  // namespace
}  // namespace procwall
