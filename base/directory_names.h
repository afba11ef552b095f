// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <functional>
#include <string_view>

#include "base/result.h"
#include "base/unique_fd.h"

namespace procwall {

// A name in a directory: valid while it is visited, and ended by a NUL.
struct DirectoryName {
  std::string_view text;
  bool is_directory = false;  // as far as the file system tells without a look at the file
};

// Shows every name of the open directory to `visit`, which returns false to stop. No allocation, in
// the directory's order, names that come and go meanwhile may be missed: getdents64(2). Goes on
// where the open file stands. kGone when the directory vanishes.
Status VisitNames(const UniqueFd& directory,
                  const std::function<bool(const DirectoryName&)>& visit);

}  // namespace procwall
