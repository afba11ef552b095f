// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/paragraph.h"

#include <algorithm>

#include "base/printable.h"

namespace procwall {
namespace {

constexpr std::size_t kLeastWidth = 20;

std::size_t TextWidth(const Terminal& terminal) {
  const std::size_t width =
      terminal.width == 0 ? kReadableWidth : std::min(terminal.width, kReadableWidth);
  return std::max(width, kLabelWidth + kLeastWidth) - kLabelWidth;
}

// Takes the first word and the blanks behind it.
std::string_view TakeWord(std::string_view& text) {
  const std::string_view word = text.substr(0, text.find(' '));
  text.remove_prefix(std::min(text.find_first_not_of(' ', word.size()), text.size()));
  return word;
}

}  // namespace

std::string RenderParagraph(std::string_view label, std::string_view text, Style style,
                            const Terminal& terminal) {
  const std::size_t width = TextWidth(terminal);
  const std::string safe = TerminalSafe(text);
  std::string_view rest = safe;
  std::string lines;
  do {
    std::string line(TakeWord(rest));
    while (!rest.empty()) {
      std::string_view after = rest;
      const std::string longer = line + " " + std::string(TakeWord(after));
      if (DisplayWidth(longer) > width) break;
      line = longer;
      rest = after;
    }
    StyledText rendered(label, Style::kBold);
    const std::size_t used = rendered.Width();
    rendered.Append(std::string(kLabelWidth > used ? kLabelWidth - used : 1, ' '));
    lines += rendered.Append(line, style).Render(terminal.colours) + "\n";
    label = "";
  } while (!rest.empty());
  return lines;
}

}  // namespace procwall
