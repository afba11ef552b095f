// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include <google/protobuf/timestamp.pb.h>

#include "ui/socket_alerts.h"
#include "ui/socket_rows.h"
#include "ui/terminal.h"

namespace procwall {

// A socket that came, went, or was there and needs to be looked at.
struct SocketChange {
  enum class What : std::uint8_t { kNew, kListens, kGone, kThere };
  What what = What::kNew;
  google::protobuf::Timestamp time{};
  SocketRow row{};
  std::string service{};                  // the name of the port that is, or was, called
  bool service_is_local = true;           // that is ours
  std::vector<std::string> containers{};  // of its holders, each once
  std::chrono::seconds lived{0};          // kGone
  std::vector<SocketAlert> alerts{};
};
const char* SocketChangeName(SocketChange::What what);  // "new", "listens", "gone", "there"

// For people: one line, and one for each alert; every one ends with a newline. Titles likewise.
std::string SocketChangeText(const SocketChange& change, std::chrono::seconds utc_offset,
                             const Terminal& terminal);
std::string SocketChangeTitles(const Terminal& terminal);
// For programs: an object, without its newline; the keys of `connections --json` among them.
std::string SocketChangeJson(const SocketChange& change);

}  // namespace procwall
