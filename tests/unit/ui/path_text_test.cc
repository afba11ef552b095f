// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/path_text.h"

#include <gtest/gtest.h>

namespace procwall {
namespace {

std::string Rendered(std::string_view path) {
  StyledText text;
  AppendPath(path, text);
  return text.Render(Colours::kOn);
}

TEST(AppendPath, MakesTheNameBrighterThanItsDirectory) {
  EXPECT_EQ(Rendered("/usr/bin/curl"), "\x1b[2m/usr/bin/\x1b[0m\x1b[1mcurl\x1b[0m");
}

TEST(AppendPath, TakesANameAlone) { EXPECT_EQ(Rendered("curl"), "\x1b[1mcurl\x1b[0m"); }

}  // namespace
}  // namespace procwall
