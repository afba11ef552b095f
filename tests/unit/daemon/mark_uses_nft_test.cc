// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/mark_uses_nft.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace procwall {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using UseKind = MarkUse::Kind;

const std::string kCtMark = R"({"ct": {"key": "mark"}})";
const std::string kMetaMark = R"({"meta": {"key": "mark"}})";

std::vector<MarkUse> UsesOf(const std::string& expression, const std::string& table = "wg") {
  return MarkUsesOfNft(R"(a warning
{"nftables": [{"metainfo": {"json_schema_version": 1}}, {"rule": {"family": "inet", "table": ")" +
                       table + R"(", "chain": "pre", "handle": 4, "expr": [)" + expression +
                       "]}}]}");
}
const std::string kWhere = "nft inet wg pre";

std::string Set(const std::string& key, const std::string& value) {
  return R"({"mangle": {"key": )" + key + R"(, "value": )" + value + "}}";
}

TEST(MarkUsesOfNft, KnowsWhatWgQuickDoes) {
  EXPECT_THAT(UsesOf(Set(kMetaMark, kCtMark)),
              ElementsAre(MarkUse{UseKind::kCopies, 0xffffffff, kWhere}));
  EXPECT_THAT(UsesOf(Set(kCtMark, kMetaMark)),
              ElementsAre(MarkUse{UseKind::kSets, 0xffffffff, kWhere}));
}

TEST(MarkUsesOfNft, KnowsWhoKeepsOtherBits) {
  EXPECT_THAT(UsesOf(Set(kCtMark, R"({"|": [{"&": [)" + kCtMark + ", 4294967040]}, 16]}")),
              ElementsAre(MarkUse{UseKind::kSets, 0xff, kWhere}));
  EXPECT_THAT(UsesOf(Set(kMetaMark, R"({"&": [)" + kCtMark + ", 255]}")),
              ElementsAre(MarkUse{UseKind::kCopies, 0xff, kWhere}));
}

TEST(MarkUsesOfNft, KnowsWhichBitsAreLookedAt) {
  EXPECT_THAT(UsesOf(R"({"match": {"op": "==", "left": )" + kCtMark + R"(, "right": 1}})"),
              ElementsAre(MarkUse{UseKind::kReads, 0xffffffff, kWhere}));
  EXPECT_THAT(
      UsesOf(R"({"match": {"op": "==", "left": {"&": [)" + kCtMark + R"(, 15]}, "right": 1}})"),
      ElementsAre(MarkUse{UseKind::kReads, 15, kWhere}));
}

TEST(MarkUsesOfNft, LeavesOutWhatIsNotAboutFlowsMarks) {
  EXPECT_THAT(
      UsesOf(R"({"match": {"op": "==", "left": {"ct": {"key": "state"}}, "right": "new"}})"),
      IsEmpty());
  EXPECT_THAT(UsesOf(R"({"accept": null}, {"xt": null}, 7)"), IsEmpty());
}

TEST(MarkUsesOfNft, OurOwnTableIsNoBusinessOfIts) {
  EXPECT_THAT(UsesOf(Set(kCtMark, kMetaMark), "procwall"), IsEmpty());
}

TEST(MarkUsesOfNft, NonsenseIsNobodysUse) {
  for (const char* const text :
       {"", "{", "[]", "{\"nftables\": 7}", "{\"nftables\": [7, {\"rule\": 1}]}",
        "{\"nftables\": [{\"rule\": {\"expr\": 1}}]}"}) {
    EXPECT_THAT(MarkUsesOfNft(text), IsEmpty()) << text;
  }
}

}  // namespace
}  // namespace procwall
