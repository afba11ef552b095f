// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/json_edit.h"

#include <gtest/gtest.h>

namespace procwall {
namespace {

TEST(HasComments, SaysWhetherThereAreAny) {
  EXPECT_TRUE(HasComments("{\"a\": 1 // one\n}"));
  EXPECT_TRUE(HasComments("/* x */ {}"));
  EXPECT_FALSE(HasComments(R"({"a": "// none"})"));
  EXPECT_FALSE(HasComments("{ // not JSON at all"));
}

TEST(WithMember, ChangesAValueAndNothingElse) {
  EXPECT_EQ(WithMember("// top\n{ \"a\" : true, // one\n  \"b\": [1]\n}\n", "a", "false"),
            "// top\n{ \"a\" : false, // one\n  \"b\": [1]\n}\n");
}

TEST(WithMember, ReadsKeysInAnyCaseAndTakesTheLast) {
  EXPECT_EQ(WithMember(R"({"A": 1, "a": 2, "aa": 3})", "a", "9"), R"({"A": 1, "a": 9, "aa": 3})");
}

TEST(WithMember, DoesNotMistakeWhatIsInsideForTheObjectsOwn) {
  const auto json = [](const char* value) {
    return std::string(R"({"b": {"a": 1, "x": "\"a\": 2"}, /* "a": 3 */ "c": ["a", {"a": 4}],)") +
           R"("a":)" + value + "}";
  };
  EXPECT_EQ(WithMember(json("5"), "a", "6"), json("6"));
  EXPECT_EQ(WithMember(json(R"({"a": "}"})"), "a", "6"), json("6"));
}

TEST(WithMember, AddsWhatIsNotThere) {
  EXPECT_EQ(WithMember("{ // x\n\"b\": 1}", "a", R"("y")"), "{\n  \"a\": \"y\", // x\n\"b\": 1}");
}

TEST(WithMember, KnowsNoMemberOfAnythingElse) {
  for (const char* text : {"", "[]", "1", " // {\n"}) {
    EXPECT_EQ(WithMember(text, "a", "1"), std::nullopt) << text;
  }
}

TEST(WithMember, SurvivesACutAtEveryByte) {
  const std::string text = R"(/*c*/{"x\"":[{"a":"]"}],//c
    "a": tru, "b": {"c": {}}})";
  for (std::size_t size = 0; size <= text.size(); ++size) {
    const auto changed = WithMember(text.substr(0, size), "a", "1");
    EXPECT_GE(changed.value_or(text).size() + 4, size);
  }
}

}  // namespace
}  // namespace procwall
