// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/settings.h"

namespace procwall {

const char* FirewallKindName(FirewallKind kind) {
  switch (kind) {
    case FirewallKind::kAuto:
      return "auto";
    case FirewallKind::kNft:
      return "nft";
    case FirewallKind::kIptablesLegacy:
      return "iptables-legacy";
    case FirewallKind::kIptablesNft:
      return "iptables-nft";
    case FirewallKind::kNone:
      return "none";
  }
  return "unknown";
}

}  // namespace procwall
