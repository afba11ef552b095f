// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/child_index.h"

#include <algorithm>

namespace procwall {

void ChildIndex::Add(Pid parent, Pid child) {
  if (parent <= 0 || child <= 0) return;
  std::vector<Pid>& children = children_[parent];
  if (std::ranges::find(children, child) != children.end()) return;
  children.push_back(child);
  ++size_;
}

void ChildIndex::Remove(Pid parent, Pid child) {
  const auto found = children_.find(parent);
  if (found == children_.end()) return;
  const auto at = std::ranges::find(found->second, child);
  if (at == found->second.end()) return;
  *at = found->second.back();
  found->second.pop_back();
  --size_;
  if (found->second.empty()) children_.erase(found);
}

void ChildIndex::RemoveParent(Pid parent) {
  const auto found = children_.find(parent);
  if (found == children_.end()) return;
  size_ -= found->second.size();
  children_.erase(found);
}

void ChildIndex::Clear() {
  children_.clear();
  size_ = 0;
}

std::span<const Pid> ChildIndex::Of(Pid parent) const {
  const auto found = children_.find(parent);
  if (found == children_.end()) return {};
  return found->second;
}

}  // namespace procwall
