// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/socket_witness.h"

namespace procwall {

const char* WitnessHookName(WitnessHook hook) {
  switch (hook) {
    case WitnessHook::kNone:
      return "none";
    case WitnessHook::kScan:
      return "scan";
    case WitnessHook::kCreate:
      return "create";
    case WitnessHook::kConnect:
      return "connect";
    case WitnessHook::kSend:
      return "send";
    case WitnessHook::kPacket:
      return "packet";
  }
  return "none";
}

}  // namespace procwall
