// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/process_filter.h"

#include <gtest/gtest.h>

#include "tests/unit/ui/sample_note.h"

namespace procwall {
namespace {

TEST(ProcessFilter, ShowsBeginningsAndEndsOfPrograms) {
  v1::ProcessNote note = SampleNote();
  EXPECT_TRUE(ProcessFilter().Matches(note));
  EXPECT_TRUE(ProcessFilter().Matches(SampleExit()));
  note.set_deed(v1::PROCESS_DEED_FORK);
  EXPECT_FALSE(ProcessFilter().Matches(note));
}

TEST(ProcessFilter, AlwaysShowsWhatWasLost) {
  v1::ProcessNote note;
  note.set_deed(v1::PROCESS_DEED_LOST);
  ProcessFilter filter;
  filter.pids = {7};
  EXPECT_TRUE(filter.Matches(note));
}

TEST(ProcessFilter, ShowsAProcessAndItsOffspring) {
  ProcessFilter filter;
  for (const std::int32_t pid : {4211, 811}) {
    filter.pids = {pid};
    EXPECT_TRUE(filter.Matches(SampleNote())) << pid;
  }
  filter.pids = {812};
  EXPECT_FALSE(filter.Matches(SampleNote()));
}

TEST(ProcessFilter, ShowsOneUser) {
  ProcessFilter filter;
  filter.uids = {4000000001};
  EXPECT_TRUE(filter.Matches(SampleNote()));
  filter.uids = {0};
  EXPECT_FALSE(filter.Matches(SampleNote()));
}

TEST(ProcessFilter, ShowsOneProgram) {
  ProcessFilter filter;
  for (const char* program : {"curl", "/usr/bin/curl", "/usr/bin/"}) {
    filter.program = program;
    EXPECT_TRUE(filter.Matches(SampleNote())) << program;
  }
  for (const char* program : {"wget", "/bin/curl"}) {
    filter.program = program;
    EXPECT_FALSE(filter.Matches(SampleNote())) << program;
  }
}

}  // namespace
}  // namespace procwall
