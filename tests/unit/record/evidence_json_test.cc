// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "record/evidence_json.h"

#include <gtest/gtest.h>

#include "tests/support/message_text.h"

namespace procwall {
namespace {

TEST(EvidenceJson, SaysEverything) {
  const auto evidence = FromText<v1::Evidence>(R"(
    lookup: "dump" holder_from: "walk" considered: 2 holders: 1 all_holders_known: true
    uid_agrees: false hook: "send" cookie: 9 age { nanos: 1500 } note: "so it is"
    parked { nanos: 2000000 }
    socket { inode: 7 cookie: 9 state: "ESTAB" uid: 1000 rank: "same-flow" rank_reason: "all fits"
             local_ip: "10.0.0.2" local_port: 40000 remote_ip: "192.0.2.1" remote_port: 443 }
    alternatives { process { pid: 5 path: "/bin/\x1b" } reason: "sent-before" }
  )");
  EXPECT_EQ(
      OneLine(EvidenceObject(evidence)),
      R"({"lookup":"dump","holder_from":"walk","socket":{"inode":7,"cookie":9,"state":"ESTAB",)"
      R"("uid":1000,"rank":"same-flow","rank_reason":"all fits","local_ip":"10.0.0.2",)"
      R"("local_port":40000,"remote_ip":"192.0.2.1","remote_port":443},"considered":2,)"
      R"("holders":1,"all_holders_known":true,"uid_agrees":false,"hook":"send","cookie":9,)"
      R"("age_us":1.5,"alternatives":[{"socket":null,"pid":5,"process_path":"/bin/\\x1b",)"
      R"("reason":"sent-before"}],"note":"so it is","parked_us":2000.0})");
}

TEST(EvidenceJson, GivesEmptyEvidenceAllKeysToo) {
  EXPECT_EQ(OneLine(EvidenceObject({})),
            R"({"lookup":"","holder_from":"","socket":null,"considered":0,"holders":0,)"
            R"("all_holders_known":false,"uid_agrees":null,"hook":"","cookie":0,"age_us":null,)"
            R"("alternatives":[],"note":"","parked_us":0.0})");
}

}  // namespace
}  // namespace procwall
