// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/line_reader.h"

#include <fcntl.h>

#include <string>

#include <gtest/gtest.h>

#include "base/file.h"
#include "tests/unit/rules/temporary_directory.h"

namespace procwall {
namespace {

// The lines, each with a | behind it.
std::string LinesOf(std::string_view text, std::size_t limit = 1 << 20) {
  const TemporaryDirectory directory;
  directory.Write("f", text);
  const UniqueFd fd = OpenAt(AT_FDCWD, directory.Path("f").c_str(), O_RDONLY).value();
  LineReader reader(fd.UnsafeFd(), limit);
  std::string lines;
  for (;;) {
    const auto line = reader.Next();
    if (!line) return lines + ErrcName(line.error().code);
    if (!*line) return lines;
    lines += std::string(**line) + "|";
  }
}

TEST(LineReader, GivesLineByLineTheLastOneWithOrWithoutItsEnd) {
  EXPECT_EQ(LinesOf(""), "");
  EXPECT_EQ(LinesOf("\n"), "|");
  EXPECT_EQ(LinesOf("a\n\nb"), "a||b|");
  EXPECT_EQ(LinesOf("a\r\nb\n"), "a\r|b|");
}

TEST(LineReader, GivesTheBeginningOfALineThatIsTooLongAndThenTheNext) {
  const std::string cut(LineReader::kLongestLine + 1, 'x');
  EXPECT_EQ(LinesOf(std::string(1000000, 'x') + "\nb\n"), cut + "|b|");
  EXPECT_EQ(LinesOf("a\n" + std::string(1000000, 'x')), "a|" + cut + "|");
}

TEST(LineReader, JoinsWhatIsReadInPieces) {
  std::string text;
  for (int i = 0; i < 100000; ++i) text += std::to_string(i) + "\n";
  std::string expected = text;
  for (char& c : expected) c = c == '\n' ? '|' : c;
  EXPECT_EQ(LinesOf(text), expected);
}

TEST(LineReader, StopsAtItsLimit) {
  EXPECT_EQ(LinesOf("abc\n", 4), "abc|");
  EXPECT_EQ(LinesOf("abc\n", 3), ErrcName(Errc::kTooLarge));
}

}  // namespace
}  // namespace procwall
