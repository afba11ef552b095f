// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/executed_file.h"

#include <chrono>

#include <gtest/gtest.h>

namespace procwall {
namespace {

BootTime At(int microseconds) { return BootTime(std::chrono::microseconds(microseconds)); }

ExecutableMapping Mapped(Pid pid, int when, const char* path, std::uint64_t inode) {
  return {.pid = pid,
          .time = At(when),
          .file = {.device = inode == 0 ? 0U : 5U, .inode = inode},
          .path = path};
}

TracedProgram Program(Pid pid, int when, const char* path, std::uint64_t inode) {
  return {.pid = pid,
          .executed = At(when),
          .executable = {.device = inode == 0 ? 0U : 5U, .inode = inode},
          .path = path};
}

TEST(ExecutedFiles, AreTheFirstThatAreMapped) {
  EXPECT_EQ(ExecutedFiles(
                {.execs = {{7, At(100)}},
                 .mappings = {Mapped(7, 120, "/lib/ld.so", 2), Mapped(7, 110, "/usr/bin/curl", 1),
                              Mapped(7, 90, "/usr/bin/sh", 3)}}),
            (std::vector{Program(7, 100, "/usr/bin/curl", 1)}));
}

TEST(ExecutedFiles, WhatHasNoFileIsPassedOver) {
  EXPECT_EQ(ExecutedFiles(
                {.execs = {{7, At(100)}},
                 .mappings = {Mapped(7, 105, "//anon", 0), Mapped(7, 110, "/usr/bin/curl", 1)}}),
            (std::vector{Program(7, 100, "/usr/bin/curl", 1)}));
}

TEST(ExecutedFiles, AFileWhosePathTheKernelCouldNotTellIsNotTheNextOne) {
  EXPECT_EQ(ExecutedFiles(
                {.execs = {{7, At(100)}},
                 .mappings = {Mapped(7, 110, "//toolong", 1), Mapped(7, 120, "/lib/ld.so", 2)}}),
            (std::vector{Program(7, 100, "", 0)}));
}

TEST(ExecutedFiles, TheFileOfTheNextExecOrOfAnotherProcessIsNotThatOnes) {
  EXPECT_EQ(ExecutedFiles({.execs = {{7, At(100)}, {7, At(200)}, {8, At(100)}, {9, At(1)}},
                           .mappings = {Mapped(7, 210, "/usr/bin/curl", 1),
                                        Mapped(9, 2, "/usr/bin/dig", 2)}}),
            (std::vector{Program(7, 100, "", 0), Program(7, 200, "/usr/bin/curl", 1),
                         Program(8, 100, "", 0), Program(9, 1, "/usr/bin/dig", 2)}));
}

TEST(ExecutedFiles, BeforeWhatWasOverwrittenNothingIsKnown) {
  EXPECT_EQ(ExecutedFiles({.execs = {{7, At(100)}, {8, At(300)}},
                           .mappings = {Mapped(7, 210, "/usr/bin/curl", 1),
                                        Mapped(8, 310, "/usr/bin/dig", 2)},
                           .known_since = At(200)}),
            (std::vector{Program(8, 300, "/usr/bin/dig", 2)}));
}

TEST(FindExecuted, IsTheLatestUntilThen) {
  const std::vector programs{Program(7, 100, "/usr/bin/sh", 1), Program(7, 500, "/usr/bin/curl", 2),
                             Program(8, 500, "/usr/bin/dig", 3)};
  EXPECT_EQ(FindExecuted(programs, 7, At(500)), &programs[1]);
  EXPECT_EQ(FindExecuted(programs, 7, At(490)), &programs[1]);  // two events tell of one exec
  EXPECT_EQ(FindExecuted(programs, 7, At(400)), programs.data());
  EXPECT_EQ(FindExecuted(programs, 7, At(900)), &programs[1]);  // it had to be loaded
}

TEST(FindExecuted, IsNoneWhereNothingFits) {
  const std::vector programs{Program(7, 100, "/usr/bin/sh", 1)};
  EXPECT_EQ(FindExecuted(programs, 8, At(100)), nullptr);
  EXPECT_EQ(FindExecuted(programs, 7, At(50)), nullptr);
  EXPECT_EQ(FindExecuted(programs, 7, At(100'000)), nullptr);
  EXPECT_EQ(FindExecuted({}, 7, At(100)), nullptr);
}

}  // namespace
}  // namespace procwall
