// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "attribution/recency_order.h"

namespace procwall {

// Which descriptors a process's last sockets had, and which its next one will have. The kernel
// gives out the lowest free number, so a program either keeps its sockets, and the numbers grow; or
// it closes them, and a small set of numbers comes round again. A value; allocates nothing.
class DescriptorHistory {
 public:
  static constexpr std::size_t kRemembered = 32;

  void Record(int fd);

  // Hands out guesses, likeliest first; the history must not change meanwhile.
  class Guesser {
   public:
    std::optional<int> Next(const DescriptorHistory& history);
    // The guesses that are backed by the history are used up.
    bool IsHoping() const { return stage_ == Stage::kUnused; }

   private:
    enum class Stage : std::uint8_t { kGrowing, kSeen, kUnused };
    std::optional<int> NextGrowing(const DescriptorHistory& history);
    std::optional<int> NextUnused(const DescriptorHistory& history);

    Stage stage_ = Stage::kGrowing;
    std::uint8_t tries_ = 0;  // of this stage
    RecencyOrder<int, kRemembered>::Likeliest likeliest_;
  };

 private:
  RecencyOrder<int, kRemembered> seen_;
  int latest_ = -1;
  int highest_ = -1;  // of seen_, or of what was seen before
  int stride_ = 0;    // while growing: from the last but one to the latest, else 0
};

}  // namespace procwall
