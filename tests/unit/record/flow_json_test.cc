// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "record/flow_json.h"

#include <gtest/gtest.h>

#include "tests/support/sample_flow.h"

namespace procwall {
namespace {

TEST(FlowJson, SaysWhoseItIsAndWhatItMoved) {
  EXPECT_EQ(OneLine(FlowObject(SampleFlowEnd().flow())),
            R"({"flow":77,"protocol":"tcp","state":"TIME_WAIT","src_ip":"192.0.2.10",)"
            R"("src_port":40000,"dst_ip":"93.184.216.34","dst_port":443,)"
            R"("dst_host":"example.org","nat":"","sent_packets":9,"sent_bytes":1500,)"
            R"("received_packets":12,"received_bytes":3145728,"age_s":12.0,"pid":4211,)"
            R"("process_path":"/usr/bin/curl","process_uid":1000,"confidence":"certain",)"
            R"("unknown_reason":"","rule":"allow-curl","sequence":7})");
}

TEST(FlowJson, HasAllKeysWhereNothingIsKnown) {
  const Json full = FlowObject(SampleFlowEnd().flow());
  const Json empty = FlowObject({});
  EXPECT_EQ(empty["sent_bytes"], nullptr);
  EXPECT_EQ(empty["age_s"], nullptr);
  EXPECT_EQ(empty["pid"], nullptr);
  for (const auto& [key, value] : full.items()) EXPECT_TRUE(empty.contains(key)) << key;
}

}  // namespace
}  // namespace procwall
