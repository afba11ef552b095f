// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/doctor.h"

#include <unistd.h>

#include <utility>

#include "diagnosis/examination.h"
#include "ui/diagnosis_text.h"

namespace procwall {
namespace {

Diagnosis ExamineWith(DaemonClient& client) {
  auto status = client.Status();
  if (status) return Examine(*std::move(status));
  return Examine(NoDaemon{status.error().what, status.error().forbidden});
}

}  // namespace

ExitCode RunDoctor(OutputForm form, DaemonClient& client, const Console& console) {
  const Diagnosis diagnosis = ExamineWith(client);
  UserNames users;
  console.out << (form == OutputForm::kJson ? DiagnosisJson(diagnosis) + "\n"
                                            : DiagnosisText(diagnosis, console.terminal, users));
  if (::geteuid() != 0) {
    console.out << std::flush;
    console.err << "Not root: some of this cannot be seen.\n";
  }
  return VerdictOn(diagnosis) == Health::kWell ? kSuccess : kFailed;
}

}  // namespace procwall
