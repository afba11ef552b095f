// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/file_hasher.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include <gtest/gtest.h>

#include "base/file.h"
#include "tests/support/errc_of.h"
#include "tests/support/temporary_directory.h"

namespace procwall {
namespace {

constexpr HashKinds kAll{.md5 = true, .sha1 = true, .sha256 = true};

struct FileHasherTest : testing::Test {
  UniqueFd Write(const std::string& text) const {
    std::ofstream(path, std::ios::trunc | std::ios::binary) << text;
    return OpenAt(AT_FDCWD, path.c_str(), O_RDONLY).value();
  }
  static Result<Hashes> Finish(FileHasher& hasher) {
    for (;;) {
      auto step = hasher.Step();
      if (!step) return step.error();
      if (*step) return **step;
    }
  }

  TemporaryDirectory folder;
  std::string path = folder / "program";
};

TEST_F(FileHasherTest, ComputesTheDigestsOfAFile) {
  FileHasher hasher = FileHasher::Begin(Write("abc"), kAll).value();
  EXPECT_EQ(Finish(hasher).value(),
            (Hashes{"900150983cd24fb0d6963f7d28e17f72", "a9993e364706816aba3e25717850c26c9cd0d89d",
                    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}));
}

TEST_F(FileHasherTest, ComputesOnlyWhatIsWanted) {
  FileHasher hasher = FileHasher::Begin(Write("abc"), {.md5 = true}).value();
  EXPECT_EQ(Finish(hasher).value(), (Hashes{"900150983cd24fb0d6963f7d28e17f72", "", ""}));
}

TEST_F(FileHasherTest, TakesAFileLargerThanAStep) {
  FileHasher hasher =
      FileHasher::Begin(Write(std::string(FileHasher::kStepBytes + 1, 'a')), {.md5 = true}).value();
  EXPECT_EQ(hasher.Step().value(), std::nullopt);
  EXPECT_EQ(Finish(hasher).value().md5, "6f0555ac53cecbf068d354c08863805a");
}

TEST_F(FileHasherTest, AnEmptyFileHasDigestsToo) {
  FileHasher hasher = FileHasher::Begin(Write(""), {.md5 = true}).value();
  EXPECT_EQ(Finish(hasher).value().md5, "d41d8cd98f00b204e9800998ecf8427e");
}

TEST_F(FileHasherTest, AFileThatChangesMeanwhileHasNone) {
  FileHasher hasher =
      FileHasher::Begin(Write(std::string(2 * FileHasher::kStepBytes, 'a')), {.md5 = true}).value();
  ASSERT_TRUE(hasher.Step());
  ASSERT_EQ(::truncate(path.c_str(), FileHasher::kStepBytes), 0);
  EXPECT_EQ(ErrcOf(Finish(hasher)), Errc::kBusy);
}

TEST_F(FileHasherTest, RefusesAFileThatIsTooLarge) {
  const UniqueFd file = Write("");
  ASSERT_EQ(::truncate(path.c_str(), FileHasher::kMaxFileBytes + 1), 0);
  EXPECT_EQ(ErrcOf(FileHasher::Begin(OpenAt(AT_FDCWD, path.c_str(), O_RDONLY).value(), kAll)),
            Errc::kTooLarge);
}

TEST_F(FileHasherTest, RefusesWhatIsNoRegularFile) {
  UniqueFd directory = OpenAt(AT_FDCWD, folder.Path().c_str(), O_RDONLY | O_DIRECTORY).value();
  EXPECT_EQ(ErrcOf(FileHasher::Begin(std::move(directory), kAll)), Errc::kUnsupported);
}

TEST_F(FileHasherTest, AnotherTextIsAnotherState) {
  const FileState before = ReadFileState(Write("abc").UnsafeFd()).value();
  EXPECT_EQ(before.size, 3U);
  EXPECT_NE(ReadFileState(Write("abcd").UnsafeFd()).value(), before);
}

}  // namespace
}  // namespace procwall
