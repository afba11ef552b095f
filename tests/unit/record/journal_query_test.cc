// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "record/journal_query.h"

#include <gtest/gtest.h>

#include "record/journal_row.h"
#include "tests/support/message_text.h"

namespace procwall {
namespace {

std::string WrongIn(const char* text) {
  const auto query = QueryOf(FromText<v1::ReadJournalRequest>(text));
  return query ? "" : query.error();
}

JournalQuery Query(const char* text) {
  return QueryOf(FromText<v1::ReadJournalRequest>(text)).value();
}

TEST(JournalQuery, OfNothingIsThePageOfAll) {
  const JournalQuery query = Query("");
  EXPECT_EQ(query.sql, "SELECT id, kind, times FROM entry ORDER BY id DESC LIMIT 1001");
  EXPECT_TRUE(query.values.empty());
  EXPECT_EQ(Query("page_size: 4000000000").page_size, kMostJournalEntries);
}

TEST(JournalQuery, NeverHoldsWhatPeopleWrote) {
  const JournalQuery query =
      Query(R"(program: "a' OR 1" rule: "x'; DROP TABLE entry" port: 7 uid: 0 page_token: "12")");
  EXPECT_EQ(query.sql,
            "SELECT id, kind, times FROM entry WHERE "
            "(name = ? OR id IN (SELECT id FROM other WHERE name = ?)) AND "
            "rule <> '' AND rule = ? AND uid = ? AND port = ? AND id < ? "
            "ORDER BY id DESC LIMIT 1001");
  ASSERT_EQ(query.values.size(), 6U);
  EXPECT_EQ(std::get<std::string>(query.values[2]), "x'; DROP TABLE entry");
  EXPECT_EQ(std::get<std::int64_t>(query.values[5]), 12);
}

TEST(JournalQuery, OfANetworkIsARange) {
  const JournalQuery query = Query(R"(destination: "10.1.0.0/15")");
  EXPECT_EQ(std::get<SqlBytes>(query.values[0]).bytes, AddressKey(*IpAddress::Parse("10.0.0.0")));
  EXPECT_EQ(std::get<SqlBytes>(query.values[1]).bytes,
            AddressKey(*IpAddress::Parse("10.1.255.255")));
  const JournalQuery all = Query(R"(destination: "::/0")");
  EXPECT_EQ(std::get<SqlBytes>(all.values[1]).bytes, std::string(16, '\xff'));
  const JournalQuery one = Query(R"(destination: "192.0.2.1")");
  EXPECT_EQ(one.values[0], one.values[1]);
}

TEST(JournalQuery, OfANameIsARangeOfNamesBelowIt) {
  const JournalQuery query = Query(R"(destination: "Example.org")");
  EXPECT_EQ(std::get<std::string>(query.values[0]), "org.example.");
  EXPECT_EQ(std::get<std::string>(query.values[1]), "org.example/");
}

TEST(JournalQuery, SaysWhatMakesNoSense) {
  EXPECT_EQ(WrongIn(R"(destination: ":443")"),
            "destination \":443\" is neither an address (192.0.2.1), nor a network "
            "(192.0.2.0/24), nor a name (example.org)");
  EXPECT_NE(WrongIn(R"(destination: "10.0.0.0/33")"), "");
  EXPECT_NE(WrongIn(R"(destination: "...")"), "");
  EXPECT_NE(WrongIn(R"(page_token: "x")"), "");
  EXPECT_NE(WrongIn(R"(page_token: "-1")"), "");
  EXPECT_NE(WrongIn("since { seconds: 999999999999999 }"), "");
  EXPECT_EQ(WrongIn("since { seconds: 1 } until { seconds: 2 }"), "");
}

}  // namespace
}  // namespace procwall
