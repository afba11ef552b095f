// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/list.h"

#include <gtest/gtest.h>

#include "tests/unit/rules/world.h"

namespace procwall {
namespace {

struct ListedWorld {
  Connection connection = ToExample();
  Hashes hashes{"00112233445566778899aabbccddeeff", "", ""};
  bool Matches(const List& list, std::string_view host = "") const {
    Subject subject{&connection, nullptr, host};
    subject.hashes = &hashes;
    return list.Matches(Facts(subject));
  }
};

List Domains(std::string_view name) {
  DomainSet set;
  set.Add(name);
  return List(std::move(set));
}

TEST(List, LooksForTheHostInAnyCase) {
  const ListedWorld world;
  EXPECT_TRUE(world.Matches(Domains("ads.example"), "ADS.example"));
  EXPECT_FALSE(world.Matches(Domains("ads.example"), "www.example"));
  EXPECT_FALSE(world.Matches(Domains("ads.example")));
}

TEST(List, LooksForTheDestination) {
  const ListedWorld world;
  EXPECT_TRUE(world.Matches(List(AddressSet({Prefix::Parse("203.0.113.0/24").value()}))));
  EXPECT_FALSE(world.Matches(List(AddressSet({Prefix::Parse("192.0.2.0/24").value()}))));
}

TEST(List, LooksForTheProgramsHashAndNeverFindsOneThatIsNotKnown) {
  ListedWorld world;
  const List list(DigestSet({ReadDigestLine(world.hashes.md5)->value()}));
  EXPECT_TRUE(world.Matches(list));
  world.hashes.md5.clear();
  EXPECT_FALSE(world.Matches(list));
}

TEST(List, MatchesNothingWhenItIsEmpty) {
  const ListedWorld world;
  EXPECT_FALSE(world.Matches(List(DomainSet()), "ads.example"));
  EXPECT_FALSE(world.Matches(List(PatternSet()), "ads.example"));
  EXPECT_FALSE(world.Matches(List(AddressSet()), "ads.example"));
  EXPECT_FALSE(world.Matches(List(DigestSet()), "ads.example"));
}

TEST(List, SaysWhatItNeedsToKnow) {
  EXPECT_EQ(List(DomainSet()).Needs(), FactsNeeded{.host = true});
  EXPECT_EQ(List(PatternSet()).Needs(), FactsNeeded{.host = true});
  EXPECT_EQ(List(AddressSet()).Needs(), FactsNeeded{});
  EXPECT_EQ(List(DigestSet()).Needs(), (FactsNeeded{.process = true, .md5 = true}));
}

}  // namespace
}  // namespace procwall
