// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/processes.h"

#include <sstream>

#include <gtest/gtest.h>

#include "tests/support/temporary_directory.h"
#include "tests/unit/ui/fake_daemon.h"
#include "tests/unit/ui/sample_note.h"
#include "ui/process_json.h"

namespace procwall {
namespace {

class ProcessesTest : public testing::Test {
 protected:
  void Tells(const v1::ProcessNote& note, std::uint64_t missed = 0) {
    v1::WatchProcessesResponse response;
    response.set_missed(missed);
    *response.mutable_note() = note;
    daemon_.process_script.push_back(response);
  }
  ExitCode Run(OutputForm form, std::uint64_t count) {
    ProcessesOptions options;
    options.form = form;
    options.count = count;
    return RunProcesses(options, client_, {out_, err_, {}});
  }

  const TemporaryDirectory directory_;
  FakeDaemon daemon_{directory_ / "procwall.sock"};
  DaemonClient client_{daemon_.Address()};
  std::ostringstream out_;
  std::ostringstream err_;
};

TEST_F(ProcessesTest, PrintsOneJsonObjectALine) {
  Tells(SampleNote());
  Tells(SampleExit(), 3);
  EXPECT_EQ(Run(OutputForm::kJson, 2), kSuccess);
  EXPECT_EQ(out_.str(),
            ProcessNoteJson(SampleNote(), 0) + "\n" + ProcessNoteJson(SampleExit(), 3) + "\n");
  EXPECT_EQ(err_.str(), "3 missed: this reader was too slow\n");
}

TEST_F(ProcessesTest, ShowsOnlyWhatIsAskedFor) {
  v1::ProcessNote fork = SampleNote();
  fork.set_deed(v1::PROCESS_DEED_FORK);
  Tells(fork);
  Tells(SampleNote());
  EXPECT_EQ(Run(OutputForm::kText, 1), kSuccess);
  EXPECT_NE(out_.str().find("exec"), std::string::npos);
  EXPECT_EQ(out_.str().find("fork"), std::string::npos);
}

TEST_F(ProcessesTest, FailsWhereNobodyTellsOfProcesses) {
  daemon_.answer = {grpc::StatusCode::FAILED_PRECONDITION, "nobody tells this daemon of processes"};
  EXPECT_EQ(Run(OutputForm::kText, 1), kFailed);
  EXPECT_EQ(err_.str(), "procwall: nobody tells this daemon of processes\n");
}

TEST_F(ProcessesTest, FailsWhenTheDaemonEndsIt) {
  Tells(SampleNote());
  EXPECT_EQ(Run(OutputForm::kText, 2), kFailed);
}

}  // namespace
}  // namespace procwall
