// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/placed_json.h"

#include <string>

#include <gtest/gtest.h>

namespace procwall {
namespace {

using Kind = PlacedJson::Kind;

PlacedJson Parsed(std::string_view text) { return ParsePlacedJson(text, "file").value(); }

TEST(ParsePlacedJson, KnowsTheLineOfEveryValue) {
  const PlacedJson root = Parsed("{\n \"a\": [\n  1,\n  {\"b\": \"c\"}\n ],\n \"d\": true\n}\n");
  ASSERT_TRUE(root.Is(Kind::kObject));
  const PlacedJson* const list = root.Find("a");
  ASSERT_NE(list, nullptr);
  EXPECT_EQ(list->line, 2);
  ASSERT_EQ(list->items.size(), 2U);
  EXPECT_EQ(list->items[0].text, "1");
  EXPECT_EQ(list->items[0].line, 3);
  EXPECT_EQ(list->items[1].line, 4);
  EXPECT_EQ(list->items[1].Find("b")->text, "c");
  EXPECT_TRUE(root.Find("d")->truth);
  EXPECT_EQ(root.Find("d")->line, 6);
}

TEST(ParsePlacedJson, FindsKeysInAnyLetterCaseAndTakesNullForNothing) {
  const PlacedJson root = Parsed(R"({"Enabled": true, "rules": null})");
  EXPECT_NE(root.Find("enabled"), nullptr);
  EXPECT_EQ(root.Find("Rules"), nullptr);
  EXPECT_EQ(root.Find("missing"), nullptr);
}

TEST(ParsePlacedJson, TellsWhereItIsNoJson) {
  const auto error = ParsePlacedJson("{\n \"a\": 1,\n oops\n}", "system-fw.json").error();
  EXPECT_EQ(error.file, "system-fw.json");
  EXPECT_EQ(error.line, 3);
}

TEST(ParsePlacedJson, IsNotLedIntoTheDepths) {
  const std::string deep(100000, '[');
  EXPECT_EQ(ParsePlacedJson(deep, "file").error().reason, "is nested too deeply");
}

TEST(ParsePlacedJson, AnEmptyTextIsNoJson) { EXPECT_FALSE(ParsePlacedJson("", "file")); }

}  // namespace
}  // namespace procwall
