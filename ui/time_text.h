// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <chrono>
#include <string>

#include <google/protobuf/timestamp.pb.h>

#include "record/time_stamp.h"

namespace procwall {

// "14:03:22.184", or "14:03:22" without milliseconds, at this offset from UTC.
enum class Precision : unsigned char { kSeconds, kMilliseconds };
std::string ClockText(const google::protobuf::Timestamp& time, std::chrono::seconds utc_offset,
                      Precision precision);

// How far local time is ahead of UTC at that moment, by the TZ of this process.
std::chrono::seconds UtcOffsetAt(const google::protobuf::Timestamp& time);

// For people, three significant digits at most: "850 ns", "312 µs", "1.2 ms", "30 s".
std::string LatencyText(std::chrono::nanoseconds latency);

// For people, the two largest units: "3 d 2 h", "12 min 5 s".
std::string AgeText(std::chrono::seconds age);

}  // namespace procwall
