// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/run.h"

#include <unistd.h>

#include <chrono>
#include <variant>

#include "ui/ask.h"
#include "ui/command_line.h"
#include "ui/connections.h"
#include "ui/connections_watch.h"
#include "ui/daemon_client.h"
#include "ui/daemon_completion.h"
#include "ui/doctor.h"
#include "ui/explain.h"
#include "ui/flows.h"
#include "ui/log.h"
#include "ui/notify.h"
#include "ui/processes.h"
#include "ui/rules_change.h"
#include "ui/rules_check.h"
#include "ui/rules_edit.h"
#include "ui/rules_history.h"
#include "ui/rules_list.h"
#include "ui/rules_transfer.h"
#include "ui/rules_verify.h"
#include "ui/rules_why.h"
#include "ui/status.h"
#include "ui/top.h"
#include "ui/watch.h"

namespace procwall {
namespace {

// One overload per command.
class Runner {
 public:
  Runner(const CommandLine& line, const Console& console, const Surroundings& surroundings)
      : console_(console),
        input_{surroundings.in, ::isatty(surroundings.stdin_fd) == 1},
        surroundings_(surroundings),
        client_(line.address, DaemonClient::kDeadline, line.tls) {}

  ExitCode operator()(const PrintCommand& command) {
    (command.exit_code == kUsage ? console_.err : console_.out) << command.text;
    return command.exit_code;
  }
  ExitCode operator()(const WatchOptions& options) { return RunWatch(options, client_, console_); }
  ExitCode operator()(const ExplainOptions& options) {
    return RunExplain(options, client_, console_);
  }
  ExitCode operator()(const LogOptions& options) {
    const auto now =
        std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
    return RunLog(options, client_, console_, now);
  }
  ExitCode operator()(const AskOptions& options) {
    return RunAsk(options, client_, console_, Devices());
  }
  ExitCode operator()(const TopOptions& options) {
    return RunTop(options, client_, console_, Devices());
  }
  ExitCode operator()(const FlowsOptions& options) { return RunFlows(options, client_, console_); }
  ExitCode operator()(const FlowsCutOptions& options) {
    return RunFlowsCut(options, client_, console_, input_);
  }
  ExitCode operator()(const DoctorCommand& command) {
    return RunDoctor(command.form, client_, console_);
  }
  ExitCode operator()(const StatusCommand& command) {
    const auto now =
        std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
    return RunStatus(command.form, client_, console_, now);
  }
  ExitCode operator()(const RulesListCommand& command) {
    return RunRulesList(command.form, client_, console_);
  }
  ExitCode operator()(const RulesCheckCommand& command) {
    return RunRulesCheck(command.form, command.paths, console_);
  }
  ExitCode operator()(const RulesCommand& command) { return std::visit(*this, command); }
  ExitCode operator()(const RulesAddOptions& options) {
    return RunRulesAdd(options, client_, console_, input_);
  }
  ExitCode operator()(const RulesSwitchOptions& options) {
    return RunRulesSwitch(options, client_, console_);
  }
  ExitCode operator()(const RulesRemoveOptions& options) {
    return RunRulesRemove(options, client_, console_, input_);
  }
  ExitCode operator()(const RulesEditOptions& options) {
    return RunRulesEdit(options, client_, console_, input_, EditorOf(surroundings_.environment));
  }
  ExitCode operator()(const RulesImportOptions& options) {
    return RunRulesImport(options, client_, console_, input_);
  }
  ExitCode operator()(const RulesExportOptions& options) {
    return RunRulesExport(options, client_, console_);
  }
  ExitCode operator()(const RulesWhyOptions& options) {
    return RunRulesWhy(options, client_, console_, input_);
  }
  ExitCode operator()(const RulesLintOptions& options) {
    return RunRulesLint(options, client_, console_);
  }
  ExitCode operator()(const RulesTestOptions& options) {
    return RunRulesTest(options, client_, console_);
  }
  ExitCode operator()(const RulesReplayOptions& options) {
    return RunRulesReplay(options, client_, console_, input_);
  }
  ExitCode operator()(const RulesLearnOptions& options) {
    return RunRulesLearn(options, client_, console_, input_);
  }
  ExitCode operator()(const ConnectionsOptions& options) {
    return options.watch ? RunConnectionsWatch(options, console_, surroundings_.environment)
                         : RunConnections(options, console_);
  }
  ExitCode operator()(const ProcessesOptions& options) {
    return RunProcesses(options, client_, console_);
  }
  ExitCode operator()(const NotifyCommand&) { return RunNotify(client_, console_); }
  ExitCode operator()(const CompletionCommand& command) {
    console_.out << (command.of_daemon ? DaemonCompletionScript(command.shell)
                                       : std::string(CompletionScript(command.shell)));
    return kSuccess;
  }
  ExitCode operator()(const VersionCommand&) {
    console_.out << "procwall " PROCWALL_VERSION "\n";
    return kSuccess;
  }

 private:
  AskDevices Devices() const {
    return {surroundings_.stdin_fd, surroundings_.stdout_fd,
            console_.terminal.is_tty && input_.is_terminal};
  }

  const Console& console_;
  const Input input_;
  const Surroundings& surroundings_;
  DaemonClient client_;
};

}  // namespace

ExitCode Run(const std::vector<std::string>& arguments, const Surroundings& surroundings) {
  const CommandLine line = ParseCommandLine(arguments, surroundings.environment);
  const Console console{
      surroundings.out, surroundings.err,
      DetectTerminal(surroundings.stdout_fd, line.colour, surroundings.environment)};
  Runner runner(line, console, surroundings);
  const ExitCode code = std::visit(runner, line.command);
  surroundings.out.flush();
  if (surroundings.out) return code;
  surroundings.err << "procwall: the output could not be written\n";
  return kFailed;
}

}  // namespace procwall
