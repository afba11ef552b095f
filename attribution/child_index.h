// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <span>
#include <unordered_map>
#include <vector>

#include "attribution/process.h"

namespace procwall {

// Who was made by whom, of those who live: the children of a process hold what it held when it made
// them. A number may be stale, because an end was never told: whoever asks checks it. Thread rule:
// the caller's lock.
class ChildIndex {
 public:
  void Add(Pid parent, Pid child);
  void Remove(Pid parent, Pid child);
  // That process is dead: its children are nobody's.
  void RemoveParent(Pid parent);
  void Clear();

  // Valid until the next change.
  std::span<const Pid> Of(Pid parent) const;
  // All children of all parents.
  std::size_t Size() const { return size_; }

 private:
  std::unordered_map<Pid, std::vector<Pid>> children_;
  std::size_t size_ = 0;
};

}  // namespace procwall
