// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "daemon/options.h"
#include "daemon/settings.h"

namespace procwall {

inline constexpr const char* kDefaultConfigFile = "/etc/procwall/config.json";
inline constexpr std::size_t kMaxConfigBytes = std::size_t{1} << 20;

// Reads OpenSnitch's default-config.json: same keys, same meaning, in any letter case; comments
// allowed; keys we do not know are left alone. Our own keys are under "Procwall": {"ApiAddress",
// "Mode", "Firewall", "Forwarded", "Witness", "Journal", "Metrics", ...}: docs/JOURNAL.md,
// docs/UIS.md. The error is one line for people: file, line and reason.
tl::expected<Settings, std::string> ParseConfig(std::string_view text,
                                                const std::string& file_name);

// The file that `options` names (else the default one, if it is there), overridden by the flags.
tl::expected<Settings, std::string> LoadSettings(const Options& options);

}  // namespace procwall
