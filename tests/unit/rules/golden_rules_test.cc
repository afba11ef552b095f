// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
// Rule files as OpenSnitch and people write them, and what is made of them.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "rules/rule_file.h"
#include "rules/rule_json.h"

namespace procwall {
namespace {

std::string ReadText(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::string Describe(const std::filesystem::path& file) {
  const auto checked = CheckRuleFile(ReadText(file), file.filename().string());
  if (!checked) return "refused " + checked.error().ToString() + "\n";
  std::string text = "ok\n" + ToJson(checked->rule) + "\n";
  for (const std::string& note : checked->notes) text += "note: " + note + "\n";
  return text;
}

TEST(GoldenRules, AreReadAsExpected) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(PROCWALL_GOLDEN_RULES)) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  ASSERT_FALSE(files.empty());
  for (const auto& file : files) {
    auto expected = file;
    expected.replace_extension(".txt");
    if (std::getenv("UPDATE_GOLDEN") != nullptr) {  // NOLINT(concurrency-mt-unsafe): one thread
      std::ofstream(expected, std::ios::binary) << Describe(file);
    }
    EXPECT_EQ(Describe(file), ReadText(expected)) << file;
  }
}

}  // namespace
}  // namespace procwall
