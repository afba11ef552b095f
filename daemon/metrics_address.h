// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <string>

#include <tl/expected.hpp>

#include "net/endpoint.h"

namespace procwall {

// Where metrics may be served: an address of this host alone, "127.0.0.1:9477" or "[::1]:9477". The
// error is for people.
tl::expected<Endpoint, std::string> ParseMetricsAddress(const std::string& text);

}  // namespace procwall
