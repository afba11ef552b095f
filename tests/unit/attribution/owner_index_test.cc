// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/owner_index.h"

#include <gtest/gtest.h>

#include "attribution/describe.h"
#include "tests/support/fake_proc.h"

namespace procwall {
namespace {

constexpr Uid kSocketUser = 1000;

class OwnerIndexTest : public testing::Test {
 protected:
  Holder HolderAt(Pid pid, int fd, Uid socket_uid = kSocketUser) {
    const auto process = proc.Open().OpenProcess(pid).value();
    const Description description = DescribeProcess(*process).value();
    return {.probe = ProcessProbe::Open(*process).value(),
            .fd = fd,
            .socket_uid = socket_uid,
            .stamp = description.stamp,
            .process = std::make_shared<const Process>(description.process)};
  }
  // A process that was found to hold a socket.
  void LearnProcess(Pid pid, int fd, Inode inode) {
    proc.Put({.pid = pid});
    proc.PutSocket(pid, fd, inode);
    index.Learn(inode, HolderAt(pid, fd));
  }
  std::string Recall(Inode inode, Uid uid = kSocketUser) {
    const auto recalled = index.Recall(inode, uid);
    if (!recalled) return "unknown";
    return fmt::format("{} {}", recalled->process->id.pid,
                       recalled->source == HolderSource::kIndex ? "index" : "guess");
  }
  // Sockets that come and go at one descriptor.
  std::string Reopen(Pid pid, int fd, Inode inode) {
    proc.PutSocket(pid, fd, inode);
    std::string recalled = Recall(inode);
    proc.CloseDescriptor(pid, fd);
    return recalled;
  }

