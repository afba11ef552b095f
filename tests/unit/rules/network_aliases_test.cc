// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/network_aliases.h"

#include <gtest/gtest.h>

namespace procwall {
namespace {

using Notes = std::vector<std::string>;

TEST(NetworkAliases, AreThoseOfOpenSnitchUnlessAFileSaysMore) {
  const NetworkAliases aliases;
  ASSERT_NE(aliases.Find("LAN"), nullptr);
  EXPECT_EQ(aliases.Find("LAN")->size(), 6U);
  EXPECT_EQ(aliases.Find("MULTICAST")->front(), Prefix::Parse("224.0.0.0/4"));
  EXPECT_EQ(aliases.Find("lan"), nullptr);
}

TEST(NetworkAliasesParse, ReadsNamesAndTheirNetworks) {
  Notes notes;
  const auto aliases =
      NetworkAliases::Parse(R"({"OFFICE": ["10.1.0.0/16", "2001:db8::/32", "::1"]})", notes);
  ASSERT_TRUE(aliases.has_value());
  EXPECT_EQ(*aliases->Find("OFFICE"),
            (std::vector{*Prefix::Parse("10.1.0.0/16"), *Prefix::Parse("2001:db8::/32"),
                         *Prefix::Parse("::1/128")}));
  EXPECT_EQ(aliases->Find("LAN"), nullptr);
  EXPECT_EQ(notes, Notes{});
}

TEST(NetworkAliasesParse, LeavesOutWhatIsNoNetworkAndSaysSo) {
  Notes notes;
  const auto aliases = NetworkAliases::Parse(R"({"A": ["x", 1, "10.0.0.0/8"], "B": 1})", notes);
  EXPECT_EQ(aliases->Find("A")->size(), 1U);
  EXPECT_EQ(aliases->Find("B"), nullptr);
  EXPECT_EQ(notes, (Notes{R"(A: "x" is no network)", "A: 1 is no network",
                          "B: expected an array of networks"}));
}

TEST(NetworkAliasesParse, NamesThePlaceOfAMistake) {
  Notes notes;
  EXPECT_EQ(NetworkAliases::Parse("{\n \"A\": [}", notes).error(), "2:8: not JSON");
  EXPECT_EQ(NetworkAliases::Parse("[]", notes).error(), "expected an object of names");
}

}  // namespace
}  // namespace procwall
