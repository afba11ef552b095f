// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/list_store.h"

#include <sys/epoll.h>

#include <filesystem>

#include <gtest/gtest.h>

#include "tests/unit/rules/temporary_directory.h"

namespace procwall {
namespace {

struct FollowedList {
  TemporaryDirectory top;
  std::string path = top.Path("ads");
  UniqueFd epoll{::epoll_create1(EPOLL_CLOEXEC)};
  ListStore store{1000};

  FollowedList() {
    std::filesystem::create_directory(path);
    store.FollowWith(epoll.UnsafeFd());
  }
  void Write(const std::string& name, std::string_view text) const {
    top.Write("ads/" + name, text);
  }
  const ListState& Ads() { return store.Find(path, ListKind::kDomains); }
  bool SomethingHappened() const {
    epoll_event event{};
    return ::epoll_wait(epoll.UnsafeFd(), &event, 1, 0) == 1;
  }
};

TEST(ListStore, ReadsADirectoryOnceForAllThatNameIt) {
  FollowedList world;
  const List* const list = world.Ads().list.get();
  EXPECT_EQ(world.store.Find(world.path + "//", ListKind::kDomains).list.get(), list);
  EXPECT_NE(world.store.Find(world.path, ListKind::kAddresses).list.get(), list);
}

TEST(ListStore, ReadsAgainWhatIsWrittenRenamedAndRemoved) {
  FollowedList world;
  EXPECT_EQ(world.Ads().list->Size(), 0U);
  EXPECT_FALSE(world.store.Reload());  // what others do in folders above may have woken it
  world.Write("a.txt", "a.example\nb.example\n");
  EXPECT_TRUE(world.SomethingHappened());
  EXPECT_TRUE(world.store.Reload());
  EXPECT_EQ(world.Ads().list->Size(), 2U);
  world.top.Write("new", "c.example\n");
  std::filesystem::rename(world.top.Path("new"), world.path + "/a.txt");
  EXPECT_TRUE(world.store.Reload());
  EXPECT_EQ(world.Ads().list->Size(), 1U);
  std::filesystem::remove(world.path + "/a.txt");
  EXPECT_TRUE(world.store.Reload());
  EXPECT_EQ(world.Ads().list->Size(), 0U);
  EXPECT_FALSE(world.store.Reload());
}

TEST(ListStore, KeepsTheLastGoodListWhileTheDirectoryOrAFileIsMissing) {
  FollowedList world;
  world.Write("a.txt", "a.example\n");
  const List* const good = world.Ads().list.get();
  std::filesystem::create_symlink("loop.txt", world.path + "/loop.txt");
  EXPECT_FALSE(world.store.Reload());
  EXPECT_TRUE(world.Ads().is_last_good);
  EXPECT_EQ(world.Ads().list.get(), good);
  std::filesystem::remove_all(world.path);
  EXPECT_FALSE(world.store.Reload());
  EXPECT_EQ(world.Ads().list.get(), good);
  EXPECT_EQ(world.Ads().report.missing.size(), 1U);
  std::filesystem::create_directory(world.path);
  world.Write("b.txt", "b.example\nc.example\n");
  EXPECT_TRUE(world.store.Reload());
  EXPECT_EQ(world.Ads().list->Size(), 2U);
  EXPECT_FALSE(world.Ads().is_last_good);
}

TEST(ListStore, FindsADirectoryWhoseParentComesLater) {
  FollowedList world;
  const std::string path = world.top.Path("later/ads");
  EXPECT_EQ(world.store.Find(path, ListKind::kDomains).report.missing.size(), 1U);
  EXPECT_FALSE(world.store.RetryFollowing());
  std::filesystem::create_directories(path);
  world.top.Write("later/ads/a.txt", "a.example\n");
  EXPECT_TRUE(world.store.RetryFollowing());
  EXPECT_EQ(world.store.Find(path, ListKind::kDomains).list->Size(), 1U);
}

TEST(ListStore, FindsADirectoryWhoseParentIsReplaced) {
  FollowedList world;
  const std::string path = world.top.Path("lists/ads");
  std::filesystem::create_directories(path);
  world.top.Write("lists/ads/a.txt", "a.example\n");
  EXPECT_EQ(world.store.Find(path, ListKind::kDomains).list->Size(), 1U);
  std::filesystem::remove_all(world.top.Path("lists"));
  EXPECT_TRUE(world.SomethingHappened());
  EXPECT_FALSE(world.store.Reload());
  EXPECT_TRUE(world.store.Find(path, ListKind::kDomains).is_last_good);
  std::filesystem::create_directories(path);
  world.top.Write("lists/ads/a.txt", "a.example\nb.example\n");
  EXPECT_TRUE(world.SomethingHappened());
  EXPECT_TRUE(world.store.Reload());
  EXPECT_EQ(world.store.Find(path, ListKind::kDomains).list->Size(), 2U);
}

TEST(ListStore, LetsGoOfListsThatNobodyHolds) {
  FollowedList world;
  const auto held = world.Ads().list;
  world.store.Find(world.path, ListKind::kAddresses);
  world.store.DropUnused();
  ASSERT_EQ(world.store.States().size(), 1U);
  EXPECT_EQ(world.store.States().front().list, held);
}

}  // namespace
}  // namespace procwall
