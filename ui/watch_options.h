// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <optional>

#include "ui/event_filter.h"
#include "ui/event_line.h"
#include "ui/output_form.h"

namespace procwall {

struct WatchOptions {
  OutputForm form = OutputForm::kText;
  std::optional<std::uint32_t> recent;  // absent: kRecentOnTerminal on a terminal, else 0
  std::uint64_t count = 0;              // end after so many shown decisions; 0: never
  ShowEvidence evidence = ShowEvidence::kIfRoom;
  ShowNumber number = ShowNumber::kWithEvidence;
  EventFilter filter;
};
inline constexpr std::uint32_t kRecentOnTerminal = 10;

}  // namespace procwall
