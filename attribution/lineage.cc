// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/lineage.h"

#include <utility>
#include <vector>

namespace procwall {
namespace {

constexpr std::size_t kMaxLength = 2 * kMaxAncestors;

}  // namespace

Lineage::Lineage(Ancestor self, LineagePtr older)
    : self_(std::move(self)),
      older_(std::move(older)),
      length_(older_ == nullptr ? 1 : older_->length_ + 1) {}

LineagePtr Lineage::Make(Ancestor self, LineagePtr older) {
  // A process that forks, and dies, and whose child forks: without an end to the list it would
  // grow for ever.
  if (older != nullptr && older->length_ >= kMaxLength) older = FromAncestors(older->Ancestors());
  return std::make_shared<Lineage>(std::move(self), std::move(older));
}

LineagePtr Lineage::FromAncestors(const SharedList<Ancestor>& ancestors) {
  LineagePtr lineage;
  for (std::size_t i = ancestors.size(); i > 0; --i) {
    lineage = std::make_shared<Lineage>(ancestors[i - 1], std::move(lineage));
  }
  return lineage;
}

const SharedList<Ancestor>& Lineage::Ancestors() {
  if (ancestors_.empty()) {
    std::vector<Ancestor> ancestors;
    const Lineage* next = this;
    while (next != nullptr && ancestors.size() < kMaxAncestors) {
      ancestors.push_back(next->self_);
      next = next->older_.get();
    }
    ancestors_ = std::move(ancestors);
  }
  return ancestors_;
}

void Lineage::SetPath(std::string path) {
  self_.path = std::move(path);
  ancestors_ = {};
}

}  // namespace procwall
