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
  bool watch = false;        // what changes, instead of what is
  bool alerts_only = false;  // of what changes
  bool learn = false;        // what listens is taken for known
};

}  // namespace procwall
