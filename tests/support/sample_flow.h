// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include "procwall/v1/procwall.pb.h"
#include "tests/support/message_text.h"

namespace procwall {

// curl's connection to example.org, that has ended.
inline v1::FlowNote SampleFlowEnd() {
  return FromText<v1::FlowNote>(R"(
    time { seconds: 1709301812 nanos: 5 }
    what: WHAT_ENDED
    flow {
      id: 77 protocol: "tcp" state: "TIME_WAIT"
      original { src_ip: "192.0.2.10" src_port: 40000 dst_ip: "93.184.216.34" dst_port: 443 }
      reply { src_ip: "93.184.216.34" src_port: 443 dst_ip: "192.0.2.10" dst_port: 40000 }
      sent_packets: 9 sent_bytes: 1500 received_packets: 12 received_bytes: 3145728
      age { seconds: 12 }
      process { pid: 4211 start_time: 99 uid: 1000 path: "/usr/bin/curl" }
      confidence: CONFIDENCE_CERTAIN
      rule: "allow-curl" host: "example.org" sequence: 7
    })");
}

}  // namespace procwall
