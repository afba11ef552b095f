// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/socket_rows.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <tuple>

#include <fmt/format.h>

#include "record/json_text.h"
#include "ui/path_text.h"
#include "ui/table.h"

namespace procwall {

StyledText SocketEndText(const std::string& ip, std::uint16_t port) {
  const bool any = ip == "0.0.0.0" || ip == "::";
  const std::string shown = any ? "*" : ip.find(':') == std::string::npos ? ip : "[" + ip + "]";
  StyledText text;
  text.Append(shown).Append(port == 0 ? ":*" : fmt::format(":{}", port), Style::kAccent);
  return text;
}

StyledText HoldersText(const SocketRow& row) {
  if (row.holders.empty()) return {row.inode == 0 ? "-" : "?", Style::kDim};
  std::map<std::string_view, std::string> pids_of;
  std::vector<std::string_view> paths;  // in the order they were found
  for (const SocketHolder& holder : row.holders) {
    const auto [entry, is_new] = pids_of.try_emplace(holder.path);
    if (is_new) paths.push_back(holder.path);
    entry->second += fmt::format(" {}", holder.pid);
  }
  StyledText text;
  for (const std::string_view path : paths) {
    if (path != paths.front()) text.Append(", ");
    AppendPath(path, text);
    text.Append(pids_of[path], Style::kDim);
  }
  return text;
}

namespace {

// An address without its beginning is another address: cut only what is longer than
// "255.255.255.255:65535".
constexpr std::size_t kWholeIpv4 = 21;

bool Listens(const SocketRow& row) { return row.state == "LISTEN"; }

StyledText PeerText(const SocketRow& row) {
  if (row.peer_ip.empty()) return {"-", Style::kDim};
  return SocketEndText(row.peer_ip, row.peer_port);
}

StyledText UserText(const SocketRow& row) {
  return row.user.empty() ? std::to_string(row.uid) : row.user;
}

Style StateStyle(const SocketRow& row) {
  if (Listens(row)) return Style::kAccent;
  return row.state == "ESTAB" ? Style::kGood : Style::kDim;
}

Json HolderJson(const SocketHolder& holder) {
  Json args = Json::array();
  for (const std::string& arg : holder.args) args.push_back(JsonText(arg));
  return {{"pid", holder.pid}, {"process_path", JsonText(holder.path)}, {"process_args", args}};
}

Json RowJson(const SocketRow& row) {
  Json holders = Json::array();
  for (const SocketHolder& holder : row.holders) holders.push_back(HolderJson(holder));
  return {{"protocol", JsonText(row.protocol)},
          {"state", JsonText(row.state)},
          {"local_ip", JsonText(row.local_ip)},
          {"local_port", row.local_port},
          {"peer_ip", JsonText(row.peer_ip)},
          {"peer_port", row.peer_port},
          {"uid", row.uid},
          {"user", JsonText(row.user)},
          {"inode", row.inode},
          {"holders", holders},
          {"all_holders_known", row.all_holders_known}};
}

}  // namespace

bool ComesBefore(const SocketRow& a, const SocketRow& b) {
  const auto key = [](const SocketRow& row) {
    return std::tie(row.protocol, row.local_port, row.local_ip, row.peer_ip, row.peer_port,
                    row.inode);
  };
  if (Listens(a) != Listens(b)) return Listens(a);
  return key(a) < key(b);
}

void SortForPeople(std::vector<SocketRow>& rows) {
  std::sort(rows.begin(), rows.end(), ComesBefore);
}

std::string SocketsText(const std::vector<SocketRow>& rows, const Terminal& terminal) {
  std::vector<Cells> cells;
  cells.reserve(rows.size());
  for (const SocketRow& row : rows) {
    cells.push_back({row.protocol, StyledText(row.state, StateStyle(row)),
                     SocketEndText(row.local_ip, row.local_port), PeerText(row), UserText(row),
                     HoldersText(row)});
  }
  const Layout layout{{{.title = "PROTO"},
                       {.title = "STATE"},
                       {.title = "LOCAL", .cut = Cut::kKeepBack, .min_width = kWholeIpv4},
                       {.title = "PEER", .cut = Cut::kKeepBack, .min_width = kWholeIpv4},
                       {.title = "USER"},
                       {.title = "PROGRAM", .cut = Cut::kKeepBack}},
                      terminal.width != 0 && terminal.width < 100 ? std::size_t{1} : 2};
  return RenderTable(layout, cells, terminal);
}

Json SocketRowJson(const SocketRow& row) { return RowJson(row); }

std::string SocketsJson(const std::vector<SocketRow>& rows) {
  std::string lines;
  for (const SocketRow& row : rows) lines += OneLine(RowJson(row)) + "\n";
  return lines;
}

}  // namespace procwall
