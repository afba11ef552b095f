// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "procwall/v1/procwall.pb.h"
#include "ui/output_form.h"

namespace procwall {

// `procwall log`: what is empty is not asked for.
struct LogOptions {
  enum class Sum : std::uint8_t { kNone, kProgram, kDestination, kRule };
  enum class Order : std::uint8_t { kNewestLast, kNewestFirst };

  OutputForm form = OutputForm::kText;
  std::string since{};  // see ParseMoment()
  std::string until{};
  std::string program{};
  std::string destination{};
  std::string rule{};
  v1::Action action = v1::ACTION_UNSPECIFIED;
  std::string user{};  // name or number
  std::uint16_t port = 0;
  std::optional<std::uint64_t> count{};  // the newest so many; 0: all; absent: kUsualLogLines
  Sum sum = Sum::kNone;
  Order order = Order::kNewestLast;
  std::string file{};  // read without the daemon
};
inline constexpr std::uint64_t kUsualLogLines = 1000;

}  // namespace procwall
