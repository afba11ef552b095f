// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "daemon/settings.h"

namespace procwall {

// The configuration as OpenSnitch's GUI is shown it: what the file says, and for every key that
// GUIs look at and the file does not have (they end otherwise), what is in effect. One line of
// JSON. `file_text`: empty, or not JSON, if there is no file.
std::string GuiConfig(std::string_view file_text, const Settings& settings);

// The new text of the configuration file when the GUI sends `sent`, the whole configuration. What
// it leaves out stays as it is. Files, addresses, and all that is ours ("Procwall") a GUI may not
// change: it runs as an ordinary user, and the daemon as root. The error is for people.
tl::expected<std::string, std::string> ChangedConfig(std::string_view file_text,
                                                     const Settings& settings,
                                                     std::string_view sent);

}  // namespace procwall
