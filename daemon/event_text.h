// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <sys/types.h>

#include <string>

#include "procwall/v1/procwall.pb.h"

namespace procwall {

// Who writes.
struct EventWriter {
  std::string host_name{};  // empty: not known
  pid_t pid = 0;
};
EventWriter ThisWriter();

// One syslog message (RFC 5424), facility daemon, with the event's fields as structured data of
// "procwall@32473"; without a newline.
std::string SyslogText(const v1::Event& event, const EventWriter& writer);

// One entry of journald's native protocol (https://systemd.io/JOURNAL_NATIVE_PROTOCOL/): the
// event's fields as PROCWALL_*.
std::string JournaldText(const v1::Event& event);

}  // namespace procwall
