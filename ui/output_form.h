// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>

namespace procwall {

enum class OutputForm : std::uint8_t {
  kText,  // for people
  kJson,  // for programs: one object a line
};

}  // namespace procwall
