// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
// Rules on what has to be found out of a program: nothing matches what is not known (yet).
#include <gtest/gtest.h>

#include "tests/unit/rules/golden_rule.h"

namespace procwall {
namespace {

constexpr CloseMiss kNoHash{"no hash is known", [](Scene& s) { s.hashes.reset(); }};
constexpr CloseMiss kNoEnvironment{"no environment is known",
                                   [](Scene& s) { s.environment.reset(); }};
constexpr CloseMiss kNoPackage{"no package is known", [](Scene& s) { s.package.reset(); }};

std::vector<GoldenRule> HashGoldens() {
  return {
      // The case of digits never matters.
      {R"({"type": "simple", "operand": "process.hash.md5", "sensitive": true,
           "data": "1BC29B36F623BA82AAF6724FD3B16718"})",
       AsItIs,
       {kNoHash,
        {"another digit", [](Scene& s) { s.hashes->md5.back() = '9'; }},
        {"only others are known", [](Scene& s) { s.hashes->md5.clear(); }}}},
      {R"({"type": "simple", "operand": "process.hash.sha1",
           "data": "8d5e957f297893487bd98fa830fa6413e35bd3e4"})",
       AsItIs,
       {kNoHash,
        {"another digit", [](Scene& s) { s.hashes->sha1.front() = '9'; }},
        {"only others are known", [](Scene& s) { s.hashes->sha1.clear(); }}}},
      {R"({"type": "simple", "operand": "process.hash.sha256", "data":
           "9e078a3c2cbd32f65e3a0b4cd06b5f928d2b0f6df4b1bfc1f1a2c38d1f1bb5a1"})",
       AsItIs,
       {kNoHash,
        {"another digit", [](Scene& s) { s.hashes->sha256.back() = '9'; }},
        {"only others are known", [](Scene& s) { s.hashes->sha256.clear(); }}}},
      // OpenSnitch takes a hash that is not known for the one that is asked for.
      {R"({"type": "regexp", "operand": "process.hash.md5", "data": "^1BC2|^$"})",
       AsItIs,
       {kNoHash, {"only others are known", [](Scene& s) { s.hashes->md5.clear(); }}}},
  };
}

std::vector<GoldenRule> EnvironmentGoldens() {
  return {
      {R"({"type": "simple", "operand": "process.env.HOME", "sensitive": true,
           "data": "/home/alice"})",
       AsItIs,
       {kNoEnvironment,
        {"another letter case", [](Scene& s) { s.environment->variables = {"HOME=/home/Alice"}; }},
        {"a name in another case",
         [](Scene& s) { s.environment->variables = {"Home=/home/alice"}; }},
        {"the first of two counts",
         [](Scene& s) {
           s.environment->variables = {"HOME=/root", "HOME=/home/alice"};
         }}}},
      {R"({"type": "simple", "operand": "process.env.LD_PRELOAD", "data": ""})",
       AsItIs,
       {kNoEnvironment,
        {"it is set", [](Scene& s) { s.environment->variables = {"LD_PRELOAD=/tmp/x.so"}; }},
        {"it may lie beyond what was read", [](Scene& s) { s.environment->is_whole = false; }}}},
      {R"({"type": "regexp", "operand": "process.env.LD_PRELOAD", "data": "."})",
       [](Scene& s) { s.environment->variables = {"LD_PRELOAD=/tmp/x.so"}; },
       {kNoEnvironment,
        {"it is empty", [](Scene& s) { s.environment->variables = {"LD_PRELOAD="}; }},
        {"a longer name", [](Scene& s) { s.environment->variables = {"LD_PRELOAD2=/tmp/x.so"}; }}}},
  };
}

std::vector<GoldenRule> PackageGoldens() {
  return {
      {R"({"type": "simple", "operand": "process.package", "sensitive": true, "data": "curl"})",
       AsItIs,
       {kNoPackage,
        {"its library's", [](Scene& s) { s.package = "libcurl4"; }},
        {"of none", [](Scene& s) { s.package = ""; }}}},
      {R"({"type": "simple", "operand": "process.package", "data": ""})",
       [](Scene& s) { s.package = ""; },
       {kNoPackage, {"of one", [](Scene& s) { s.package = "curl"; }}}},
      {R"({"type": "glob", "operand": "process.package", "data": "LIB*"})",
       [](Scene& s) { s.package = "libcurl4"; },
       {kNoPackage, {"no library", [](Scene& s) { s.package = "curl-lib"; }}}},
      {R"({"type": "simple", "operand": "attribution.confidence", "data": "certain"})",
       AsItIs,
       {{"likely", [](Scene& s) { s.confidence = Confidence::kLikely; }}}},
      {R"({"type": "regexp", "operand": "attribution.confidence", "data": "^(ambiguous|unknown)$"})",
       [](Scene& s) { s.confidence = Confidence::kUnknown; },
       {{"likely", [](Scene& s) { s.confidence = Confidence::kLikely; }}}},
  };
}

}  // namespace

std::vector<GoldenRule> EvidenceGoldens() {
  std::vector<GoldenRule> all;
  for (const auto& part : {HashGoldens(), EnvironmentGoldens(), PackageGoldens()}) {
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

TEST(GoldenRules, OnWhatHasToBeFoundOutDecide) { Judge(EvidenceGoldens()); }

}  // namespace procwall
