// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <string>
#include <vector>

#include "procwall/v1/procwall.pb.h"

namespace procwall {

// What a person should know and may want to change, a sentence each, the worst first. Empty: all is
// well.
std::vector<std::string> Troubles(const v1::StatusResponse& status);

}  // namespace procwall
