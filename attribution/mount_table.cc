// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/mount_table.h"

#include <sys/sysmacros.h>

#include <algorithm>
#include <array>
#include <optional>

#include "attribution/decimal.h"

namespace procwall {
namespace {

constexpr std::array<std::string_view, 31> kLocalTypes = {
    "aufs",     "bcachefs", "btrfs",   "cgroup", "cgroup2", "devpts",   "devtmpfs", "erofs",
    "exfat",    "ext2",     "ext3",    "ext4",   "f2fs",    "iso9660",  "jfs",      "minix",
    "nilfs2",   "ntfs3",    "overlay", "proc",   "ramfs",   "reiserfs", "rootfs",   "securityfs",
    "squashfs", "sysfs",    "tmpfs",   "udf",    "vfat",    "xfs",      "zfs"};

// Hands out what stands between blanks.
std::string_view NextField(std::string_view& line) {
  const std::size_t end = std::min(line.find(' '), line.size());
  const std::string_view field = line.substr(0, end);
  line.remove_prefix(std::min(end + 1, line.size()));
  return field;
}

bool IsOctal(char digit) { return digit >= '0' && digit <= '7'; }

// Blanks, newlines and backslashes are written as \040 and the like.
std::string Unescape(std::string_view text) {
  std::string plain;
  plain.reserve(text.size());
  while (!text.empty()) {
    if (text.size() >= 4 && text[0] == '\\' && text[1] <= '3' && IsOctal(text[1]) &&
        IsOctal(text[2]) && IsOctal(text[3])) {
      plain += static_cast<char>((text[1] - '0') * 64 + (text[2] - '0') * 8 + (text[3] - '0'));
      text.remove_prefix(4);
      continue;
    }
    plain += text.front();
    text.remove_prefix(1);
  }
  return plain;
}

// "36 35 98:0 /root /point rw,noatime master:1 - ext3 /dev/sda1 rw"
std::optional<Mount> ParseLine(std::string_view line) {
  const auto id = ParseDecimal<std::uint64_t>(NextField(line));
  NextField(line);  // of the mount it is mounted on
  const std::string_view device = NextField(line);
  const std::size_t colon = std::min(device.find(':'), device.size());
  const auto major = ParseDecimal<unsigned>(device.substr(0, colon));
  const auto minor = ParseDecimal<unsigned>(device.substr(std::min(colon + 1, device.size())));
  NextField(line);  // what of the file system is mounted
  const std::string_view point = NextField(line);
  if (!id || !major || !minor || *major >= 1U << 12U || *minor >= 1U << 20U) return std::nullopt;
  const std::size_t options_end = line.find(" - ");
  if (options_end == std::string_view::npos || point.empty()) return std::nullopt;
  line.remove_prefix(options_end + 3);
  return Mount{.id = *id,
               .device = ::makedev(*major, *minor),
               .point = Unescape(point),
               .type = std::string(NextField(line))};
}

}  // namespace

std::vector<Mount> ParseMountInfo(std::string_view text) {
  std::vector<Mount> mounts;
  while (mounts.size() < kMaxMounts) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) break;  // a line that was cut is none
    if (auto mount = ParseLine(text.substr(0, end))) mounts.push_back(*std::move(mount));
    text.remove_prefix(end + 1);
  }
  return mounts;
}

const Mount* FindMount(const std::vector<Mount>& mounts, std::uint64_t id) {
  const auto found = std::ranges::find(mounts, id, &Mount::id);
  return found == mounts.end() ? nullptr : &*found;
}

bool MayBlock(const std::vector<Mount>& mounts, std::string_view point) {
  return std::ranges::any_of(mounts, [&](const Mount& mount) {
    return mount.point == point && std::ranges::find(kLocalTypes, mount.type) == kLocalTypes.end();
  });
}

}  // namespace procwall
