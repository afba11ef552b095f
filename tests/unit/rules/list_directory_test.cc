// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/list_directory.h"

#include <sys/stat.h>

#include <filesystem>

#include <gtest/gtest.h>

#include "tests/unit/rules/temporary_directory.h"

namespace procwall {
namespace {

constexpr uid_t kRoot = 0;
constexpr uid_t kUser = 1000;

struct FolderOfLists {
  TemporaryDirectory directory;
  ListReport Read(ListKind kind = ListKind::kDomains, uid_t reader = kUser) const {
    return ReadListDirectory(directory.Path(), kind, reader).report;
  }
  RuleError At(const std::string& name, int line, std::string reason) const {
    return {directory.Path(name), line, 0, std::move(reason)};
  }
};

TEST(ReadListDirectory, MergesItsFilesAndCountsEachEntryOnce) {
  const FolderOfLists world;
  world.directory.Write("a.txt", "0.0.0.0 ads.example\nb.example\n");
  world.directory.Write("b.hosts", "# more\nADS.example\n*.c.example");
  EXPECT_EQ(world.Read(), (ListReport{.files = 2, .entries = 3}));
}

TEST(ReadListDirectory, PassesOverFoldersAndFilesWithoutADotOrWithOneInFront) {
  const FolderOfLists world;
  for (const char* name : {"README", ".hidden.txt"}) world.directory.Write(name, "a.example\n");
  std::filesystem::create_directory(world.directory.Path("folder.d"));
  EXPECT_EQ(world.Read(), ListReport{});
}

TEST(ReadListDirectory, CountsBadLinesAndNamesThemWithFileAndLine) {
  const FolderOfLists world;
  world.directory.Write("a.txt", "a.example\n||b.example^\n" + std::string(5000, 'x') + "\n");
  EXPECT_EQ(world.Read(), (ListReport{.files = 1,
                                      .entries = 1,
                                      .bad_lines = 2,
                                      .named = {world.At("a.txt", 2, "not a domain name"),
                                                world.At("a.txt", 3, "longer than 4096 bytes")}}));
}

TEST(ReadListDirectory, NamesOnlyTheFirstOfManyBadLines) {
  const FolderOfLists world;
  std::string text;
  for (int i = 0; i < 1000; ++i) text += "?\n";
  world.directory.Write("a.txt", text);
  EXPECT_EQ(world.Read().bad_lines, 1000U);
  EXPECT_EQ(world.Read().named.size(), kMaxNamedBadLines);
}

TEST(ReadListDirectory, ReadsEveryKindOfList) {
  const FolderOfLists world;
  world.directory.Write("a.txt", "192.0.2.0/24\n198.51.100.1\n(\n");
  EXPECT_EQ(world.Read(ListKind::kAddresses).entries, 2U);
  EXPECT_EQ(world.Read(ListKind::kPatterns).entries, 2U);
  EXPECT_EQ(world.Read(ListKind::kSensitivePatterns).named,
            (std::vector{world.At("a.txt", 3, "not a regular expression: missing ): (")}));
  world.directory.Write("a.txt", "00112233445566778899aabbccddeeff /usr/bin/x\n");
  EXPECT_EQ(world.Read(ListKind::kDigests).entries, 1U);
}

TEST(ReadListDirectory, TakesNoMorePatternsThanItsLimit) {
  const FolderOfLists world;
  std::string text;
  for (std::size_t i = 0; i <= kMaxListPatterns; ++i) text += std::to_string(i) + "\n";
  world.directory.Write("a.txt", text);
  const ListReport report = world.Read(ListKind::kPatterns);
  EXPECT_EQ(report.entries, kMaxListPatterns);
  EXPECT_EQ(report.bad_lines, 1U);
}

TEST(ReadListDirectory, SaysWhichFilesAreMissingAndWhy) {
  const FolderOfLists world;
  world.directory.Write("good.txt", "a.example\n");
  std::filesystem::create_symlink("loop.txt", world.directory.Path("loop.txt"));
  std::filesystem::create_symlink("nowhere", world.directory.Path("dead.txt"));
  ASSERT_EQ(::mkfifo(world.directory.Path("pipe.txt").c_str(), 0600), 0);
  world.directory.Write("large.txt", "");
  std::filesystem::resize_file(world.directory.Path("large.txt"), kMaxListFileBytes + 1);
  const ListReport report = world.Read();
  EXPECT_EQ(report.entries, 1U);
  ASSERT_EQ(report.missing.size(), 4U);
  EXPECT_EQ(report.missing[0],
            world.At("dead.txt", 0, "a symbolic link to a file that is not there"));
  EXPECT_EQ(report.missing[1],
            world.At("large.txt", 0, "larger than the 67108864 bytes it may have"));
  EXPECT_NE(report.missing[2].reason.find("Too many levels of symbolic links"), std::string::npos);
  EXPECT_EQ(report.missing[3], world.At("pipe.txt", 0, "not a regular file"));
}

TEST(ReadListDirectory, SaysThatTheDirectoryIsMissing) {
  const TemporaryDirectory top;
  const std::string path = top.Path("none");
  const ReadList read = ReadListDirectory(path, ListKind::kDomains, kUser);
  EXPECT_EQ(read.list->Size(), 0U);
  ASSERT_EQ(read.report.missing.size(), 1U);
  EXPECT_EQ(read.report.missing[0].file, path);
}

TEST(ReadListDirectory, DoesNotTakeForRootWhatEverybodyCanChange) {
  const FolderOfLists world;
  world.directory.Write("a.txt", "a.example\n");
  ASSERT_EQ(::chmod(world.directory.Path("a.txt").c_str(), 0666), 0);
  EXPECT_EQ(world.Read(ListKind::kDomains, kUser).entries, 1U);
  EXPECT_EQ(world.Read(ListKind::kDomains, kRoot).entries, 0U);
  ASSERT_EQ(::chmod(world.directory.Path("a.txt").c_str(), 0644), 0);
  EXPECT_EQ(world.Read(ListKind::kDomains, kRoot).entries, 1U);
  ASSERT_EQ(::chmod(world.directory.Path().c_str(), 0777), 0);
  EXPECT_EQ(world.Read(ListKind::kDomains, kRoot).missing.size(), 1U);
}

}  // namespace
}  // namespace procwall
