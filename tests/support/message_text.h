// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <string>

#include <google/protobuf/text_format.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

namespace procwall {

// A message from protobuf's text form.
template <typename Message>
Message FromText(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

// Equal to the message that is written in protobuf's text format.
template <typename Message>
testing::AssertionResult Says(const Message& message, const char* text) {
  Message expected;
  if (!google::protobuf::TextFormat::ParseFromString(text, &expected))
    return testing::AssertionFailure() << "not a message: " << text;
  std::string difference;
  google::protobuf::util::MessageDifferencer differencer;
  differencer.ReportDifferencesToString(&difference);
  if (differencer.Compare(expected, message)) return testing::AssertionSuccess();
  return testing::AssertionFailure() << difference;
}

}  // namespace procwall
