// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <memory>
#include <string>

#include <tl/expected.hpp>

#include "daemon/settings.h"

namespace procwall {

// The whole of procwalld: builds its parts top to bottom, guards until a signal ends it, takes them
// down bottom to top. Blocks the ending signals (TERM, INT, HUP, QUIT) in the calling thread and
// all it starts. Returns when one of them came; the error is why it could not do its work, for
// people.
tl::expected<void, std::string> RunDaemon(const Settings& settings);

}  // namespace procwall
