// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "procwall/v1/procwall.pb.h"

namespace procwall {

// The words of --json and of the screen. Values that a later daemon may add are "unknown-<number>".
std::string ActionWord(v1::Action action);  // "allow", "deny", "reject"
std::optional<v1::Action> ActionNamed(std::string_view word);
std::string ReasonWord(v1::Reason reason);              // "rule", "default-action", ...
std::string ConfidenceWord(v1::Confidence confidence);  // "certain", ...

using ShadowRules = google::protobuf::RepeatedPtrField<v1::ShadowRule>;
// "no-home would deny, games would allow"
std::string ShadowsText(const ShadowRules& shadows);

}  // namespace procwall
