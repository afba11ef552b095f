// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include "daemon/process_note.h"
#include "procwall/v1/procwall.pb.h"

namespace procwall {

// What a process did as our API tells it. Texts that strangers control are made printable.
v1::ProcessNote ToMessage(const ProcessNote& note);

}  // namespace procwall
