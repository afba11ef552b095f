// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <type_traits>

#include "base/result.h"

namespace procwall {

// Borrowed, read-only bytes. The owner must outlive the span.
using Bytes = std::span<const std::byte>;

inline Bytes AsBytes(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

// An unsigned integer as it lies on the wire, big endian, with alignment 1. The only way to a
// number is host(), so no value can be used in the wrong byte order by accident.
template <std::unsigned_integral T>
class BigEndian {
 public:
  constexpr BigEndian() = default;
  constexpr explicit BigEndian(T host_value) {
    for (std::size_t i = 0; i < sizeof(T); ++i) {
      bytes_[i] = static_cast<std::uint8_t>(host_value >> (8 * (sizeof(T) - 1 - i)));
    }
  }

  constexpr T host() const {
    T value = 0;
    for (std::size_t i = 0; i < sizeof(T); ++i) {
      value = static_cast<T>(static_cast<T>(value << (sizeof(T) > 1 ? 8 : 0)) | bytes_[i]);
    }
    return value;
  }

  friend constexpr bool operator==(const BigEndian&, const BigEndian&) = default;

 private:
  std::array<std::uint8_t, sizeof(T)> bytes_{};
};

using BigEndian16 = BigEndian<std::uint16_t>;
using BigEndian32 = BigEndian<std::uint32_t>;
static_assert(alignof(BigEndian32) == 1 && sizeof(BigEndian32) == 4);

// A struct that may be copied out of untrusted bytes: any bit pattern is a value of it.
template <typename T>
concept WireStruct = std::is_trivially_copyable_v<T> && std::is_default_constructible_v<T>;

// The only thing that indexes untrusted bytes: reads from the front, and says kTruncated instead of
// reading past the end. A failed read consumes nothing. The bytes must outlive the reader.
class ByteReader {
 public:
  explicit ByteReader(Bytes bytes) : rest_(bytes) {}

  std::size_t Remaining() const { return rest_.size(); }
  Bytes Rest() const { return rest_; }

  // Copies a T out of the next sizeof(T) bytes. `what` names the thing for the error.
  template <WireStruct T>
  Result<T> Read(const char* what) {
    if (rest_.size() < sizeof(T)) return Error{Errc::kTruncated, 0, what};
    T value;
    std::memcpy(&value, rest_.data(), sizeof(T));
    rest_ = rest_.subspan(sizeof(T));
    return value;
  }

  // Borrows the next `size` bytes.
  Result<Bytes> Take(std::size_t size, const char* what) {
    if (rest_.size() < size) return Error{Errc::kTruncated, 0, what};
    const Bytes taken = rest_.first(size);
    rest_ = rest_.subspan(size);
    return taken;
  }

  Status Skip(std::size_t size, const char* what) {
    if (rest_.size() < size) return Error{Errc::kTruncated, 0, what};
    rest_ = rest_.subspan(size);
    return {};
  }

 private:
  Bytes rest_;
};

}  // namespace procwall
