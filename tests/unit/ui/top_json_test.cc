// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/top_json.h"

#include <gtest/gtest.h>

#include "tests/unit/ui/sample_top.h"

namespace procwall {
namespace {

TEST(TopJson, HasAllThatIsKnownOfAPlace) {
  TopModel model = SampleTopModel();
  const auto programs = model.Programs(SampleTopTime());
  const auto rows = TopRows(programs, {.all_open = true});
  EXPECT_EQ(TopJson(rows.at(1), SampleTopTime()),
            R"({"time":"2024-03-01T14:03:30.000000000Z","program":"/usr/bin/curl","pids":[4211])"
            R"(,"uid":1000,"protocol":"tcp","direction":"outgoing","other_ip":"93.184.216.34",")"
            R"(other_host":"example.org","port":443,"state":"ESTAB","rule":"allow-curl","reason)"
            R"(":"rule","confidence":"certain","live":1,"allowed":1,"denied":0,"decisions_per_s)"
            R"(econd":0.1,"in_bytes":290000,"out_bytes":7400,"in_bytes_per_second":120000.0,"ou)"
            R"(t_bytes_per_second":3200.0,"last":"2024-03-01T14:03:30.000000000Z","sequence":7})");
}

TEST(TopJson, WhatIsNotKnownIsNull) {
  TopModel model({});
  model.OnEvent(SampleEvent());
  const auto programs = model.Programs(SampleTopTime());
  const std::string json = TopJson(TopRows(programs, {.all_open = true}).at(1), SampleTopTime());
  EXPECT_NE(json.find(R"("in_bytes":null,"out_bytes":null)"), std::string::npos);
}

}  // namespace
}  // namespace procwall
