// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/process_line.h"

#include <gtest/gtest.h>

#include "tests/unit/ui/sample_note.h"

namespace procwall {
namespace {

std::string LineOf(const v1::ProcessNote& note,
                   const Terminal& terminal = {true, 0, Colours::kOff}) {
  UserNames users;
  return ProcessLine(note, std::chrono::seconds(0), users, terminal);
}

TEST(ProcessLine, SaysWhoBeganWhatAndByWhom) {
  EXPECT_EQ(LineOf(SampleNote()),
            "14:03:22.184  exec     4211  4000000001  /usr/bin/curl in session.scope  "
            "curl https://example.org, started by /usr/bin/bash 811\n");
}

TEST(ProcessLine, SaysHowAProcessEnded) {
  EXPECT_EQ(LineOf(SampleExit()),
            "14:03:22.184  exit     4211  4000000001  /usr/bin/curl in session.scope  "
            "exit code 1, after 20 ms\n");
  v1::ProcessNote killed = SampleExit();
  killed.clear_exit_code();
  killed.set_signal(9);
  EXPECT_NE(LineOf(killed).find("killed by SIGKILL"), std::string::npos);
}

TEST(ProcessLine, SaysWhatIsNotKnown) {
  v1::ProcessNote note;
  note.set_deed(v1::PROCESS_DEED_EXIT);
  note.mutable_process()->set_pid(7);
  EXPECT_NE(LineOf(note).find("      7  ?         (not known)\n"), std::string::npos)
      << LineOf(note);
}

TEST(ProcessLine, SaysWhatWasLost) {
  v1::ProcessNote note;
  note.set_deed(v1::PROCESS_DEED_LOST);
  note.set_lost(12);
  EXPECT_NE(LineOf(note).find("lost  12 of what processes did were not told"), std::string::npos);
}

TEST(ProcessLine, EndsAtTheTerminalsEdge) {
  EXPECT_EQ(LineOf(SampleNote(), {true, 40, Colours::kOff}).size(), 40 + 3);  // "…" has three bytes
}

TEST(ProcessLine, TellsTheTimeInFullToAFile) {
  EXPECT_TRUE(LineOf(SampleNote(), {}).starts_with("2024-03-01T14:03:22.184000001Z  exec"));
}

TEST(ProcessLine, IsSafeForATerminal) {
  v1::ProcessNote note = SampleNote();
  note.mutable_process()->set_path("/tmp/\x1b[2J");
  EXPECT_EQ(LineOf(note).find('\x1b'), std::string::npos);
}

TEST(DeedNamed, KnowsEveryWord) {
  EXPECT_EQ(DeedNamed("exec"), v1::PROCESS_DEED_EXEC);
  EXPECT_EQ(DeedNamed("exit"), v1::PROCESS_DEED_EXIT);
  EXPECT_EQ(DeedNamed("fork"), v1::PROCESS_DEED_FORK);
  EXPECT_EQ(DeedNamed("user"), v1::PROCESS_DEED_USER);
  EXPECT_EQ(DeedNamed("dance"), std::nullopt);
}

}  // namespace
}  // namespace procwall
