// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <set>
#include <string>

namespace procwall {

// The addresses of the interfaces of this network namespace, as procwalld writes them (getifaddrs).
// Empty: they cannot be read.
std::set<std::string> OwnAddresses();

}  // namespace procwall
