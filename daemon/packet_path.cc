// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
// Tested by tests/lab/packet_path_test.py.
#include "daemon/packet_path.h"

#include <cstddef>

// By the linker; null where it knows nothing of them.
extern "C" {
[[gnu::weak]] extern const char procwall_packet_path_begin[];
[[gnu::weak]] extern const char procwall_packet_path_end[];
}

namespace procwall {

void FetchPacketPath() {
  constexpr std::ptrdiff_t kCacheLine = 64;
  constexpr int kToRead = 0;
  constexpr int kToSecondLevel = 2;  // the first is for what runs now
  for (const char* line = procwall_packet_path_begin; line < procwall_packet_path_end;
       line += kCacheLine) {
    __builtin_prefetch(line, kToRead, kToSecondLevel);
  }
}

}  // namespace procwall
