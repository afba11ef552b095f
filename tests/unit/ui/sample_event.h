// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include "procwall/v1/procwall.pb.h"
#include "tests/support/message_text.h"

namespace procwall {

// curl, allowed by a rule, to example.org: the decision most tests begin with.
inline v1::Event SampleEvent() {
  return FromText<v1::Event>(R"(
    sequence: 7
    time { seconds: 1709301802 nanos: 184000001 }
    action: ACTION_ALLOW
    judged_action: ACTION_ALLOW
    reason: REASON_RULE
    rule: "allow-curl"
    protocol: "tcp"
    direction: "outgoing"
    src_ip: "192.0.2.10" src_port: 40000
    dst_ip: "93.184.216.34" dst_port: 443 dst_host: "example.org"
    uid: 1000
    process {
      pid: 4211 start_time: 99 parent_pid: 811 uid: 1000
      path: "/usr/bin/curl"
      args: "curl" args: "-s" args: "https://example.org"
      working_directory: "/home/ada"
      ancestors { pid: 811 path: "/usr/bin/bash" }
      ancestors { pid: 700 path: "/usr/sbin/sshd" }
    }
    confidence: CONFIDENCE_CERTAIN
    evidence: "exact socket 12345 same-flow, holder from index, uid agrees"
    latency { nanos: 312450 }
    out_interface: 2)");
}

}  // namespace procwall
