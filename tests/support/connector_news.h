// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

namespace procwall {

// Kinds of news of the proc connector, PROC_EVENT_* of <linux/cn_proc.h>.
inline constexpr std::uint32_t kAnswerNews = 0;
inline constexpr std::uint32_t kForkNews = 1;
inline constexpr std::uint32_t kExecNews = 2;
inline constexpr std::uint32_t kUidNews = 4;
inline constexpr std::uint32_t kExitNews = 0x80000000;

inline constexpr std::uint64_t kNewsTime = 1'234'567;

// One message as the kernel sends it: `words` are what follows the time.
inline std::string ConnectorNews(std::uint32_t what, const std::vector<std::uint32_t>& words,
                                 std::uint32_t processor = 0, std::uint32_t number = 0) {
  const auto body_bytes = static_cast<std::uint32_t>(16 + 4 * words.size());
  std::vector<std::uint32_t> all = {36 + body_bytes,
                                    3,
                                    0,
                                    0,  // nlmsghdr
                                    1,
                                    1,
                                    number,
                                    0,
                                    body_bytes,
                                    what,
                                    processor,
                                    static_cast<std::uint32_t>(kNewsTime),
                                    0};
  all.insert(all.end(), words.begin(), words.end());
  std::string message(all.size() * sizeof(std::uint32_t), '\0');
  std::memcpy(message.data(), all.data(), message.size());
  return message;
}

}  // namespace procwall
