// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/seen_programs.h"

#include <fcntl.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

#include <fmt/format.h>

#include "base/file.h"
#include "base/printable.h"

namespace procwall {
namespace {

constexpr const char* kStoreName = "procwall/seen-listeners";
constexpr const char* kHead =
    "# Programs that are known to listen; `procwall connections --watch` warns of others.\n"
    "# `procwall connections --watch --learn` adds those that listen.\n";

std::string Below(const char* folder, const char* rest) {
  return folder == nullptr || *folder != '/' ? "" : std::string(folder) + rest + "/" + kStoreName;
}

}  // namespace

SeenPrograms SeenPrograms::Parse(std::string_view text) {
  SeenPrograms programs;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    if (!line.empty() && line.front() != '#') programs.Add(std::string(line));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return programs;
}

std::string SeenPrograms::Text() const {
  std::string text = kHead;
  for (const std::string& path : paths_) text += path + "\n";
  return text;
}

bool SeenPrograms::Add(const std::string& path) {
  return paths_.size() < kMaxPrograms && paths_.insert(path).second;
}

std::string SeenProgramsPath(const EnvironmentLookup& environment, bool is_root) {
  if (is_root) return std::string("/var/lib/") + kStoreName;
  if (std::string path = Below(environment("XDG_STATE_HOME"), ""); !path.empty()) return path;
  return Below(environment("HOME"), "/.local/state");
}

tl::expected<LoadedSeenPrograms, std::string> LoadSeenPrograms(const std::string& path) {
  const auto text = ReadFileAt(AT_FDCWD, path.c_str(), SeenPrograms::kMaxFileBytes);
  if (text) return LoadedSeenPrograms{SeenPrograms::Parse(*text), true};
  if (text.error().code == Errc::kNotFound) return LoadedSeenPrograms{};
  return tl::unexpected(fmt::format("{}: {}", TerminalSafe(path), text.error().ToString()));
}

tl::expected<void, std::string> SaveSeenPrograms(const SeenPrograms& programs,
                                                 const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(), error);
  if (error) {
    return tl::unexpected(
        fmt::format("cannot make the directory of {}: {}", TerminalSafe(path), error.message()));
  }
  constexpr unsigned kMode = 0600;
  const auto saved = WriteFileAtomically(path, programs.Text(), kMode);
  if (saved) return {};
  return tl::unexpected(fmt::format("{}: {}", TerminalSafe(path), saved.error().ToString()));
}

}  // namespace procwall
