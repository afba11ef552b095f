// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "base/user_namespace.h"

#include <fcntl.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/file.h"

namespace procwall {
namespace {

constexpr std::size_t kMaxMapBytes = 65536;
constexpr std::uint64_t kAllUids = 4294967295;  // (uid_t)-1 is no uid

// Takes the next number of `text`; one past the largest uid if there is none.
std::uint64_t TakeNumber(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  std::uint64_t number = kAllUids + 1;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  text.remove_prefix(static_cast<std::size_t>(read.ptr - text.data()));
  return number;
}

}  // namespace

bool IsIdentityUidMap(std::string_view uid_map) {
  const bool from_zero = TakeNumber(uid_map) == 0;
  const bool to_zero = TakeNumber(uid_map) == 0;
  return from_zero && to_zero && TakeNumber(uid_map) == kAllUids && uid_map == "\n";
}

bool HasInitialUids() {
  const Result<std::string> map = ReadFileAt(AT_FDCWD, "/proc/self/uid_map", kMaxMapBytes);
  return map && IsIdentityUidMap(*map);
}

}  // namespace procwall
