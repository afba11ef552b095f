// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "base/directory_names.h"

#include <dirent.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace procwall {

Status VisitNames(const UniqueFd& directory,
                  const std::function<bool(const DirectoryName&)>& visit) {
  constexpr std::size_t kRecordLength = offsetof(dirent64, d_reclen);
  constexpr std::size_t kType = offsetof(dirent64, d_type);
  constexpr std::size_t kName = offsetof(dirent64, d_name);
  std::array<char, 16384> buffer;
  for (;;) {
    const ssize_t n = ::getdents64(directory.UnsafeFd(), buffer.data(), buffer.size());
    if (n < 0) return SystemError(errno == ENOENT ? ESRCH : errno, "list directory");
    if (n == 0) return {};
    std::string_view records(buffer.data(), static_cast<std::size_t>(n));
    while (records.size() > kName) {
      std::uint16_t length = 0;
      std::memcpy(&length, records.data() + kRecordLength, sizeof(length));
      if (length <= kName || length > records.size()) break;  // the kernel never does this
      const std::string_view padded = records.substr(kName, length - kName);
      if (!visit({padded.substr(0, padded.find('\0')), records[kType] == DT_DIR})) return {};
      records.remove_prefix(length);
    }
  }
}

}  // namespace procwall
