// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/directory_watch.h"

#include <filesystem>

#include <gtest/gtest.h>

#include "tests/unit/rules/temporary_directory.h"

namespace procwall {
namespace {

struct WatchedWorld {
  TemporaryDirectory top;
  std::string path = top.Path("d");
  WatchedWorld() { std::filesystem::create_directory(path); }
};

using Files = std::set<std::string>;

TEST(DirectoryWatch, NamesFilesWhenTheyAreClosedMovedAndRemoved) {
  const WatchedWorld world;
  DirectoryWatch watch = DirectoryWatch::Create(world.path).value();
  EXPECT_TRUE(watch.Drain().None());
  world.top.Write("d/a", "text");
  EXPECT_EQ(watch.Drain().files, Files{"a"});
  std::filesystem::rename(world.path + "/a", world.path + "/b");
  EXPECT_EQ(watch.Drain().files, (Files{"a", "b"}));
  std::filesystem::remove(world.path + "/b");
  EXPECT_EQ(watch.Drain().files, Files{"b"});
}

TEST(DirectoryWatch, WaitsForTheWriterOfANewFile) {
  const WatchedWorld world;
  DirectoryWatch watch = DirectoryWatch::Create(world.path).value();
  std::ofstream file(world.path + "/a");
  EXPECT_TRUE(watch.Drain().None());
  file << "text";
  file.close();
  EXPECT_EQ(watch.Drain().files, Files{"a"});
}

TEST(DirectoryWatch, IsNotMovedByItsNeighbours) {
  const WatchedWorld world;
  DirectoryWatch watch = DirectoryWatch::Create(world.path).value();
  world.top.Write("neighbour", "text");
  EXPECT_TRUE(watch.Drain().None());
}

TEST(DirectoryWatch, FollowsTheDirectoryThatTookThePlace) {
  const WatchedWorld world;
  DirectoryWatch watch = DirectoryWatch::Create(world.path).value();
  std::filesystem::rename(world.path, world.path + ".old");
  EXPECT_TRUE(watch.Drain().directory_changed);
  std::filesystem::create_directory(world.path);
  EXPECT_TRUE(watch.Drain().directory_changed);
  world.top.Write("d.old/a", "text");
  EXPECT_TRUE(watch.Drain().None());
  world.top.Write("d/b", "text");
  EXPECT_EQ(watch.Drain().files, Files{"b"});
}

TEST(DirectoryWatch, StartsWithoutTheDirectory) {
  const WatchedWorld world;
  std::filesystem::remove(world.path);
  DirectoryWatch watch = DirectoryWatch::Create(world.path).value();
  std::filesystem::create_directory(world.path);
  EXPECT_TRUE(watch.Drain().directory_changed);
  std::filesystem::remove(world.path);
  EXPECT_TRUE(watch.Drain().directory_changed);
  EXPECT_TRUE(watch.Drain().None());
}

struct DeepWorld {
  TemporaryDirectory top;
  std::string path = top.Path("a/b/d");
  DeepWorld() { std::filesystem::create_directories(path); }
};

TEST(DirectoryWatch, FollowsTheDirectoryInAParentThatTookThePlace) {
  const DeepWorld world;
  DirectoryWatch watch = DirectoryWatch::Create(world.path).value();
  std::filesystem::rename(world.top.Path("a/b"), world.top.Path("a/old"));
  EXPECT_TRUE(watch.Drain().directory_changed);
  world.top.Write("a/old/d/x", "text");
  EXPECT_TRUE(watch.Drain().None());
  std::filesystem::create_directories(world.path);
  EXPECT_TRUE(watch.Drain().directory_changed);
  world.top.Write("a/b/d/y", "text");
  EXPECT_EQ(watch.Drain().files, Files{"y"});
}

TEST(DirectoryWatch, WaitsForAParentThatIsRemovedAndComesBackInSteps) {
  const DeepWorld world;
  DirectoryWatch watch = DirectoryWatch::Create(world.path).value();
  std::filesystem::remove_all(world.top.Path("a"));
  EXPECT_TRUE(watch.Drain().directory_changed);
  for (const char* const step : {"a", "a/b", "a/b/d"}) {
    EXPECT_TRUE(watch.Drain().None()) << step;
    std::filesystem::create_directory(world.top.Path(step));
    EXPECT_TRUE(watch.Drain().directory_changed) << step;
  }
  world.top.Write("a/b/d/x", "text");
  EXPECT_EQ(watch.Drain().files, Files{"x"});
}

TEST(DirectoryWatch, FollowsALinkOnTheWayThatIsTurnedAround) {
  const DeepWorld world;
  std::filesystem::create_directories(world.top.Path("c/d"));
  std::filesystem::create_symlink("a/b", world.top.Path("link"));
  DirectoryWatch watch = DirectoryWatch::Create(world.top.Path("link/d")).value();
  std::filesystem::create_symlink("c", world.top.Path("new"));
  std::filesystem::rename(world.top.Path("new"), world.top.Path("link"));
  EXPECT_TRUE(watch.Drain().directory_changed);
  world.top.Write("a/b/d/x", "text");
  EXPECT_TRUE(watch.Drain().None());
  world.top.Write("c/d/y", "text");
  EXPECT_EQ(watch.Drain().files, Files{"y"});
}

TEST(DirectoryWatch, NeedsTheParentDirectory) {
  const WatchedWorld world;
  EXPECT_EQ(DirectoryWatch::Create(world.path + "/none/rules").error().code, Errc::kNotFound);
}

}  // namespace
}  // namespace procwall
