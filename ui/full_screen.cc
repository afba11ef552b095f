// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/full_screen.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string_view>
#include <utility>

namespace procwall {
namespace {

constexpr std::string_view kEnter = "\x1b[?1049h\x1b[?25l";  // the other screen, no cursor
constexpr std::string_view kLeave = "\x1b[?25h\x1b[?1049l";
constexpr std::string_view kHome = "\x1b[H";
constexpr std::string_view kEraseToLineEnd = "\x1b[K";
constexpr std::string_view kEraseBelow = "\x1b[J";

}  // namespace

std::string ScreenBytes(const std::vector<StyledText>& lines, Colours colours) {
  std::string bytes(kHome);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (i > 0) bytes += "\r\n";
    bytes += lines[i].Render(colours);
    bytes += kEraseToLineEnd;
  }
  bytes += kEraseBelow;
  return bytes;
}

FullScreen::FullScreen(int in_fd, int out_fd, Colours colours)
    : in_fd_(in_fd), out_fd_(out_fd), colours_(colours) {
  if (::tcgetattr(in_fd_, &before_) == 0) {
    termios raw = before_;
    ::cfmakeraw(&raw);
    is_raw_ = ::tcsetattr(in_fd_, TCSAFLUSH, &raw) == 0;
  }
  Write(kEnter);
}

FullScreen::~FullScreen() {
  Write(kLeave);
  if (is_raw_) ::tcsetattr(in_fd_, TCSAFLUSH, &before_);
}

ScreenSize FullScreen::Size() const {
  winsize size{};
  if (::ioctl(out_fd_, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0) return {};
  return {size.ws_col, size.ws_row};
}

void FullScreen::Show(const std::vector<StyledText>& lines) {
  std::string bytes = ScreenBytes(lines, colours_);
  const ScreenSize size = Size();
  if (bytes == shown_ && size == shown_size_) return;
  Write(bytes);
  shown_ = std::move(bytes);
  shown_size_ = size;
}

std::string FullScreen::ReadKeys() const {
  std::array<char, 256> buffer{};
  const ssize_t count = ::read(in_fd_, buffer.data(), buffer.size());
  return count > 0 ? std::string(buffer.data(), static_cast<std::size_t>(count)) : std::string();
}

void FullScreen::Write(std::string_view bytes) const {
  while (!bytes.empty()) {
    const ssize_t written = ::write(out_fd_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;  // the terminal has gone: the next read says so
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace procwall
