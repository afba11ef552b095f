// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>

namespace procwall {

// A file, whatever its names: what makes two paths the same program.
struct FileId {
  std::uint64_t device = 0;  // a dev_t, as stat(2) tells it; 0: not known
  std::uint64_t inode = 0;

  bool IsKnown() const { return inode != 0; }
  friend bool operator==(const FileId&, const FileId&) = default;
};

// What the kernel has in an inode (i_sb->s_dev and i_ino), as a FileId: the kernel keeps a device
// as major << 20 | minor, stat(2) tells a dev_t, whose bits are others.
//
// The two need not agree where a file system has devices of its own (major 0). There stat(2) tells
// another device than s_dev: btrfs one for each subvolume, overlayfs one for each layer, and of the
// upper layer that layer's own. Inodes agree, but for FUSE, which tells any.
FileId FileIdOfKernel(std::uint32_t s_dev, std::uint64_t i_ino);

// Whether a file that the kernel told of (FileIdOfKernel) may be the file that stat(2) told of:
// inode and device are equal, or the inode is and the kernel's device is one that stat(2) may tell
// otherwise. Then it may still be another file, of a file system that somebody made for that: no
// proof of identity.
bool MayBeSameFile(const FileId& kernels, const FileId& stats);

}  // namespace procwall
