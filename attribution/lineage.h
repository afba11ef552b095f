// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "attribution/process.h"
#include "base/shared_list.h"

namespace procwall {

class Lineage;
using LineagePtr = std::shared_ptr<Lineage>;

// A process as its children remember it, behind it who made it, and so on: a list that brothers
// share, so that an ancestor is named long after its death. Thread rule: the caller's lock.
class Lineage {
 public:
  // `older`: null when it is not known. Keeps at least kMaxAncestors, at most twice as many.
  static LineagePtr Make(Ancestor self, LineagePtr older);
  // Of what /proc told of a process: parent first. Null for none.
  static LineagePtr FromAncestors(const SharedList<Ancestor>& ancestors);

  // It first, at most kMaxAncestors.
  const SharedList<Ancestor>& Ancestors();
  // Its path became known better. Those who asked before keep what they got.
  void SetPath(std::string path);

  Lineage(Ancestor self, LineagePtr older);

 private:
  Ancestor self_;
  LineagePtr older_;
  std::size_t length_ = 1;
  SharedList<Ancestor> ancestors_;  // once it was asked for
};

}  // namespace procwall
