// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "net/held_packet.h"
#include "net/queue_request.h"

namespace procwall {

// The verdicts of one queue, each built once by EncodeVerdict(): for a packet its id alone is
// written into it, while a program waits. Thread rule: any thread.
class VerdictTemplates {
 public:
  explicit VerdictTemplates(const QueueOptions& queue);

  // What EncodeVerdict() builds.
  void Append(std::uint32_t packet_id, Verdict verdict, std::vector<std::byte>& messages) const;

 private:
  std::array<std::vector<std::byte>, kVerdicts> messages_;
};

}  // namespace procwall
