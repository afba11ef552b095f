// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
// What nft and iptables-save print: any text gives uses of marks, or none.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "daemon/mark_uses_nft.h"
#include "daemon/mark_uses_xtables.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  auto uses = procwall::MarkUsesOfNft(text);
  for (procwall::MarkUse& use : procwall::MarkUsesOfXtables("iptables", text)) {
    if (use.where.find('\n') != std::string::npos) std::abort();
    uses.push_back(std::move(use));
  }
  (void)procwall::MarkClashes(uses, 0x20000000);
  return 0;
}
