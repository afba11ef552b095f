// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace procwall {

// The lines of a file one by one, in memory that does not grow with it. Thread rule: one thread
// only.
class LineReader {
 public:
  static constexpr std::size_t kLongestLine = 4096;

  // Borrows the fd. Reads at most `limit` bytes: then it fails with kTooLarge.
  LineReader(int fd, std::size_t limit);

  // The next line, without its end; lives until the next call. A line that is too long comes as its
  // first kLongestLine + 1 bytes. nullopt: that was the last.
  Result<std::optional<std::string_view>> Next();
  std::size_t BytesRead() const { return bytes_read_; }

 private:
  // Reads more behind what is left in the buffer; false: there is no more.
  Result<bool> Fill();

  int fd_;
  std::size_t limit_;
  std::size_t bytes_read_ = 0;
  std::vector<char> buffer_;
  std::size_t begin_ = 0;  // of what is in the buffer and not yet returned
  std::size_t end_ = 0;
  bool at_end_ = false;
};

}  // namespace procwall
