// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "record/journal_row.h"

#include <algorithm>
#include <cstddef>

#include "record/time_stamp.h"

namespace procwall {
namespace {

std::string AddressKeyOf(const std::string& text) {
  const auto address = IpAddress::Parse(text);
  return address ? AddressKey(*address) : std::string();
}

void AddOther(std::vector<std::string>& others, const std::string& first, std::string another) {
  if (another.empty() || another == first) return;
  if (std::ranges::find(others, another) == others.end()) others.push_back(std::move(another));
}

}  // namespace

std::string_view LastPart(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

std::string AddressKey(const IpAddress& address) {
  std::string key;
  if (address.IsV4()) key.assign({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, '\xff', '\xff'});
  for (std::size_t i = 0; i < address.Size(); ++i) key += static_cast<char>(address.Data()[i]);
  return key;
}

std::string HostKey(std::string_view host) {
  while (!host.empty() && host.back() == '.') host.remove_suffix(1);
  std::string key;
  while (!host.empty()) {
    const std::size_t dot = host.rfind('.');
    const std::string_view label = dot == std::string_view::npos ? host : host.substr(dot + 1);
    for (const char c : label) key += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    key += '.';
    host.remove_suffix(dot == std::string_view::npos ? host.size() : host.size() - dot);
  }
  return key;
}

JournalRow RowOf(const v1::Event& event) {
  JournalRow row;
  row.time = EpochNanoseconds(event.time());
  row.action = event.action();
  row.program = event.process().path();
  row.destination = AddressKeyOf(event.dst_ip());
  row.port = event.dst_port();
  row.host = HostKey(event.dst_host());
  row.protocol = event.protocol();
  if (event.has_uid()) row.uid = event.uid();
  if (event.has_process()) row.pid = event.process().pid();
  row.rule = event.rule();
  row.message = event.SerializeAsString();
  for (const v1::Process& other : event.alternatives()) {
    AddOther(row.other_programs, row.program, other.path());
  }
  AddOther(row.other_hosts, row.host, HostKey(event.dst_sni()));
  return row;
}

JournalRow RowOf(const v1::FlowNote& ended) {
  const v1::Flow& flow = ended.flow();
  JournalRow row;
  row.kind = JournalKind::kFlowEnded;
  row.time = EpochNanoseconds(ended.time());
  row.program = flow.process().path();
  row.destination = AddressKeyOf(flow.original().dst_ip());
  row.port = flow.original().dst_port();
  row.host = HostKey(flow.host());
  row.protocol = flow.protocol();
  if (flow.has_process()) row.uid = flow.process().uid();
  if (flow.has_process()) row.pid = flow.process().pid();
  row.rule = flow.rule();
  row.message = ended.SerializeAsString();
  row.flow = flow;
  return row;
}

}  // namespace procwall
