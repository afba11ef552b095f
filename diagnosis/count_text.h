// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <string>

namespace procwall {

// Counts for people.
std::string Grouped(std::uint64_t number);  // "1,234,567": they grow long, and are compared by eye
std::string Counted(std::uint64_t number, const char* one, const char* many);  // "1 file"
// "12.5 %", "< 0.1 %"; empty: none, or of nothing.
std::string ShareText(std::uint64_t part, std::uint64_t whole);

}  // namespace procwall
