/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The Procwall authors */
/* The kernel's half of the witness: small programs that note who makes, connects and uses sockets,
 * at the moment it happens. Each one works without the others. */
#include "attribution/witness/packet_hook.h"
#include "attribution/witness/process_hooks.h"
#include "attribution/witness/socket_hooks.h"
#include "attribution/witness/socket_scan.h"

const char kLicense[] SEC("license") = "GPL";
