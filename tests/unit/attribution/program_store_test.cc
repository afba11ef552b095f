// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/program_store.h"

#include <gtest/gtest.h>

namespace procwall {
namespace {

using namespace std::chrono_literals;

constexpr BootTime kStart{1000s};

Process Named(const std::string& path) {
  Process process;
  process.path = path;
  return process;
}

struct ProgramStoreTest : testing::Test {
  Program& Insert(Pid pid, std::uint64_t start_time) {
    return store.Insert({.id = {pid, start_time}});
  }

  ProgramStore store{3, 1000000};
};

TEST_F(ProgramStoreTest, FindsTheLatestOfAPidAndThoseBeforeIt) {
  Program& first = Insert(7, 1);
  Program& second = Insert(7, 2);
  EXPECT_EQ(store.Latest(7), &second);
  EXPECT_EQ(store.Latest(7)->older, &first);
  EXPECT_EQ(store.Latest(8), nullptr);
  EXPECT_EQ(store.FindSerial(7, first.serial), &first);
  EXPECT_EQ(store.FindSerial(7, 99), nullptr);
}

TEST_F(ProgramStoreTest, ForgetsThoseThatEndedLongAgo) {
  store.End(Insert(7, 1), kStart);
  Program& second = Insert(7, 2);
  store.Trim(kStart, nullptr);
  EXPECT_EQ(store.Past().size(), 1U);
  store.Trim(kStart + 1s, nullptr);
  EXPECT_EQ(store.Past().size(), 0U);
  EXPECT_EQ(store.Latest(7), &second);
  EXPECT_EQ(second.older, nullptr);
  EXPECT_EQ(store.Forgotten(), 0U);
}

TEST_F(ProgramStoreTest, ForgetsThePastBeforeTheLeastRecentlyUsed) {
  Program& oldest = Insert(1, 1);
  Insert(2, 1);
  Program& ended = Insert(3, 1);
  store.End(ended, kStart);
  store.Trim({}, &Insert(4, 1));
  EXPECT_EQ(store.Latest(3), nullptr);
  store.Use(oldest);
  store.Trim({}, &Insert(5, 1));
  EXPECT_EQ(store.Latest(2), nullptr);
  EXPECT_EQ(store.Latest(1), &oldest);
  EXPECT_EQ(store.Forgotten(), 2U);
}

TEST_F(ProgramStoreTest, KeepsWhatItIsToldToSpare) {
  ProgramStore tiny(1, 1);
  Program& big = tiny.Insert({.id = {1, 1}, .image = tiny.MakeImage(Named("/x"))});
  tiny.Trim({}, &big);
  EXPECT_EQ(tiny.Latest(1), &big);
  tiny.Trim({}, nullptr);
  EXPECT_EQ(tiny.Latest(1), nullptr);
}

TEST_F(ProgramStoreTest, CountsTheBytesOfImagesOnce) {
  const ImagePtr image = store.MakeImage(Named(std::string(5000, 'x')));
  const std::size_t bytes = store.Bytes();
  EXPECT_GT(bytes, 5000U);
  store.Insert({.id = {1, 1}, .image = image});
  store.Insert({.id = {2, 1}, .image = image});
  EXPECT_EQ(store.Bytes(), bytes);
}

TEST_F(ProgramStoreTest, CountsWhatItNoLongerHolds) {
  store.Insert({.id = {1, 1}, .image = store.MakeImage(Named(std::string(5000, 'x')))});
  Program& program = *store.Latest(1);
  store.KeepDescribed(program, std::make_shared<const Process>(program.image->Get()));
  EXPECT_GT(store.Bytes(), 10000U);
  program.image->Set(Named("/x"));
  EXPECT_LT(store.Bytes(), 10000U);
  store.End(program, kStart);
  store.Trim(kStart + 1s, nullptr);
  EXPECT_EQ(store.Bytes(), 0U);
}

TEST_F(ProgramStoreTest, EndsInASize) {
  ProgramStore small(1000, 20000);
  for (Pid pid = 1; pid <= 10; ++pid) {
    Program& program =
        small.Insert({.id = {pid, 1}, .image = small.MakeImage(Named(std::string(5000, 'x')))});
    small.Trim({}, &program);
  }
  EXPECT_LE(small.Bytes(), 20000U);
  EXPECT_EQ(small.Living().size(), 3U);
  EXPECT_NE(small.Latest(10), nullptr);
}

TEST_F(ProgramStoreTest, ForgetsTheOldestOfAProcessThatExecutesAllTheTime) {
  ProgramStore large(100000, 1000000);
  for (int i = 0; i < 1000; ++i) large.Insert({.id = {7, 1}});
  EXPECT_EQ(large.Living().size(), ProgramStore::kMaxOfOnePid);
  EXPECT_EQ(large.Latest(7)->serial, 1000U);
  EXPECT_EQ(large.FindSerial(7, 1000 - ProgramStore::kMaxOfOnePid), nullptr);
}

TEST_F(ProgramStoreTest, ForgetsOneBetweenOthers) {
  Program& oldest = Insert(7, 1);
  Program& middle = Insert(7, 2);
  Program& latest = Insert(7, 3);
  store.End(middle, kStart);
  store.Trim(kStart + 1s, nullptr);
  EXPECT_EQ(latest.older, &oldest);
  EXPECT_EQ(oldest.younger, &latest);
}

TEST_F(ProgramStoreTest, KeepsADescriptionOnlyWhileItsImageStays) {
  Program& program = store.Insert({.id = {1, 1}, .image = store.MakeImage(Named("/x"))});
  EXPECT_EQ(ProgramStore::Described(program), nullptr);
  const auto described = std::make_shared<const Process>();
  store.KeepDescribed(program, described);
  EXPECT_EQ(ProgramStore::Described(program), described);
  program.image->Set(Named("/y"));
  EXPECT_EQ(ProgramStore::Described(program), nullptr);
}

}  // namespace
}  // namespace procwall
