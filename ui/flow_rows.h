// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "procwall/v1/procwall.pb.h"
#include "ui/terminal.h"

namespace procwall {

// What has moved most first; then by program and destination.
void SortForPeople(std::vector<v1::Flow>& flows);

// A table with titles.
std::string FlowsText(const std::vector<v1::Flow>& flows, const Terminal& terminal);

// What became of a flow in one line, its end included.
std::string FlowNoteLine(const v1::FlowNote& note, std::chrono::seconds utc_offset,
                         const Terminal& terminal);

// "tcp 192.0.2.1:40000 -> example.org:443", of whom: for lists of a few.
std::string FlowSentence(const v1::Flow& flow);

// "0", "640", "1.2K", "35M": of 1024, five columns at most.
std::string ShortBytes(std::uint64_t bytes);
// "5s", "12m", "3h", "9d".
std::string ShortAge(std::chrono::seconds age);

}  // namespace procwall
