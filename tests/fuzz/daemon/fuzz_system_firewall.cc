// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
// OpenSnitch's system-fw.json: whatever it says, what nft and iptables-restore are told of it is
// one rule a line, in chains of ours, and leads back to a line of the file.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "daemon/system_firewall_file.h"
#include "daemon/system_firewall_nft.h"
#include "daemon/system_firewall_xtables.h"

namespace {

void CheckLine(const std::string& line) {
  const bool is_one = std::none_of(line.begin(), line.end(), [](char c) {
    return static_cast<unsigned char>(c) < ' ' || c == ';' || c == '#';
  });
  if (!is_one) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  const auto system = procwall::ParseSystemFirewall(text, "system-fw.json");
  if (!system) return 0;
  const auto nft = procwall::SystemForNft(*system, {"output", "input"}, "queue num 0", {});
  for (const procwall::NftSystemChain& chain : nft.chains) {
    for (const std::string& rule : chain.rules) {
      const bool has_log = rule.find('"') != rule.rfind("comment \"") + 8;
      if (!has_log) CheckLine(rule);
      if (rule.find('\n') != std::string::npos) std::abort();
      if (procwall::LineOfSystemComment(rule) == 0) std::abort();
    }
  }
  for (const auto family : {procwall::IpFamily::kV4, procwall::IpFamily::kV6}) {
    const auto made = procwall::SystemForXtables(*system, family, "-j NFQUEUE --queue-num 0", {});
    for (const procwall::XtablesSystemChain& chain : made.chains) {
      for (const std::string& rule : chain.rules) {
        if (rule.find('\n') != std::string::npos) std::abort();
        if (!rule.starts_with("-m comment --comment system-fw.json:")) std::abort();
      }
    }
  }
  return 0;
}
