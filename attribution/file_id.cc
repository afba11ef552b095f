// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/file_id.h"

#include <sys/sysmacros.h>

namespace procwall {

FileId FileIdOfKernel(std::uint32_t s_dev, std::uint64_t i_ino) {
  constexpr unsigned kMinorBits = 20;
  constexpr std::uint32_t kMinorMask = (1U << kMinorBits) - 1;
  return {.device = ::makedev(s_dev >> kMinorBits, s_dev & kMinorMask), .inode = i_ino};
}

bool MayBeSameFile(const FileId& kernels, const FileId& stats) {
  if (!kernels.IsKnown() || kernels.inode != stats.inode) return false;
  return kernels.device == stats.device || ::major(kernels.device) == 0;
}

}  // namespace procwall
