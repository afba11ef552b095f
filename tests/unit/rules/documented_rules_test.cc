// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
// The examples in docs/RULES.md are rules that work.
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "rules/operand.h"
#include "rules/operator_type.h"
#include "rules/rule_file.h"

namespace procwall {
namespace {

std::string Document() {
  std::ifstream stream(PROCWALL_RULES_DOCUMENT, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::vector<std::string> JsonBlocks(std::string_view text) {
  constexpr std::string_view kBegin = "```json\n";
  std::vector<std::string> blocks;
  for (std::size_t at = text.find(kBegin); at != std::string_view::npos;
       at = text.find(kBegin, at)) {
    at += kBegin.size();
    blocks.emplace_back(text.substr(at, text.find("```", at) - at));
  }
  return blocks;
}

TEST(DocumentedRules, AreRulesWithoutAnythingToNote) {
  const std::vector<std::string> blocks = JsonBlocks(Document());
  ASSERT_GE(blocks.size(), 10U);
  for (const std::string& block : blocks) {
    const auto checked = CheckRuleFile(block, "example.json");
    ASSERT_TRUE(checked) << checked.error().ToString() << "\n" << block;
    EXPECT_TRUE(checked->rule.enabled) << block;
    EXPECT_EQ(checked->notes, std::vector<std::string>()) << block;
  }
}

// Every name between backquotes that looks like an operand is one.
TEST(DocumentedRules, NameOnlyOperandsThatThereAre) {
  const std::string text = Document();
  for (const char* family : {"`process.", "`dest.", "`source.", "`user.", "`iface.", "`lists."}) {
    for (std::size_t at = text.find(family); at != std::string::npos;
         at = text.find(family, at + 1)) {
      const std::string name = text.substr(at + 1, text.find('`', at + 1) - at - 1);
      EXPECT_TRUE(FindOperand(name)) << name;
    }
  }
}

}  // namespace
}  // namespace procwall
