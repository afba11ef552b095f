// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/trusted_file.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <filesystem>

#include <gtest/gtest.h>

#include "tests/unit/rules/temporary_directory.h"

namespace procwall {
namespace {

struct TrustedFolder {
  TemporaryDirectory directory;
  // What is in it, or why it is not read.
  std::string Read(const std::string& name, std::size_t limit = 1 << 20,
                   uid_t reader = 1000) const {
    const auto text = ReadTrustedFile(AT_FDCWD, directory.Path(name), limit, reader);
    if (!text) return text.error();
    return text->value_or("nothing there");
  }
};

TEST(ReadTrustedFile, ReadsFilesUpToTheLimit) {
  const TrustedFolder world;
  world.directory.Write("a", "text");
  world.directory.Write("empty", "");
  const std::string large(100000, 'x');
  world.directory.Write("large", large);
  EXPECT_EQ(world.Read("a", 4), "text");
  EXPECT_EQ(world.Read("a", 3), "larger than the 3 bytes it may have");
  EXPECT_EQ(world.Read("empty"), "");
  EXPECT_EQ(world.Read("large"), large);
  EXPECT_EQ(world.Read("none"), "nothing there");
}

TEST(ReadTrustedFile, RefusesWhatIsNoRegularFileWithoutHanging) {
  const TrustedFolder world;
  ASSERT_EQ(::mkfifo(world.directory.Path("pipe").c_str(), 0600), 0);
  std::filesystem::create_symlink("nowhere", world.directory.Path("dead"));
  std::filesystem::create_symlink("loop", world.directory.Path("loop"));
  EXPECT_EQ(world.Read("pipe"), "not a regular file");
  EXPECT_EQ(world.Read("."), "not a regular file");
  EXPECT_EQ(world.Read("dead"), "a symbolic link to a file that is not there");
  EXPECT_TRUE(world.Read("loop").starts_with("cannot be read: "));
}

TEST(WhyNotTrusted, MindsForRootWhatEverybodyCanChange) {
  struct stat status {};
  status.st_mode = S_IFREG | 0664;
  EXPECT_EQ(WhyNotTrusted(status, 0), std::nullopt);
  status.st_mode = S_IFREG | 0666;
  EXPECT_TRUE(WhyNotTrusted(status, 0).has_value());
  EXPECT_EQ(WhyNotTrusted(status, 1000), std::nullopt);
}

}  // namespace
}  // namespace procwall
