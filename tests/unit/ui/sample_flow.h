// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include "procwall/v1/procwall.pb.h"
#include "tests/support/message_text.h"

namespace procwall {

// The connection that SampleEvent() let through, as conntrack and the daemon tell it.
inline v1::Flow SampleFlow() {
  return FromText<v1::Flow>(R"(
    id: 77
    protocol: "tcp"
    state: "ESTABLISHED"
    original { src_ip: "192.0.2.10" src_port: 40000 dst_ip: "93.184.216.34" dst_port: 443 }
    reply { src_ip: "93.184.216.34" src_port: 443 dst_ip: "192.0.2.10" dst_port: 40000 }
    sent_packets: 10 sent_bytes: 1000 received_packets: 20 received_bytes: 50000
    age { seconds: 75 }
    process { pid: 4211 uid: 1000 path: "/usr/bin/curl" }
    confidence: CONFIDENCE_CERTAIN
    rule: "allow-curl"
    host: "example.org"
    sequence: 7)");
}

}  // namespace procwall
