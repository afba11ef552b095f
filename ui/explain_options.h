// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include "procwall/v1/procwall.pb.h"
#include "ui/output_form.h"

namespace procwall {

struct ExplainOptions {
  OutputForm form = OutputForm::kText;
  v1::ExplainRequest request;  // empty: the last decision
};

}  // namespace procwall
