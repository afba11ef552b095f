// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "net/xtables_table.h"

#include <linux/netfilter.h>
#include <linux/netfilter_ipv4/ip_tables.h>

#include <cstring>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/errc_of.h"

namespace procwall {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

using Table = std::vector<std::byte>;

void Append(Table& table, const void* data, std::size_t size) {
  const auto* const bytes = static_cast<const std::byte*>(data);
  table.insert(table.end(), bytes, bytes + size);
}

// An IPv4 rule: for this protocol, with a standard verdict or a target of a name.
void AddRule(Table& table, std::uint16_t protocol, const std::string& target,
             const std::string& data, std::uint64_t counted = 0) {
  ipt_entry entry{};
  entry.ip.proto = protocol;
  entry.counters.pcnt = counted;
  entry.target_offset = sizeof(ipt_entry);
  entry.next_offset =
      static_cast<std::uint16_t>(sizeof(ipt_entry) + sizeof(xt_entry_target) + data.size());
  Append(table, &entry, sizeof(entry));
  xt_entry_target header{};
  std::strncpy(&header.u.user.name[0], target.c_str(), sizeof(header.u.user.name) - 1);
  Append(table, &header, sizeof(header));
  Append(table, data.data(), data.size());
}
std::string VerdictTarget(std::int32_t verdict) {
  std::string text(8, '\0');
  std::memcpy(text.data(), &verdict, sizeof(verdict));
  return text;
}
std::string ErrorName(const std::string& name) {
  std::string text = name;
  text.resize(32, '\0');
  return text;
}

constexpr std::int32_t kAcceptPolicy = -2;
constexpr std::int32_t kReturn = -5;

// OUTPUT jumps to OURS, which has one rule.
struct Sample {
  Table table;
  XtablesHooks hooks{.valid = 1U << NF_INET_LOCAL_OUT};

  explicit Sample(const std::string& queue = "queue 3", std::uint64_t counted = 0) {
    constexpr std::size_t kJump = sizeof(ipt_entry) + sizeof(xt_entry_target) + 8;
    constexpr std::size_t kHead = sizeof(ipt_entry) + sizeof(xt_entry_target) + 32;
    AddRule(table, 0, "", VerdictTarget(2 * kJump + kHead), counted);
    AddRule(table, 0, "", VerdictTarget(kAcceptPolicy));
    AddRule(table, 0, "ERROR", ErrorName("OURS"));
    AddRule(table, 6, "NFQUEUE", queue, counted);
    AddRule(table, 0, "", VerdictTarget(kReturn));
    AddRule(table, 0, "ERROR", ErrorName("ERROR"));
  }
  std::vector<XtablesChain> Chains() const {
    return ParseXtables(IpFamily::kV4, hooks, table).value();
  }
};

TEST(ParseXtables, FindsChainsAndWhatLeadsToThem) {
  const auto chains = Sample().Chains();
  ASSERT_EQ(chains.size(), 2U);
  EXPECT_EQ(chains[0].name, "OUTPUT");
  ASSERT_EQ(chains[0].rules.size(), 2U);
  EXPECT_EQ(chains[0].rules[0].leads_to, "OURS");
  EXPECT_EQ(chains[0].rules[1].leads_to, "");
  EXPECT_EQ(chains[1].name, "OURS");
  EXPECT_EQ(chains[1].rules.size(), 2U);
}

TEST(ParseXtables, CountersDoNotMakeAnotherRule) {
  EXPECT_EQ(Sample("queue 3", 17).Chains(), Sample("queue 3").Chains());
}

TEST(ParseXtables, AnotherTargetMakesAnotherRule) {
  EXPECT_NE(Sample("queue 4").Chains(), Sample("queue 3").Chains());
}

TEST(ParseXtables, ARuleInFrontChangesNoOther) {
  Sample moved;
  Table first;
  AddRule(first, 17, "", VerdictTarget(kReturn));
  const auto shift = static_cast<std::int32_t>(first.size());
  // The jump's offset moves with its chain.
  std::int32_t jump = 0;
  std::byte* const at = moved.table.data() + sizeof(ipt_entry) + sizeof(xt_entry_target);
  std::memcpy(&jump, at, sizeof(jump));
  jump += shift;
  std::memcpy(at, &jump, sizeof(jump));
  moved.table.insert(moved.table.begin(), first.begin(), first.end());
  const auto chains = moved.Chains();
  const auto before = Sample().Chains();
  ASSERT_EQ(chains[0].rules.size(), 3U);
  EXPECT_EQ(chains[0].rules[1], before[0].rules[0]);
  EXPECT_EQ(chains[1], before[1]);
}

TEST(ParseXtables, AnEmptyTableHasNoChains) {
  EXPECT_THAT(ParseXtables(IpFamily::kV6, {}, {}).value(), IsEmpty());
}

TEST(ParseXtables, ReadsNothingPastItsEndWhereverItIsCut) {
  const Sample sample;
  for (std::size_t size = 0; size < sample.table.size(); ++size) {
    const Table cut(sample.table.begin(), sample.table.begin() + static_cast<std::ptrdiff_t>(size));
    (void)ParseXtables(IpFamily::kV4, sample.hooks, cut);
    (void)ParseXtables(IpFamily::kV6, sample.hooks, cut);
  }
}

TEST(ParseXtables, RefusesAnEntryThatLeadsNowhere) {
  Table table(sizeof(ipt_entry) + sizeof(xt_entry_target));
  EXPECT_EQ(ErrcOf(ParseXtables(IpFamily::kV4, {}, table)), Errc::kMalformed);
}

}  // namespace
}  // namespace procwall
