// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <memory>
#include <utility>
#include <vector>

namespace procwall {

// A list that never changes, so that its copies share one memory: for what thousands of
// descriptions have in common. Reads as a std::vector does and is made of one. Thread rule: that of
// a value; copies may live on different threads.
template <typename T>
class SharedList {
 public:
  using value_type = T;
  using const_iterator = typename std::vector<T>::const_iterator;
  using iterator = const_iterator;
  using const_reference = const T&;
  using size_type = std::size_t;

  SharedList() = default;
  SharedList(std::vector<T> items)  // NOLINT(google-explicit-constructor): it is one
      : items_(items.empty() ? nullptr : std::make_shared<const std::vector<T>>(std::move(items))) {
  }
  SharedList(std::initializer_list<T> items) : SharedList(std::vector<T>(items)) {}

  const_iterator begin() const { return Items().begin(); }
  const_iterator end() const { return Items().end(); }
  std::size_t size() const { return Items().size(); }
  bool empty() const { return items_ == nullptr; }
  const T& operator[](std::size_t index) const { return Items()[index]; }
  const T& front() const { return Items().front(); }
  const T& back() const { return Items().back(); }

  bool SharesMemoryWith(const SharedList& other) const { return items_ == other.items_; }

  friend bool operator==(const SharedList& left, const SharedList& right) {
    return left.items_ == right.items_ || left.Items() == right.Items();
  }

 private:
  const std::vector<T>& Items() const {
    static const std::vector<T> none;
    return items_ == nullptr ? none : *items_;
  }

  std::shared_ptr<const std::vector<T>> items_;  // null: empty
};

}  // namespace procwall
