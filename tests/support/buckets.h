// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <algorithm>
#include <cstddef>

namespace procwall {

// How many elements the fullest bucket of an unordered container has: 7 or 8 where a good hash
// fills some ten thousand buckets.
template <typename Container>
std::size_t FullestBucket(const Container& container) {
  std::size_t most = 0;
  for (std::size_t i = 0; i < container.bucket_count(); ++i) {
    most = std::max(most, container.bucket_size(i));
  }
  return most;
}

}  // namespace procwall
