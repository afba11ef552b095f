/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The Procwall authors */
/* Tells of each process that is made, executes a program, or ends. */
#pragma once

#include <linux/bpf.h>

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "attribution/witness/actor.h"
#include "attribution/witness/maps.h"

enum {
  kMaxNames = 2048,    /* of a path, and mounts on its way */
  kMaxNameBytes = 256, /* NAME_MAX and a slash */
};

/* How far the path of a file has been read, from its end. */
struct PathWalk {
  struct dentry* dentry;
  struct mount* mount;
  u64 start; /* of the path so far, in head_and_path */
  u64 is_whole;
};

/* An exec's record while it is put together. The path grows down from the end of its part, so that
 * head, path and arguments end up in one piece. The walk is kept here because what is in a map is
 * unknown to the verifier, which then looks at one step instead of all. The room at the end is
 * never used: the verifier cannot see that a long path starts early, and counts both at their
 * longest. */
struct Draft {
  struct PathWalk walk;
  u8 head_and_path[sizeof(struct ProcessRecord) + kMaxNameBytes + kMaxPathBytes];
  u8 arguments[kMaxArgumentBytes];
  u8 room[2 * kMaxPathBytes];
};

struct {
  __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
  __uint(max_entries, 1);
  __type(key, u32);
  __type(value, struct Draft);
} drafts SEC(".maps");

static __always_inline void Send(void* record, u64 bytes, u64 wake) {
  if (bpf_ringbuf_output(&process_records, record, bytes, wake)) Count(kEventsLost);
}

/* Forks and exits can wait until somebody asks or the next exec. */
static __always_inline u64 WakeIfFilling(void) {
  return bpf_ringbuf_query(&process_records, BPF_RB_AVAIL_DATA) > kEventRingBytes / 4
             ? BPF_RB_FORCE_WAKEUP
             : BPF_RB_NO_WAKEUP;
}

enum {
  kPathBegin = sizeof(struct ProcessRecord) + kMaxNameBytes,
  kPathEnd = kPathBegin + kMaxPathBytes,
};

enum { kGoOn = 0, kStop = 1 }; /* what a step of bpf_loop answers */

/* One name towards the root of all mounts. */
static long PrependName(u32 step, void* unused) {
  u32 zero = 0;
  struct Draft* draft = bpf_map_lookup_elem(&drafts, &zero);
  if (!draft) return kStop;
  struct PathWalk* walk = &draft->walk;
  struct dentry* dentry = walk->dentry;
  struct mount* mount = walk->mount;
  if (dentry == BPF_CORE_READ(mount, mnt.mnt_root)) {
    struct mount* above = BPF_CORE_READ(mount, mnt_parent);
    walk->dentry = BPF_CORE_READ(mount, mnt_mountpoint);
    walk->mount = above;
    walk->is_whole = above == mount;
    return walk->is_whole ? kStop : kGoOn;
  }
  u64 length = BPF_CORE_READ(dentry, d_name.len);
  if (length > kMaxNameBytes - 1) length = kMaxNameBytes - 1;
  u64 start = walk->start - length - 1;
  barrier_var(start);
  if (start < kPathBegin || start > kPathEnd - 1) return kStop; /* no room */
  draft->head_and_path[start] = '/';
  bpf_probe_read_kernel(&draft->head_and_path[start + 1], length,
                        BPF_CORE_READ(dentry, d_name.name));
  walk->start = start;
  walk->dentry = BPF_CORE_READ(dentry, d_parent);
  walk->is_whole = walk->dentry == dentry; /* a file without a folder, as a memfd's */
  return walk->is_whole ? kStop : kGoOn;
}

static __always_inline void DraftPath(struct PathWalk* walk, struct file* file) {
  struct vfsmount* shown = file->f_path.mnt;
  walk->dentry = file->f_path.dentry;
  walk->mount = (struct mount*)((char*)shown - bpf_core_field_offset(struct mount, mnt));
  walk->start = kPathEnd;
  walk->is_whole = 0;
  bpf_loop(kMaxNames, PrependName, 0, 0);
}

