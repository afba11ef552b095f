// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/process_json.h"

#include <gtest/gtest.h>

#include "tests/unit/ui/sample_note.h"

namespace procwall {
namespace {

TEST(ProcessNoteJson, HasEverything) {
  EXPECT_EQ(ProcessNoteJson(SampleNote(), 2),
            R"({"time":"2024-03-01T14:03:22.184000001Z","sequence":7,"missed":2,"event":"exec",)"
            R"("pid":4211,"process_start_time":99,"parent_pid":811,"process_uid":4000000001,)"
            R"("process_path":"/usr/bin/curl","process_is_deleted":false,)"
            R"("process_file":"","process_by_descriptor":false,)"
            R"("process_args":["curl","https://example.org"],"working_directory":"/home/ada",)"
            R"("script":"","ancestors":[{"pid":811,"path":"/usr/bin/bash"}],)"
            R"("unit":"session.scope","container":"","exit_code":null,"signal":null,)"
            R"("lifetime_ms":null,"lost":0})");
}

TEST(ProcessNoteJson, SaysHowAProcessEnded) {
  const std::string json = ProcessNoteJson(SampleExit(), 0);
  EXPECT_NE(json.find(R"("exit_code":1,"signal":null,"lifetime_ms":20.0)"), std::string::npos)
      << json;
}

TEST(ProcessNoteJson, HasNoProcessForWhatWasLost) {
  v1::ProcessNote note;
  note.set_deed(v1::PROCESS_DEED_LOST);
  note.set_lost(5);
  const std::string json = ProcessNoteJson(note, 0);
  EXPECT_NE(json.find(R"("event":"lost","pid":null)"), std::string::npos) << json;
  EXPECT_NE(json.find(R"("lost":5)"), std::string::npos) << json;
}

TEST(ProcessNoteJson, IsSafeForATerminal) {
  v1::ProcessNote note = SampleNote();
  note.mutable_process()->set_path("/tmp/\x1b[2J\n");
  const std::string json = ProcessNoteJson(note, 0);
  EXPECT_EQ(json.find('\x1b'), std::string::npos);
  EXPECT_EQ(json.find('\n'), std::string::npos);
}

}  // namespace
}  // namespace procwall
