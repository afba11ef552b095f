// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/judgement_message.h"

#include "base/printable.h"
#include "daemon/event_message.h"

namespace procwall {

v1::Judgement ToMessage(const Judgement& judged) {
  v1::Judgement message;
  message.set_action(ToMessage(judged.action));
  message.set_reason(ToMessage(judged.reason));
  if (judged.rule) message.set_rule(Printable(judged.rule->name));
  for (const auto& shadow : judged.shadows) {
    *message.add_shadow_rules() = ToShadowMessage(*shadow);
  }
  return message;
}

}  // namespace procwall
