// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/cgroup_mount.h"

#include <string>

#include <gtest/gtest.h>

namespace procwall {
namespace {

constexpr const char* kHybrid =
    "25 30 0:23 / /sys/fs/cgroup ro,nosuid - tmpfs tmpfs ro,mode=755\n"
    "26 25 0:24 / /sys/fs/cgroup/unified rw,nosuid - cgroup2 cgroup2 rw,nsdelegate\n"
    "27 25 0:25 / /sys/fs/cgroup/cpu rw,nosuid - cgroup cgroup rw,cpu\n";

TEST(CgroupMountOf, FindsTheUsualPlace) {
  EXPECT_EQ(CgroupMountOf("29 24 0:26 / /sys/fs/cgroup rw shared:9 - cgroup2 cgroup2 rw\n"),
            "/sys/fs/cgroup");
}

TEST(CgroupMountOf, FindsTheOneBesideV1) {
  EXPECT_EQ(CgroupMountOf(kHybrid), "/sys/fs/cgroup/unified");
}

TEST(CgroupMountOf, PrefersTheWholeTreeToAPart) {
  EXPECT_EQ(CgroupMountOf("1 0 0:26 /system.slice /part rw - cgroup2 cgroup2 rw\n"
                          "2 0 0:26 / /whole rw - cgroup2 cgroup2 rw\n"),
            "/whole");
}

TEST(CgroupMountOf, TakesAPartWhereThereIsNothingElse) {
  EXPECT_EQ(CgroupMountOf("1 0 0:26 /user.slice /part rw - cgroup2 cgroup2 rw"), "/part");
}

TEST(CgroupMountOf, ReadsEscapedBlanks) {
  EXPECT_EQ(CgroupMountOf("1 0 0:26 / /my\\040cgroups rw - cgroup2 none rw\n"), "/my cgroups");
}

TEST(CgroupMountOf, SaysWhenThereIsNone) {
  EXPECT_EQ(CgroupMountOf("1 0 0:26 / / rw - ext4 /dev/sda rw\n"), std::nullopt);
  EXPECT_EQ(CgroupMountOf(""), std::nullopt);
}

TEST(CgroupMountOf, SurvivesEveryCutAndEveryFlippedByte) {
  const std::string whole = kHybrid;
  for (std::size_t i = 0; i < whole.size(); ++i) {
    (void)CgroupMountOf(whole.substr(0, i));
    std::string flipped = whole;
    flipped[i] = static_cast<char>(flipped[i] ^ 0x55);
    (void)CgroupMountOf(flipped);
  }
  EXPECT_EQ(CgroupMountOf("1 0 0:26 / /x\\04 rw - cgroup2 n rw"), "/x\\04");
}

}  // namespace
}  // namespace procwall
