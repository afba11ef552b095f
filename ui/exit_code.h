// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

namespace procwall {

enum ExitCode : int {
  kSuccess = 0,
  kFailed = 1,  // it could not be done, or a check failed
  kUsage = 2,   // the command line is wrong, or names something that cannot be read
};

}  // namespace procwall
