// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include "daemon/settings.h"
#include "procwall/v1/procwall.pb.h"

namespace procwall {

// The settings in force as our API tells them. Texts are made printable.
v1::GetConfigResponse ConfigMessage(const Settings& settings);

}  // namespace procwall
