// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/evidence_message.h"

#include "base/printable.h"

namespace procwall {
namespace {

v1::Alternative ToMessage(const Alternative& alternative) {
  v1::Alternative message;
  if (alternative.socket) *message.mutable_socket() = procwall::ToMessage(*alternative.socket);
  if (alternative.process) {
    message.mutable_process()->set_pid(alternative.process->id.pid);
    message.mutable_process()->set_path(Printable(RulePath(*alternative.process)));
  }
  message.set_reason(AlternativeReasonName(alternative.reason));
  message.set_sentence(AlternativeReasonSentence(alternative.reason));
  return message;
}

}  // namespace

google::protobuf::Duration ToMessage(std::chrono::nanoseconds time) {
  google::protobuf::Duration message;
  message.set_seconds(time.count() / 1'000'000'000);
  message.set_nanos(static_cast<std::int32_t>(time.count() % 1'000'000'000));
  return message;
}

v1::Process ToMessage(const Process& process) {
  v1::Process message;
  message.set_pid(process.id.pid);
  message.set_start_time(process.id.start_time);
  message.set_parent_pid(process.parent_pid);
  message.set_uid(process.uid);
  message.set_path(Printable(RulePath(process)));
  message.set_path_is_deleted(process.path_is_deleted);
  message.set_file_state(ExecutableStateName(process.executable_state));
  message.set_by_descriptor(process.executed_by_descriptor);
  for (const std::string& argument : process.args) message.add_args(Printable(argument));
  message.set_working_directory(Printable(process.working_directory));
  message.set_script(Printable(process.script));
  message.set_container(Printable(process.container));
  message.set_unit(Printable(process.unit));
  for (const Ancestor& ancestor : process.ancestors) {
    v1::Ancestor& added = *message.add_ancestors();
    added.set_pid(ancestor.pid);
    added.set_path(Printable(ancestor.path));
  }
  return message;
}

v1::Socket ToMessage(const RankedSocket& ranked) {
  const SocketEntry& socket = ranked.socket;
  v1::Socket message;
  message.set_inode(socket.inode);
  message.set_cookie(socket.cookie);
  message.set_state(SocketStateName(socket.state));
  message.set_uid(socket.uid);
  message.set_rank(SocketRankName(ranked.rank));
  message.set_rank_reason(SocketRankReason(ranked.rank));
  message.set_local_ip(socket.local.address.ToString());
  message.set_local_port(socket.local.port);
  if (socket.IsConnected()) {
    message.set_remote_ip(socket.remote.address.ToString());
    message.set_remote_port(socket.remote.port);
  }
  return message;
}

v1::Evidence ToMessage(const Evidence& evidence) {
  v1::Evidence message;
  message.set_lookup(SocketSourceName(evidence.socket_source));
  message.set_holder_from(HolderSourceName(evidence.holder_source));
  if (evidence.socket) *message.mutable_socket() = ToMessage(*evidence.socket);
  message.set_considered(evidence.candidates);
  message.set_holders(evidence.holders);
  message.set_all_holders_known(evidence.all_holders_known);
  if (evidence.uid_agrees) message.set_uid_agrees(*evidence.uid_agrees);
  if (evidence.hook != WitnessHook::kNone) {
    message.set_hook(WitnessHookName(evidence.hook));
    *message.mutable_age() = ToMessage(evidence.age);
  }
  message.set_cookie(evidence.cookie);
  for (const Alternative& alternative : evidence.alternatives) {
    *message.add_alternatives() = ToMessage(alternative);
  }
  message.set_note(evidence.note);
  return message;
}

}  // namespace procwall
