// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include "procwall/v1/procwall.pb.h"
#include "tests/support/message_text.h"

namespace procwall {

// curl begins, started by a shell.
inline v1::ProcessNote SampleNote() {
  return FromText<v1::ProcessNote>(R"(
    sequence: 7
    time { seconds: 1709301802 nanos: 184000001 }
    deed: PROCESS_DEED_EXEC
    process {
      pid: 4211 start_time: 99 parent_pid: 811 uid: 4000000001
      path: "/usr/bin/curl"
      args: "curl" args: "https://example.org"
      working_directory: "/home/ada"
      ancestors { pid: 811 path: "/usr/bin/bash" }
    }
    unit: "session.scope")");
}

inline v1::ProcessNote SampleExit() {
  v1::ProcessNote note = SampleNote();
  note.set_deed(v1::PROCESS_DEED_EXIT);
  note.set_exit_code(1);
  note.mutable_lifetime()->set_nanos(20'000'000);
  return note;
}

}  // namespace procwall
