// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/network_aliases.h"

#include <filesystem>

#include <gtest/gtest.h>

#include "tests/unit/rules/temporary_directory.h"

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

TEST(NetworkAliasesParse, DoesNotRepeatWhatIsNestedDeeply) {
  Notes notes;
  const std::string deep = std::string(30'000, '[') + std::string(30'000, ']');
  EXPECT_TRUE(NetworkAliases::Parse(R"({"A": [)" + deep + "]}", notes));
  EXPECT_EQ(notes, Notes{"A: array is no network"});
}

constexpr uid_t kAnybody = 1000;

TEST(NetworkAliasesLoad, ReadsAFile) {
  const TemporaryDirectory directory;
  directory.Write("network_aliases.json", R"({"OFFICE": ["10.1.0.0/16", "x"]})");
  Notes notes;
  const auto loaded = NetworkAliases::Load(directory.Path("network_aliases.json"), notes, kAnybody);
  ASSERT_TRUE(loaded && *loaded);
  EXPECT_NE((*loaded)->Find("OFFICE"), nullptr);
  EXPECT_EQ(notes, Notes{R"(OFFICE: "x" is no network)"});
}

TEST(NetworkAliasesLoad, TellsAMissingFileFromOneThatCannotBeUsed) {
  const TemporaryDirectory directory;
  Notes notes;
  const auto missing = NetworkAliases::Load(directory.Path("none.json"), notes, kAnybody);
  ASSERT_TRUE(missing);
  EXPECT_EQ(*missing, std::nullopt);
  directory.Write("bad.json", "{");
  EXPECT_EQ(NetworkAliases::Load(directory.Path("bad.json"), notes, kAnybody).error(),
            "1:2: not JSON");
}

TEST(NetworkAliasesLoad, DoesNotLetRootObeyAFileThatEverybodyCanChange) {
  const TemporaryDirectory directory;
  directory.Write("a.json", "{}");
  std::filesystem::permissions(directory.Path("a.json"), std::filesystem::perms::others_write,
                               std::filesystem::perm_options::add);
  Notes notes;
  EXPECT_TRUE(NetworkAliases::Load(directory.Path("a.json"), notes, kAnybody));
  EXPECT_EQ(NetworkAliases::Load(directory.Path("a.json"), notes, 0).error().substr(0, 23),
            "everybody can change it");
}

TEST(NetworkAliasesBeside, AreInTheSameDirectory) {
  const char* const expected = "/etc/procwall/network_aliases.json";
  EXPECT_EQ(NetworkAliasesBeside("/etc/procwall/config.json"), expected);
  EXPECT_EQ(NetworkAliasesBeside("/etc/procwall/rules/"), expected);
  EXPECT_EQ(NetworkAliasesBeside("/etc/procwall/rules/."), expected);
  EXPECT_EQ(NetworkAliasesBeside("rules"),
            std::filesystem::current_path() / "network_aliases.json");
}

TEST(AssumeAliases, TakesTheFileBesideTheRuleDirectory) {
  const TemporaryDirectory directory;
  const std::string file = directory.Path("network_aliases.json");
  directory.Write("network_aliases.json", R"({"OFFICE": ["10.1.0.0/16"]})");
  const AssumedAliases assumed = AssumeAliases(directory.Path("rules"));
  EXPECT_NE(assumed.aliases.Find("OFFICE"), nullptr);
  EXPECT_EQ(assumed.file, file);
  directory.Write("network_aliases.json", "[]");
  const AssumedAliases damaged = AssumeAliases(directory.Path("rules"));
  EXPECT_NE(damaged.aliases.Find("LAN"), nullptr);
  EXPECT_EQ(damaged.file, file);
  EXPECT_EQ(damaged.error, "expected an object of names");
}

}  // namespace
}  // namespace procwall
