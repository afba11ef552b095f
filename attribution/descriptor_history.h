// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "attribution/recency_order.h"
#include "attribution/socket_entry.h"

namespace procwall {

// Which descriptors a process's last sockets had, and which its next one will have. The kernel
// gives out the lowest free number, so a program either keeps its sockets, and the numbers grow; or
// it closes them, and a small set of numbers comes round again. Inodes are counted too: of sockets
// that were opened in a row, descriptors and inodes are as far apart, so one tells of the others,
// also if they are used faster than they are looked up. A value; allocates nothing.
class DescriptorHistory {
 public:
  static constexpr std::size_t kRemembered = 32;

  // A socket was there; inode 0: not known.
  void Record(int fd, Inode inode);

  // Hands out guesses, likeliest first; the history must not change meanwhile.
  class Guesser {
   public:
    std::optional<int> Next(const DescriptorHistory& history, Inode inode);
    // The guesses that are backed by the history are used up.
    bool IsHoping() const { return stage_ == Stage::kUnused; }

   private:
    enum class Stage : std::uint8_t { kInStep, kGrowing, kSeen, kUnused };
    std::optional<int> NextOfStage(const DescriptorHistory& history, Inode inode);
    std::optional<int> NextInStep(const DescriptorHistory& history, Inode inode);
    std::optional<int> NextGrowing(const DescriptorHistory& history);
    std::optional<int> NextUnused(const DescriptorHistory& history);

    Stage stage_ = Stage::kInStep;
    int in_step_ = -1;        // the guess of that stage
    std::uint8_t tries_ = 0;  // of this stage
    RecencyOrder<int, kRemembered>::Likeliest likeliest_;
  };

 private:
  RecencyOrder<int, kRemembered> seen_;
  int latest_ = -1;
  Inode latest_inode_ = 0;
  bool in_step_ = false;  // between the last two, descriptor and inode grew alike
  int highest_ = -1;      // of seen_, or of what was seen before
  int stride_ = 0;        // while growing: from the last but one to the latest, else 0
};

}  // namespace procwall
