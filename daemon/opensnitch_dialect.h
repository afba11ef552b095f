// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/opensnitch_message.h"
#include "rules/rule.h"

namespace procwall {

// The methods of OpenSnitch's GUI, which is the server.
inline constexpr const char* kGuiPing = "/protocol.UI/Ping";
inline constexpr const char* kGuiAskRule = "/protocol.UI/AskRule";
inline constexpr const char* kGuiSubscribe = "/protocol.UI/Subscribe";
inline constexpr const char* kGuiNotifications = "/protocol.UI/Notifications";
inline constexpr const char* kGuiPostAlert = "/protocol.UI/PostAlert";  // not in 1.5

// Wire messages in the given dialect. Texts are valid UTF-8 whatever they were, and cut where a
// program could make them grow.
// Rules that a GUI's limit of 4 MiB has no room for are left out, the last first, and counted.
std::string NodeMessage(GuiDialect dialect, const GuiNode& node,
                        std::size_t* rules_left_out = nullptr);
std::string PingMessage(GuiDialect dialect, std::uint64_t id, const GuiStatistics& statistics);
std::string QuestionMessage(GuiDialect dialect, const GuiQuestion& question);
std::string ReplyMessage(GuiDialect dialect, const GuiReply& reply);
std::string AlertMessage(const GuiAlert& alert);
// What tells the dialects apart: an alert without effect. 1.5 does not know the method.
std::string ProbeMessage();

// What the GUI sends; nullopt: no such message.
std::optional<GuiRule> ParseRuleMessage(GuiDialect dialect, std::string_view bytes);
std::optional<GuiNotification> ParseNotification(GuiDialect dialect, std::string_view bytes);

}  // namespace procwall
