// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
// The program as a process: what only main() and the kernel do.
#include <signal.h>
#include <sys/wait.h>

#include <array>
#include <cstdlib>
#include <string>

#include <gtest/gtest.h>
#include <stdio.h>

#include "record/event_json.h"
#include "tests/support/temporary_directory.h"
#include "tests/unit/ui/fake_daemon.h"
#include "tests/unit/ui/sample_event.h"
#include "ui/exit_code.h"

namespace procwall {
namespace {

struct Ending {
  std::string output;
  int exit_code = -1;

  friend bool operator==(const Ending&, const Ending&) = default;
};

// A shell command whose output is read as it comes. $PROCWALL is the program.
class ShellCommand {
 public:
  explicit ShellCommand(const std::string& command)
      : pipe_(::popen(("PROCWALL=" PROCWALL_PROGRAM "; " + command).c_str(), "re")) {}

  std::string Line() {
    std::array<char, 4096> line{};
    return ::fgets(line.data(), line.size(), pipe_) == nullptr ? "" : line.data();
  }
  Ending End() {
    Ending ended;
    for (std::string line = Line(); !line.empty(); line = Line()) ended.output += line;
    const int status = ::pclose(pipe_);
    if (WIFEXITED(status)) ended.exit_code = WEXITSTATUS(status);
    return ended;
  }

 private:
  FILE* pipe_;
};

class MainTest : public testing::Test {
 protected:
  MainTest() : daemon_(directory_ / "s") { daemon_.script = {Watched(SampleEvent())}; }
  std::string Watch() const { return "$PROCWALL watch --json --address " + daemon_.Address(); }

  const TemporaryDirectory directory_;
  FakeDaemon daemon_;
  const std::string line_ = EventJson(SampleEvent(), 0) + "\n";
};

TEST_F(MainTest, EndsAWatchWellAtCtrlC) {
  ShellCommand command("echo $$; exec " + Watch() + " 2>&1");
  const pid_t pid = std::atoi(command.Line().c_str());
  EXPECT_EQ(command.Line(), line_);
  ::kill(pid, SIGINT);
  EXPECT_EQ(command.End(), (Ending{"", kSuccess}));
}

TEST_F(MainTest, EndsQuietlyWhenNobodyReads) {
  daemon_.script.assign(5000, Watched(SampleEvent()));
  ShellCommand command("(" + Watch() + " 2>&1 | head -n 1) 2>&1");
  EXPECT_EQ(command.End(), (Ending{line_, 0}));
}

TEST_F(MainTest, TellsADiskThatIsFull) {
  ShellCommand command("$PROCWALL help 2>&1 > /dev/full");
  EXPECT_EQ(command.End(), (Ending{"procwall: the output could not be written\n", kFailed}));
}

TEST_F(MainTest, SaysThatNoDaemonRunsAndWhatToDo) {
  ShellCommand command("PROCWALL_ADDRESS=unix:/no/such $PROCWALL status 2>&1");
  EXPECT_EQ(command.Line(),
            "procwall: no daemon answers at /no/such: there is no such socket, so procwalld is "
            "not running\n");
  EXPECT_EQ(command.End(),
            (Ending{"Start it: `systemctl start procwall`, or `scripts/run` in the source tree.\n"
                    "Another socket: --address unix:PATH.\n",
                    kFailed}));
}

}  // namespace
}  // namespace procwall
