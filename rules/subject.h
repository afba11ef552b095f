// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <string_view>

#include "attribution/process.h"
#include "net/connection.h"

namespace procwall {

// The facts that rules are judged on: borrowed views into what the pipeline knows of one packet and
// one process. An unknown process is null: no process.* operand matches then, `true` and dest.*
// still do.
struct Subject {
  const Connection* connection = nullptr;  // never null
  const Process* process = nullptr;
  std::string_view host;  // the name the destination was resolved from; empty: unknown
};

}  // namespace procwall
