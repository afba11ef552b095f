// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <memory>
#include <string>

#include <tl/expected.hpp>

#include "ui/desktop_notice.h"

struct sd_bus;

namespace procwall {

// Who shows notices. An interface, because no test has a desktop.
class NoticeSink {
 public:
  virtual ~NoticeSink() = default;
  // An error says what went wrong, for the person.
  virtual tl::expected<void, std::string> Show(const DesktopNotice& notice) = 0;
};

// The user's session bus, and on it org.freedesktop.Notifications (sd-bus; the specification is
// "Desktop Notifications" 1.2 of freedesktop.org). Waits for an answer for kTimeout at most.
// Thread rule: one thread only.
class NotificationBus final : public NoticeSink {
 public:
  static constexpr std::uint64_t kTimeoutUs = 2'000'000;

  // An error says why there is no bus, and what to do.
  static tl::expected<NotificationBus, std::string> Open();
  tl::expected<void, std::string> Show(const DesktopNotice& notice) override;

 private:
  struct Closing {
    void operator()(sd_bus* bus) const;
  };
  explicit NotificationBus(sd_bus* bus) : bus_(bus) {}
  std::unique_ptr<sd_bus, Closing> bus_;
};

}  // namespace procwall
