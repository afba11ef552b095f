// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include "ui/output_form.h"

namespace procwall {

struct AskOptions {
  OutputForm form = OutputForm::kText;
};

}  // namespace procwall
