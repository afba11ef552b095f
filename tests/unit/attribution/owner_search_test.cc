// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/owner_search.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/child_process.h"
#include "tests/support/fake_proc.h"

namespace procwall {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;
using Thoroughness = OwnerSearch::Thoroughness;

// Goes on by one millisecond with every look at it.
class TickingClock final : public Clock {
 public:
  BootTime Now() const override { return now_ += std::chrono::milliseconds(1); }
  WallTime WallNow() const override { return {}; }

 private:
  mutable BootTime now_{};
};

constexpr BootTime kNever = BootTime::max();

std::vector<Pid> PidsOf(const OwnerSearch::Found& found) {
  std::vector<Pid> pids;
  for (const Holder& holder : found.holders) pids.push_back(holder.process->id.pid);
  return pids;
}

class OwnerSearchTest : public testing::Test {
 protected:
  std::vector<OwnerSearch::Found> Find(const std::vector<OwnerSearch::Wanted>& wanted,
                                       Thoroughness thoroughness = Thoroughness::kAllHolders,
                                       BootTime deadline = kNever) {
    return search.Find(wanted, thoroughness, deadline);
  }

  FakeProc proc;
  Procfs procfs = proc.Open();
  TickingClock clock;
  OwnerSearch search{procfs, clock};
};

TEST_F(OwnerSearchTest, FindsTheHolderAndDescribesIt) {
  proc.Put({.pid = 7, .exe = "/usr/bin/curl"});
  proc.PutSocket(7, 3, 100);
  const auto found = Find({{100, 1000}}).front();
  ASSERT_THAT(found.holders, SizeIs(1));
  EXPECT_EQ(found.inode, 100U);
  EXPECT_EQ(found.holders.front().process->path, "/usr/bin/curl");
  EXPECT_EQ(found.holders.front().fd, 3);
  EXPECT_EQ(found.holders.front().socket_uid, 1000U);
  EXPECT_EQ(found.holders.front().probe->SocketAt(3), Inode{100});
  EXPECT_TRUE(found.all_holders_known);
}

TEST_F(OwnerSearchTest, FindsTheParentThatAChildHasItsSocketFrom) {
  proc.Put({.pid = 7, .exe = "/usr/bin/server"});
  proc.Put({.pid = 8, .parent = 7, .exe = "/usr/bin/idle"});
  proc.PutSocket(7, 3, 100);
  proc.PutSocket(8, 3, 100);
  EXPECT_THAT(PidsOf(Find({{100, 0}}, Thoroughness::kFirstHolder).front()), ElementsAre(8, 7));
}

TEST_F(OwnerSearchTest, DoesNotTakeAnotherSocketOfTheParentForIt) {
  proc.Put({.pid = 7});
  proc.Put({.pid = 8, .parent = 7});
  proc.PutSocket(7, 3, 99);
  proc.PutSocket(8, 3, 100);
  EXPECT_THAT(PidsOf(Find({{100, 0}}, Thoroughness::kFirstHolder).front()), ElementsAre(8));
}

TEST_F(OwnerSearchTest, FindsAllHoldersOfASharedSocket) {
  for (const Pid pid : {7, 8, 9}) proc.Put({.pid = pid});
  proc.PutSocket(7, 3, 100);
  proc.PutSocket(9, 5, 100);
  EXPECT_THAT(PidsOf(Find({{100, 0}}).front()), UnorderedElementsAre(7, 9));
}

TEST_F(OwnerSearchTest, StopsAtTheFirstHolderIfThatIsEnough) {
  for (const Pid pid : {7, 8, 9}) {
    proc.Put({.pid = pid});
    proc.PutSocket(pid, 3, 100);
  }
  const auto found = Find({{100, 0}}, Thoroughness::kFirstHolder).front();
  EXPECT_THAT(PidsOf(found), ElementsAre(9));  // the youngest
  EXPECT_FALSE(found.all_holders_known);
}

TEST_F(OwnerSearchTest, AnswersEveryQuestionInTheirOrder) {
  proc.Put({.pid = 7});
  proc.PutSocket(7, 3, 100);
  proc.PutSocket(7, 4, 200);
  const auto found = Find({{200, 0}, {300, 0}, {100, 0}, {0, 0}, {200, 0}});
  ASSERT_THAT(found, SizeIs(5));
  EXPECT_THAT(PidsOf(found[0]), ElementsAre(7));
  EXPECT_THAT(PidsOf(found[1]), IsEmpty());
  EXPECT_TRUE(found[1].all_holders_known);
  EXPECT_THAT(PidsOf(found[2]), ElementsAre(7));
  EXPECT_THAT(PidsOf(found[3]), IsEmpty());
  EXPECT_THAT(PidsOf(found[4]), ElementsAre(7));
}

TEST_F(OwnerSearchTest, NamesAProcessOnceThatHoldsASocketTwice) {
  proc.Put({.pid = 7});
  proc.PutSocket(7, 3, 100);
  proc.PutSocket(7, 4, 100);
  EXPECT_THAT(PidsOf(Find({{100, 0}}).front()), ElementsAre(7));
}

TEST_F(OwnerSearchTest, LooksAtThoseItFoundLatelyFirst) {
  for (Pid pid = 2; pid < 50; ++pid) proc.Put({.pid = pid});
  proc.PutSocket(2, 3, 100);
  proc.PutSocket(40, 3, 200);
  Find({{100, 0}}, Thoroughness::kFirstHolder);
  proc.PutSocket(2, 4, 200);
  EXPECT_THAT(PidsOf(Find({{200, 0}}, Thoroughness::kFirstHolder).front()), ElementsAre(2));
}

TEST_F(OwnerSearchTest, FindsANewbornWithoutLookingAtTheOthers) {
  for (Pid pid = 2; pid < 500; ++pid) proc.Put({.pid = pid});
  proc.Put({.pid = 600});
  proc.PutSocket(600, 3, 100);
  proc.PutLastPid(600);
  const BootTime begin = clock.Now();
  const auto found = Find({{100, 0}}, Thoroughness::kFirstHolder).front();
  EXPECT_THAT(PidsOf(found), ElementsAre(600));
  EXPECT_LT(clock.Now() - begin, std::chrono::milliseconds(10));
}

// The desktop that was there before the firewall may hold thousands of files.
TEST_F(OwnerSearchTest, DoesNotTakeThoseForNewbornThatWereThereBeforeIt) {
  proc.Put({.pid = 7});
  proc.PutSocket(7, 3, 100);
  proc.PutLastPid(600);
  OwnerSearch later(procfs, clock);
  const BootTime begin = clock.Now();
  const std::vector<OwnerSearch::Wanted> wanted{{100, 0}};
  EXPECT_THAT(PidsOf(later.Find(wanted, Thoroughness::kFirstHolder, kNever).front()),
              ElementsAre(7));
  EXPECT_LT(clock.Now() - begin, std::chrono::milliseconds(10));
}

TEST_F(OwnerSearchTest, NamesTheProcessOfANewbornThread) {
  proc.Put({.pid = 7});
  proc.PutSocket(7, 3, 100);
  proc.PutThread(600, 7);
  proc.PutLastPid(600);
  EXPECT_THAT(PidsOf(Find({{100, 0}}).front()), ElementsAre(7));
}

TEST_F(OwnerSearchTest, VisitsTheProcessOfManyNewbornThreadsOnce) {
  proc.Put({.pid = 7});
  for (int fd = 0; fd < 640; ++fd) proc.PutDescriptor(7, fd, "/dev/null");
  for (Pid thread = 600; thread < 640; ++thread) proc.PutThread(thread, 7);
  proc.PutLastPid(639);
  proc.Put({.pid = 599});
  proc.PutSocket(599, 3, 100);
  const BootTime begin = clock.Now();
  EXPECT_THAT(PidsOf(Find({{100, 0}}, Thoroughness::kFirstHolder).front()), ElementsAre(599));
  // One for each number, ten for a visit.
  EXPECT_LT(clock.Now() - begin, std::chrono::milliseconds(60));
}

TEST_F(OwnerSearchTest, KnowsTheYoungestAfterTheNumbersWrapped) {
  for (Pid pid = 900; pid < 1000; ++pid) proc.Put({.pid = pid});
  proc.PutSocket(950, 3, 100);
  proc.Put({.pid = 20});
  proc.PutSocket(20, 3, 100);
  proc.PutLastPid(100);
  EXPECT_THAT(PidsOf(Find({{100, 1000}}, Thoroughness::kFirstHolder).front()), ElementsAre(20));
}

TEST_F(OwnerSearchTest, FindsAllHoldersAmongNewbornAndOld) {
  proc.Put({.pid = 7});
  proc.PutSocket(7, 3, 100);
  proc.Put({.pid = 600});
  proc.PutSocket(600, 3, 100);
  proc.PutLastPid(600);
  const auto found = Find({{100, 0}}).front();
  EXPECT_THAT(PidsOf(found), UnorderedElementsAre(7, 600));
  EXPECT_TRUE(found.all_holders_known);
}

TEST_F(OwnerSearchTest, EndsAtItsDeadlineWithWhatItHas) {
  for (Pid pid = 2; pid < 200; ++pid) proc.Put({.pid = pid});
  proc.PutSocket(199, 3, 100);
  proc.PutSocket(2, 3, 200);
  const auto found = Find({{100, 0}, {200, 0}}, Thoroughness::kAllHolders,
                          clock.Now() + std::chrono::milliseconds(50));
  EXPECT_THAT(PidsOf(found[0]), ElementsAre(199));
  EXPECT_THAT(PidsOf(found[1]), IsEmpty());
  EXPECT_TRUE(found[1].timed_out);
  EXPECT_FALSE(found[1].all_holders_known);
}

TEST_F(OwnerSearchTest, EndsAtItsDeadlineWithinAHugeTable) {
  proc.Put({.pid = 7});
  for (int fd = 0; fd < 2000; ++fd) proc.PutDescriptor(7, fd, "/dev/null");
  const BootTime begin = clock.Now();
  EXPECT_TRUE(Find({{100, 0}}, Thoroughness::kAllHolders, begin + std::chrono::milliseconds(10))
                  .front()
                  .timed_out);
  EXPECT_LT(clock.Now() - begin, std::chrono::milliseconds(15));
}

TEST_F(OwnerSearchTest, SaysThatThereWasNoTimeToAskAHoldersParent) {
  proc.Put({.pid = 7});
  proc.Put({.pid = 8, .parent = 7});
  proc.PutSocket(7, 3, 100);
  proc.PutSocket(8, 3, 100);
  const auto early = Find({{100, 0}}, Thoroughness::kFirstHolder).front();
  EXPECT_FALSE(early.parents_unasked);
  for (int budget = 1; budget < 100; ++budget) {
    const auto found = Find({{100, 0}}, Thoroughness::kFirstHolder,
                            clock.Now() + std::chrono::milliseconds(budget))
                           .front();
    EXPECT_TRUE(found.holders.size() != 1 || found.parents_unasked) << budget;
  }
}

TEST_F(OwnerSearchTest, DoesNotBeginAfterItsDeadline) {
  proc.Put({.pid = 7});
  proc.PutSocket(7, 3, 100);
  const auto found = Find({{100, 0}}, Thoroughness::kFirstHolder, BootTime()).front();
  EXPECT_THAT(found.holders, IsEmpty());
  EXPECT_TRUE(found.timed_out);
}

TEST_F(OwnerSearchTest, SaysThatAHolderVanished) {
  proc.Put({.pid = 7, .state = 'Z'});
  proc.PutSocket(7, 3, 100);
  const auto found = Find({{100, 0}}).front();
  EXPECT_THAT(found.holders, IsEmpty());
  EXPECT_TRUE(found.holder_vanished);
  EXPECT_FALSE(found.all_holders_known);
}

TEST_F(OwnerSearchTest, DoesNotKnowAllHoldersIfOneCannotBeRead) {
  proc.Put({.pid = 7});
  proc.PutSocket(7, 3, 100);
  proc.Put({.pid = 8});
  std::filesystem::remove_all(proc.PathOf(8) / "fd");
  proc.PutDescriptor(8, 0, "");  // makes nothing: its parent is missing
  std::filesystem::create_symlink("fd", proc.PathOf(8) / "fd");  // a loop: ELOOP
  const auto found = Find({{100, 0}}).front();
  EXPECT_THAT(PidsOf(found), ElementsAre(7));
  EXPECT_FALSE(found.all_holders_known);
}

TEST_F(OwnerSearchTest, KeepsAtMostSoManyHolders) {
  for (Pid pid = 2; pid < 100; ++pid) {
    proc.Put({.pid = pid});
    proc.PutSocket(pid, 3, 100);
  }
  const auto found = Find({{100, 0}}).front();
  EXPECT_THAT(found.holders, SizeIs(OwnerSearch::kMaxHolders));
  EXPECT_FALSE(found.all_holders_known);
}

TEST(OwnerSearchOnThisHost, FindsTheChildThatInheritedASocket) {
  const UniqueFd socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  struct stat status {};
  ASSERT_EQ(::fstat(socket.UnsafeFd(), &status), 0);
  const ChildProcess child;
  const Procfs procfs = Procfs::Open().value();
  const SystemClock clock;
  const OwnerSearch::Wanted wanted{status.st_ino, ::geteuid()};
  const auto found =
      OwnerSearch(procfs, clock)
          .Find({&wanted, 1}, Thoroughness::kAllHolders, clock.Now() + std::chrono::seconds(30))
          .front();
  EXPECT_THAT(PidsOf(found), UnorderedElementsAre(::getpid(), child.GetPid()));
}

}  // namespace
}  // namespace procwall
