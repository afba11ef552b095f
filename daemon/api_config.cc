// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/api_config.h"

#include "base/printable.h"

namespace procwall {

v1::GetConfigResponse ConfigMessage(const Settings& settings) {
  v1::GetConfigResponse response;
  for (const SettingInForce& setting : settings.listing) {
    v1::Setting& told = *response.add_settings();
    told.set_key(setting.key);
    told.set_value(TerminalSafe(setting.value));  // JSON has escaped its own backslashes
    told.set_from(setting.from);
  }
  return response;
}

}  // namespace procwall
