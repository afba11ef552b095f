// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <string_view>

namespace procwall {

enum class Shell : std::uint8_t { kBash, kZsh, kFish };

// A script that teaches the shell to complete procwall's command lines.
std::string_view CompletionScript(Shell shell);

}  // namespace procwall