/* What execveat(2) calls a file that it was given by its descriptor alone, "/dev/fd/7", and what
 * fexecve(3) executes where that is missing, "/proc/self/fd/7". Below a folder's descriptor there
 * is a slash more, within the first seven digits. Without branches: each would double what the
 * verifier has to look at. */
static __always_inline u8 IsDescriptor(const char* name) {
  u64 words[3] = {};
  bpf_probe_read_kernel_str(words, sizeof(words), name);
  u64 first = bpf_be64_to_cpu(words[0]);
  u64 second = bpf_be64_to_cpu(words[1]);
  u64 slashes = second ^ 0x2f2f2f2f2f2f2f2fULL; /* a byte of 0 for each */
  u64 has_slash = (slashes - 0x0101010101010101ULL) & ~slashes & 0x8080808080808080ULL;
  u64 unlike_own = (first ^ 0x2f70726f632f7365ULL) | (second >> 16 ^ 0x6c662f66642fULL);
  u64 unlike_numbered = (first ^ 0x2f6465762f66642fULL) | has_slash;
  return (u8)(unlike_own == 0) | (u8)(unlike_numbered == 0);
}

SEC("tp_btf/sched_process_exec")
int BPF_PROG(OnExec, struct task_struct* task, int old_pid, struct linux_binprm* program) {
  u32 zero = 0;
  struct Draft* draft = bpf_map_lookup_elem(&drafts, &zero);
  if (!draft) return 0;
  struct PathWalk* walk = &draft->walk;
  DraftPath(walk, program->file);

  u64 first = task->mm->arg_start;
  u64 bytes = task->mm->arg_end - first;
  struct ProcessRecord head = {.kind = kEventExec, .time = bpf_ktime_get_boot_ns()};
  head.arguments_are_cut = bytes > kMaxArgumentBytes - 1;
  if (head.arguments_are_cut) bytes = kMaxArgumentBytes - 1;
  if (bpf_probe_read_user(draft->arguments, bytes & (kMaxArgumentBytes - 1), (void*)first))
    bytes = 0;

  Describe(&head.actor, task);
  head.parent_pid = PidForDaemon(task->real_parent);
  head.parent_start_time = task->real_parent->group_leader->start_boottime;
  head.path_bytes = (u16)(kPathEnd - walk->start);
  head.argument_bytes = (u16)bytes;
  head.path_is_cut = !walk->is_whole;
  head.by_descriptor = IsDescriptor(program->filename);
  u64 start = walk->start - sizeof(head);
  barrier_var(start);
  if (start > kPathEnd - sizeof(head)) return 0; /* cannot be; nor can the next: for the verifier */
  bpf_probe_read_kernel(&draft->head_and_path[start], sizeof(head), &head);
  u64 all = kPathEnd - start + bytes;
  barrier_var(all);
  if (all > sizeof(head) + kMaxPathBytes + kMaxArgumentBytes) return 0;
  Send(&draft->head_and_path[start], all, BPF_RB_FORCE_WAKEUP);
  return 0;
}

SEC("tp_btf/sched_process_fork")
int BPF_PROG(OnFork, struct task_struct* parent, struct task_struct* child) {
  if (child->pid != child->tgid) return 0; /* a thread */
  struct ProcessRecord record = {.kind = kEventFork, .time = bpf_ktime_get_boot_ns()};
  Describe(&record.actor, child);
  record.parent_pid = PidForDaemon(parent);
  record.parent_start_time = parent->group_leader->start_boottime;
  Send(&record, sizeof(record), WakeIfFilling());
  return 0;
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(OnExit, struct task_struct* task) {
  if (task->signal->live.counter > 0) return 0; /* other threads go on */
  struct ProcessRecord record = {.kind = kEventExit, .time = bpf_ktime_get_boot_ns()};
  Describe(&record.actor, task);
  record.exit_status = task->exit_code;
  Send(&record, sizeof(record), WakeIfFilling());
  return 0;
}
