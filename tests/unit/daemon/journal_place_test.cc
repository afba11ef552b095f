// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/journal_place.h"

#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temporary_directory.h"

namespace procwall {
namespace {

using testing::HasSubstr;

class JournalPlaceTest : public testing::Test {
 protected:
  static mode_t ModeOf(const std::string& path) {
    struct stat status {};
    EXPECT_EQ(::lstat(path.c_str(), &status), 0) << path;
    return status.st_mode & 07777;
  }
  std::string WhyNot(const std::string& at) {
    const auto placed = PlaceJournal(at);
    return placed ? "" : placed.error();
  }

  TemporaryDirectory directory;
  const std::string folder = directory / "procwall";
  const std::string path = folder + "/journal.db";
};

TEST_F(JournalPlaceTest, IsMadeForItsOwnerAlone) {
  const auto placed = PlaceJournal(path);
  ASSERT_TRUE(placed) << placed.error();
  EXPECT_EQ(*placed, std::filesystem::canonical(path));
  EXPECT_EQ(ModeOf(folder), 0700U);
  EXPECT_EQ(ModeOf(path), 0600U);
}

TEST_F(JournalPlaceTest, KeepsWhatIsThereAndClosesIt) {
  std::filesystem::create_directory(folder);
  std::ofstream(path) << "kept";
  ::chmod(path.c_str(), 0644);
  ASSERT_TRUE(PlaceJournal(path));
  EXPECT_EQ(std::filesystem::file_size(path), 4U);
  EXPECT_EQ(ModeOf(path), 0600U);
}

TEST_F(JournalPlaceTest, RefusesWhatSomebodyMayHavePlanted) {
  std::filesystem::create_directory(folder);
  std::filesystem::create_symlink("/etc/passwd", path);
  EXPECT_THAT(WhyNot(path), HasSubstr("is a symbolic link"));
  std::filesystem::remove(path);
  std::filesystem::create_symlink(folder, directory / "link");
  EXPECT_THAT(WhyNot(directory / "link/journal.db"), HasSubstr("or a symbolic link"));
  std::ofstream{directory / "other"};
  std::filesystem::create_hard_link(directory / "other", path);
  EXPECT_THAT(WhyNot(path), HasSubstr("hard link"));
  std::filesystem::remove(path);
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  EXPECT_THAT(WhyNot(path), HasSubstr("is no file"));
  std::filesystem::remove(path);
  ::chmod(folder.c_str(), 0777);
  EXPECT_THAT(WhyNot(path), HasSubstr("others may write to the directory"));
}

TEST_F(JournalPlaceTest, SaysWhereItCannotBe) {
  EXPECT_THAT(WhyNot("journal.db"), HasSubstr("absolute path"));
  EXPECT_THAT(WhyNot(directory / "a/b/journal.db"), HasSubstr("No such file or directory"));
}

TEST_F(JournalPlaceTest, SetsADamagedOneAside) {
  ASSERT_TRUE(PlaceJournal(path));
  std::ofstream(path) << "damaged";
  std::ofstream(path + "-wal") << "its log";
  std::ofstream(path + ".damaged") << "an older one";
  const auto aside = SetJournalAside(path);
  ASSERT_TRUE(aside) << aside.error();
  EXPECT_EQ(*aside, path + ".damaged");
  EXPECT_EQ(std::filesystem::file_size(*aside), 7U);
  EXPECT_TRUE(std::filesystem::exists(*aside + "-wal"));
  EXPECT_FALSE(std::filesystem::exists(path));
  EXPECT_FALSE(std::filesystem::exists(path + "-wal"));
}

}  // namespace
}  // namespace procwall
