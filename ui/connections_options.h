// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>

#include "ui/output_form.h"

namespace procwall {

struct ConnectionsOptions {
  enum class Protocols : std::uint8_t { kAll, kTcp, kUdp };

  OutputForm form = OutputForm::kText;
  Protocols protocols = Protocols::kAll;
  bool listening_only = false;
};

}  // namespace procwall
