// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
// A configuration file and what a GUI wants it to be, with a zero byte between them: what is taken
// the daemon can read, and what the GUI may not change stays as it was.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "daemon/config.h"
#include "daemon/opensnitch_config.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  const std::size_t end = text.find('\0');
  if (end == std::string::npos) return 0;
  const std::string file = text.substr(0, end);
  const procwall::Settings settings;
  (void)procwall::GuiConfig(file, settings);
  const auto changed = procwall::ChangedConfig(file, settings, text.substr(end + 1));
  if (!changed) return 0;
  const auto after = procwall::ParseConfig(*changed, "changed");
  if (!after) std::abort();
  const auto before = procwall::ParseConfig(file, "file");
  if (before && before->ui_users != after->ui_users) std::abort();
  if (before && before->log_file != after->log_file) std::abort();
  return 0;
}
