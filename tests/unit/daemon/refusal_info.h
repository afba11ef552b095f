// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <string>

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include "procwall/v1/refusal.pb.h"

namespace procwall {

// What a refused call says to programs: checks that it is there, and says the same as the status.
inline wire::ErrorInfo InfoIn(const grpc::Status& status) {
  wire::Status details;
  EXPECT_TRUE(details.ParseFromString(status.error_details()));
  EXPECT_EQ(details.code(), static_cast<int>(status.error_code()));
  EXPECT_EQ(details.message(), status.error_message());
  wire::ErrorInfo info;
  EXPECT_EQ(details.details_size(), 1) << status.error_message();
  if (details.details_size() != 1) return info;
  EXPECT_EQ(details.details(0).type_url(), "type.googleapis.com/google.rpc.ErrorInfo");
  EXPECT_TRUE(info.ParseFromString(details.details(0).value()));
  return info;
}

inline std::string ReasonIn(const grpc::Status& status) { return InfoIn(status).reason(); }

}  // namespace procwall
