// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/completion.h"

namespace procwall {
namespace {

constexpr std::string_view kBash = R"script(# bash completion for procwall
_procwall() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}
  local command= subcommand= i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case ${COMP_WORDS[i]} in
      --address|--color|--rules-path|--tls-ca|--tls-cert|--tls-key) ((i++)) ;;
      -*) ;;
      *) if [[ -z $command ]]; then command=${COMP_WORDS[i]}; else subcommand=${COMP_WORDS[i]}; break; fi ;;
    esac
  done

  COMPREPLY=()
  case $previous in
    --color) COMPREPLY=($(compgen -W 'auto always never' -- "$current")); return ;;
    --action) COMPREPLY=($(compgen -W 'allow deny reject' -- "$current")); return ;;
    --sort) COMPREPLY=($(compgen -W 'rate count denied name time' -- "$current")); return ;;
    --default) COMPREPLY=($(compgen -W 'allow deny reject' -- "$current")); return ;;
    --for) COMPREPLY=($(compgen -W '15m 1h until-restart always' -- "$current")); return ;;
    --protocol) COMPREPLY=($(compgen -W 'tcp udp udplite sctp dccp icmp' -- "$current")); return ;;
    --user) COMPREPLY=($(compgen -u -- "$current")); return ;;
    --rules-path) compopt -o filenames; COMPREPLY=($(compgen -d -- "$current")); return ;;
    --sum) COMPREPLY=($(compgen -W 'program destination rule' -- "$current")); return ;;
    --direction) COMPREPLY=($(compgen -W 'outgoing incoming forwarded' -- "$current")); return ;;
    --iface-in|--iface-out) COMPREPLY=($(compgen -W "$(command ls /sys/class/net 2>/dev/null)" -- "$current")); return ;;
    --program|--parent|--events|--tls-ca|--tls-cert|--tls-key|--file) compopt -o filenames; COMPREPLY=($(compgen -f -- "$current")); return ;;
    --to) if [[ $subcommand == export || $subcommand == learn ]]; then compopt -o filenames; COMPREPLY=($(compgen -d -- "$current")); fi; return ;;
    --event) [[ $command == processes ]] && COMPREPLY=($(compgen -W 'exec exit fork user' -- "$current")); return ;;
    --address|--recent|--count|--destination|--since|--until|--rule|--lines|--pid|--uid|--from|--port|--host|--most|--description|--interval|--filter|--id|--network|--sni|--command|--source|--at) return ;;
  esac

  local words
  case $command in
    '') words='watch top explain log ask notify status doctor rules connections flows processes completion version help --address --tls-ca --tls-cert --tls-key --color --help --version' ;;
    watch) words='--json --recent --count --program --action --destination --evidence --number --help' ;;
    top) words='--once --interval --sort --filter --json --help' ;;
    explain) words='last --protocol --from --to --pid --json --help' ;;
    notify) words='--help' ;;
    log) words='--since --until --program --to --rule --action --user --port --lines --reverse --sum --file --json --help' ;;
    ask|status|doctor) words='--json --help' ;;
    connections) words='--json --listening --tcp --udp --watch --alerts --learn --help' ;;
    processes) words='--json --event --program --pid --uid --count --help' ;;
    flows)
      words='--program --pid --protocol --network --port --host --rule --id --json --help'
      if [[ $subcommand == cut ]]; then words="$words --yes"; else words="cut $words --watch --count"; fi ;;
    completion) words='bash zsh fish'; [[ -n $subcommand ]] && words='procwall procwalld' ;;
    rules)
      case $subcommand in
        '') words='list check add edit enable disable remove import export why lint test replay learn --help' ;;
        list) words='--json --help' ;;
        add) words='--allow --deny --reject --program --to --port --protocol --user --for --description --precedence --replace --dry-run --rules-path --json --help' ;;
        edit|enable|disable) words='--rules-path --json --help' ;;
        remove) words='--yes --rules-path --json --help' ;;
        why) words='--program --command --parent --user --to --source --host --sni --protocol --direction --iface-in --iface-out --at --event --events --rules-path --json --help' ;;
        replay) words='--events --default --rules-path --json --help' ;;
        learn) words='--events --to --most --json --help' ;;
        export) words='--to --rules-path --json --help' ;;
        lint|test|import)
          if [[ $current != -* ]]; then
            compopt -o filenames
            COMPREPLY=($(compgen -f -- "$current"))
            return
          fi
          words='--json --rules-path --help'
          [[ $subcommand == import ]] && words='--replace --dry-run --rules-path --json --help' ;;
        check)
          if [[ $current != -* ]]; then
            compopt -o filenames
            COMPREPLY=($(compgen -f -- "$current"))
            return
          fi
          words='--json --help' ;;
      esac ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -F _procwall procwall
)script";

