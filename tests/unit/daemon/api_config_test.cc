// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/api_config.h"

#include <gtest/gtest.h>

#include "tests/support/message_text.h"

namespace procwall {
namespace {

TEST(ConfigMessage, SaysWhatIsInForceAndWhereFrom) {
  Settings settings;
  settings.listing = {{"DefaultAction", "\"deny\"", "file"},
                      {"Rules.Path", "\"/r\\\\x\x1b\"", "flag"}};
  EXPECT_TRUE(Says(ConfigMessage(settings),
                   R"(settings { key: "DefaultAction" value: "\"deny\"" from: "file" }
                      settings { key: "Rules.Path" value: "\"/r\\\\x\\x1b\"" from: "flag" })"));
}

}  // namespace
}  // namespace procwall
