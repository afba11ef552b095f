// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/cgroup_mount.h"

#include <fcntl.h>

#include <array>
#include <cstddef>

#include "base/file.h"

namespace procwall {
namespace {

constexpr std::size_t kMaxMountinfoBytes = std::size_t{4} << 20U;

std::string_view NextWord(std::string_view& text) {
  const std::size_t end = text.find(' ');
  const std::string_view word = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return word;
}

// The kernel writes blanks, tabs, newlines and backslashes as \ooo.
std::string UnescapeMountField(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escaped = text[i] == '\\' && i + 3 < text.size();
    if (!escaped) {
      plain += text[i];
      continue;
    }
    int value = 0;
    for (std::size_t digit = 1; digit <= 3; ++digit) value = value * 8 + (text[i + digit] - '0');
    plain += static_cast<char>(value);
    i += 3;
  }
  return plain;
}

}  // namespace

std::optional<std::string> CgroupMountOf(std::string_view mountinfo) {
  std::optional<std::string> part;  // of the tree
  while (!mountinfo.empty()) {
    const std::size_t end = mountinfo.find('\n');
    std::string_view line = mountinfo.substr(0, end);
    mountinfo.remove_prefix(end == std::string_view::npos ? mountinfo.size() : end + 1);
    const std::size_t separator = line.find(" - ");
    if (separator == std::string_view::npos) continue;
    std::string_view after = line.substr(separator + 3);
    if (NextWord(after) != "cgroup2") continue;
    for (int skipped = 0; skipped < 3; ++skipped) NextWord(line);  // mount, parent, device
    const std::string_view root = NextWord(line);
    const std::string_view mount_point = NextWord(line);
    if (root == "/") return UnescapeMountField(mount_point);
    if (!part) part = UnescapeMountField(mount_point);
  }
  return part;
}

std::optional<std::string> FindCgroupMount() {
  const auto text = ReadFileAt(AT_FDCWD, "/proc/self/mountinfo", kMaxMountinfoBytes, OnLarge::kCut);
  return text ? CgroupMountOf(*text) : std::nullopt;
}

}  // namespace procwall
