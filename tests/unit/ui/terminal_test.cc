// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/terminal.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <map>

#include <gtest/gtest.h>
#include <stdlib.h>

#include "base/unique_fd.h"

namespace procwall {
namespace {

EnvironmentLookup With(std::map<std::string, std::string> variables) {
  return [variables = std::move(variables)](const char* name) -> const char* {
    const auto found = variables.find(name);
    return found == variables.end() ? nullptr : found->second.c_str();
  };
}

// The program's side of a pseudo terminal that is 140 columns wide.
class TerminalTest : public testing::Test {
 protected:
  TerminalTest() : controller_(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)) {
    ::grantpt(controller_.UnsafeFd());
    ::unlockpt(controller_.UnsafeFd());
    const winsize size{.ws_row = 40, .ws_col = 140, .ws_xpixel = 0, .ws_ypixel = 0};
    ::ioctl(controller_.UnsafeFd(), TIOCSWINSZ, &size);
    tty_ = UniqueFd(::open(::ptsname(controller_.UnsafeFd()), O_RDWR | O_NOCTTY | O_CLOEXEC));
  }

  Colours Detected(ColourChoice choice, std::map<std::string, std::string> variables) {
    return DetectTerminal(tty_.UnsafeFd(), choice, With(std::move(variables))).colours;
  }

  UniqueFd controller_;
  UniqueFd tty_;
};

TEST_F(TerminalTest, KnowsItsWidth) {
  EXPECT_EQ(DetectTerminal(tty_.UnsafeFd(), ColourChoice::kAuto, With({{"TERM", "xterm"}})),
            (Terminal{true, 140, Colours::kOn}));
}

TEST_F(TerminalTest, IsNotColouredAgainstItsUsersWish) {
  EXPECT_EQ(Detected(ColourChoice::kAuto, {{"TERM", "dumb"}}), Colours::kOff);
  EXPECT_EQ(Detected(ColourChoice::kAuto, {}), Colours::kOff);
  EXPECT_EQ(Detected(ColourChoice::kAuto, {{"TERM", "xterm"}, {"NO_COLOR", "1"}}), Colours::kOff);
  EXPECT_EQ(Detected(ColourChoice::kAuto, {{"TERM", "xterm"}, {"NO_COLOR", ""}}), Colours::kOn);
  EXPECT_EQ(Detected(ColourChoice::kNever, {{"TERM", "xterm"}}), Colours::kOff);
  EXPECT_EQ(Detected(ColourChoice::kAlways, {{"NO_COLOR", "1"}}), Colours::kOn);
}

TEST_F(TerminalTest, IsDumbWhenItsNameSaysSo) {
  const auto is_dumb = [&](std::map<std::string, std::string> variables) {
    return DetectTerminal(tty_.UnsafeFd(), ColourChoice::kAlways, With(std::move(variables)))
        .is_dumb;
  };
  EXPECT_TRUE(is_dumb({{"TERM", "dumb"}}));
  EXPECT_FALSE(is_dumb({{"TERM", "vt100"}}));
  EXPECT_FALSE(is_dumb({}));
}

TEST(DetectTerminal, AFileIsNone) {
  const UniqueFd file(::open("/dev/null", O_WRONLY | O_CLOEXEC));
  EXPECT_EQ(DetectTerminal(file.UnsafeFd(), ColourChoice::kAuto, With({{"TERM", "xterm"}})),
            (Terminal{false, 0, Colours::kOff}));
}

}  // namespace
}  // namespace procwall
