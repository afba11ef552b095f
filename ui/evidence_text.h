// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <string>
#include <vector>

#include "procwall/v1/procwall.pb.h"
#include "ui/user_names.h"

namespace procwall {

// How the program of a decision was found, in sentences for people.

// What was asked and what answered, a step each.
std::vector<std::string> EvidenceSteps(const v1::Event& event, UserNames& users);
// What else came into question, and why not: "socket 12 of /usr/bin/dig (pid 7): it fits ...".
// How the name of the other side is known, in a sentence or two; empty: there is none.
std::string NameText(const v1::Event& event);

std::vector<std::string> AlternativeTexts(const v1::Evidence& evidence, UserNames& users);
// "certain, because the kernel saw it happen".
std::string ConfidenceSentence(const v1::Event& event);
// What would make it surer, or what to do about it; empty: nothing.
std::string AdviceOn(const v1::Event& event);

// "ada (1000)".
std::string UserText(std::uint32_t uid, UserNames& users);
// "/usr/bin/curl (pid 7)".
std::string ProcessText(const v1::Process& process);

}  // namespace procwall
