// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "base/file.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/errc_of.h"
#include "tests/support/temporary_directory.h"

namespace procwall {
namespace {

class FileTest : public testing::Test {
 protected:
  std::string Put(const std::string& name, const std::string& content) const {
    std::ofstream(directory_ / name, std::ios::binary) << content;
    return directory_ / name;
  }
  std::string Get(const std::string& name) const {
    return ReadFileAt(AT_FDCWD, (directory_ / name).c_str(), 1 << 20).value();
  }
  std::vector<std::string> List() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(directory_.Path())) {
      names.push_back(entry.path().filename());
    }
    return names;
  }
  static unsigned ModeOf(const std::string& path) {
    struct stat status {};
    EXPECT_EQ(::stat(path.c_str(), &status), 0);
    return status.st_mode & 07777U;
  }

  const TemporaryDirectory directory_;
};

TEST_F(FileTest, OpensCloseOnExec) {
  const Result<UniqueFd> fd = OpenAt(AT_FDCWD, Put("a", "x").c_str(), O_RDONLY);
  ASSERT_TRUE(fd);
  EXPECT_NE(::fcntl(fd->UnsafeFd(), F_GETFD) & FD_CLOEXEC, 0);
}

TEST_F(FileTest, OpensRelativeToADirectory) {
  Put("a", "x");
  const UniqueFd directory =
      OpenAt(AT_FDCWD, directory_.Path().c_str(), O_RDONLY | O_DIRECTORY).value();
  EXPECT_EQ(ReadFileAt(directory.UnsafeFd(), "a", 10).value(), "x");
}

TEST_F(FileTest, SaysWhyItCannotOpen) {
  const Result<UniqueFd> fd = OpenAt(AT_FDCWD, (directory_ / "none").c_str(), O_RDONLY);
  ASSERT_FALSE(fd);
  EXPECT_EQ(fd.error().code, Errc::kNotFound);
  EXPECT_EQ(fd.error().sys_errno, ENOENT);
}

TEST_F(FileTest, ReadsAFileOfSeveralBuffers) {
  std::string content(10000, 'a');
  content[5000] = '\0';
  EXPECT_EQ(ReadFileAt(AT_FDCWD, Put("a", content).c_str(), 10000).value(), content);
}

TEST_F(FileTest, RefusesOrCutsAFileBeyondItsLimit) {
  const std::string path = Put("a", std::string(5000, 'a'));
  EXPECT_EQ(ErrcOf(ReadFileAt(AT_FDCWD, path.c_str(), 4999)), Errc::kTooLarge);
  EXPECT_EQ(ReadFileAt(AT_FDCWD, path.c_str(), 4999, OnLarge::kCut).value(),
            std::string(4999, 'a'));
  EXPECT_EQ(ReadFileAt(AT_FDCWD, path.c_str(), 0, OnLarge::kCut).value(), "");
}

TEST_F(FileTest, IsNotHeldByANamedPipeInTheFilesPlace) {
  ASSERT_EQ(::mkfifo((directory_ / "pipe").c_str(), 0600), 0);
  EXPECT_EQ(ReadFileAt(AT_FDCWD, (directory_ / "pipe").c_str(), 10).value(), "");
}

TEST_F(FileTest, DoesNotReadADirectory) {
  EXPECT_EQ(ErrcOf(ReadFileAt(AT_FDCWD, directory_.Path().c_str(), 10)), Errc::kSystem);
}

TEST_F(FileTest, ReadsTheTargetOfALink) {
  std::filesystem::create_symlink("some where (deleted)", directory_ / "link");
  EXPECT_EQ(ReadLinkAt(AT_FDCWD, (directory_ / "link").c_str()).value(), "some where (deleted)");
  EXPECT_EQ(ErrcOf(ReadLinkAt(AT_FDCWD, (directory_ / "none").c_str())), Errc::kNotFound);
}

TEST_F(FileTest, WritesANewFileWithTheModeAskedFor) {
  ASSERT_TRUE(WriteFileAtomically(directory_ / "a", "content", 0640));
  EXPECT_EQ(Get("a"), "content");
  EXPECT_EQ(ModeOf(directory_ / "a"), 0640U);
}

TEST_F(FileTest, ReplacesAFileAndKeepsItsMode) {
  const std::string path = Put("a", "old and longer");
  ASSERT_EQ(::chmod(path.c_str(), 0604), 0);
  ASSERT_TRUE(WriteFileAtomically(path, "new", 0600));
  EXPECT_EQ(Get("a"), "new");
  EXPECT_EQ(ModeOf(path), 0604U);
}

TEST_F(FileTest, LeavesTheOldFileToThoseWhoHaveItOpen) {
  const std::string path = Put("a", "old");
  const UniqueFd fd = OpenAt(AT_FDCWD, path.c_str(), O_RDONLY).value();
  ASSERT_TRUE(WriteFileAtomically(path, "new", 0600));
  std::array<char, 8> buffer{};
  EXPECT_EQ(::read(fd.UnsafeFd(), buffer.data(), buffer.size()), 3);
  EXPECT_STREQ(buffer.data(), "old");
}

TEST_F(FileTest, LeavesNothingBehindWhenItCannotReplace) {
  std::filesystem::create_directory(directory_ / "a");
  EXPECT_FALSE(WriteFileAtomically(directory_ / "a", "content", 0600));
  EXPECT_EQ(List(), std::vector<std::string>{"a"});
}

TEST_F(FileTest, SaysThatTheDirectoryIsMissing) {
  EXPECT_EQ(ErrcOf(WriteFileAtomically(directory_ / "none/a", "content", 0600)), Errc::kNotFound);
}

}  // namespace
}  // namespace procwall