constexpr std::string_view kZsh = R"script(#compdef procwall
# zsh completion for procwall
_procwall() {
  local context state state_descr line
  typeset -A opt_args
  _arguments -C \
    '--address[socket of the daemon]:address (unix\:PATH):' \
    '--tls-ca[who signs the certificate of the daemon]:file:_files' \
    '--tls-cert[your certificate]:file:_files' '--tls-key[its key]:file:_files' \
    '--color[when to use colours]:when:(auto always never)' \
    '(-h --help)'{-h,--help}'[show help]' \
    '--version[show the version]' \
    '1:command:((watch\:"every decision as it happens" top\:"which programs use the network now" explain\:"who a decision belongs to and how that is known" log\:"what the journal has kept" ask\:"asks you about what no rule decides" notify\:"tells you on your desktop" status\:"what the daemon does and what is wrong" doctor\:"what this kernel allows and what is uncertain" rules\:"list and check rules" connections\:"sockets of this host and their programs" flows\:"every flow and whose it is" processes\:"what processes do as it happens" completion\:"completion script of a shell" version\:"show the version" help\:"show help"))' \
    '*::argument:->arguments'
  [[ $state == arguments ]] || return
  case $line[1] in
    watch)
      _arguments '--json[one JSON object a line]' '--recent[begin with past decisions]:number:' \
        '--count[end after so many]:number:' '--program[only this program]:program:_files' \
        '*--action[only this verdict]:action:(allow deny reject)' \
        '--destination[only to this destination]:host or address:_hosts' \
        '(-e --evidence)'{-e,--evidence}'[say how it is known]' \
        '(-n --number)'{-n,--number}'[begin with the number of the decision]' ;;
    top)
      _arguments '--json[one JSON object a line]' '--once[one screen of it]' \
        '--interval[between two looks]:seconds:' '--sort[by]:what:(rate count denied name time)' \
        '--filter[only what contains these words]:words:' ;;
    explain)
      _arguments '--json[one JSON object]' '--pid[the last decision on this process]:process:_pids' \
        '--protocol[of the connection]:protocol:(tcp udp udplite sctp dccp)' \
        '--from[its end on this host]:address and port:' '--to[its other end]:address and port:' \
        '1:number of a decision:(last)' ;;
    log)
      _arguments '--json[one JSON object a line]' '--since[from then on]:time:(today yesterday 1h 24h 7d)' \
        '--until[before then]:time:(today yesterday 1h)' '--program[only this program]:program:_files' \
        '--to[only to this destination]:address, network or name:_hosts' '--rule[only by this rule]:rule:' \
        '--action[only this verdict]:action:(allow deny reject)' '--user[only of this user]:user:_users' \
        '--port[only to this port]:port:' '(-n --lines)'{-n,--lines}'[the newest so many]:number:' \
        '(-r --reverse)'{-r,--reverse}'[newest first]' '--sum[count by]:what:(program destination rule)' \
        '--file[read this file]:file:_files' ;;
    ask|doctor|status) _arguments '--json[one JSON object]' ;;
    connections)
      _arguments '--json[one JSON object a line]' '(-l --listening)'{-l,--listening}'[only listeners]' \
        '(-w --watch)'{-w,--watch}'[what changes]' '--alerts[only what should be looked at]' \
        '--learn[remember what listens]' \
        '(-t --tcp -u --udp)'{-t,--tcp}'[only TCP]' '(-t --tcp -u --udp)'{-u,--udp}'[only UDP]' ;;
    processes)
      _arguments '--json[one JSON object a line]' '*--event[only this]:event:(exec exit fork user)' \
        '--program[only this program]:program:_files' '*--pid[only this process and its offspring]:process:_pids' \
        '*--uid[only this user]:number:' '--count[end after so many]:number:' ;;
    rules)
      _arguments '--json[one JSON object a line]' '--rules-path[the rule directory]:directory:_files -/' \
        '--events[recorded decisions]:file:_files' '--program[path of the program]:program:_files' \
        '--to[destination, or directory]:to:_files -/' '--port[of the destination]:port:' \
        '--protocol[tcp, udp, ...]:protocol:(tcp udp udplite sctp icmp)' '--user[by name or number]:user:_users' \
        '--for[how long]:time:(15m 1h until-restart always)' '--allow[allow it]' '--deny[drop it]' \
        '--reject[drop it, close its socket]' '--replace[if there is one]' '--dry-run[only show]' \
        '(-y --yes)'{-y,--yes}'[do not ask]' '--event[number of a decision]:number:' '--host[name]:host:_hosts' '--sni[server name in the packet]:name:_hosts' \
        '--command[whole command line]:text:' '--parent[path of its parent]:program:_files' '--source[where it comes from]:address and port:' \
        '--direction[of the packet]:way:(outgoing incoming forwarded)' '--iface-in[it came in by]:interface:_net_interfaces' \
        '--iface-out[it leaves by]:interface:_net_interfaces' '--at[when]:time:' \
        '--default[where no rule matches]:action:(allow deny reject)' \
        '1:what:(list check add edit enable disable remove import export why lint test replay learn)' '*:rule file or directory:_files' ;;
    flows)
      _arguments '--json[one JSON object a line]' '--program[only this program]:program:_files' \
        '--pid[only this process]:process:_pids' '--protocol[tcp, udp, ...]:protocol:(tcp udp udplite sctp dccp icmp)' \
        '--network[only this address or network]:address:' '--port[at the other side]:port:' \
        '--host[only this host]:host:_hosts' '--rule[let through by this rule]:rule:' '--id[this one]:id:' \
        '(-w --watch)'{-w,--watch}'[as they begin and end]' '--count[end after so many]:number:' \
        '(-y --yes)'{-y,--yes}'[do not ask]' '1:what:(cut)' ;;
    completion) _arguments '1:shell:(bash zsh fish)' '2:program:(procwall procwalld)' ;;
  esac
}
_procwall "$@"
)script";

