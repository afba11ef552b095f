// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/key_reader.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace procwall {
namespace {

using Kind = Key::Kind;
using Keys = std::vector<Key>;

constexpr Key kUp{Kind::kUp, '\0'};
constexpr Key kDown{Kind::kDown, '\0'};
constexpr Key kEscape{Kind::kEscape, '\0'};

Key Character(char character) { return {Kind::kCharacter, character}; }

TEST(KeyReader, ReadsWhatIsTyped) {
  EXPECT_EQ(KeyReader().Read("1s\r\t"),
            (Keys{Character('1'), Character('s'), {Kind::kEnter, '\0'}, {Kind::kTab, '\0'}}));
  EXPECT_EQ(KeyReader().Read("\x03"), (Keys{{Kind::kInterrupt, '\0'}}));
}

TEST(KeyReader, ReadsArrowsInBothDialectsAndWithModifiers) {
  EXPECT_EQ(KeyReader().Read("\x1b[A\x1b[B"), (Keys{kUp, kDown}));
  EXPECT_EQ(KeyReader().Read("\x1bOA\x1b[1;5B"), (Keys{kUp, kDown}));
}

TEST(KeyReader, ReadsTheKeysThatMoveFar) {
  EXPECT_EQ(KeyReader().Read("\x1b[5~\x1b[6~\x1b[1~\x1b[4~\x1b[H\x1bOF"),
            (Keys{{Kind::kPageUp, '\0'},
                  {Kind::kPageDown, '\0'},
                  {Kind::kHome, '\0'},
                  {Kind::kEnd, '\0'},
                  {Kind::kHome, '\0'},
                  {Kind::kEnd, '\0'}}));
  EXPECT_EQ(KeyReader().Read("\x1b[C\x1b[D\x7f\b"), (Keys{{Kind::kRight, '\0'},
                                                          {Kind::kLeft, '\0'},
                                                          {Kind::kBackspace, '\0'},
                                                          {Kind::kBackspace, '\0'}}));
}

TEST(KeyReader, ASequenceMayComeInPieces) {
  KeyReader reader;
  EXPECT_EQ(reader.Read("\x1b"), Keys{});
  EXPECT_TRUE(reader.IsInSequence());
  EXPECT_EQ(reader.Read("["), Keys{});
  EXPECT_EQ(reader.Read("A1"), (Keys{kUp, Character('1')}));
  EXPECT_FALSE(reader.IsInSequence());
}

TEST(KeyReader, AnEscapeThatNothingFollowsIsOne) {
  KeyReader reader;
  EXPECT_EQ(reader.Read("\x1b"), Keys{});
  EXPECT_EQ(reader.Flush(), Keys{kEscape});
  EXPECT_EQ(reader.Flush(), Keys{});
}

TEST(KeyReader, WhatItDoesNotKnowIsNoKey) {
  KeyReader reader;
  EXPECT_EQ(reader.Read("\x1b[9~\x1bOP\x1bx\xc3\xa4\x01"), Keys{});
  EXPECT_EQ(reader.Read("4"), Keys{Character('4')});
}

TEST(KeyReader, DigitsWithinASequenceAreNoAnswers) {
  EXPECT_EQ(KeyReader().Read("\x1b[1;2;3;4~"), Keys{});
}

TEST(KeyReader, ASequenceWithoutAnEndIsForgotten) {
  KeyReader reader;
  EXPECT_EQ(reader.Read("\x1b[" + std::string(1000, ';')), Keys{});
  reader.Flush();
  EXPECT_EQ(reader.Read("q"), Keys{Character('q')});
}

}  // namespace
}  // namespace procwall
