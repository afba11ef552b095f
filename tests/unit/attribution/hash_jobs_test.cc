// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/hash_jobs.h"

#include <fcntl.h>

#include <fstream>

#include <gtest/gtest.h>

#include "base/file.h"
#include "tests/support/temporary_directory.h"

namespace procwall {
namespace {

constexpr HashKinds kMd5{.md5 = true};

struct HashJobsTest : testing::Test {
  UniqueFd Write(const std::string& name, const std::string& text) const {
    std::ofstream(folder / name) << text;
    return OpenAt(AT_FDCWD, (folder / name).c_str(), O_RDONLY).value();
  }
  void FinishAll() {
    while (jobs.HasWork()) jobs.Step();
  }

  TemporaryDirectory folder;
  const WallTime now = SystemClock().WallNow();
  const WallTime later = now + std::chrono::hours(1);
  HashJobs jobs;
  FileState state;
};

TEST_F(HashJobsTest, ComputesWhatIsNotKnown) {
  EXPECT_TRUE(jobs.Ask(Write("a", "abc"), kMd5, later, state).IsUnderWay());
  EXPECT_TRUE(jobs.Find(state, kMd5).IsUnderWay());
  FinishAll();
  EXPECT_EQ(jobs.Find(state, kMd5).hashes->md5, "900150983cd24fb0d6963f7d28e17f72");
}

TEST_F(HashJobsTest, RemembersTheStateOfAFile) {
  (void)jobs.Ask(Write("a", "abc"), kMd5, later, state);
  FinishAll();
  const auto again =
      jobs.Ask(OpenAt(AT_FDCWD, (folder / "a").c_str(), O_RDONLY).value(), kMd5, later, state);
  EXPECT_EQ(again.hashes->md5, "900150983cd24fb0d6963f7d28e17f72");
  EXPECT_FALSE(jobs.HasWork());
}

TEST_F(HashJobsTest, AFileThatWasChangedIsComputedAnew) {
  (void)jobs.Ask(Write("a", "abc"), kMd5, later, state);
  FinishAll();
  EXPECT_TRUE(jobs.Ask(Write("a", "abcd"), kMd5, later, state).IsUnderWay());
}

TEST_F(HashJobsTest, ComputesOnceForTwoThatAsk) {
  (void)jobs.Ask(Write("a", "abc"), kMd5, later, state);
  EXPECT_TRUE(
      jobs.Ask(OpenAt(AT_FDCWD, (folder / "a").c_str(), O_RDONLY).value(), kMd5, later, state)
          .IsUnderWay());
  jobs.Step();
  jobs.Step();
  EXPECT_FALSE(jobs.HasWork());
}

TEST_F(HashJobsTest, AKindThatWasNotWantedIsComputedLater) {
  (void)jobs.Ask(Write("a", "abc"), kMd5, later, state);
  FinishAll();
  EXPECT_TRUE(jobs.Find(state, {.sha1 = true}).failed);
  EXPECT_TRUE(jobs.Ask(OpenAt(AT_FDCWD, (folder / "a").c_str(), O_RDONLY).value(), {.sha1 = true},
                       later, state)
                  .IsUnderWay());
}

TEST_F(HashJobsTest, ALargeFileKeepsNoSmallOneWaiting) {
  FileState small;
  (void)jobs.Ask(Write("large", std::string(8 * FileHasher::kStepBytes, 'x')), kMd5, later, state);
  (void)jobs.Ask(Write("small", "abc"), kMd5, later, small);
  for (int i = 0; i < 4; ++i) jobs.Step();
  EXPECT_NE(jobs.Find(small, kMd5).hashes, nullptr);
  EXPECT_TRUE(jobs.Find(state, kMd5).IsUnderWay());
}

TEST_F(HashJobsTest, RefusesMoreJobsThanThereIsRoomFor) {
  for (std::size_t i = 0; i < HashJobs::kMaxJobs; ++i) {
    EXPECT_TRUE(jobs.Ask(Write(std::to_string(i), "x"), kMd5, later, state).IsUnderWay());
  }
  EXPECT_TRUE(jobs.Ask(Write("one more", "x"), kMd5, later, state).failed);
}

TEST_F(HashJobsTest, AFileThatWasJustWrittenHasNoneYet) {
  EXPECT_TRUE(jobs.Ask(Write("a", "abc"), kMd5, now, state).failed);
  EXPECT_FALSE(jobs.HasWork());
}

TEST_F(HashJobsTest, ForgetsTheLeastRecentlyUsed) {
  FileState first;
  (void)jobs.Ask(Write("first", "abc"), kMd5, later, first);
  FinishAll();
  for (std::size_t i = 0; i < HashJobs::kMaxRemembered; ++i) {
    (void)jobs.Ask(Write("other", std::string(i, 'x')), kMd5, later, state);
    FinishAll();
  }
  EXPECT_TRUE(jobs.Find(first, kMd5).failed);
  EXPECT_NE(jobs.Find(state, kMd5).hashes, nullptr);
}

}  // namespace
}  // namespace procwall
