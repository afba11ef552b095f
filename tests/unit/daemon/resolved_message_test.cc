// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/resolved_message.h"

#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace procwall {
namespace {

// "? a ? b / a -> b / b = 192.0.2.1", or "nothing".
std::string Parsed(std::string_view json) {
  const auto message = ParseResolvedMessage(json);
  if (!message) return "nothing";
  std::string text;
  for (const auto& question : message->questions) text += "? " + question + " ";
  for (const auto& alias : message->aliases)
    text += "/ " + alias.name + " -> " + alias.target + " ";
  for (const auto& address : message->addresses) {
    text += fmt::format("/ {} = {} ", address.name, address.address);
  }
  return text;
}

constexpr std::string_view kAnswer =
    R"({"parameters":{"state":"success","question":[{"class":1,"type":1,"name":"A.example"},)"
    R"({"class":1,"type":28,"name":"a.example"}],"answer":[{"rr":{"key":{"class":1,"type":1,)"
    R"("name":"a.example."},"address":[192,0,2,1]},"raw":"AWE=","ifindex":2},{"rr":{"key":)"
    R"({"class":1,"type":28,"name":"a.example"},"address":[32,1,13,184,0,0,0,0,0,0,0,0,0,0,0,1]},)"
    R"("raw":""}]},"continues":true})";

TEST(ParseResolvedMessage, ReadsAddresses) {
  EXPECT_EQ(Parsed(kAnswer), "? a.example / a.example = 192.0.2.1 / a.example = 2001:db8::1 ");
}

TEST(ParseResolvedMessage, PutsTheNameThatWasAskedFirstInFront) {
  EXPECT_EQ(Parsed(R"({"parameters":{"question":[{"type":1,"name":"b"}],)"
                   R"("collectedQuestions":[{"type":1,"name":"a"}],)"
                   R"("answer":[{"rr":{"key":{"type":5,"name":"a"},"name":"b"}},)"
                   R"({"rr":{"key":{"type":1,"name":"b"},"address":[192,0,2,1]}}]}})"),
            "? a ? b / a -> b / a -> b / b = 192.0.2.1 ");
}

TEST(ParseResolvedMessage, HearsNothingInWhatTellsNoAddress) {
  for (
      const char* json :
      {"", "{}", "[]", "7", "{", R"({"parameters":{"ready":true},"continues":true})",
       R"({"error":"io.systemd.Resolve.QueryRefused"})",
       R"({"parameters":{"question":[{"name":"a"}],"answer":[]}})",
       R"({"parameters":{"question":[],"answer":[{"rr":{"key":{"name":"a"},"address":[1,2,3,4]}}]}})",
       R"({"parameters":{"question":[{"name":"a"}],"answer":[{"rr":null},{"rr":{"key":[]}},7]}})"}) {
    EXPECT_EQ(Parsed(json), "nothing") << json;
  }
}

TEST(ParseResolvedMessage, RefusesAddressesAndNamesThatAreNone) {
  for (const char* rest : {R"("a"},"address":[192,0,2]})", R"("a"},"address":[192,0,2,256]})",
                           R"("a"},"address":[192,0,2,-1]})", R"("a"},"address":[192,0,2,1.5]})",
                           R"("a"},"address":"192.0.2.1"})", R"("a b"},"address":[192,0,2,1]})",
                           R"(""},"address":[192,0,2,1]})", R"(7},"address":[192,0,2,1]})"}) {
    const std::string json =
        std::string(R"({"parameters":{"question":[{"name":"a"}],"answer":[{"rr":{"key":{"name":)") +
        rest + "}]}}";
    EXPECT_EQ(Parsed(json), "nothing") << json;
  }
}

TEST(ParseResolvedMessage, IsBounded) {
  std::string json = R"({"parameters":{"question":[{"name":"a"}],"answer":[)";
  for (int i = 0; i < 1000; ++i) {
    json += R"({"rr":{"key":{"name":"a"},"address":[192,0,2,1]}},)";
  }
  json += "0]}}";
  EXPECT_EQ(ParseResolvedMessage(json).value().addresses.size(), kMaxDnsRecords);
  EXPECT_EQ(Parsed(std::string(100'000, '[')), "nothing");
}

TEST(ParseResolvedMessage, SurvivesEveryCutAndEveryFlippedBit) {
  for (std::size_t size = 0; size < kAnswer.size(); ++size) {
    EXPECT_EQ(Parsed(kAnswer.substr(0, size)), "nothing");
  }
  for (std::size_t bit = 0; bit < kAnswer.size() * 8; ++bit) {
    std::string damaged(kAnswer);
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
    const auto message = ParseResolvedMessage(damaged);
    EXPECT_LE(message ? message->addresses.size() : 0, 2U);
  }
}

}  // namespace
}  // namespace procwall
