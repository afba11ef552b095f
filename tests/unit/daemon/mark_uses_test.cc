// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/mark_uses.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace procwall {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using UseKind = MarkUse::Kind;

constexpr FlowMark kOurs = 0x20000000;
constexpr std::uint32_t kAll = 0xffffffff;

TEST(MarkClashes, OtherBitsAreNoClash) {
  EXPECT_THAT(
      MarkClashes({{UseKind::kSets, 0xff, "nft inet x y"}, {UseKind::kRoutes, kAll, "ip rule 1"}},
                  kOurs),
      IsEmpty());
}

TEST(MarkClashes, WithoutAMarkOfOursThereIsNone) {
  EXPECT_THAT(MarkClashes({{UseKind::kSets, kAll, "nft inet x y"}}, 0), IsEmpty());
}

// What wg-quick does: it saves and restores whole marks, and routes by them.
TEST(MarkClashes, NamesWhoCopiesMarksAndWhoRoutesByThem) {
  const auto notes = MarkClashes({{UseKind::kSets, kAll, "iptables mangle POSTROUTING"},
                                  {UseKind::kCopies, kAll, "iptables mangle PREROUTING"},
                                  {UseKind::kRoutes, kAll, "ip rule 32765"}},
                                 kOurs);
  EXPECT_THAT(notes, ElementsAre(HasSubstr("iptables mangle POSTROUTING changes bit 0x20000000"),
                                 HasSubstr("ip rule 32765 routes by it"), HasSubstr("FlowMark")));
}

TEST(MarkClashes, SaysTheSameOnce) {
  const MarkUse use{UseKind::kReads, kAll, "nft inet x y"};
  EXPECT_EQ(MarkClashes({use, use, use}, kOurs).size(), 2U);
}

TEST(MarkUsesOfRouting, NamesARuleByItsPriority) {
  EXPECT_THAT(MarkUsesOfRouting({{100, 1, 0xff}}),
              ElementsAre(MarkUse{UseKind::kRoutes, 0xff, "ip rule 100"}));
}

}  // namespace
}  // namespace procwall
