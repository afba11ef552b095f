// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/directory_names.h"

#include <fcntl.h>

#include <fstream>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "base/file.h"
#include "tests/support/fake_proc.h"

namespace procwall {
namespace {

TEST(VisitNames, ShowsEveryNameOnceAlsoOfALongDirectory) {
  const FakeProc folder;
  const auto path = folder.PathOf(1);
  std::filesystem::create_directories(path);
  std::set<std::string> expected = {".", ".."};
  for (int i = 0; i < 2000; ++i) {
    expected.insert(std::to_string(i));
    std::ofstream(path / std::to_string(i)).flush();
  }
  const UniqueFd directory = OpenAt(AT_FDCWD, path.c_str(), O_RDONLY | O_DIRECTORY).value();
  std::multiset<std::string> seen;
  ASSERT_TRUE(VisitNames(directory, [&](std::string_view name) {
    seen.emplace(name);
    return true;
  }));
  EXPECT_EQ(seen, std::multiset<std::string>(expected.begin(), expected.end()));
}

TEST(VisitNames, StopsWhenAsked) {
  const UniqueFd directory = OpenAt(AT_FDCWD, "/proc", O_RDONLY | O_DIRECTORY).value();
  int seen = 0;
  ASSERT_TRUE(VisitNames(directory, [&](std::string_view) { return ++seen < 3; }));
  EXPECT_EQ(seen, 3);
}

TEST(VisitNames, RefusesAFile) {
  const UniqueFd file = OpenAt(AT_FDCWD, "/proc/self/stat", O_RDONLY).value();
  EXPECT_FALSE(VisitNames(file, [](std::string_view) { return true; }));
}

}  // namespace
}  // namespace procwall
