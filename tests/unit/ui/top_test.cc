// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/top.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <sstream>
#include <string>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pty.h>

#include "base/unique_fd.h"
#include "tests/support/temporary_directory.h"
#include "tests/unit/ui/fake_top_daemon.h"
#include "tests/unit/ui/sample_event.h"
#include "tests/unit/ui/sample_flow.h"

namespace procwall {
namespace {

using testing::HasSubstr;

class TopTest : public testing::Test {
 protected:
  TopTest() {
    v1::Event event = SampleEvent();
    event.mutable_time()->set_seconds(std::chrono::duration_cast<std::chrono::seconds>(
                                          std::chrono::system_clock::now().time_since_epoch())
                                          .count());
    daemon.events = {event};
    daemon.flows = {SampleFlow()};
  }
  ExitCode Run(const TopOptions& options) {
    return RunTop(options, client, {out, err, {}}, {0, 1, false});
  }

  TemporaryDirectory directory;
  FakeTopDaemon daemon{directory / "api.sock"};
  DaemonClient client{daemon.Address()};
  std::ostringstream out;
  std::ostringstream err;
};

TEST_F(TopTest, WithoutATerminalItSaysWhatToDo) {
  EXPECT_EQ(Run({}), kUsage);
  EXPECT_EQ(err.str(),
            "procwall: top needs a terminal; for programs there are --once and --json\n");
}

TEST_F(TopTest, OnADumbTerminalItSaysWhatToDo) {
  const Terminal dumb{.is_tty = true, .width = 80, .is_dumb = true};
  EXPECT_EQ(RunTop({}, client, {out, err, dumb}, {-1, -1, true}), kUsage);
  EXPECT_EQ(err.str(),
            "procwall: top moves the cursor, which this terminal (TERM=dumb) cannot; there are "
            "--once and --json\n");
}

TEST_F(TopTest, PrintsOnePage) {
  EXPECT_EQ(Run({.once = true, .interval = std::chrono::milliseconds(300)}), kSuccess);
  EXPECT_THAT(out.str(), HasSubstr("procwall top: enforcing, without a rule: deny\n"));
  EXPECT_THAT(out.str(), HasSubstr("- /usr/bin/curl 4211"));
  EXPECT_THAT(out.str(), HasSubstr("example.org:443"));
  EXPECT_EQ(out.str().find('\x1b'), std::string::npos);
}

TEST_F(TopTest, PrintsOnePageForPrograms) {
  EXPECT_EQ(
      Run({.form = OutputForm::kJson, .once = true, .interval = std::chrono::milliseconds(300)}),
      kSuccess);
  EXPECT_THAT(out.str(), HasSubstr(R"("program":"/usr/bin/curl")"));
  EXPECT_THAT(out.str(), HasSubstr(R"("in_bytes":50000)"));
}

TEST_F(TopTest, SaysThatNobodyAnswers) {
  DaemonClient nobody("unix:/no/such");
  EXPECT_EQ(RunTop({.once = true}, nobody, {out, err, {}}, {0, 1, false}), kFailed);
  EXPECT_THAT(err.str(), HasSubstr("no daemon answers"));
}

TEST_F(TopTest, ShowsAScreenAndGivesTheTerminalBack) {
  int ours = -1;
  int theirs = -1;
  winsize size{};
  size.ws_col = 80;
  size.ws_row = 24;
  ASSERT_EQ(::openpty(&ours, &theirs, nullptr, nullptr, &size), 0);
  const UniqueFd person(ours);
  const UniqueFd terminal(theirs);
  std::string seen;
  std::thread typist([&] {
    std::array<char, 65536> buffer{};
    bool has_typed = false;
    while (seen.find("\x1b[?1049l") == std::string::npos) {
      const ssize_t count = ::read(person.UnsafeFd(), buffer.data(), buffer.size());
      if (count <= 0) break;
      seen.append(buffer.data(), static_cast<std::size_t>(count));
      if (has_typed || seen.find("/usr/bin/curl") == std::string::npos) continue;
      has_typed = ::write(person.UnsafeFd(), "q", 1) == 1;
    }
  });
  EXPECT_EQ(RunTop({}, client, {out, err, {}}, {terminal.UnsafeFd(), terminal.UnsafeFd(), true}),
            kSuccess);
  typist.join();
  EXPECT_THAT(seen, HasSubstr("\x1b[?1049h"));
  EXPECT_THAT(seen, HasSubstr("Enter info"));
}

}  // namespace
}  // namespace procwall
