// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/executable.h"

#include <fcntl.h>
#include <sys/mman.h>

#include <filesystem>
#include <fstream>
#include <optional>

#include <gtest/gtest.h>

#include "base/file.h"
#include "tests/support/child_process.h"
#include "tests/support/temporary_directory.h"

namespace procwall {
namespace {

namespace fs = std::filesystem;
using FoundState = ExecutableState;
using What = HostFile::What;

constexpr FileId kRightFile{.device = 10, .inode = 1};
constexpr FileId kOtherFile{.device = 10, .inode = 2};
constexpr FileId kElsewhere{.device = 11, .inode = 1};

HostFile Here(What what, const FileId& file) { return {.what = what, .facts = {.file = file}}; }
ExecutableFacts Facts(const HostFile& here) { return {.file = {.file = kRightFile}, .here = here}; }

TEST(JudgeExecutable, SeesTheSameFileByDeviceAndInode) {
  EXPECT_EQ(JudgeExecutable(Facts(Here(What::kFile, kRightFile))), FoundState::kSame);
}

TEST(JudgeExecutable, SeesABindMountOverAHostsProgram) {
  EXPECT_EQ(JudgeExecutable(Facts(Here(What::kFile, kOtherFile))), FoundState::kNamesake);
  EXPECT_EQ(JudgeExecutable(Facts(Here(What::kFile, kElsewhere))), FoundState::kNamesake);
}

TEST(JudgeExecutable, SeesAProgramThatThisHostDoesNotHave) {
  EXPECT_EQ(JudgeExecutable(Facts(Here(What::kNothing, kOtherFile))), FoundState::kForeign);
}

TEST(JudgeExecutable, TakesWhatItCannotTellForANamesakeUnlessTheMountIsOurs) {
  ExecutableFacts facts = Facts({});
  EXPECT_EQ(JudgeExecutable(facts), FoundState::kNamesake);
  facts.mount_is_here = true;
  EXPECT_EQ(JudgeExecutable(facts), FoundState::kUnknown);
}

TEST(JudgeExecutable, BelievesADeletedFileOfAMountOfThisHost) {
  ExecutableFacts facts = Facts(Here(What::kNothing, kOtherFile));
  facts.deleted = true;
  facts.mount_is_here = true;
  EXPECT_EQ(JudgeExecutable(facts), FoundState::kDeleted);
  facts.here = Here(What::kFile, kOtherFile);
  EXPECT_EQ(JudgeExecutable(facts), FoundState::kReplaced);
}

TEST(JudgeExecutable, BelievesADeletedFileOfAServiceWithItsOwnMounts) {
  ExecutableFacts facts = Facts(Here(What::kFile, kOtherFile));
  facts.deleted = true;
  facts.mount_is_trusted = true;
  EXPECT_EQ(JudgeExecutable(facts), FoundState::kReplaced);
}

TEST(JudgeExecutable, DoesNotTakeAContainersDeletedFileForTheHosts) {
  ExecutableFacts facts = Facts(Here(What::kFile, kElsewhere));
  facts.deleted = true;
  facts.mount_is_trusted = true;
  EXPECT_EQ(JudgeExecutable(facts), FoundState::kNamesake);
}

TEST(JudgeExecutable, DoesNotBelieveADeletedFileOfAUsersOwnMounts) {
  ExecutableFacts facts = Facts(Here(What::kFile, kOtherFile));
  facts.deleted = true;
  EXPECT_EQ(JudgeExecutable(facts), FoundState::kNamesake);
}

// A copy of cat in a folder of the test, executed by a child.
struct ReadExecutableTest : testing::Test {
  ReadExecutableTest() {
    fs::copy_file("/bin/cat", program);
    Execute(program);
  }
  void Execute(const std::string& path) {
    child.emplace();
    child->Execute(path);
  }
  Executable Read() const {
    const auto process =
        OpenAt(proc.UnsafeFd(), std::to_string(child->GetPid()).c_str(), O_RDONLY | O_DIRECTORY);
    HostFiles host = HostFiles::Open(proc.UnsafeFd()).value();
    return ReadExecutable(process->UnsafeFd(), host).value();
  }

