// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>

#include "procwall/v1/procwall.pb.h"
#include "ui/output_form.h"

namespace procwall {

struct FlowsOptions {
  OutputForm form = OutputForm::kText;
  v1::FlowFilter filter;    // empty: all flows
  bool watch = false;       // as they begin, change and end, instead of those there are
  std::uint64_t count = 0;  // with `watch`: end after so many; 0: never
};

struct FlowsCutOptions {
  OutputForm form = OutputForm::kText;
  v1::FlowFilter filter;  // never empty
  bool yes = false;       // do not ask
};

}  // namespace procwall
