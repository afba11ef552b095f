// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <string>

#include "procwall/v1/procwall.pb.h"
#include "rules/rule.h"

namespace procwall {

// A rule's condition as a sentence: "process.path is /usr/bin/curl and dest.port is 443".
std::string ConditionText(const v1::Operator& condition);
std::string ConditionText(const Operator& condition);

}  // namespace procwall
