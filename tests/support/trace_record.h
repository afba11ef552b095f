// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <cstring>
#include <string>

namespace procwall {

template <typename T>
std::string RawBytes(const T& value) {
  std::string text(sizeof(value), '\0');
  std::memcpy(text.data(), &value, sizeof(value));
  return text;
}

// What every record of a tracepoint begins with.
inline std::string RecordHeadText(std::uint8_t flags) {
  return RawBytes(std::uint16_t{7}) + RawBytes(flags) + '\0' + RawBytes(std::uint32_t{77});
}

// A sample of a tracepoint, as FlightRecorder asks for it.
inline std::string TraceSampleText(std::uint32_t pid, std::uint64_t time,
                                   const std::string& record) {
  return RawBytes(pid) + RawBytes(pid) + RawBytes(time) +
         RawBytes(static_cast<std::uint32_t>(record.size())) + record;
}

}  // namespace procwall
