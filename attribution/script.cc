// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/script.h"

#include <algorithm>
#include <array>

namespace procwall {
namespace {

// How an interpreter reads its options, up to the script. With a letter or word that is in no list
// there is no script: it is followed by code (-c, -e), a module (-m), or is not understood. In
// lists of words each is followed by a blank.
struct Interpreter {
  std::string_view names;          // of executables, without a version
  std::string_view flags{};        // letters that stand alone
  std::string_view valued{};       // letters with a value: the rest of the word, or the next word
  std::string_view next_valued{};  // letters whose value is always the next word
  std::string_view attached{};     // letters with a value that is the rest of the word, or nothing
  std::string_view script{};       // letters whose value is the script
  std::string_view long_flags{};
  std::string_view long_valued{};
  std::string_view long_script{};
  bool first_is_script = true;  // the first word that is no option
};

constexpr std::array<Interpreter, 11> kInterpreters = {{
    {.names = "python pypy ",
     .flags = "bBdEhiIOPqsSuvVx",
     .valued = "WXQ",
     .long_valued = "--check-hash-based-pycs "},
    {.names = "bash sh dash ash zsh ksh mksh rbash ",
     .flags = "abefhiklmnprtuvxBCDEHPT",
     .next_valued = "oO",
     .long_flags = "--login --posix --norc --noprofile --noediting --restricted --verbose ",
     .long_valued = "--rcfile --init-file "},
    {.names = "fish ",
     .flags = "ilnPv",
     .valued = "CdDof",
     .long_flags = "--login --interactive --no-config --private "},
    {.names = "perl ",
     .flags = "acfnpstTuUvwWX- ",  // "#!/usr/bin/perl -w -T" makes one word of the two
     .valued = "I",
     .attached = "mMixDFC0ldV"},
    {.names = "ruby ",
     .flags = "acdhlnpsvwyU",
     .valued = "rICE",
     .attached = "0FiKTWx",
     .long_flags = "--yjit --jit --verbose --debug "},
    {.names = "node nodejs ",
     .valued = "rC",
     .long_flags = "--expose-gc --inspect --inspect-brk --no-warnings --trace-warnings "
                   "--enable-source-maps --no-deprecation --preserve-symlinks "
                   "--experimental-vm-modules --harmony --trace-deprecation --watch ",
     .long_valued = "--require --import --loader --experimental-loader --conditions --title "
                    "--max-old-space-size --env-file "},
    {.names = "php ",
     .flags = "nqCHeaivw",
     .valued = "dcz",
     .script = "f",
     .long_valued = "--php-ini --define ",
     .long_script = "--file "},
    {.names = "lua luajit ", .flags = "iEvW", .valued = "el", .attached = "jO"},
    {.names = "tclsh wish expect "},
    {.names = "awk gawk mawk ", .valued = "Fv", .script = "f", .first_is_script = false},
    {.names = "java ",
     .attached = "DX",
     .long_flags = "-server -client -ea -esa ",
     .long_valued = "-cp -classpath --class-path -p --module-path --add-modules --add-opens "
                    "--add-exports ",
     .long_script = "-jar ",
     .first_is_script = false},
}};

std::string_view BaseName(std::string_view path) { return path.substr(path.rfind('/') + 1); }

// "python3.11" -> "python"
std::string_view WithoutVersion(std::string_view name) {
  const std::size_t last = name.find_last_not_of("0123456789.-");
  return last == std::string_view::npos ? std::string_view() : name.substr(0, last + 1);
}

bool HasWord(std::string_view words, std::string_view word) {
  if (word.empty() || word.find(' ') != std::string_view::npos) return false;
  for (std::size_t at = words.find(word); at != std::string_view::npos;
       at = words.find(word, at + 1)) {
    const bool begins = at == 0 || words[at - 1] == ' ';
    if (begins && words.substr(at + word.size()).starts_with(' ')) return true;
  }
  return false;
}

bool HasLetter(std::string_view letters, char letter) {
  return letters.find(letter) != std::string_view::npos;
}

const Interpreter* FindInterpreter(std::string_view name) {
  const auto found = std::ranges::find_if(kInterpreters, [&](const Interpreter& interpreter) {
    return HasWord(interpreter.names, WithoutVersion(name));
  });
  return found == kInterpreters.end() ? nullptr : &*found;
}

// Reads the words of a command line up to the script.
class Reader {
 public:
  Reader(const Interpreter& interpreter, const SharedList<std::string>& args, std::size_t next)
      : interpreter_(interpreter), args_(args), next_(next) {}