  TemporaryDirectory folder;
  std::string program = folder / "cat";
  UniqueFd proc = OpenAt(AT_FDCWD, "/proc", O_PATH | O_DIRECTORY).value();
  std::optional<ChildProcess> child;
};

TEST_F(ReadExecutableTest, FindsTheFile) {
  const FileId file = ReadFileFacts(AT_FDCWD, program.c_str()).value().file;
  EXPECT_EQ(Read(), (Executable{.path = program, .file = file, .state = FoundState::kSame}));
}

TEST_F(ReadExecutableTest, SeesThatTheFileWasDeleted) {
  const FileId file = ReadFileFacts(AT_FDCWD, program.c_str()).value().file;
  fs::remove(program);
  EXPECT_EQ(
      Read(),
      (Executable{.path = program, .deleted = true, .file = file, .state = FoundState::kDeleted}));
}

TEST_F(ReadExecutableTest, SeesThatTheFilesFolderWasDeletedToo) {
  fs::create_directories(folder / "a/b");
  const std::string deep = folder / "a/b/cat";
  fs::copy_file("/bin/cat", deep);
  Execute(deep);
  fs::remove_all(folder / "a");
  EXPECT_EQ(Read().state, FoundState::kDeleted);
}

TEST_F(ReadExecutableTest, SeesThatTheFileWasReplaced) {
  fs::copy_file("/bin/cat", program + ".new");
  fs::rename(program + ".new", program);
  EXPECT_EQ(Read().state, FoundState::kReplaced);
  EXPECT_EQ(Read().path, program);
}

TEST_F(ReadExecutableTest, IsNotFooledByAFileNamedDeleted) {
  fs::copy_file("/bin/cat", program + ".new");
  fs::rename(program, program + " (deleted)");
  fs::rename(program + ".new", program);
  const Executable executable = Read();
  EXPECT_EQ(executable.path, program + " (deleted)");
  EXPECT_EQ(executable.state, FoundState::kSame);
  EXPECT_FALSE(executable.deleted);
}

TEST(ReadExecutable, HasNoPathForAProcessWithoutAFile) {
  const TemporaryDirectory folder;  // no exe link, as of a kernel thread
  const UniqueFd process = OpenAt(AT_FDCWD, folder.Path().c_str(), O_PATH).value();
  const UniqueFd proc = OpenAt(AT_FDCWD, "/proc", O_PATH | O_DIRECTORY).value();
  HostFiles host = HostFiles::Open(proc.UnsafeFd()).value();
  EXPECT_EQ(ReadExecutable(process.UnsafeFd(), host).value(), Executable{});
}

TEST(ReadExecutable, KnowsAProgramInMemory) {
  const UniqueFd memory(::memfd_create("x", 0));
  const auto cat = ReadFileAt(AT_FDCWD, "/bin/cat", 16U << 20U).value();
  ASSERT_EQ(::write(memory.UnsafeFd(), cat.data(), cat.size()), static_cast<ssize_t>(cat.size()));
  ChildProcess child;
  child.Execute("/proc/self/fd/" + std::to_string(memory.UnsafeFd()));
  const UniqueFd proc = OpenAt(AT_FDCWD, "/proc", O_PATH | O_DIRECTORY).value();
  const UniqueFd process =
      OpenAt(proc.UnsafeFd(), std::to_string(child.GetPid()).c_str(), O_PATH).value();
  HostFiles host = HostFiles::Open(proc.UnsafeFd()).value();
  EXPECT_EQ(ReadExecutable(process.UnsafeFd(), host).value().state, FoundState::kMemory);
}

// A root with one program, on a file system that the test names.
struct VerifyExecutedTest : testing::Test {
  void SetUp() override {
    fs::create_directories(folder / "proc/1");
    fs::create_directories(folder / "root/bin");
    fs::create_symlink(folder / "root", folder / "proc/1/root");
    std::ofstream(folder / "root/bin/curl") << "x";
    facts = ReadFileFacts(AT_FDCWD, (folder / "root/bin/curl").c_str()).value();
    PutMount("ext4");
  }
  // Of device 0:48, the kernel's name of it.
  void PutMount(const std::string& type) {
    std::ofstream(folder / "proc/1/mountinfo")
        << facts.mount << " 1 0:48 / / rw - " << type << " /dev/vda1 rw\n";
  }
  FoundState Verify(const FileId& kernels, ExecutedBy executed_by = ExecutedBy::kTheLiving,
                    const std::string& path = "/bin/curl") {
    const UniqueFd proc = OpenAt(AT_FDCWD, (folder / "proc").c_str(), O_PATH).value();
    HostFiles host = HostFiles::Open(proc.UnsafeFd()).value();
    return VerifyExecuted(path, kernels, host, executed_by);
  }
  FileId KernelsOwn() const { return FileIdOfKernel(48, facts.file.inode); }

  TemporaryDirectory folder;
  FileFacts facts;
};

TEST_F(VerifyExecutedTest, IsProvedByDeviceAndInode) {
  EXPECT_EQ(Verify(facts.file), FoundState::kSame);
}

TEST_F(VerifyExecutedTest, IsProvedByTheMountWhereStatTellsAnotherDevice) {
  EXPECT_EQ(Verify(KernelsOwn()), FoundState::kSame);
  EXPECT_EQ(Verify(FileIdOfKernel(49, facts.file.inode)), FoundState::kUnverified);
}

TEST_F(VerifyExecutedTest, IsNotProvedOnBtrfs) {
  PutMount("btrfs");
  EXPECT_EQ(Verify(KernelsOwn()), FoundState::kUnverified);
  EXPECT_EQ(Verify(KernelsOwn(), ExecutedBy::kTheDead), FoundState::kUnverified);
}

TEST_F(VerifyExecutedTest, LeavesTheRestToProcWhileTheProcessLives) {
  EXPECT_EQ(Verify({facts.file.device, 1}), FoundState::kUnverified);
  EXPECT_EQ(Verify(facts.file, ExecutedBy::kTheLiving, "/bin/other"), FoundState::kUnverified);
  EXPECT_EQ(Verify({}), FoundState::kUnverified);
}

TEST_F(VerifyExecutedTest, DoesNotBelieveTheDead) {
  EXPECT_EQ(Verify({facts.file.device, 1}, ExecutedBy::kTheDead), FoundState::kNamesake);
  EXPECT_EQ(Verify(facts.file, ExecutedBy::kTheDead, "/bin/other"), FoundState::kForeign);
}

}  // namespace
}  // namespace procwall