constexpr std::string_view kFish = R"script(# fish completion for procwall
set -l commands watch top explain log ask notify status doctor rules connections flows processes completion version help
set -l none "not __fish_seen_subcommand_from $commands"
complete -c procwall -f
complete -c procwall -l address -x -d 'Socket of the daemon (unix:PATH)'
complete -c procwall -l tls-ca -r -F -d 'Who signs the certificate of the daemon'
complete -c procwall -l tls-cert -r -F -d 'Your certificate'
complete -c procwall -l tls-key -r -F -d 'Its key'
complete -c procwall -l color -x -a 'auto always never' -d 'When to use colours'
complete -c procwall -s h -l help -d 'Show help'
complete -c procwall -n $none -l version -d 'Show the version'
complete -c procwall -n $none -a watch -d 'Every decision as it happens'
complete -c procwall -n $none -a top -d 'Which programs use the network now'
complete -c procwall -n $none -a status -d 'What the daemon does and what is wrong'
complete -c procwall -n $none -a explain -d 'Who a decision belongs to and how that is known'
complete -c procwall -n $none -a log -d 'What the journal has kept'
complete -c procwall -n $none -a ask -d 'Asks you about what no rule decides'
complete -c procwall -n $none -a notify -d 'Tells you on your desktop'
complete -c procwall -n $none -a doctor -d 'What this kernel allows and what is uncertain'
complete -c procwall -n $none -a rules -d 'List and check rules'
complete -c procwall -n $none -a connections -d 'Sockets of this host and their programs'
complete -c procwall -n $none -a processes -d 'What processes do as it happens'
complete -c procwall -n $none -a flows -d 'Every flow and whose it is'
complete -c procwall -n $none -a completion -d 'Completion script of a shell'
complete -c procwall -n $none -a version -d 'Show the version'
complete -c procwall -n $none -a help -d 'Show help'
complete -c procwall -n '__fish_seen_subcommand_from watch top explain log ask status doctor rules connections flows processes' -l json -d 'JSON, one object a line'
complete -c procwall -n '__fish_seen_subcommand_from watch' -l recent -x -d 'Begin with past decisions'
complete -c procwall -n '__fish_seen_subcommand_from watch' -l count -x -d 'End after so many'
complete -c procwall -n '__fish_seen_subcommand_from watch' -l program -r -F -d 'Only this program'
complete -c procwall -n '__fish_seen_subcommand_from watch' -l action -x -a 'allow deny reject' -d 'Only this verdict'
complete -c procwall -n '__fish_seen_subcommand_from watch' -l destination -x -d 'Only to this destination'
complete -c procwall -n '__fish_seen_subcommand_from watch' -s e -l evidence -d 'Say how it is known'
complete -c procwall -n '__fish_seen_subcommand_from watch' -s n -l number -d 'Begin with the number of the decision'
complete -c procwall -n '__fish_seen_subcommand_from top' -l once -d 'One screen of it'
complete -c procwall -n '__fish_seen_subcommand_from top' -l interval -x -d 'Seconds between two looks'
complete -c procwall -n '__fish_seen_subcommand_from top' -l sort -x -a 'rate count denied name time' -d 'By what'
complete -c procwall -n '__fish_seen_subcommand_from top' -l filter -x -d 'Only what contains these words'
complete -c procwall -n '__fish_seen_subcommand_from explain' -a last -d 'The last decision'
complete -c procwall -n '__fish_seen_subcommand_from explain' -l pid -x -a '(__fish_complete_pids)' -d 'The last decision on this process'
complete -c procwall -n '__fish_seen_subcommand_from explain' -l protocol -x -a 'tcp udp udplite sctp dccp' -d 'Of the connection'
complete -c procwall -n '__fish_seen_subcommand_from explain' -l from -x -d 'Its end on this host'
complete -c procwall -n '__fish_seen_subcommand_from explain' -l to -x -d 'Its other end'
complete -c procwall -n '__fish_seen_subcommand_from log' -l since -x -a 'today yesterday 1h 24h 7d' -d 'From then on'
complete -c procwall -n '__fish_seen_subcommand_from log' -l until -x -a 'today yesterday 1h' -d 'Before then'
complete -c procwall -n '__fish_seen_subcommand_from log' -l program -r -F -d 'Only this program'
complete -c procwall -n '__fish_seen_subcommand_from log' -l to -x -d 'Only to this address, network or name'
complete -c procwall -n '__fish_seen_subcommand_from log' -l rule -x -d 'Only by this rule'
complete -c procwall -n '__fish_seen_subcommand_from log' -l action -x -a 'allow deny reject' -d 'Only this verdict'
complete -c procwall -n '__fish_seen_subcommand_from log' -l user -x -a '(__fish_complete_users)' -d 'Only of this user'
complete -c procwall -n '__fish_seen_subcommand_from log' -l port -x -d 'Only to this port'
complete -c procwall -n '__fish_seen_subcommand_from log' -s n -l lines -x -d 'The newest so many'
complete -c procwall -n '__fish_seen_subcommand_from log' -s r -l reverse -d 'Newest first'
complete -c procwall -n '__fish_seen_subcommand_from log' -l sum -x -a 'program destination rule' -d 'Count by'
complete -c procwall -n '__fish_seen_subcommand_from log' -l file -r -F -d 'Read this file'
complete -c procwall -n '__fish_seen_subcommand_from processes' -l event -x -a 'exec exit fork user' -d 'Only this'
complete -c procwall -n '__fish_seen_subcommand_from processes' -l program -r -F -d 'Only this program'
complete -c procwall -n '__fish_seen_subcommand_from processes' -l pid -x -a '(__fish_complete_pids)' -d 'Only this process and its offspring'
complete -c procwall -n '__fish_seen_subcommand_from processes' -l uid -x -d 'Only this user'
complete -c procwall -n '__fish_seen_subcommand_from processes' -l count -x -d 'End after so many'
complete -c procwall -n '__fish_seen_subcommand_from connections' -s w -l watch -d 'What changes'
complete -c procwall -n '__fish_seen_subcommand_from connections' -l alerts -d 'Only what should be looked at'
complete -c procwall -n '__fish_seen_subcommand_from connections' -l learn -d 'Remember what listens'
complete -c procwall -n '__fish_seen_subcommand_from connections' -s l -l listening -d 'Only listeners'
complete -c procwall -n '__fish_seen_subcommand_from connections' -s t -l tcp -d 'Only TCP'
complete -c procwall -n '__fish_seen_subcommand_from connections' -s u -l udp -d 'Only UDP'
complete -c procwall -n "__fish_seen_subcommand_from rules; and not __fish_seen_subcommand_from list check add edit enable disable remove import export why lint test replay learn" -a 'list check add edit enable disable remove import export why lint test replay learn'
complete -c procwall -n '__fish_seen_subcommand_from rules; and __fish_seen_subcommand_from check lint test import' -F
complete -c procwall -n '__fish_seen_subcommand_from rules' -l rules-path -r -F -d 'The rule directory'
complete -c procwall -n '__fish_seen_subcommand_from why replay learn' -l events -r -F -d 'Recorded decisions'
complete -c procwall -n '__fish_seen_subcommand_from why' -l event -x -d 'Number of a decision'
complete -c procwall -n '__fish_seen_subcommand_from add why' -l program -r -F -d 'Path of the program'
complete -c procwall -n '__fish_seen_subcommand_from add why' -l to -x -d 'The destination'
complete -c procwall -n '__fish_seen_subcommand_from export learn' -l to -r -F -d 'A directory'
complete -c procwall -n '__fish_seen_subcommand_from add why' -l protocol -x -a 'tcp udp udplite sctp icmp'
complete -c procwall -n '__fish_seen_subcommand_from add why' -l user -x -a '(__fish_complete_users)'
complete -c procwall -n '__fish_seen_subcommand_from why' -l host -x -d 'The name of the destination'
complete -c procwall -n '__fish_seen_subcommand_from why' -l sni -x -d 'The server name in the packet'
complete -c procwall -n '__fish_seen_subcommand_from why' -l command -x -d 'The whole command line'
complete -c procwall -n '__fish_seen_subcommand_from why' -l parent -r -F -d 'Path of its parent'
complete -c procwall -n '__fish_seen_subcommand_from why' -l source -x -d 'Where the packet comes from'
complete -c procwall -n '__fish_seen_subcommand_from why' -l direction -x -a 'outgoing incoming forwarded'
complete -c procwall -n '__fish_seen_subcommand_from why' -l iface-in -x -a '(__fish_print_interfaces)'
complete -c procwall -n '__fish_seen_subcommand_from why' -l iface-out -x -a '(__fish_print_interfaces)'
complete -c procwall -n '__fish_seen_subcommand_from why' -l at -x -d 'When'
complete -c procwall -n '__fish_seen_subcommand_from add' -l port -x -d 'Of the destination'
complete -c procwall -n '__fish_seen_subcommand_from add' -l for -x -a '15m 1h until-restart always'
complete -c procwall -n '__fish_seen_subcommand_from add' -l allow -d 'Allow it'
complete -c procwall -n '__fish_seen_subcommand_from add' -l deny -d 'Drop it'
complete -c procwall -n '__fish_seen_subcommand_from add' -l reject -d 'Drop it, close its socket'
complete -c procwall -n '__fish_seen_subcommand_from add import' -l replace -d 'If there is one'
complete -c procwall -n '__fish_seen_subcommand_from add import' -l dry-run -d 'Only show'
complete -c procwall -n '__fish_seen_subcommand_from remove' -s y -l yes -d 'Do not ask'
complete -c procwall -n '__fish_seen_subcommand_from replay' -l default -x -a 'allow deny reject'
complete -c procwall -n '__fish_seen_subcommand_from flows; and not __fish_seen_subcommand_from cut' -a cut -d 'Cut those that fit'
complete -c procwall -n '__fish_seen_subcommand_from flows' -l program -r -F -d 'Only this program'
complete -c procwall -n '__fish_seen_subcommand_from flows' -l pid -x -d 'Only this process'
complete -c procwall -n '__fish_seen_subcommand_from flows' -l protocol -x -a 'tcp udp udplite sctp dccp icmp'
complete -c procwall -n '__fish_seen_subcommand_from flows' -l network -x -d 'An address or a network'
complete -c procwall -n '__fish_seen_subcommand_from flows' -l port -x -d 'At the other side'
complete -c procwall -n '__fish_seen_subcommand_from flows' -l host -x -d 'Only this host'
complete -c procwall -n '__fish_seen_subcommand_from flows' -l rule -x -d 'Let through by this rule'
complete -c procwall -n '__fish_seen_subcommand_from flows' -l id -x -d 'This one'
complete -c procwall -n '__fish_seen_subcommand_from flows' -s w -l watch -d 'As they begin and end'
complete -c procwall -n '__fish_seen_subcommand_from flows' -l count -x -d 'End after so many'
complete -c procwall -n '__fish_seen_subcommand_from cut' -s y -l yes -d 'Do not ask'
complete -c procwall -n '__fish_seen_subcommand_from completion' -a 'bash zsh fish procwall procwalld'
)script";

}  // namespace

std::string_view CompletionScript(Shell shell) {
  switch (shell) {
    case Shell::kBash:
      return kBash;
    case Shell::kZsh:
      return kZsh;
    case Shell::kFish:
      return kFish;
  }
  return {};
}

}  // namespace procwall
