// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "base/directory_names.h"

#include <fcntl.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "base/file.h"
#include "tests/support/temporary_directory.h"

namespace procwall {
namespace {

TEST(VisitNames, ShowsEveryNameOnceAlsoOfALongDirectory) {
  const TemporaryDirectory folder;
  std::set<std::string> expected = {".", ".."};
  for (int i = 0; i < 2000; ++i) {
    expected.insert(std::to_string(i));
    std::ofstream(folder / std::to_string(i)).flush();
  }
  const UniqueFd directory =
      OpenAt(AT_FDCWD, folder.Path().c_str(), O_RDONLY | O_DIRECTORY).value();
  std::multiset<std::string> seen;
  ASSERT_TRUE(VisitNames(directory, [&](const DirectoryName& name) {
    seen.emplace(name.text);
    return true;
  }));
  EXPECT_EQ(seen, std::multiset<std::string>(expected.begin(), expected.end()));
}

TEST(VisitNames, StopsWhenAsked) {
  const UniqueFd directory = OpenAt(AT_FDCWD, "/proc", O_RDONLY | O_DIRECTORY).value();
  int seen = 0;
  ASSERT_TRUE(VisitNames(directory, [&](const DirectoryName&) { return ++seen < 3; }));
  EXPECT_EQ(seen, 3);
}

TEST(VisitNames, RefusesAFile) {
  const UniqueFd file = OpenAt(AT_FDCWD, "/proc/self/stat", O_RDONLY).value();
  EXPECT_FALSE(VisitNames(file, [](const DirectoryName&) { return true; }));
}

TEST(VisitNames, TellsWhichAreDirectories) {
  const TemporaryDirectory folder;
  std::filesystem::create_directory(folder / "inner");
  std::ofstream(folder / "file").flush();
  const UniqueFd directory =
      OpenAt(AT_FDCWD, folder.Path().c_str(), O_RDONLY | O_DIRECTORY).value();
  std::map<std::string, bool> seen;
  ASSERT_TRUE(VisitNames(directory, [&](const DirectoryName& name) {
    seen.emplace(name.text, name.is_directory);
    return true;
  }));
  EXPECT_EQ(seen, (std::map<std::string, bool>{
                      {".", true}, {"..", true}, {"file", false}, {"inner", true}}));
}

}  // namespace
}  // namespace procwall
