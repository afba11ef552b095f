// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <iterator>
#include <string_view>

namespace procwall {

// A character iterator that tells how far its reader has come: nlohmann's SAX events carry no
// position, but they come while the lexer has read exactly as far as the value they announce.
class CountingIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  // `consumed` must outlive the iterator and its copies; null for an end that nobody moves.
  CountingIterator(const char* at, std::size_t* consumed) : at_(at), consumed_(consumed) {}

  reference operator*() const { return *at_; }
  CountingIterator& operator++() {
    ++at_;
    ++*consumed_;
    return *this;
  }
  CountingIterator operator++(int) {
    CountingIterator before = *this;
    ++*this;
    return before;
  }
  friend bool operator==(const CountingIterator& a, const CountingIterator& b) {
    return a.at_ == b.at_;
  }

 private:
  const char* at_;
  std::size_t* consumed_;
};

// The offset of the first JSON token at or after `offset`: past blanks, comments, commas and
// colons. text.size() if there is none.
std::size_t NextTokenPlace(std::string_view text, std::size_t offset);

// A place for people: both from 1; columns count characters, not bytes.
struct LineColumn {
  int line = 1;
  int column = 1;

  friend bool operator==(const LineColumn&, const LineColumn&) = default;
};
LineColumn LineColumnAt(std::string_view text, std::size_t offset);

}  // namespace procwall
