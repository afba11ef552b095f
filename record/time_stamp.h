// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include <google/protobuf/duration.pb.h>
#include <google/protobuf/timestamp.pb.h>

namespace procwall {

inline constexpr const char* kInvalidTime = "invalid-time";

// Within the range that google/protobuf/timestamp.proto promises.
bool IsValid(const google::protobuf::Timestamp& time);

// "2024-03-01T14:03:22.184000001Z" (RFC 3339, UTC, nanoseconds). A time outside the years 1 to 9999
// is "invalid-time".
std::string Rfc3339(const google::protobuf::Timestamp& time);

std::chrono::nanoseconds Nanoseconds(const google::protobuf::Duration& duration);

// Since 1970, cut to what 64 bits hold.
std::int64_t EpochNanoseconds(const google::protobuf::Timestamp& time);

}  // namespace procwall
