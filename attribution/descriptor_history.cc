// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/descriptor_history.h"

#include <algorithm>

namespace procwall {

void DescriptorHistory::Record(int fd) {
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

std::optional<int> DescriptorHistory::Guesser::Next(const DescriptorHistory& history) {
  if (history.latest_ < 0) return std::nullopt;
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
