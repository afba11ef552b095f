// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <chrono>
#include <string>

#include "ui/output_form.h"
#include "ui/top_rows.h"

namespace procwall {

struct TopOptions {
  OutputForm form = OutputForm::kText;
  bool once = false;                         // one screen, after one interval
  std::chrono::milliseconds interval{2000};  // between two looks at the flows
  TopSort sort = TopSort::kRate;
  std::string filter{};
};

}  // namespace procwall
