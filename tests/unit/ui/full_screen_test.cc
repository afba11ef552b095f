// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/full_screen.h"

#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <string>
#include <string_view>

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
  }
  // What has been written to the terminal since the last time. The kernel hands it over in its own
  // time, so a mark is written behind it and awaited: what comes before the mark is all there is.
  std::string Seen() {
    static constexpr std::string_view kMark = "\x01";
    EXPECT_EQ(::write(terminal.UnsafeFd(), kMark.data(), kMark.size()), 1);
    std::string seen;
    while (!seen.ends_with(kMark)) {
      pollfd ready{.fd = person.UnsafeFd(), .events = POLLIN, .revents = 0};
      std::array<char, 4096> buffer{};
      const ssize_t count = ::poll(&ready, 1, kDeadlineMs) == 1
                                ? ::read(person.UnsafeFd(), buffer.data(), buffer.size())
                                : 0;
      if (count <= 0) {
        ADD_FAILURE() << "the terminal's other end never saw the mark, only: " << seen;
        return seen;
      }
      seen.append(buffer.data(), static_cast<std::size_t>(count));
    }
    seen.resize(seen.size() - kMark.size());
    return seen;
  }
  bool EchoesLines() const {
    termios now{};
    ::tcgetattr(terminal.UnsafeFd(), &now);
    return (now.c_lflag & (ECHO | ICANON)) != 0;
  }

  static constexpr int kDeadlineMs = 10'000;
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
