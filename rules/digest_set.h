// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "rules/list_line.h"

namespace procwall {

// Many MD5 hashes, 16 bytes each. Immutable. Thread rule: const methods from any thread.
class DigestSet {
 public:
  DigestSet() = default;
  explicit DigestSet(std::vector<Md5> digests);

  // Hexadecimal, in any case; what is no hash is never there.
  bool Has(std::string_view hexadecimal) const;
  std::size_t Size() const { return digests_.size(); }

 private:
  std::vector<Md5> digests_;  // ascending, each once
};

}  // namespace procwall
