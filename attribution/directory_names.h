// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <functional>
#include <string_view>

#include "base/result.h"
#include "base/unique_fd.h"

namespace procwall {

// Shows every name of the open directory to `visit`, which returns false to stop. No allocation, in
// the directory's order, names that come and go meanwhile may be missed: getdents64(2). kGone when
// the directory vanishes.
Status VisitNames(const UniqueFd& directory, const std::function<bool(std::string_view)>& visit);

}  // namespace procwall
