// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <vector>

#include "procwall/v1/procwall.pb.h"

namespace procwall {

// What the API asks the daemon about itself. Thread rule: const methods from any thread.
class StatusSource {
 public:
  virtual ~StatusSource() = default;
  virtual v1::StatusResponse Status() const = 0;
  virtual v1::ListRulesResponse ListRules() const = 0;
};

}  // namespace procwall
