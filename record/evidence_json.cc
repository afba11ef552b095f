// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "record/evidence_json.h"

#include "record/time_stamp.h"

namespace procwall {
namespace {

double Microseconds(const google::protobuf::Duration& duration) {
  return static_cast<double>(Nanoseconds(duration).count()) / 1e3;
}

Json AlternativesJson(const v1::Evidence& evidence) {
  Json alternatives = Json::array();
  for (const v1::Alternative& alternative : evidence.alternatives()) {
    const v1::Process& process = alternative.process();
    const bool known = alternative.has_process();
    alternatives.push_back(
        {{"socket", alternative.has_socket() ? SocketObject(alternative.socket()) : Json(nullptr)},
         {"pid", known ? Json(process.pid()) : Json(nullptr)},
         {"process_path", JsonText(process.path())},
         {"reason", JsonText(alternative.reason())}});
  }
  return alternatives;
}

}  // namespace

Json SocketObject(const v1::Socket& socket) {
  return {{"inode", socket.inode()},
          {"cookie", socket.cookie()},
          {"state", JsonText(socket.state())},
          {"uid", socket.uid()},
          {"rank", JsonText(socket.rank())},
          {"rank_reason", JsonText(socket.rank_reason())},
          {"local_ip", JsonText(socket.local_ip())},
          {"local_port", socket.local_port()},
          {"remote_ip", JsonText(socket.remote_ip())},
          {"remote_port", socket.remote_port()}};
}

Json EvidenceObject(const v1::Evidence& evidence) {
  Json json;
  json["lookup"] = JsonText(evidence.lookup());
  json["holder_from"] = JsonText(evidence.holder_from());
  json["socket"] = evidence.has_socket() ? SocketObject(evidence.socket()) : Json(nullptr);
  json["considered"] = evidence.considered();
  json["holders"] = evidence.holders();
  json["all_holders_known"] = evidence.all_holders_known();
  json["uid_agrees"] = evidence.has_uid_agrees() ? Json(evidence.uid_agrees()) : Json(nullptr);
  json["hook"] = JsonText(evidence.hook());
  json["cookie"] = evidence.cookie();
  json["age_us"] = evidence.has_age() ? Json(Microseconds(evidence.age())) : Json(nullptr);
  json["alternatives"] = AlternativesJson(evidence);
  json["note"] = JsonText(evidence.note());
  json["parked_us"] = Microseconds(evidence.parked());
  return json;
}

}  // namespace procwall
