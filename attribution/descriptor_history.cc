// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/descriptor_history.h"

#include <algorithm>

namespace procwall {

void DescriptorHistory::Record(int fd, Inode inode) {
  in_step_ = latest_inode_ != 0 && fd > latest_ && inode > latest_inode_ &&
             static_cast<Inode>(fd - latest_) == inode - latest_inode_;
  latest_inode_ = inode;
  if (const auto position = seen_.Find(fd)) {
    stride_ = 0;
    seen_.Use(*position);
  } else {
    stride_ = latest_ >= 0 && fd > highest_ ? fd - latest_ : 0;
    seen_.Add(fd);
  }
  latest_ = fd;
  highest_ = fd;
  for (std::size_t i = 0; i < seen_.Size(); ++i) highest_ = std::max(highest_, seen_.At(i));
}

std::optional<int> DescriptorHistory::Guesser::Next(const DescriptorHistory& history, Inode inode) {
  while (true) {
    const Stage stage = stage_;
    const auto fd = NextOfStage(history, inode);
    if (!fd || stage == Stage::kInStep || *fd != in_step_) return fd;  // never the same twice
  }
}

std::optional<int> DescriptorHistory::Guesser::NextOfStage(const DescriptorHistory& history,
                                                           Inode inode) {
  if (history.latest_ < 0) return std::nullopt;
  if (stage_ == Stage::kInStep) {
    stage_ = Stage::kGrowing;
    if (const auto fd = NextInStep(history, inode)) return in_step_ = *fd;
  }
  if (stage_ == Stage::kGrowing) {
    if (const auto fd = NextGrowing(history)) return fd;
    stage_ = Stage::kSeen;
  }
  if (stage_ == Stage::kSeen) {
    if (const auto position = likeliest_.Next(history.seen_)) return history.seen_.At(*position);
    stage_ = Stage::kUnused;
    tries_ = 0;
  }
  return NextUnused(history);
}

// Forwards or backwards, up to as many sockets as a process may usually have.
std::optional<int> DescriptorHistory::Guesser::NextInStep(const DescriptorHistory& history,
                                                          Inode inode) {
  constexpr int kFarthest = 65536;
  if (!history.in_step_ || inode == 0 || inode == history.latest_inode_) return std::nullopt;
  const bool forwards = inode > history.latest_inode_;
  const Inode distance = forwards ? inode - history.latest_inode_ : history.latest_inode_ - inode;
  if (distance > kFarthest) return std::nullopt;
  const int fd = history.latest_ + (forwards ? 1 : -1) * static_cast<int>(distance);
  if (fd < 0) return std::nullopt;
  return fd;
}

// A program that opens a file with every socket grows by two.
std::optional<int> DescriptorHistory::Guesser::NextGrowing(const DescriptorHistory& history) {
  if (history.stride_ == 0) return std::nullopt;
  switch (tries_++) {
    case 0:
      return history.latest_ + history.stride_;
    case 1:
      return history.latest_ + (history.stride_ == 1 ? 2 : 1);
    default:
      return std::nullopt;
  }
}

std::optional<int> DescriptorHistory::Guesser::NextUnused(const DescriptorHistory& history) {
  while (tries_ < 4) {
    const int tried = tries_++;
    const int fd = tried < 2 ? history.latest_ + 1 + tried : history.highest_ + tried - 1;
    const bool growing_tried = history.stride_ != 0 && tried < 2;
    const bool repeated = tried >= 2 && history.highest_ == history.latest_;
    if (!growing_tried && !repeated && !history.seen_.Find(fd)) return fd;
  }
  return std::nullopt;
}

}  // namespace procwall
