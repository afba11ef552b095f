// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/cgroup.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>

namespace procwall {
namespace {

constexpr std::size_t kIdDigits = 64;

// Hands out the parts of a path.
std::string_view NextPart(std::string_view& path) {
  path.remove_prefix(std::min(path.find_first_not_of('/'), path.size()));
  const std::size_t end = std::min(path.find('/'), path.size());
  const std::string_view part = path.substr(0, end);
  path.remove_prefix(end);
  return part;
}

bool Cut(std::string_view& text, std::string_view prefix, std::string_view suffix) {
  if (text.size() < prefix.size() + suffix.size()) return false;
  if (!text.starts_with(prefix) || !text.ends_with(suffix)) return false;
  text.remove_prefix(prefix.size());
  text.remove_suffix(suffix.size());
  return true;
}

bool IsHexDigit(char digit) {
  return (digit >= '0' && digit <= '9') || (digit >= 'a' && digit <= 'f');
}

bool IsId(std::string_view text) {
  return text.size() == kIdDigits && std::ranges::all_of(text, IsHexDigit);
}

int HexValue(char digit) { return digit <= '9' ? digit - '0' : digit - 'a' + 10; }

// systemd writes what may not stand in a unit's name as \x2d.
std::string UnescapeUnitName(std::string_view text) {
  std::string plain;
  while (!text.empty()) {
    if (text.size() >= 4 && text[0] == '\\' && text[1] == 'x' && IsHexDigit(text[2]) &&
        IsHexDigit(text[3])) {
      plain += static_cast<char>(HexValue(text[2]) * 16 + HexValue(text[3]));
      text.remove_prefix(4);
      continue;
    }
    plain += text.front();
    text.remove_prefix(1);
  }
  return plain;
}

// "docker-ID.scope", "libpod-ID", "kubepods-...slice:cri-containerd:ID", "ID"
std::string OciContainer(std::string_view part) {
  if (part.ends_with(".scope")) part.remove_suffix(std::string_view(".scope").size());
  if (part.size() < kIdDigits) return {};
  const std::string_view id = part.substr(part.size() - kIdDigits);
  const std::string_view before = part.substr(0, part.size() - kIdDigits);
  // "libpod-conmon-ID" and "crio-conmon-ID" are the watchers of containers, outside.
  if (!IsId(id) || before.ends_with("-conmon-")) return {};
  const bool separated = before.empty() || before.ends_with('-') || before.ends_with(':');
  return separated ? std::string(id) : std::string();
}

// "lxc.payload.NAME", "lxc.payload/NAME", "lxc/NAME". "lxc.monitor" is outside.
std::string LxcContainer(std::string_view part, std::string_view before) {
  if (Cut(part, "lxc.payload.", "")) return std::string(part);
  if (before == "lxc" || before == "lxc.payload") return std::string(part);
  return {};
}

// "machine-NAME.scope", "systemd-nspawn@NAME.service". qemu's machines are processes of this host.
std::string NspawnContainer(std::string_view part) {
  if (Cut(part, "systemd-nspawn@", ".service")) return UnescapeUnitName(part);
  if (part.starts_with("machine-qemu")) return {};
  if (Cut(part, "machine-", ".scope")) return UnescapeUnitName(part);
  return {};
}

// "app-flatpak-org.mozilla.firefox-123.scope", "app-gnome-org.x-123.scope" is none
std::string FlatpakApplication(std::string_view part) {
  if (!Cut(part, "app-flatpak-", ".scope")) return {};
  return UnescapeUnitName(part.substr(0, part.rfind('-')));
}

// "snap.NAME.APP.UUID.scope", "snap.NAME.APP-UUID.scope", "snap.NAME.APP.service"
std::string SnapApplication(std::string_view part) {
  if (!part.starts_with("snap.")) return {};
  if (!part.ends_with(".scope") && !part.ends_with(".service")) return {};
  const std::size_t end = part.find('.', std::string_view("snap.").size());
  return UnescapeUnitName(part.substr(0, end));
}

std::string ContainerOf(std::string_view path) {
  std::string_view before;
  for (std::string_view part = NextPart(path); !part.empty(); part = NextPart(path)) {
    for (std::string& name :
         std::array{OciContainer(part), LxcContainer(part, before), NspawnContainer(part),
                    FlatpakApplication(part), SnapApplication(part)}) {
      if (!name.empty()) return std::move(name);
    }
    before = part;
  }
  return {};
}

bool IsUnit(std::string_view part) {
  return part.ends_with(".service") || part.ends_with(".scope") || part.ends_with(".socket") ||
         part.ends_with(".mount") || part.ends_with(".swap");
}

// The first part that is no slice, if it is a unit.
std::string_view NextUnit(std::string_view& path) {
  std::string_view part = NextPart(path);
  while (part.ends_with(".slice")) part = NextPart(path);
  return IsUnit(part) ? part : std::string_view();
}

std::string UnitOf(std::string_view path) {
  std::string unit(NextUnit(path));
  if (!unit.starts_with("user@") || !unit.ends_with(".service")) return unit;
  const std::string_view users_own = NextUnit(path);
  if (!users_own.empty()) unit.append("/").append(users_own);
  return unit;
}

// "1:name=systemd:/system.slice/cups.service", "0::/system.slice/cups.service"
struct Line {
  std::string_view controllers;
  std::string_view path;
};
std::optional<Line> SplitLine(std::string_view line) {
  const std::size_t first = line.find(':');
  if (first == std::string_view::npos) return std::nullopt;
  const std::size_t second = line.find(':', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  Line split{line.substr(first + 1, second - first - 1), line.substr(second + 1)};
  Cut(split.path, "", " (deleted)");
  return split;
}

}  // namespace

CgroupFacts ParseCgroup(std::string_view text) {
  CgroupFacts facts;
  std::string other_unit;  // of a hierarchy that systemd may not lead
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const auto line = SplitLine(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!line) continue;
    if (facts.container.empty()) facts.container = ContainerOf(line->path);
    const bool is_systemds = line->controllers == "name=systemd" || line->controllers.empty();
    std::string& unit = is_systemds ? facts.unit : other_unit;
    if (unit.empty()) unit = UnitOf(line->path);
  }
  if (facts.unit.empty()) facts.unit = std::move(other_unit);
  return facts;
}

}  // namespace procwall
