// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/file_id.h"

#include <sys/sysmacros.h>

#include <gtest/gtest.h>

namespace procwall {
namespace {

constexpr std::uint32_t kKernelsVda1 = (254U << 20U) | 1U;
constexpr std::uint32_t kKernelsAnonymous = 47U;  // major 0

TEST(FileIdOfKernel, TellsTheDeviceAsStatDoes) {
  EXPECT_EQ(FileIdOfKernel(kKernelsVda1, 7), (FileId{::makedev(254, 1), 7}));
}

TEST(FileIdOfKernel, KeepsEveryBitOfALargeMinorAndMajor) {
  EXPECT_EQ(FileIdOfKernel((0xfffU << 20U) | 0xabcdeU, 7), (FileId{::makedev(0xfff, 0xabcde), 7}));
}

TEST(MayBeSameFile, ComparesDeviceAndInode) {
  const FileId kernels = FileIdOfKernel(kKernelsVda1, 7);
  EXPECT_TRUE(MayBeSameFile(kernels, {::makedev(254, 1), 7}));
  EXPECT_FALSE(MayBeSameFile(kernels, {::makedev(254, 1), 8}));
  EXPECT_FALSE(MayBeSameFile(kernels, {::makedev(254, 2), 7}));
}

TEST(MayBeSameFile, ComparesInodesWhereTheKernelsDeviceIsTheFileSystemsOwn) {
  const FileId kernels = FileIdOfKernel(kKernelsAnonymous, 7);
  EXPECT_TRUE(MayBeSameFile(kernels, {::makedev(0, 48), 7}));
  EXPECT_TRUE(MayBeSameFile(kernels, {::makedev(254, 1), 7}));  // overlayfs: its upper layer
  EXPECT_FALSE(MayBeSameFile(kernels, {::makedev(0, 47), 8}));
}

TEST(MayBeSameFile, DoesNotTakeTwoUnknownFilesForOne) { EXPECT_FALSE(MayBeSameFile({}, {})); }

}  // namespace
}  // namespace procwall
