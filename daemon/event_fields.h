// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "procwall/v1/procwall.pb.h"

namespace procwall {

// The single values of `procwall watch --json`, under the same names, for formats that have no
// lists: what is not known is left out. Texts are cut to kMostFieldBytes.
using EventFields = std::vector<std::pair<std::string, std::string>>;
inline constexpr std::size_t kMostFieldBytes = 512;
EventFields FieldsOf(const v1::Event& event);

// For people: "deny tcp /usr/bin/nc 79 to server.test:7, rule no-netcat".
std::string SentenceOf(const v1::Event& event);

// syslog's numbers: 5 (notice) for what was not let through, else 6 (info).
int SeverityOf(const v1::Event& event);

}  // namespace procwall