  FakeProc proc;
  OwnerIndex index;
};

TEST_F(OwnerIndexTest, KnowsNothingAtFirst) {
  EXPECT_EQ(Recall(100), "unknown");
  EXPECT_EQ(Recall(0), "unknown");
  EXPECT_EQ(index.Probes(), 0U);
}

TEST_F(OwnerIndexTest, RecallsASocketItLearnt) {
  LearnProcess(7, 3, 100);
  EXPECT_EQ(Recall(100), "7 index");
  EXPECT_EQ(index.Probes(), 2U);  // the descriptor and the stamp
}

TEST_F(OwnerIndexTest, GuessesTheNextSocketOfAProcessAtTheSameDescriptor) {
  LearnProcess(7, 3, 100);
  proc.PutSocket(7, 3, 101);
  EXPECT_EQ(Recall(101), "7 guess");
  EXPECT_EQ(Recall(101), "7 index");
}

TEST_F(OwnerIndexTest, GuessesEachOfAThousandSocketsInARow) {
  LearnProcess(7, 3, 100);
  for (int i = 1; i < 1000; ++i) {
    proc.PutSocket(7, 3 + i, 100 + static_cast<Inode>(i));
    ASSERT_EQ(Recall(100 + static_cast<Inode>(i)), "7 guess") << i;
  }
  EXPECT_LT(index.Probes(), 2.01 * 1000);
}

TEST_F(OwnerIndexTest, AsksForTheProgramOnceInABatch) {
  LearnProcess(7, 3, 100);
  index.BeginBatch();
  EXPECT_EQ(Recall(100), "7 index");
  EXPECT_EQ(Recall(100), "7 index");
  EXPECT_EQ(index.Probes(), 3U);  // the descriptor twice and the stamp
  index.BeginBatch();
  EXPECT_EQ(Recall(100), "7 index");
  EXPECT_EQ(index.Probes(), 5U);
}

TEST_F(OwnerIndexTest, SeesAnotherProgramInTheNextBatch) {
  LearnProcess(7, 3, 100);
  index.BeginBatch();
  ASSERT_EQ(Recall(100), "7 index");
  proc.Put({.pid = 7, .start_stack = 1});
  index.BeginBatch();
  EXPECT_EQ(Recall(100), "unknown");
}

TEST_F(OwnerIndexTest, DoesNotConfirmAProcessByThePredecessorOfItsSlot) {
  LearnProcess(7, 3, 100);
  index.BeginBatch();
  ASSERT_EQ(Recall(100), "7 index");
  proc.Put({.pid = 7, .start_stack = 1});
  index.Learn(100, HolderAt(7, 3));
  proc.Put({.pid = 7, .start_stack = 2});
  EXPECT_EQ(Recall(100), "unknown");
}

TEST_F(OwnerIndexTest, NeverBelievesWhatIsNotSoNow) {
  LearnProcess(7, 3, 100);
  proc.PutSocket(7, 3, 999);
  EXPECT_EQ(Recall(100), "unknown");
}

TEST_F(OwnerIndexTest, FindsASocketThatMovedToTheNextDescriptor) {
  LearnProcess(7, 3, 100);
  proc.CloseDescriptor(7, 3);
  proc.PutSocket(7, 4, 100);
  EXPECT_EQ(Recall(100), "7 guess");
}

TEST_F(OwnerIndexTest, DoesNotRecallAProcessThatExecutedAnotherProgram) {
  LearnProcess(7, 3, 100);
  proc.Put({.pid = 7, .start_stack = 0x7ffe0000});
  EXPECT_EQ(Recall(100), "unknown");
  EXPECT_EQ(Recall(100), "unknown");
}

TEST_F(OwnerIndexTest, RecallsTheOtherProgramOnceItLearntIt) {
  LearnProcess(7, 3, 100);
  proc.Put({.pid = 7, .exe = "/usr/bin/wget", .start_stack = 0x7ffe0000});
  index.Learn(100, HolderAt(7, 3));
  EXPECT_EQ(index.Recall(100, kSocketUser)->process->path, "/usr/bin/wget");
}

TEST_F(OwnerIndexTest, DoesNotRecallADeadProcess) {
  LearnProcess(7, 3, 100);
  proc.Kill(7);
  EXPECT_EQ(Recall(100), "unknown");
}

TEST_F(OwnerIndexTest, DoesNotTakeAReusedPidForTheProcessItKnew) {
  LearnProcess(7, 3, 100);
  proc.Kill(7);
  proc.Put({.pid = 7, .start_time = 9999});
  proc.PutSocket(7, 3, 100);
  EXPECT_EQ(Recall(100), "unknown");
}

TEST_F(OwnerIndexTest, DoesNotGuessAtProcessesOfOtherUsers) {
  LearnProcess(7, 3, 100);
  proc.PutSocket(7, 3, 101);
  EXPECT_EQ(Recall(101, kSocketUser + 1), "unknown");
  EXPECT_EQ(Recall(100), "unknown");  // one read: its descriptor has another socket
}

TEST_F(OwnerIndexTest, LearnsWhoseTurnItIs) {
  constexpr int kProcesses = 50;
  for (int i = 0; i < kProcesses; ++i) LearnProcess(100 + i, 5, 1000 + static_cast<Inode>(i));
  Inode inode = 2000;
  int known = 0;
  for (int round = 0; round < 4; ++round) {
    for (int i = 0; i < kProcesses; ++i, ++inode) {
      const bool recalled = Reopen(100 + i, 5, inode) != "unknown";
      if (recalled) {
        ++known;
        continue;
      }
      proc.PutSocket(100 + i, 5, inode);
      index.Learn(inode, HolderAt(100 + i, 5));
      proc.CloseDescriptor(100 + i, 5);
    }
  }
  EXPECT_GT(known, 4 * kProcesses - 10);
}

TEST_F(OwnerIndexTest, ReadsABoundedNumberOfTimes) {
  for (int i = 0; i < 300; ++i) LearnProcess(100 + i, 5, 1000 + static_cast<Inode>(i));
  const auto before = index.Probes();
  EXPECT_EQ(Recall(1), "unknown");
  EXPECT_LE(index.Probes() - before, std::uint64_t{OwnerIndex::kMaxProbes});
}

TEST_F(OwnerIndexTest, LosesPatienceWithAnIdleProcess) {
  LearnProcess(7, 3, 100);
  proc.CloseDescriptor(7, 3);
  for (Inode inode = 200; inode < 300; ++inode) EXPECT_EQ(Recall(inode), "unknown");
  EXPECT_LE(index.Probes(), std::uint64_t{OwnerIndex::kPatience} + 4);
  proc.PutSocket(7, 3, 500);
  EXPECT_EQ(Recall(500), "unknown");
  index.Learn(500, HolderAt(7, 3));
  EXPECT_EQ(Recall(500), "7 index");
}

TEST_F(OwnerIndexTest, ForgetsTheProcessThatWasSilentLongestWhenFull) {
  for (int i = 0; i <= static_cast<int>(OwnerIndex::kMaxProcesses); ++i) {
    LearnProcess(100 + i, 5, 1000 + static_cast<Inode>(i));
  }
  EXPECT_EQ(Recall(1000), "unknown");
  EXPECT_EQ(Recall(1001), "101 index");
}

}  // namespace
}  // namespace procwall
