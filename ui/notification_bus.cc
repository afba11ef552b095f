// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/notification_bus.h"

#include <system_error>

#include <fmt/format.h>
#include <systemd/sd-bus.h>

#include "base/printable.h"

namespace procwall {
namespace {

constexpr int kShownMs = 10'000;

std::string Reason(int error) { return std::generic_category().message(-error); }

}  // namespace

void NotificationBus::Closing::operator()(sd_bus* bus) const { ::sd_bus_flush_close_unref(bus); }

tl::expected<NotificationBus, std::string> NotificationBus::Open() {
  sd_bus* bus = nullptr;
  const int opened = ::sd_bus_open_user(&bus);
  if (opened < 0) {
    return tl::unexpected(
        fmt::format("there is no session bus ({}): run it as the user of the desktop, in the "
                    "desktop's session",
                    Reason(opened)));
  }
  ::sd_bus_set_method_call_timeout(bus, kTimeoutUs);
  return NotificationBus(bus);
}

tl::expected<void, std::string> NotificationBus::Show(const DesktopNotice& notice) {
  sd_bus_error error{};  // SD_BUS_ERROR_NULL
  // susssasa{sv}i: program, which it replaces, icon, summary, body, actions, hints, timeout.
  const int called = ::sd_bus_call_method(
      bus_.get(), "org.freedesktop.Notifications", "/org/freedesktop/Notifications",
      "org.freedesktop.Notifications", "Notify", &error, nullptr, "susssasa{sv}i", "procwall",
      static_cast<std::uint32_t>(0), "security-high", notice.summary.c_str(), notice.body.c_str(),
      static_cast<unsigned>(0), static_cast<unsigned>(0), static_cast<std::int32_t>(kShownMs));
  if (called >= 0) return {};
  const std::string why = error.message == nullptr ? Reason(called) : TerminalSafe(error.message);
  ::sd_bus_error_free(&error);
  return tl::unexpected(fmt::format("nobody shows notifications on the session bus: {}", why));
}

}  // namespace procwall
