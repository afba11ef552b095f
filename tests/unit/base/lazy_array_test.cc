// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "base/lazy_array.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace procwall {
namespace {

// Tells who lived when it ends.
class Noted {
 public:
  Noted(int number, std::vector<int>& ended) : number_(number), ended_(ended) {}
  ~Noted() { ended_.push_back(number_); }
  Noted(const Noted&) = delete;
  Noted& operator=(const Noted&) = delete;

 private:
  int number_;
  std::vector<int>& ended_;
};

TEST(LazyArray, HasWhatWasMade) {
  LazyArray<std::string, 32> texts;
  EXPECT_EQ(texts.Find(0), nullptr);
  texts.Make(31, "too long to be kept within the string itself");
  texts.Make(0, 3, 'x');
  ASSERT_NE(texts.Find(31), nullptr);
  EXPECT_EQ(*texts.Find(31), "too long to be kept within the string itself");
  EXPECT_EQ(*texts.Find(0), "xxx");
  EXPECT_EQ(texts.Find(1), nullptr);
}

TEST(LazyArray, EndsWhatWasMadeAndNothingElse) {
  std::vector<int> ended;
  {
    LazyArray<Noted, 5> array;
    array.Make(3, 30, ended);
    array.Make(1, 10, ended);
  }
  EXPECT_EQ(ended, (std::vector{10, 30}));
}

}  // namespace
}  // namespace procwall
