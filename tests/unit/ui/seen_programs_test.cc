// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/seen_programs.h"

#include <fstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temporary_directory.h"

namespace procwall {
namespace {

using testing::HasSubstr;

TEST(SeenPrograms, IsAFileThatPeopleCanRead) {
  SeenPrograms programs = SeenPrograms::Parse("# mine\n/usr/sbin/sshd\n\n/usr/sbin/nginx");
  EXPECT_EQ(programs.Count(), 2U);
  EXPECT_TRUE(programs.Contains("/usr/sbin/nginx"));
  EXPECT_FALSE(programs.Contains("# mine"));
  EXPECT_TRUE(programs.Add("/usr/bin/a"));
  EXPECT_FALSE(programs.Add("/usr/bin/a"));
  EXPECT_EQ(SeenPrograms::Parse(programs.Text()).Count(), 3U);
}

TEST(SeenPrograms, StaysBounded) {
  std::string text;
  for (std::size_t i = 0; i < 2 * SeenPrograms::kMaxPrograms; ++i) {
    text += "/bin/" + std::to_string(i) + "\n";
  }
  EXPECT_EQ(SeenPrograms::Parse(text).Count(), SeenPrograms::kMaxPrograms);
}

TEST(SeenPrograms, BearsAnyBytes) {
  EXPECT_EQ(SeenPrograms::Parse(std::string_view("\0\xff\n#\n\n\n", 7)).Count(), 1U);
  EXPECT_EQ(SeenPrograms::Parse("").Count(), 0U);
}

TEST(SeenProgramsPath, IsWhereStateBelongs) {
  const auto environment = [](const char* state, const char* home) {
    return [=](const char* name) -> const char* {
      return std::string_view(name) == "HOME" ? home : state;
    };
  };
  EXPECT_EQ(SeenProgramsPath(environment("/x", "/home/ada"), true),
            "/var/lib/procwall/seen-listeners");
  EXPECT_EQ(SeenProgramsPath(environment("/x", "/home/ada"), false), "/x/procwall/seen-listeners");
  EXPECT_EQ(SeenProgramsPath(environment(nullptr, "/home/ada"), false),
            "/home/ada/.local/state/procwall/seen-listeners");
  EXPECT_EQ(SeenProgramsPath(environment("relative", nullptr), false), "");
}

TEST(SaveSeenPrograms, WhatIsSavedIsLoaded) {
  const TemporaryDirectory directory;
  const std::string path = directory / "a/b/seen";
  const auto none = LoadSeenPrograms(path);
  ASSERT_TRUE(none);
  EXPECT_FALSE(none->exists);
  SeenPrograms programs;
  programs.Add("/usr/sbin/sshd");
  ASSERT_TRUE(SaveSeenPrograms(programs, path));
  const auto loaded = LoadSeenPrograms(path);
  ASSERT_TRUE(loaded);
  EXPECT_TRUE(loaded->exists);
  EXPECT_TRUE(loaded->programs.Contains("/usr/sbin/sshd"));
}

TEST(SaveSeenPrograms, SaysWhereItFailed) {
  const TemporaryDirectory directory;
  std::ofstream(directory / "file") << "x";
  const auto saved = SaveSeenPrograms({}, directory / "file/below/seen");
  ASSERT_FALSE(saved);
  EXPECT_THAT(saved.error(), HasSubstr("file/below/seen"));
  EXPECT_FALSE(LoadSeenPrograms(directory.Path().string()));
}

}  // namespace
}  // namespace procwall