  // Empty: none, or not understood.
  std::string_view Script() {
    while (next_ < args_.size()) {
      const std::string_view word = args_[next_++];
      if (word == "--") return interpreter_.first_is_script ? Next() : std::string_view();
      const bool is_option = word.size() > 1 && (word[0] == '-' || word[0] == '+');
      if (!is_option) {
        // A lone "-" is standard input; a lone "+" is a name.
        const bool is_script = interpreter_.first_is_script && !word.empty() && word != "-";
        return is_script ? word : std::string_view();
      }
      if (!ReadOption(word)) return found_;
    }
    return {};
  }

 private:
  std::string_view Next() {
    return next_ < args_.size() ? std::string_view(args_[next_++]) : std::string_view();
  }

  // False: this was the last; found_ is the script, if there is one.
  bool ReadOption(std::string_view word) {
    const std::size_t equals = word.find('=');
    const std::string_view name = word.substr(0, equals);
    if (HasWord(interpreter_.long_script, name)) {
      found_ = equals == std::string_view::npos ? Next() : word.substr(equals + 1);
      return false;
    }
    if (HasWord(interpreter_.long_flags, name)) return true;
    if (HasWord(interpreter_.long_valued, name)) {
      if (equals == std::string_view::npos) Next();
      return true;
    }
    // Of "--name=value" all that matters is that no word follows it.
    if (word.starts_with("--")) return name.size() != word.size() && !IsCode(name);
    return ReadLetters(word.substr(1));
  }

  static bool IsCode(std::string_view long_name) {
    return long_name == "--eval" || long_name == "--print" || long_name == "--run";
  }

  bool ReadLetters(std::string_view letters) {
    int values_to_skip = 0;
    while (!letters.empty()) {
      const char letter = letters.front();
      letters.remove_prefix(1);
      if (HasLetter(interpreter_.attached, letter)) break;
      if (HasLetter(interpreter_.valued, letter)) {
        if (letters.empty()) ++values_to_skip;
        break;
      }
      if (HasLetter(interpreter_.script, letter)) {
        found_ = letters.empty() ? Next() : letters;
        return false;
      }
      if (HasLetter(interpreter_.next_valued, letter)) {
        ++values_to_skip;
      } else if (!HasLetter(interpreter_.flags, letter)) {
        return false;  // code, or not understood
      }
    }
    for (; values_to_skip > 0; --values_to_skip) Next();
    return true;
  }

  const Interpreter& interpreter_;
  const SharedList<std::string>& args_;
  std::size_t next_;
  std::string_view found_;
};

// The rest of the name stays as it is: a link on the way may lead elsewhere, then ".." too.
std::string MakeAbsolute(std::string_view name, std::string_view working_directory) {
  if (name.empty() || name.starts_with('/')) return std::string(name);
  while (name.starts_with("./")) {
    name.remove_prefix(2);
    name.remove_prefix(std::min(name.find_first_not_of('/'), name.size()));
  }
  if (name.empty() || !working_directory.starts_with('/')) return {};
  std::string path(working_directory);
  if (!path.ends_with('/')) path += '/';
  path += name;
  return path;
}

}  // namespace

std::string ScriptOf(std::string_view executable, const SharedList<std::string>& args,
                     std::string_view working_directory) {
  if (args.empty()) return {};
  std::string_view name = BaseName(executable);
  std::size_t next = 1;
  if (name == "busybox") {  // is whatever it is called
    name = BaseName(args[0]);
    if (name == "busybox" && args.size() > 1) name = args[next++];
  }
  const Interpreter* const interpreter = FindInterpreter(name);
  if (interpreter == nullptr) return {};
  return MakeAbsolute(Reader(*interpreter, args, next).Script(), working_directory);
}

}  // namespace procwall
