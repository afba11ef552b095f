// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "base/capabilities.h"

#include <fcntl.h>

#include <charconv>
#include <string>

#include "base/file.h"

namespace procwall {

std::optional<Capabilities> ParseEffectiveCapabilities(std::string_view status) {
  constexpr std::string_view kKey = "\nCapEff:\t";
  const std::size_t at = status.find(kKey);
  if (at == std::string_view::npos) return std::nullopt;
  status.remove_prefix(at + kKey.size());
  std::uint64_t bits = 0;
  const auto read = std::from_chars(status.data(), status.data() + status.size(), bits, 16);
  if (read.ec != std::errc()) return std::nullopt;
  return Capabilities(bits);
}

Capabilities OwnCapabilities() {
  constexpr std::size_t kMaxStatusBytes = 65536;
  const Result<std::string> status = ReadFileAt(AT_FDCWD, "/proc/self/status", kMaxStatusBytes);
  if (!status) return {};
  return ParseEffectiveCapabilities(*status).value_or(Capabilities());
}

}  // namespace procwall
