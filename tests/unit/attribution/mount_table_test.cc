// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/mount_table.h"

#include <sys/sysmacros.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace procwall {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::string_view kText =
    "22 1 254:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw,discard\n"
    "36 22 0:48 / /net rw,relatime - autofs systemd-1 rw,fd=5\n"
    "37 22 0:49 /a\\040b /mnt/x\\040y rw master:2 propagate_from:1 - fuse.sshfs h:/ rw\n";

TEST(ParseMountInfo, ReadsIdDevicePointAndType) {
  EXPECT_THAT(ParseMountInfo(kText),
              ElementsAre(Mount{22, ::makedev(254, 1), "/", "ext4"},
                          Mount{36, ::makedev(0, 48), "/net", "autofs"},
                          Mount{37, ::makedev(0, 49), "/mnt/x y", "fuse.sshfs"}));
}

TEST(ParseMountInfo, LeavesOutWhatItDoesNotUnderstand) {
  EXPECT_THAT(ParseMountInfo("x 1 254:1 / / rw - ext4 d rw\n"
                             "1 1 254 / / rw - ext4 d rw\n"
                             "1 1 4096:1 / / rw - ext4 d rw\n"
                             "1 1 254:1 / / rw ext4 d rw\n"
                             "1 1 254:1\n"
                             "\n"),
              IsEmpty());
}

TEST(ParseMountInfo, SurvivesCutsAndFlippedBytes) {
  for (std::size_t i = 0; i < kText.size(); ++i) {
    EXPECT_LT(ParseMountInfo(kText.substr(0, i)).size(), 3U);
    std::string damaged(kText);
    damaged[i] = static_cast<char>(damaged[i] ^ 0x15);
    (void)ParseMountInfo(damaged);
  }
}

TEST(FindMount, GoesByTheId) {
  const auto mounts = ParseMountInfo(kText);
  EXPECT_EQ(FindMount(mounts, 36)->point, "/net");
  EXPECT_EQ(FindMount(mounts, 1), nullptr);
}

TEST(MayBlock, IsSoForAnythingMountedThereThatIsNotLocal) {
  auto mounts = ParseMountInfo(kText);
  EXPECT_FALSE(MayBlock(mounts, "/"));
  EXPECT_FALSE(MayBlock(mounts, "/usr"));
  EXPECT_TRUE(MayBlock(mounts, "/net"));
  EXPECT_TRUE(MayBlock(mounts, "/mnt/x y"));
  mounts.push_back({40, 0, "/net", "ext4"});
  EXPECT_TRUE(MayBlock(mounts, "/net"));
}

}  // namespace
}  // namespace procwall
