// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "record/event_json.h"

#include <gtest/gtest.h>

#include "record/evidence_json.h"
#include "record/json_text.h"
#include "tests/unit/ui/sample_event.h"

namespace procwall {
namespace {

TEST(EventJson, SaysEverythingOnOneLine) {
  EXPECT_EQ(
      EventJson(SampleEvent(), 0),
      R"({"time":"2024-03-01T14:03:22.184000001Z","sequence":7,"missed":0,"action":"allow",)"
      R"("judged_action":"allow","cut":false,"rule":"allow-curl","shadow_rules":[],"reason":"rule",)"
      R"("protocol":"tcp",)"
      R"("direction":"outgoing","src_ip":"192.0.2.10","src_port":40000,)"
      R"("dst_ip":"93.184.216.34","dst_port":443,"dst_host":"example.org",)"
      R"("dst_name_from":"","dst_sni":"","in_interface":0,)"
      R"("out_interface":2,"uid":1000,"pid":4211,"process_path":"/usr/bin/curl",)"
      R"("process_args":["curl","-s","https://example.org"],"process_uid":1000,)"
      R"("process_start_time":99,"process_is_deleted":false,)"
      R"("process_file":"","process_by_descriptor":false,"parent_pid":811,)"
      R"("working_directory":"/home/ada","ancestors":[{"pid":811,"path":"/usr/bin/bash"},)"
      R"({"pid":700,"path":"/usr/sbin/sshd"}],"alternatives":[],"creator":null,)"
      R"("confidence":"certain","unknown_reason":"",)"
      R"("evidence":"exact socket 12345 same-flow, holder from index, uid agrees",)"
      R"("evidence_details":)" +
          OneLine(EvidenceObject({})) + R"(,"refusal":"","latency_us":312.45})");
}

TEST(EventJson, KeepsTheKeysOfAnUnknownProgram) {
  v1::Event event = SampleEvent();
  event.clear_process();
  event.clear_uid();
  const Json json = Json::parse(EventJson(event, 0));
  EXPECT_EQ(json.at("uid"), nullptr);
  EXPECT_EQ(json.at("pid"), nullptr);
  EXPECT_EQ(json.at("process_path"), "");
  EXPECT_EQ(json.at("process_args"), Json::array());
}

TEST(EventJson, NamesTheAlternativesOfAnAmbiguousDecision) {
  v1::Event event = SampleEvent();
  *event.add_alternatives() = FromText<v1::Process>(R"(pid: 9 path: "/bin/nc" args: "nc")");
  EXPECT_EQ(Json::parse(EventJson(event, 0)).at("alternatives").dump(),
            R"([{"pid":9,"process_path":"/bin/nc","process_args":["nc"]}])");
}

TEST(EventJson, CountsWhatWasMissedBefore) {
  EXPECT_EQ(Json::parse(EventJson(SampleEvent(), 3)).at("missed"), 3);
}

TEST(EventJson, ShowsHostileBytesEscaped) {
  v1::Event event = SampleEvent();
  event.mutable_process()->set_path(
      "/tmp/a\x1b[2J\n\xc2\x9b"
      "b\xff\\x41");
  event.set_dst_host("evil\xe2\x80\xaegro.example");
  const std::string line = EventJson(event, 0);
  EXPECT_EQ(line.find_first_of("\n\x1b\x9b"), std::string::npos);
  const Json json = Json::parse(line);
  EXPECT_EQ(json.at("process_path"), "/tmp/a\\x1b[2J\\x0a\\xc2\\x9bb\\xff\\x41");
  EXPECT_EQ(json.at("dst_host"), "evil\\xe2\\x80\\xaegro.example");
}

TEST(EventJson, GivesAnEmptyEventAllKeysToo) {
  const Json full = Json::parse(EventJson(SampleEvent(), 0));
  const Json empty = Json::parse(EventJson(v1::Event(), 0));
  for (const auto& [key, value] : full.items()) EXPECT_TRUE(empty.contains(key)) << key;
}

TEST(EventJson, TellsWhatRulesOnTrialWouldHaveDone) {
  v1::Event event = SampleEvent();
  v1::ShadowRule& shadow = *event.add_shadow_rules();
  shadow.set_rule("no-home");
  shadow.set_action(v1::ACTION_DENY);
  EXPECT_EQ(EventObject(event, 0)["shadow_rules"],
            Json::parse(R"([{"rule": "no-home", "action": "deny"}])"));
}

}  // namespace
}  // namespace procwall
