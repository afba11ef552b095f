// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include "daemon/event.h"
#include "procwall/v1/procwall.pb.h"

namespace procwall {

// The event as our API tells it. Texts that strangers control are made printable.
v1::Event ToMessage(const Event& event);
// A rule that is not enforced, and what it would have done.
v1::ShadowRule ToShadowMessage(const Rule& rule);
v1::Action ToMessage(RuleAction action);
v1::Reason ToMessage(EventReason reason);
v1::Confidence ToMessage(Confidence confidence);
// With what could not be read told apart.
v1::Reason ReasonOf(const Event& event);

}  // namespace procwall
