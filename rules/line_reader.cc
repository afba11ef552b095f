// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/line_reader.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace procwall {
namespace {

constexpr std::size_t kBufferBytes = std::size_t{1} << 18;

}  // namespace

LineReader::LineReader(int fd, std::size_t limit) : fd_(fd), limit_(limit), buffer_(kBufferBytes) {}

Result<std::optional<std::string_view>> LineReader::Next() {
  for (;;) {
    const std::string_view rest(buffer_.data() + begin_, end_ - begin_);
    const std::size_t length = rest.find('\n');
    if (length != std::string_view::npos) {
      begin_ += length + 1;
      return std::optional(rest.substr(0, std::min(length, kLongestLine + 1)));
    }
    if (rest.size() > kLongestLine) {
      // What is kept of it stands for the whole, until its end comes.
      end_ = begin_ + kLongestLine + 1;
    }
    const bool more = PROCWALL_TRY(Fill());
    if (more) continue;
    if (begin_ == end_) return std::optional<std::string_view>();
    const std::string_view last(buffer_.data() + begin_, end_ - begin_);
    begin_ = end_;
    return std::optional(last.substr(0, kLongestLine + 1));
  }
}

Result<bool> LineReader::Fill() {
  if (at_end_) return false;
  std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
  end_ -= begin_;
  begin_ = 0;
  for (;;) {
    const ssize_t n = ::read(fd_, buffer_.data() + end_, buffer_.size() - end_);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return SystemError(errno, "read file");
    at_end_ = n == 0;
    end_ += static_cast<std::size_t>(n);
    bytes_read_ += static_cast<std::size_t>(n);
    if (bytes_read_ > limit_) return Error{Errc::kTooLarge, 0, "read file"};
    return n > 0;
  }
}

}  // namespace procwall
