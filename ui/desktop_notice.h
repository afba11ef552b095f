// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>

#include "procwall/v1/procwall.pb.h"

namespace procwall {

// What the desktop shows to its user. Texts are plain: without markup, without control characters.
struct DesktopNotice {
  std::string summary;
  std::string body;

  friend bool operator==(const DesktopNotice&, const DesktopNotice&) = default;
};

// Chooses what is worth a notice, and how often: connections that were denied, and questions that
// wait for an answer. The same of one program and other side once in kQuiet; never more than
// kMostInBurst in kBurst: what comes beyond is counted and told with the next. Pure.
class DesktopNotices {
 public:
  using Time = std::chrono::steady_clock::time_point;
  static constexpr std::chrono::seconds kQuiet{60};
  static constexpr std::chrono::seconds kBurst{10};
  static constexpr std::size_t kMostInBurst = 3;
  static constexpr std::size_t kMaxRemembered = 4096;

  std::optional<DesktopNotice> OnEvent(const v1::Event& event, Time now);
  // So many questions are open now; told when there are more than before.
  std::optional<DesktopNotice> OnQuestions(std::uint64_t open, Time now);

 private:
  bool MayTell(Time now);

  std::map<std::string, Time> told_;
  std::deque<Time> burst_;
  std::uint64_t left_out_ = 0;
  std::uint64_t open_ = 0;
};

// A text for a body that understands markup: <, > and & are written out.
std::string WithoutMarkup(std::string_view text);

}  // namespace procwall
