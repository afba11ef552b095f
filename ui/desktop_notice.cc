// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/desktop_notice.h"

#include <utility>

#include <fmt/format.h>

#include "base/printable.h"
#include "ui/event_cells.h"

namespace procwall {
namespace {

constexpr std::size_t kMaxText = 500;

std::string Shown(const StyledText& text) {
  return WithoutMarkup(text.KeepingFront(kMaxText).Render(Colours::kOff));
}

bool IsDenied(const v1::Event& event) {
  return event.action() == v1::ACTION_DENY || event.action() == v1::ACTION_REJECT || event.cut();
}

std::string NameOf(const v1::Event& event) {
  const std::string& path = event.process().path();
  return path.empty() ? "an unknown program" : path.substr(path.rfind('/') + 1);
}

}  // namespace

std::string WithoutMarkup(std::string_view text) {
  std::string plain;
  for (const char c : TerminalSafe(text)) {
    if (c == '<') {
      plain += "&lt;";
    } else if (c == '>') {
      plain += "&gt;";
    } else if (c == '&') {
      plain += "&amp;";
    } else {
      plain += c;
    }
  }
  return plain;
}

bool DesktopNotices::MayTell(Time now) {
  while (!burst_.empty() && burst_.front() + kBurst <= now) burst_.pop_front();
  if (burst_.size() >= kMostInBurst) {
    ++left_out_;
    return false;
  }
  burst_.push_back(now);
  return true;
}

std::optional<DesktopNotice> DesktopNotices::OnEvent(const v1::Event& event, Time now) {
  if (!IsDenied(event)) return std::nullopt;
  const StyledText place = DestinationCell(event);
  const std::string about = event.process().path() + "\n" + place.Render(Colours::kOff);
  if (told_.size() >= kMaxRemembered) told_.clear();
  const auto [told, is_new] = told_.try_emplace(about, now);
  if (!is_new && told->second + kQuiet > now) return std::nullopt;
  if (!MayTell(now)) {
    told_.erase(told);  // it was not told
    return std::nullopt;
  }
  told->second = now;
  DesktopNotice notice;
  // The summary has no markup: it is shown as it is.
  notice.summary =
      TerminalSafe(fmt::format("{} {}", event.cut() ? "Cut:" : "Denied:", NameOf(event)));
  notice.body = fmt::format("{} ({})\n{}", Shown(place), WithoutMarkup(event.protocol()),
                            Shown(WhyCell(event)));
  if (event.sequence() != 0) {
    notice.body += fmt::format("\nprocwall explain {}", event.sequence());
  }
  if (const std::uint64_t more = std::exchange(left_out_, 0); more > 0) {
    notice.body += fmt::format("\nand {} more before", more);
  }
  return notice;
}

std::optional<DesktopNotice> DesktopNotices::OnQuestions(std::uint64_t open, Time now) {
  const std::uint64_t before = std::exchange(open_, open);
  if (open <= before || !MayTell(now)) return std::nullopt;
  return DesktopNotice{fmt::format("{} question{} to answer", open, open == 1 ? "" : "s"),
                       "Packets wait. In a terminal: sudo procwall ask"};
}

}  // namespace procwall
