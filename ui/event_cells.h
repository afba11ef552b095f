// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <string>
#include <vector>

#include "procwall/v1/procwall.pb.h"
#include "ui/styled_text.h"

namespace procwall {

// The parts of a decision's line, in words for people.

// "allow", "deny", "reject".
StyledText VerdictCell(const v1::Event& event);
// "/usr/bin/curl 4211"; "curl 4211 or nc 9"; "unknown: no-socket".
StyledText ProgramCell(const v1::Event& event);
// Where it goes: "example.org:443"; where it comes from: "192.0.2.7 to :22"; passing through:
// "10.0.0.2 to 192.0.2.7:80".
StyledText DestinationCell(const v1::Event& event);
// The rule's name, or what decided without one; "would deny: NAME" in observe mode.
StyledText WhyCell(const v1::Event& event);
StyledText ConfidenceCell(const v1::Event& event);
// The same in one column: nothing for certain, "~" for likely, "?" for the rest.
StyledText ConfidenceMark(const v1::Event& event);

// "curl -s https://example.org, started by /usr/bin/bash 811, /usr/sbin/sshd 700".
std::string CommandText(const v1::Process& process);
// The same, a line for every program an ambiguous decision names, each with its path; none when
// there is no process.
std::vector<std::string> CommandTexts(const v1::Event& event);

}  // namespace procwall
