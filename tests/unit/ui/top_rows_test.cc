// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/top_rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/ui/sample_event.h"

namespace procwall {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class TopRowsTest : public testing::Test {
 protected:
  TopProgram& Add(const std::string& path) {
    programs.push_back({.key = path});
    return programs.back();
  }
  static TopPlace& AddPlace(TopProgram& program, const std::string& key, TopCounts counts) {
    program.places.push_back({.key = key, .event = SampleEvent(), .counts = counts});
    program.counts.Add(counts);
    return program.places.back();
  }
  std::vector<std::string> Keys(const TopView& view) const {
    std::vector<std::string> keys;
    for (const TopRow& row : TopRows(programs, view)) {
      keys.push_back(row.place == nullptr ? row.program->key : "  " + row.place->key);
    }
    return keys;
  }
  void AddThree() {
    TopProgram& a = Add("/bin/a");
    AddPlace(a, "one:1", {.allowed = 9, .per_second = 1, .last = At(5)});
    AddPlace(a, "two:2", {.allowed = 1, .denied = 3, .in_rate = 5.0, .last = At(9)});
    AddPlace(Add("/bin/b"), "three:3", {.allowed = 2, .live = 4, .in_rate = 70.0, .last = At(1)});
    AddPlace(Add("/bin/c"), "four:4", {.denied = 9, .per_second = 7, .last = At(20)});
  }
  static TopTime At(int seconds) { return TopTime(std::chrono::seconds(seconds)); }

  std::vector<TopProgram> programs;
};

TEST_F(TopRowsTest, SortsByWhatIsWanted) {
  AddThree();
  EXPECT_THAT(Keys({.sort = TopSort::kRate}), ElementsAre("/bin/b", "/bin/a", "/bin/c"));
  EXPECT_THAT(Keys({.sort = TopSort::kCount}), ElementsAre("/bin/b", "/bin/a", "/bin/c"));
  EXPECT_THAT(Keys({.sort = TopSort::kDenied}), ElementsAre("/bin/c", "/bin/a", "/bin/b"));
  EXPECT_THAT(Keys({.sort = TopSort::kName}), ElementsAre("/bin/a", "/bin/b", "/bin/c"));
  EXPECT_THAT(Keys({.sort = TopSort::kTime}), ElementsAre("/bin/c", "/bin/a", "/bin/b"));
}

TEST_F(TopRowsTest, AnOpenProgramShowsItsPlacesSorted) {
  AddThree();
  TopView view{.sort = TopSort::kDenied};
  view.turned = {"/bin/a"};
  EXPECT_THAT(Keys(view), ElementsAre("/bin/c", "/bin/a", "  two:2", "  one:1", "/bin/b"));
  view.all_open = true;  // all but that one
  EXPECT_THAT(Keys(view), ElementsAre("/bin/c", "  four:4", "/bin/a", "/bin/b", "  three:3"));
}

TEST_F(TopRowsTest, EveryWordOfAFilterMustBeThere) {
  AddThree();
  programs[0].places[1].event.set_rule("My-Rule");
  const auto filtered = [&](const std::string& filter) {
    return Keys({.filter = filter, .all_open = true});
  };
  EXPECT_THAT(filtered("two"), ElementsAre("/bin/a", "  two:2"));
  EXPECT_THAT(filtered(" BIN/A  my-rule "), ElementsAre("/bin/a", "  two:2"));
  EXPECT_THAT(filtered("two three"), IsEmpty());
  EXPECT_EQ(filtered("  ").size(), 7U);
}

TEST_F(TopRowsTest, KeysTellRowsApart) {
  AddThree();
  std::set<std::string> keys;
  for (const TopRow& row : TopRows(programs, {.all_open = true})) keys.insert(row.Key());
  EXPECT_EQ(keys.size(), 7U);
}

TEST(TopSort, HasNamesAndAnOrder) {
  TopSort sort = TopSort::kRate;
  for (const char* name : {"rate", "count", "denied", "name", "time"}) {
    EXPECT_STREQ(TopSortName(sort), name);
    EXPECT_EQ(TopSortNamed(name), sort);
    sort = NextTopSort(sort);
  }
  EXPECT_EQ(sort, TopSort::kRate);
  EXPECT_EQ(TopSortNamed("beauty"), std::nullopt);
}

}  // namespace
}  // namespace procwall
