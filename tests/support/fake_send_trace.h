// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <optional>
#include <vector>

#include "attribution/send_trace.h"

namespace procwall {

// Tells what the test says, of every connection and all times that were asked for.
class FakeSendTrace final : public SendTrace {
 public:
  std::optional<std::vector<RouteAsker>> askers = std::vector<RouteAsker>{};
  std::optional<std::vector<TracedProcess>> senders = std::vector<TracedProcess>{};
  std::optional<std::vector<GivenUpConnect>> given_up = std::vector<GivenUpConnect>{};
  BootTime asked_since{};          // the last time
  BootTime asked_senders_since{};  // likewise

  std::optional<std::vector<RouteAsker>> RouteAskers(const Connection& /*connection*/,
                                                     BootTime since) override {
    asked_since = since;
    return askers;
  }
  std::optional<std::vector<GivenUpConnect>> GivenUpConnects(const Connection& /*connection*/,
                                                             BootTime since) override {
    asked_since = since;
    return given_up;
  }
  std::optional<std::vector<TracedProcess>> DatagramSenders(BootTime since) override {
    asked_senders_since = since;
    return senders;
  }
};

}  // namespace procwall
