// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <string>
#include <vector>

#include "diagnosis/diagnosis.h"
#include "ui/terminal.h"
#include "ui/user_names.h"

namespace procwall {

// A diagnosis for people.
std::string DiagnosisText(const Diagnosis& diagnosis, const Terminal& terminal, UserNames& users);

// What cannot be helped, a sentence each: who goes below the firewall.
std::vector<std::string> BelowFirewall(const Diagnosis& diagnosis, UserNames& users);

}  // namespace procwall
