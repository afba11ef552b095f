// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <string>

#include <tl/expected.hpp>

#include "daemon/opensnitch_message.h"
#include "opensnitch/v15/ui.pb.h"
#include "opensnitch/v16/ui.pb.h"
#include "rules/network_aliases.h"
#include "rules/rule.h"

namespace procwall {

// Rules on the wire of OpenSnitch's GUI, in both dialects. Bytes that are not UTF-8 become U+FFFD
// there: its GUI would refuse the whole message.
void FillRule(const Rule& rule, opensnitch::v15::Rule& message);
void FillRule(const Rule& rule, opensnitch::v16::Rule& message);

// Total: whatever was sent becomes a value. An unknown action is deny, as the reference has it.
GuiRule ReadRule(const opensnitch::v15::Rule& message);
GuiRule ReadRule(const opensnitch::v16::Rule& message);

// The rule, if it can be used: it has a name and a duration, and conditions that compile, those of
// a list coming from `list` or the JSON text in `data`. The error is for people.
tl::expected<Rule, std::string> UsableRule(const GuiRule& sent, const NetworkAliases& aliases = {});

// The new version of a rule, keeping what the GUI cannot say of it: everything it does not know in
// that dialect.
Rule KeepUnsaid(GuiDialect dialect, const Rule& before, Rule sent);

}  // namespace procwall
