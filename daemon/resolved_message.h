// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <optional>
#include <string_view>

#include "net/dns_message.h"

namespace procwall {

// What systemd-resolved tells those who watch it: one message of the varlink call
// io.systemd.Resolve.Monitor.SubscribeQueryResults (systemd 252), without its NUL, as the DNS
// answer it stands for: the name that was asked first, those it was led on to, and the addresses of
// the last one. It does not tell times to live: 0. Names are as those of DnsMessage.
//
// nullopt: it tells of no address (a refusal, the first message, another type), or makes no sense.
// Total: any bytes will do. At most kMaxDnsRecords questions, aliases and addresses; depth at most
// 16.
std::optional<DnsMessage> ParseResolvedMessage(std::string_view json);

}  // namespace procwall
