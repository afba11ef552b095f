// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/path_text.h"

#include <cstddef>

namespace procwall {

void AppendPath(std::string_view path, StyledText& text) {
  const std::size_t slash = path.rfind('/');
  const std::size_t name = slash == std::string_view::npos ? 0 : slash + 1;
  text.Append(path.substr(0, name), Style::kDim).Append(path.substr(name), Style::kBold);
}

}  // namespace procwall
