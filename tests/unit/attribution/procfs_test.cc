// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/procfs.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <limits>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/child_process.h"
#include "tests/support/fake_proc.h"

namespace procwall {
namespace {

using testing::UnorderedElementsAre;
using Visit = ProcessHandle::Visit;

UniqueFd OpenSocket() { return UniqueFd(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)); }

Inode InodeOf(const UniqueFd& fd) {
  struct stat status {};
  return ::fstat(fd.UnsafeFd(), &status) == 0 ? status.st_ino : 0;
}

TEST(Procfs, ListsThePidsAndNothingElse) {
  FakeProc proc;
  proc.Put({.pid = 1});
  proc.Put({.pid = 4194304});
  std::filesystem::create_directories(proc.PathOf(1).parent_path() / "sys");
  EXPECT_THAT(proc.Open().Pids().value(), UnorderedElementsAre(1, 4194304));
}

TEST(Procfs, KnowsWhichNumberWasGivenLast) {
  FakeProc proc;
  EXPECT_EQ(proc.Open().LastPid().error().code, Errc::kGone);
  proc.PutLastPid(300);
  EXPECT_EQ(proc.Open().LastPid().value(), 300);
}

TEST(Procfs, CountsTheDescriptorsOfARealProcess) {
  const auto procfs = Procfs::Open();
  ASSERT_TRUE(procfs);
  const int before = procfs->DescriptorCount(::getpid());
  if (before == 0) GTEST_SKIP() << "kernels before 6.2 do not tell";
  const UniqueFd one_more(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  EXPECT_EQ(procfs->DescriptorCount(::getpid()), before + 1);
}

TEST(Procfs, AnswersWithoutOpeningTheProcess) {
  const UniqueFd socket = OpenSocket();
  const auto procfs = Procfs::Open();
  ASSERT_TRUE(procfs);
  EXPECT_EQ(procfs->SocketAt(::getpid(), socket.UnsafeFd()), InodeOf(socket));
  EXPECT_EQ(procfs->SocketAt(::getpid(), 1 << 20), std::nullopt);
  EXPECT_EQ(procfs->OwnerUid(::getpid()), ::geteuid());
}

TEST(Procfs, LooksBehindTheLongestNumbers) {
  FakeProc proc;
  constexpr int kLargest = std::numeric_limits<int>::max();
  proc.Put({.pid = kLargest});
  proc.PutSocket(kLargest, kLargest, 111);
  EXPECT_EQ(proc.Open().SocketAt(kLargest, kLargest), 111U);
}

TEST(ProcessHandle, KnowsTheProcessOfAThread) {
  FakeProc proc;
  proc.Put({.pid = 7});
  proc.PutThread(9, 7);
  EXPECT_EQ(proc.Open().OpenProcess(7).value()->Leader().value(), 7);
  EXPECT_EQ(proc.Open().OpenProcess(9).value()->Leader().value(), 7);
}

TEST(Procfs, SaysThatAProcessIsGone) {
  const FakeProc proc;
  EXPECT_EQ(proc.Open().OpenProcess(7).error().code, Errc::kGone);
  EXPECT_EQ(proc.Open().OwnerUid(7), std::nullopt);
  EXPECT_EQ(proc.Open().SocketAt(7, 3), std::nullopt);
  EXPECT_EQ(proc.Open().DescriptorCount(7), 0);
}

TEST(ProcessHandle, ShowsEveryDescriptorAndWhichAreSockets) {
  FakeProc proc;
  proc.Put({.pid = 7});
  proc.PutDescriptor(7, 0, "/dev/null");
  proc.PutSocket(7, 3, 111);
  proc.PutDescriptor(7, 4, "pipe:[5]");
  proc.PutSocket(7, 5, 222);
  std::map<int, Inode> seen;
  ASSERT_TRUE(proc.Open().OpenProcess(7).value()->VisitDescriptors([&](int fd, Inode inode) {
    seen[fd] = inode;
    return Visit::kContinue;
  }));
  EXPECT_EQ(seen, (std::map<int, Inode>{{0, 0}, {3, 111}, {4, 0}, {5, 222}}));
}

TEST(ProcessHandle, StopsWhenAsked) {
  FakeProc proc;
  proc.Put({.pid = 7});
  proc.PutSocket(7, 3, 111);
  proc.PutSocket(7, 4, 222);
  int seen = 0;
  ASSERT_TRUE(proc.Open().OpenProcess(7).value()->VisitDescriptors([&](int, Inode) {
    ++seen;
    return Visit::kStop;
  }));
  EXPECT_EQ(seen, 1);
}

TEST(ProcessHandle, SeesOurOwnSockets) {
  const UniqueFd socket = OpenSocket();
  const auto self = Procfs::Open().value().OpenProcess(::getpid()).value();
  EXPECT_EQ(self->SocketAt(socket.UnsafeFd()), InodeOf(socket));
  EXPECT_EQ(self->SocketAt(1 << 20), std::nullopt);
  EXPECT_THAT(self->ExeLink().value(), testing::EndsWith("unit_attribution"));
}

TEST(ProcessHandle, KeepsItsStampUntilItExecutesAnotherProgram) {
  ChildProcess child;
  const auto process = Procfs::Open().value().OpenProcess(child.GetPid()).value();
  const ExecStamp before = process->Stamp().value();
  EXPECT_EQ(process->Stamp().value(), before);
  child.ExecuteCat();
  EXPECT_NE(process->Stamp().value(), before);
  EXPECT_EQ(process->Stamp().value().start_time, before.start_time);
}

TEST(ProcessHandle, OfADeadProcessAnswersGone) {
  ChildProcess child;
  const auto process = Procfs::Open().value().OpenProcess(child.GetPid()).value();
  child.Kill();
  EXPECT_EQ(process->Stamp().error().code, Errc::kGone);
  EXPECT_EQ(process->ExeLink().error().code, Errc::kGone);
  EXPECT_EQ(process->SocketAt(0), std::nullopt);
  EXPECT_EQ(process->VisitDescriptors([](int, Inode) { return Visit::kContinue; }).error().code,
            Errc::kGone);
  EXPECT_EQ(ProcessProbe::Open(*process).error().code, Errc::kGone);
}

TEST(ProcessProbe, AnswersAsTheHandleDoes) {
  const UniqueFd socket = OpenSocket();
  const auto self = Procfs::Open().value().OpenProcess(::getpid()).value();
  const auto probe = ProcessProbe::Open(*self).value();
  EXPECT_EQ(probe->SocketAt(socket.UnsafeFd()), InodeOf(socket));
  EXPECT_EQ(probe->SocketAt(1 << 20), std::nullopt);
  EXPECT_EQ(probe->Stamp().value(), self->Stamp().value());
  EXPECT_TRUE(probe->MayLive());
}

TEST(ProcessProbe, OfADeadProcessHoldsNothing) {
  const UniqueFd socket = OpenSocket();
  ChildProcess child;
  const auto process = Procfs::Open().value().OpenProcess(child.GetPid()).value();
  const auto probe = ProcessProbe::Open(*process).value();
  ASSERT_EQ(probe->SocketAt(socket.UnsafeFd()), InodeOf(socket));
  child.Kill();
  EXPECT_EQ(probe->SocketAt(socket.UnsafeFd()), std::nullopt);
  EXPECT_EQ(probe->Stamp().error().code, Errc::kGone);
}

}  // namespace
}  // namespace procwall
