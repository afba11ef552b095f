// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <functional>
#include <memory>
#include <utility>

#include "daemon/opensnitch_message.h"
#include "procwall/v1/procwall.pb.h"

namespace procwall {

// The rules in force, disabled ones included, out of their listing for UIs; made anew only when
// that has changed. Thread rule: one thread only.
class ListedRules {
 public:
  using Listing = std::shared_ptr<const v1::ListRulesResponse>;

  explicit ListedRules(std::function<Listing()> listing) : listing_(std::move(listing)) {}

  GuiRulesPtr Get();

 private:
  std::function<Listing()> listing_;
  Listing seen_;
  GuiRulesPtr rules_ = std::make_shared<const GuiRules>();
};

}  // namespace procwall
