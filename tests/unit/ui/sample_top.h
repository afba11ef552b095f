// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <vector>

#include "tests/unit/ui/sample_event.h"
#include "tests/unit/ui/sample_flow.h"
#include "ui/top_model.h"

namespace procwall {

inline constexpr std::int64_t kSampleTopSeconds = 1709301810;
inline TopTime SampleTopTime() { return TopTime(std::chrono::seconds(kSampleTopSeconds)); }

// curl with a live connection and a denied one; sshd, who is called; a program that is not known.
inline TopModel SampleTopModel() {
  TopModel model({"192.0.2.10"});
  v1::Event event = SampleEvent();
  model.OnEvent(event);
  event = SampleEvent();
  event.set_sequence(8);
  event.set_src_port(40001);
  event.set_dst_host("ads.example");
  event.set_action(v1::ACTION_DENY);
  event.set_judged_action(v1::ACTION_DENY);
  event.set_rule("no-ads");
  event.mutable_time()->set_seconds(kSampleTopSeconds - 5);
  model.OnEvent(event);
  event.set_sequence(9);
  event.clear_process();
  event.clear_dst_host();
  event.set_confidence(v1::CONFIDENCE_UNKNOWN);
  event.set_unknown_reason("no-socket");
  event.set_reason(v1::REASON_DEFAULT_ACTION);
  event.clear_rule();
  event.set_src_port(5353);
  event.set_protocol("udp");
  event.set_dst_ip("2001:db8::53");
  event.set_dst_port(53);
  model.OnEvent(event);
  v1::Flow curl = SampleFlow();
  v1::Flow sshd = SampleFlow();
  sshd.set_id(78);
  sshd.mutable_original()->set_src_ip("198.51.100.7");
  sshd.mutable_original()->set_src_port(51000);
  sshd.mutable_original()->set_dst_ip("192.0.2.10");
  sshd.mutable_original()->set_dst_port(22);
  sshd.clear_host();
  sshd.clear_rule();
  sshd.clear_sequence();
  sshd.set_confidence(v1::CONFIDENCE_LIKELY);
  sshd.mutable_process()->set_path("/usr/sbin/sshd");
  sshd.mutable_process()->set_pid(700);
  model.OnFlows({curl, sshd}, SampleTopTime() - std::chrono::seconds(2));
  curl.set_received_bytes(curl.received_bytes() + 240'000);
  curl.set_sent_bytes(curl.sent_bytes() + 6400);
  model.OnFlows({curl, sshd}, SampleTopTime());
  return model;
}

}  // namespace procwall
