// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "net/held_packet.h"

namespace procwall {

// The kernel that hears verdicts: remembers each in order, so that a packet answered twice shows.
class FakeVerdicts final : public VerdictSink {
 public:
  using Answers = std::vector<std::pair<std::uint32_t, Verdict>>;  // packet id, verdict

  void Answer(std::uint32_t packet_id, Verdict verdict) override {
    answers_.emplace_back(packet_id, verdict);
    if (when_answered) when_answered();
  }
  const Answers& All() const { return answers_; }

  std::function<void()> when_answered;  // what happens as soon as the kernel knows

 private:
  Answers answers_;
};

}  // namespace procwall
