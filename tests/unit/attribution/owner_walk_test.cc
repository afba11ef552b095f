// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/owner_walk.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <linux/close_range.h>

#include <array>
#include <chrono>
#include <optional>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/unique_fd.h"
#include "tests/support/child_process.h"
#include "tests/support/fake_proc.h"

namespace procwall {
namespace {

TEST(OwnerWalk, PutsThoseOfASocketsUidFirstAndLeavesThemInTheirOrder) {
  FakeProc proc;
  for (const Pid pid : {7, 8, 9, 10}) proc.Put({.pid = pid});
  constexpr Uid kOther = 54321;
  for (const Pid pid : {8, 10}) {
    if (::chown(proc.PathOf(pid).c_str(), kOther, kOther) != 0) GTEST_SKIP() << "needs root";
  }
  const Procfs procfs = proc.Open();
  const SystemClock clock;
  const std::array wanted = {OwnerSearch::Wanted{100, kOther}};
  OwnerWalk walk(procfs, clock, wanted, OwnerSearch::Thoroughness::kFirstHolder, BootTime::max());
  const std::vector<Pid> unvisited = walk.Unvisited(9);
  EXPECT_THAT(unvisited, testing::ElementsAre(9, 8, 7, 10));
  EXPECT_THAT(walk.OwnersFirst(unvisited), testing::ElementsAre(8, 10, 9, 7));
}

// The real /proc: what a folder of ours cannot imitate is how it counts descriptors.
TEST(OwnerWalk, FindsANewSocketByTheLastDescriptorOfItsProcess) {
  // The child's program gets the standard descriptors and, next to them, the socket.
  ASSERT_EQ(::close_range(3, ~0U, CLOSE_RANGE_CLOEXEC), 0);
  UniqueFd socket(::socket(AF_INET, SOCK_DGRAM, 0));
  if (socket.UnsafeFd() != 3) socket = UniqueFd(::dup2(socket.UnsafeFd(), 3));
  const auto procfs = Procfs::Open();
  ASSERT_TRUE(procfs);
  const int own = procfs->DescriptorCount(::getpid());
  if (own == 0) GTEST_SKIP() << "kernels before 6.2 do not tell";
  ChildProcess child;
  child.ExecuteCat();
  // The descriptor that tells of the exec is not the last one that exec closes.
  constexpr int kItsDescriptors = 4;
  const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  int count = 0;
  do {
    count = procfs->DescriptorCount(child.GetPid());
  } while ((count == 0 || count > kItsDescriptors) && std::chrono::steady_clock::now() < limit);
  struct stat status {};
  ASSERT_EQ(::fstat(socket.UnsafeFd(), &status), 0);
  const std::array wanted = {OwnerSearch::Wanted{status.st_ino, ::getuid()}};
  const SystemClock clock;
  const std::array pids = {child.GetPid()};
  // Its loader opens libraries behind the socket, and closes them again.
  std::optional<OwnerWalk> walk;
  do {
    walk.emplace(*procfs, clock, wanted, OwnerSearch::Thoroughness::kFirstHolder, BootTime::max());
    walk->VisitLastDescriptors(pids);
  } while (!walk->IsOver() && std::chrono::steady_clock::now() < limit);
  EXPECT_TRUE(walk->IsOver());
  const auto found = walk->Take(wanted);
  ASSERT_THAT(found.front().holders, testing::SizeIs(1));
  EXPECT_EQ(found.front().holders.front().fd, socket.UnsafeFd());
}

}  // namespace
}  // namespace procwall
