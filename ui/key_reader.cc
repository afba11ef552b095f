// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/key_reader.h"

#include <optional>

namespace procwall {
namespace {

constexpr char kEscape = '\x1b';
constexpr std::size_t kMaxSequence = 16;  // as much of it is kept

std::optional<Key> KeyOf(char byte) {
  switch (byte) {
    case '\r':
    case '\n':
      return Key{Key::Kind::kEnter, '\0'};
    case '\t':
      return Key{Key::Kind::kTab, '\0'};
    case '\b':
    case '\x7f':
      return Key{Key::Kind::kBackspace, '\0'};
    case '\x03':  // Ctrl-C
    case '\x04':  // Ctrl-D
      return Key{Key::Kind::kInterrupt, '\0'};
    default:
      if (byte >= ' ' && byte <= '~') return Key{Key::Kind::kCharacter, byte};
      return std::nullopt;
  }
}

// "\x1b[5~", as VT220 has them.
std::optional<Key> KeyOfNumber(std::string_view sequence) {
  const std::string_view number = sequence.substr(2, sequence.size() - 3);
  if (number == "1" || number == "7") return Key{Key::Kind::kHome, '\0'};
  if (number == "4" || number == "8") return Key{Key::Kind::kEnd, '\0'};
  if (number == "5") return Key{Key::Kind::kPageUp, '\0'};
  if (number == "6") return Key{Key::Kind::kPageDown, '\0'};
  return std::nullopt;
}

// Of a whole sequence: "\x1b[A", "\x1bOA", also with modifiers.
std::optional<Key> KeyOfSequence(std::string_view sequence) {
  switch (sequence.back()) {
    case 'A':
      return Key{Key::Kind::kUp, '\0'};
    case 'B':
      return Key{Key::Kind::kDown, '\0'};
    case 'C':
      return Key{Key::Kind::kRight, '\0'};
    case 'D':
      return Key{Key::Kind::kLeft, '\0'};
    case 'F':
      return Key{Key::Kind::kEnd, '\0'};
    case 'H':
      return Key{Key::Kind::kHome, '\0'};
    case '~':
      return KeyOfNumber(sequence);
    default:
      return std::nullopt;
  }
}

// CSI and SS3 sequences end with their first byte from @ to ~.
bool IsWhole(std::string_view sequence) {
  if (sequence.size() < 2) return false;
  if (sequence[1] != '[' && sequence[1] != 'O') return true;
  return sequence.size() > 2 && sequence.back() >= '@' && sequence.back() <= '~';
}

}  // namespace

std::vector<Key> KeyReader::Read(std::string_view bytes) {
  std::vector<Key> keys;
  const auto add = [&keys](std::optional<Key> key) {
    if (key) keys.push_back(*key);
  };
  for (const char byte : bytes) {
    if (byte == kEscape) {
      if (!pending_.empty()) keys.push_back({Key::Kind::kEscape, '\0'});
      pending_ = byte;
    } else if (pending_.empty()) {
      add(KeyOf(byte));
    } else {
      pending_ += byte;
      if (IsWhole(pending_)) {
        const bool is_known = pending_[1] == '[' || pending_[1] == 'O';
        if (is_known) add(KeyOfSequence(pending_));
        pending_.clear();
      } else if (pending_.size() > kMaxSequence) {
        pending_.pop_back();  // what is in it is not typed: its end is waited for
      }
    }
  }
  return keys;
}

std::vector<Key> KeyReader::Flush() {
  const bool is_escape = pending_.size() == 1;
  pending_.clear();
  if (is_escape) return {Key{Key::Kind::kEscape, '\0'}};
  return {};
}

}  // namespace procwall
