// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/opensnitch_alerts.h"

#include <utility>

#include <fmt/format.h>

namespace procwall {

std::vector<GuiAlert> OpensnitchAlerts::Look() {
  if (looked_ && clock_.Now() - *looked_ < kLookEvery) return {};
  looked_ = clock_.Now();
  const v1::StatusResponse status = status_.Status();
  const v1::Counters& counters = status.counters();
  std::vector<GuiAlert> alerts;
  const auto add = [&](GuiAlert::Kind kind, std::string text) {
    alerts.push_back({.kind = kind, .show = true, .text = std::move(text)});
  };
  // Mended files are no news, but one more that is refused is.
  if (status.refused_rule_files() < refused_.told) refused_.told = status.refused_rule_files();
  if (News(refused_, status.refused_rule_files()) > 0) {
    add(GuiAlert::Kind::kWarning, RefusedText(status.refused_rule_files()));
  }
  if (const auto repairs = News(repairs_, status.firewall_repairs()); repairs > 0) {
    add(GuiAlert::Kind::kWarning,
        fmt::format("Procwall's firewall rules were gone and have been put back (times: {}): "
                    "another program changes the firewall",
                    repairs));
  }
  const std::uint64_t packets =
      counters.lost_queue_full() + counters.lost_buffer_full() + counters.undecodable();
  if (const auto lost = News(packets_, packets); lost > 0) {
    add(GuiAlert::Kind::kError,
        fmt::format("Packets were dropped undecided, because too many came at once: {}", lost));
  }
  const v1::Witness& witness = status.witness();
  const std::uint64_t notes = witness.lost_events() + witness.lost_sockets();
  if (const auto lost = News(notes_, notes); lost > 0) {
    add(GuiAlert::Kind::kWarning,
        fmt::format("Notes of the kernel about programs were lost ({}): some programs may not be "
                    "named",
                    lost));
  }
  return alerts;
}

std::uint64_t OpensnitchAlerts::News(Kind& kind, std::uint64_t now) const {
  if (now <= kind.told) return 0;
  if (kind.last && clock_.Now() - *kind.last < kLeastTimeBetween) return 0;
  kind.last = clock_.Now();
  return now - std::exchange(kind.told, now);
}

// With the reason of the first one.
std::string OpensnitchAlerts::RefusedText(std::uint64_t count) const {
  const v1::ListRulesResponse rules = status_.ListRules();
  std::string text = fmt::format("Rule files that Procwall refuses: {}", count);
  if (rules.refused_size() > 0) {
    const v1::RefusedFile& first = rules.refused(0);
    text +=
        fmt::format(". {}:{}:{}: {}", first.file(), first.line(), first.column(), first.reason());
  }
  return text;
}

}  // namespace procwall
