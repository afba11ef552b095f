// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "base/printable.h"

#include <random>
#include <string>

#include <gtest/gtest.h>

namespace procwall {
namespace {

TEST(Printable, LeavesTextAlone) {
  EXPECT_EQ(Printable(""), "");
  EXPECT_EQ(Printable("/usr/bin/curl --data 'a b'"), "/usr/bin/curl --data 'a b'");
  EXPECT_EQ(Printable("grün € 𝄞 日本"), "grün € 𝄞 日本");
}

TEST(Printable, EscapesControlCharacters) {
  EXPECT_EQ(Printable("a\nb\tc\x1b[31m\x7f"), "a\\x0ab\\x09c\\x1b[31m\\x7f");
  EXPECT_EQ(Printable(std::string_view("\0", 1)), "\\x00");
  EXPECT_EQ(Printable("\xc2\x85"), "\\xc2\\x85") << "C1: next line";
}

TEST(Printable, EscapesWhatHidesOrTurnsText) {
  // NOLINTBEGIN(misc-misleading-bidirectional): that is what is tested
  EXPECT_EQ(Printable("\xe2\x80\xae"), "\\xe2\\x80\\xae") << "right-to-left override";
  EXPECT_EQ(Printable("\xe2\x81\xa6"), "\\xe2\\x81\\xa6") << "isolate";
  // NOLINTEND(misc-misleading-bidirectional)
  EXPECT_EQ(Printable("\u200b"), "\\xe2\\x80\\x8b") << "zero width space";
  EXPECT_EQ(Printable("\u2028"), "\\xe2\\x80\\xa8") << "line separator";
  EXPECT_EQ(Printable("\ufeff"), "\\xef\\xbb\\xbf") << "byte order mark";
  EXPECT_EQ(Printable("\u061c"), "\\xd8\\x9c") << "arabic letter mark";
}

TEST(Printable, EscapesEveryByteThatIsNoUtf8) {
  EXPECT_EQ(Printable("a\x80z"), "a\\x80z") << "a continuation alone";
  EXPECT_EQ(Printable("\xc3"), "\\xc3") << "cut short";
  EXPECT_EQ(Printable("\xe2\x82z"), "\\xe2\\x82z") << "cut short by another character";
  EXPECT_EQ(Printable("\xc0\xaf"), "\\xc0\\xaf") << "overlong, two bytes";
  EXPECT_EQ(Printable("\xe0\x80\xaf"), "\\xe0\\x80\\xaf") << "overlong, three bytes";
  EXPECT_EQ(Printable("\xf0\x80\x80\xaf"), "\\xf0\\x80\\x80\\xaf") << "overlong, four bytes";
  EXPECT_EQ(Printable("\xed\xa0\x80"), "\\xed\\xa0\\x80") << "a surrogate";
  EXPECT_EQ(Printable("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80") << "past U+10FFFF";
  EXPECT_EQ(Printable("\xff\xfe"), "\\xff\\xfe");
}

TEST(Printable, AcceptsTheBordersOfUtf8) {
  for (const char* text :
       {"\u00a0", "\u07ff", "\u0800", "\ud7ff", "\ue000", "\uffff", "\U00010000", "\U0010ffff"}) {
    EXPECT_EQ(Printable(text), text);
  }
}

// Undoes the escapes.
std::string Original(std::string_view shown) {
  std::string text;
  while (!shown.empty()) {
    if (shown.starts_with("\\x")) {
      text += static_cast<char>(std::stoi(std::string(shown.substr(2, 2)), nullptr, 16));
      shown.remove_prefix(4);
      continue;
    }
    text += shown.front();
    shown.remove_prefix(shown.front() == '\\' ? 2 : 1);
  }
  return text;
}

TEST(Printable, DoublesTheBackslashSoThatItCanBeReadBack) {
  EXPECT_EQ(Printable("\\x41\\"), "\\\\x41\\\\");
  std::mt19937 random(1);  // NOLINT(cert-msc51-cpp): the same texts in every run
  for (int i = 0; i < 5000; ++i) {
    std::string text(random() % 20, '\0');
    for (char& c : text) c = static_cast<char>(random() % 3 == 0 ? '\\' : random());
    const std::string shown = Printable(text);
    ASSERT_EQ(Original(shown), text);
    for (const char c : shown) ASSERT_FALSE((c >= 0 && c < 0x20) || c == 0x7f);
  }
}

TEST(TerminalSafe, LeavesPrintableTextAsItIs) {
  const std::string shown = Printable("/tmp/\x1b[2J\\\n\xff\u00b5");
  EXPECT_EQ(TerminalSafe(shown), shown);
}

TEST(TerminalSafe, EscapesWhatIsNotPrintable) {
  EXPECT_EQ(TerminalSafe("\x1b[2J\n\\ \xff\xc2\x9b\u202e"),
            "\\x1b[2J\\x0a\\ \\xff\\xc2\\x9b\\xe2\\x80\\xae");
}

}  // namespace
}  // namespace procwall
