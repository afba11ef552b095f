// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/full_screen.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pty.h>

#include "base/unique_fd.h"

namespace procwall {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(ScreenBytes, WritesLinesFromTheCornerAndErasesTheRest) {
  EXPECT_EQ(ScreenBytes({StyledText("a"), StyledText("b")}, Colours::kOff),
            "\x1b[Ha\x1b[K\r\nb\x1b[K\x1b[J");
}

TEST(ScreenBytes, HasNoColoursWhereNoneAreWanted) {
  const std::vector<StyledText> lines{StyledText("a", Style::kBad)};
  EXPECT_THAT(ScreenBytes(lines, Colours::kOff), Not(HasSubstr("m")));
  EXPECT_THAT(ScreenBytes(lines, Colours::kOn), HasSubstr("m"));
}

TEST(ScreenBytes, NothingAStrangerNamedMovesTheCursor) {
  EXPECT_THAT(ScreenBytes({StyledText("\x1b[2J\r")}, Colours::kOff), HasSubstr("\\x1b[2J\\x0d"));
}

class FullScreenTest : public testing::Test {
 protected:
  FullScreenTest() {
    int ours = -1;
    int theirs = -1;
    winsize size{};
    size.ws_col = 100;
    size.ws_row = 30;
    EXPECT_EQ(::openpty(&ours, &theirs, nullptr, nullptr, &size), 0);
    person = UniqueFd(ours);
    terminal = UniqueFd(theirs);
    ::fcntl(ours, F_SETFL, O_NONBLOCK);
  }
  std::string Seen() const {
    std::array<char, 4096> buffer{};
    const ssize_t count = ::read(person.UnsafeFd(), buffer.data(), buffer.size());
    return count > 0 ? std::string(buffer.data(), static_cast<std::size_t>(count)) : "";
  }
  bool EchoesLines() const {
    termios now{};
    ::tcgetattr(terminal.UnsafeFd(), &now);
    return (now.c_lflag & (ECHO | ICANON)) != 0;
  }

  UniqueFd person;
  UniqueFd terminal;
};

TEST_F(FullScreenTest, TakesTheTerminalAndGivesItBack) {
  {
    const FullScreen screen(terminal.UnsafeFd(), terminal.UnsafeFd(), Colours::kOff);
    EXPECT_FALSE(EchoesLines());
    EXPECT_THAT(Seen(), HasSubstr("\x1b[?1049h"));
  }
  EXPECT_TRUE(EchoesLines());
  EXPECT_THAT(Seen(), HasSubstr("\x1b[?1049l"));
}

TEST_F(FullScreenTest, KnowsHowLargeTheTerminalIsNow) {
  const FullScreen screen(terminal.UnsafeFd(), terminal.UnsafeFd(), Colours::kOff);
  EXPECT_EQ(screen.Size(), (ScreenSize{100, 30}));
  winsize size{};
  size.ws_col = 20;
  size.ws_row = 5;
  ::ioctl(person.UnsafeFd(), TIOCSWINSZ, &size);
  EXPECT_EQ(screen.Size(), (ScreenSize{20, 5}));
}

TEST_F(FullScreenTest, WritesOnlyWhatHasChanged) {
  FullScreen screen(terminal.UnsafeFd(), terminal.UnsafeFd(), Colours::kOff);
  screen.Show({StyledText("hello")});
  EXPECT_THAT(Seen(), HasSubstr("hello"));
  screen.Show({StyledText("hello")});
  EXPECT_EQ(Seen(), "");
}

TEST_F(FullScreenTest, ReadsKeysAsTheyAreTyped) {
  const FullScreen screen(terminal.UnsafeFd(), terminal.UnsafeFd(), Colours::kOff);
  ASSERT_EQ(::write(person.UnsafeFd(), "1", 1), 1);
  EXPECT_EQ(screen.ReadKeys(), "1");
}

}  // namespace
}  // namespace procwall
