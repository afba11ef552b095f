// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include "procwall/v1/procwall.pb.h"

namespace procwall {

// curl's, to example.org.
inline v1::Flow CurlsFlow() {
  v1::Flow flow;
  flow.set_id(7);
  flow.set_protocol("tcp");
  flow.set_state("ESTABLISHED");
  flow.mutable_original()->set_src_ip("10.0.0.1");
  flow.mutable_original()->set_src_port(40000);
  flow.mutable_original()->set_dst_ip("192.0.2.1");
  flow.mutable_original()->set_dst_port(443);
  flow.mutable_reply()->set_src_ip("192.0.2.1");
  flow.mutable_reply()->set_src_port(443);
  flow.mutable_reply()->set_dst_ip("10.0.0.1");
  flow.mutable_reply()->set_dst_port(40000);
  flow.set_sent_packets(5);
  flow.set_sent_bytes(700);
  flow.set_received_packets(40);
  flow.set_received_bytes(52000);
  flow.mutable_age()->set_seconds(12);
  flow.mutable_timeout()->set_seconds(431999);
  flow.add_status("assured");
  flow.mutable_process()->set_pid(4211);
  flow.mutable_process()->set_path("/usr/bin/curl");
  flow.set_confidence(v1::CONFIDENCE_CERTAIN);
  flow.set_rule("web");
  flow.set_host("example.org");
  flow.set_sequence(9);
  return flow;
}

// Nobody knows whose.
inline v1::Flow UnknownFlow() {
  v1::Flow flow = CurlsFlow();
  flow.set_id(8);
  flow.clear_process();
  flow.clear_host();
  flow.clear_rule();
  flow.clear_sent_bytes();
  flow.clear_received_bytes();
  flow.clear_age();
  flow.set_confidence(v1::CONFIDENCE_UNKNOWN);
  flow.set_unknown_reason("not-decided");
  return flow;
}

}  // namespace procwall
