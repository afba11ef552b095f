// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <memory>
#include <string>

#include <tl/expected.hpp>

#include "daemon/firewall_table.h"
#include "daemon/settings.h"
#include "daemon/system_rules.h"

namespace procwall {

// Our rules as the configuration wants them, and those of system-fw.json. What of the latter cannot
// be installed is told to `system_rules`, and left out. Runs programs, or talks to the kernel: main
// thread. The error is for people.
tl::expected<std::unique_ptr<FirewallTable>, std::string> InstallOwnFirewall(
    const Settings& settings, SystemRules& system_rules);

// system-fw.json may say something else now. What stands stays if that cannot be installed.
// `table`: null while nothing is intercepted.
void ReplaceSystemRules(const Settings& settings, SystemRules& system_rules, FirewallTable* table);

}  // namespace procwall
