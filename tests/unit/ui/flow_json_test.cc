// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/flow_json.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/unit/ui/tracked_flow_samples.h"

namespace procwall {
namespace {

TEST(FlowJson, TellsEverythingOnOneLine) {
  const std::string text = FlowJson(CurlsFlow());
  EXPECT_EQ(text.find('\n'), std::string::npos);
  const auto json = nlohmann::json::parse(text);
  EXPECT_EQ(json["flow"], 7);
  EXPECT_EQ(json["dst_host"], "example.org");
  EXPECT_EQ(json["dst_port"], 443);
  EXPECT_EQ(json["reply_src_ip"], "192.0.2.1");
  EXPECT_EQ(json["received_bytes"], 52000);
  EXPECT_EQ(json["age_s"], 12.0);
  EXPECT_EQ(json["pid"], 4211);
  EXPECT_EQ(json["process_path"], "/usr/bin/curl");
  EXPECT_EQ(json["confidence"], "certain");
  EXPECT_EQ(json["status"], nlohmann::json::array({"assured"}));
}

TEST(FlowJson, WhatIsNotKnownIsNull) {
  const auto json = nlohmann::json::parse(FlowJson(UnknownFlow()));
  for (const char* key : {"sent_bytes", "received_bytes", "age_s", "pid", "process_path"}) {
    EXPECT_TRUE(json[key].is_null()) << key;
  }
}

TEST(FlowJson, HasTheSameKeysForEveryFlow) {
  const auto keys = [](const v1::Flow& flow) {
    std::vector<std::string> names;
    const auto json = nlohmann::ordered_json::parse(FlowJson(flow));
    for (const auto& [key, value] : json.items()) {
      names.push_back(key);
    }
    return names;
  };
  EXPECT_EQ(keys(CurlsFlow()), keys(UnknownFlow()));
}

TEST(FlowNoteJson, BeginsWithWhatHappened) {
  v1::FlowNote note;
  note.set_what(v1::FlowNote::WHAT_ENDED);
  *note.mutable_flow() = CurlsFlow();
  const auto json = nlohmann::json::parse(FlowNoteJson(note, 3));
  EXPECT_EQ(json["event"], "ended");
  EXPECT_EQ(json["missed"], 3);
  EXPECT_EQ(json["flow"], 7);
}

TEST(FlowNoteJson, ALossIsOfNoFlow) {
  v1::FlowNote note;
  note.set_what(v1::FlowNote::WHAT_LOST);
  const auto json = nlohmann::json::parse(FlowNoteJson(note, 0));
  EXPECT_EQ(json["event"], "lost");
  EXPECT_FALSE(json.contains("flow"));
}

}  // namespace
}  // namespace procwall
