// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>

#include "ui/output_form.h"
#include "ui/process_filter.h"

namespace procwall {

struct ProcessesOptions {
  OutputForm form = OutputForm::kText;
  std::uint64_t count = 0;  // end after so many shown; 0: never
  ProcessFilter filter;
};

}  // namespace procwall
