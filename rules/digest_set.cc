// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/digest_set.h"

#include <algorithm>
#include <utility>

namespace procwall {

DigestSet::DigestSet(std::vector<Md5> digests) : digests_(std::move(digests)) {
  std::sort(digests_.begin(), digests_.end());
  digests_.erase(std::unique(digests_.begin(), digests_.end()), digests_.end());
  digests_.shrink_to_fit();
}

bool DigestSet::Has(std::string_view hexadecimal) const {
  const auto digest = ReadDigestLine(hexadecimal);
  return digest && *digest && std::binary_search(digests_.begin(), digests_.end(), **digest);
}

}  // namespace procwall
