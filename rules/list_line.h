// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "net/prefix.h"

namespace procwall {

using Md5 = std::array<std::uint8_t, 16>;

// One line of a list file, without its end: what it says, or, as a literal, why it is bad. Empty
// lines and comments (# at the beginning or behind a blank) say nothing. Total functions of bytes.
template <typename T>
using LineResult = tl::expected<T, std::string_view>;

// Fills `names` with parts of the line: "example.org", or "*.example.org" and ".example.org" for
// all that is below it. One name alone, or a line of a hosts file that leads names nowhere
// (0.0.0.0, 127.0.0.1, ::, ::1); what such files say of this host itself (localhost) is passed
// over.
LineResult<void> ReadDomainLine(std::string_view line, std::vector<std::string_view>& names);

// An address or a network; ; begins a comment too.
LineResult<std::optional<Prefix>> ReadNetworkLine(std::string_view line);

// 32 hexadecimal digits; what follows behind a blank is the name of a file, for people.
LineResult<std::optional<Md5>> ReadDigestLine(std::string_view line);

// The whole line is a pattern, without blanks around it. Only # at its beginning is a comment.
// Empty: it says nothing.
std::string_view ReadPatternLine(std::string_view line);

}  // namespace procwall
