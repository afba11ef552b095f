// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/condition_compiler.h"

#include <gtest/gtest.h>

#include "tests/unit/rules/world.h"

namespace procwall {
namespace {

ConditionError Refused(const Operator& op) {
  const auto compiled = CompileCondition(op);
  return compiled ? ConditionError{{}, OperatorPart::kWhole, "it compiled"} : compiled.error();
}

TEST(CompileCondition, RefusesAnEmptyList) {
  EXPECT_EQ(Refused(AllOf({})),
            (ConditionError{{}, OperatorPart::kWhole, "an empty list would match everything"}));
}

TEST(CompileCondition, NamesThePlaceInNestedLists) {
  const Operator bad = Like("dest.host", "a(b");
  const auto error = Refused(AllOf({Is("true", ""), AllOf({bad})}));
  EXPECT_EQ(error, (ConditionError{
                       {1, 0}, OperatorPart::kData, "not a regular expression: missing ): a(b"}));
  EXPECT_EQ(error.Where(), "operator.list[1].list[0].data");
}

TEST(CompileCondition, RefusesListsNestedTooDeep) {
  Operator op = Is("true", "");
  for (std::size_t i = 0; i < kMaxListNesting; ++i) op = AllOf({op});
  EXPECT_TRUE(CompileCondition(op).has_value());
  EXPECT_EQ(Refused(AllOf({op})).reason, "the lists are nested too deep");
}

TEST(CompileCondition, RefusesTypesItDoesNotHave) {
  EXPECT_EQ(Refused({}), (ConditionError{{}, OperatorPart::kType, "the type is missing"}));
  EXPECT_EQ(Refused({.type = "Simple", .operand = "true"}).reason, "type Simple is not known");
}

TEST(CompileCondition, RefusesOperandsItDoesNotHave) {
  EXPECT_EQ(Refused(Is("process.pth", "x")),
            (ConditionError{{}, OperatorPart::kOperand, "operand process.pth is not known"}));
  EXPECT_EQ(Refused(Is("list", "")).reason, "operand list is not known");
}

TEST(CompileCondition, RefusesWhatIsNoNetwork) {
  for (const char* data : {"", "lan", "10.0.0.0", "10.0.0.0/33", "10.0.0/8", "2001:db8::/129"}) {
    EXPECT_EQ(Refused(Within("dest.network", data)).part, OperatorPart::kData) << data;
  }
  EXPECT_EQ(Refused(Within("dest.port", "10.0.0.0/8")).part, OperatorPart::kOperand);
}

TEST(CompileCondition, RefusesToCompareANetworkAsText) {
  EXPECT_EQ(
      Refused(Is("dest.network", "10.0.0.0/8")),
      (ConditionError{{}, OperatorPart::kType, "type simple makes no sense for dest.network"}));
  EXPECT_EQ(Refused(Like("dest.network", "10")).part, OperatorPart::kType);
}

TEST(CompileCondition, NotesWhatCanNeverMatch) {
  std::vector<std::string> notes;
  EXPECT_TRUE(
      CompileCondition(AllOf({Is("dest.port", "http"), Is("dest.ip", "10.0.0.0/8")}), {}, &notes)
          .has_value());
  EXPECT_EQ(notes, (std::vector<std::string>{
                       R"(dest.port "http" is not a decimal number: this never matches)",
                       R"(dest.ip "10.0.0.0/8" is not an IP address: this never matches)"}));
}

bool MatchesPort443(const Operator& op) {
  const Connection connection = ToExample();
  const Subject subject{&connection, nullptr, ""};
  return CompileCondition(op).value().Matches(Facts(subject));
}

TEST(CompileCondition, ComparesNumbersAsNumbers) {
  for (const char* data : {"443", "0443", "000443", " 443", "443 ", "\t443 "}) {
    EXPECT_TRUE(MatchesPort443(Is("dest.port", data))) << data;
  }
  for (const char* data : {"444", "4430", "0444"}) {
    EXPECT_FALSE(MatchesPort443(Is("dest.port", data))) << data;
  }
}

TEST(CompileCondition, ComparesWhatIsNoNumberAsItsTextWould) {
  for (const char* data :
       {"+443", "4 43", "443.0", "0x1bb", "4e2", "", " ", "18446744073709552059"}) {
    EXPECT_FALSE(MatchesPort443(Is("dest.port", data))) << data;
  }
  EXPECT_FALSE(MatchesPort443(Like("dest.port", "^0443$")));
}

}  // namespace
}  // namespace procwall
