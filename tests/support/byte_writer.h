// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"

namespace procwall {

// Bytes put one after the other, as tests write messages.
class ByteWriter {
 public:
  template <std::unsigned_integral T>
  ByteWriter& Put(T host_value) {
    const BigEndian<T> wire(host_value);
    return Put(Bytes(std::as_bytes(std::span(&wire, 1))));
  }
  ByteWriter& Put(Bytes bytes) {
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
    return *this;
  }
  ByteWriter& Put(std::string_view text) { return Put(AsBytes(text)); }
  ByteWriter& Zeros(std::size_t count) {
    bytes_.resize(bytes_.size() + count);
    return *this;
  }

  std::size_t Size() const { return bytes_.size(); }
  std::vector<std::byte> Take() { return std::move(bytes_); }

 private:
  std::vector<std::byte> bytes_;
};

}  // namespace procwall
