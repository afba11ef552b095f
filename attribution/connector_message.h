// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>

#include "attribution/process_event.h"
#include "base/bytes.h"
#include "base/result.h"

namespace procwall {

// The messages of the proc connector (<linux/connector.h>, <linux/cn_proc.h>), whole. Pure.

// "Tell me", to the kernel: a netlink header, a connector message, and one word.
using ConnectorRequest = std::array<std::byte, 40>;
ConnectorRequest EncodeConnectorListen();

struct ConnectorMessage {
  std::uint32_t processor = 0;          // on which it happened
  std::uint32_t number = 0;             // counted by each processor on its own
  std::optional<int> answer{};          // to our request: an errno, or 0
  std::optional<ProcessEvent> event{};  // nullopt: of no interest; its time is CLOCK_MONOTONIC's
};
// Of processes that were made, executed a program (told without its path), became another user's or
// ended; news of threads, names and sessions are of no interest. kTruncated: it ends early.
// kUnsupported: not from the proc connector.
Result<ConnectorMessage> ParseConnectorMessage(Bytes message);

// The messages of one datagram.
Status VisitConnectorMessages(Bytes datagram, const std::function<void(Bytes message)>& each);

}  // namespace procwall
