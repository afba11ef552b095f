// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <utility>

namespace procwall {

// Room for `kSize` values, of which most are never made: the memory of those is not even touched,
// which an array of std::optional would do for each. Values stay where they are. Thread rule: one
// thread only.
template <typename T, std::size_t kSize>
class LazyArray {
  static_assert(kSize <= 32, "a bit for each");

 public:
  LazyArray() {}  // NOLINT(modernize-use-equals-default): that might clear room_
  ~LazyArray() {
    for (std::uint32_t left = made_; left != 0; left &= left - 1) {
      std::destroy_at(At(static_cast<std::size_t>(std::countr_zero(left))));
    }
  }
  LazyArray(const LazyArray&) = delete;
  LazyArray& operator=(const LazyArray&) = delete;

  // Null: it was not made. REQUIRES: index < kSize.
  const T* Find(std::size_t index) const {
    return (made_ >> index & 1U) == 0 ? nullptr : At(index);
  }
  // REQUIRES: index < kSize, and it was not made.
  template <typename... Args>
  void Make(std::size_t index, Args&&... args) {
    ::new (static_cast<void*>(&room_[index])) T(std::forward<Args>(args)...);
    made_ |= std::uint32_t{1} << index;
  }

 private:
  struct alignas(T) Room {
    std::array<std::byte, sizeof(T)> bytes;
  };
  T* At(std::size_t index) {
    void* const room = &room_[index];
    return std::launder(static_cast<T*>(room));
  }
  const T* At(std::size_t index) const {
    const void* const room = &room_[index];
    return std::launder(static_cast<const T*>(room));
  }

  std::uint32_t made_ = 0;        // a bit for each
  std::array<Room, kSize> room_;  // not initialised
};

}  // namespace procwall
