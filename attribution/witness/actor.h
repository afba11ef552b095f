/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The Procwall authors */
/* Who is at work: the process that the kernel is serving now, and the program it runs. */
#pragma once

#include <linux/bpf.h>

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "attribution/witness/kernel_types.h"

const volatile struct Settings settings = {};

enum { kMaxPidLevels = 6 }; /* of namespaces in namespaces that are looked through */

/* The number of a task's process where the daemon is: 0 if it is not there. */
static __always_inline u32 PidForDaemon(struct task_struct* task) {
  if (!settings.pid_namespace) return (u32)task->tgid;
  struct pid* pid = BPF_CORE_READ(task, group_leader, thread_pid);
  u32 levels = BPF_CORE_READ(pid, level);
  const char* number = (const char*)pid + bpf_core_field_offset(struct pid, numbers);
  for (u32 i = 1; i < kMaxPidLevels && i <= levels; ++i) {
    number += bpf_core_type_size(struct upid);
    struct upid* at = (struct upid*)number;
    if (BPF_CORE_READ(at, ns, ns.inum) == settings.pid_namespace) return (u32)BPF_CORE_READ(at, nr);
  }
  return 0;
}

static __always_inline void Describe(struct Actor* actor, struct task_struct* task) {
  struct mm_struct* mm = task->mm;
  struct file* file = mm ? mm->exe_file : 0;
  struct inode* inode = file ? file->f_inode : 0;
  actor->pid = PidForDaemon(task);
  actor->kernel_pid = (u32)task->tgid;
  actor->uid = task->cred->euid.val;
  actor->start_time = task->group_leader->start_boottime;
  actor->exec_number = task->self_exec_id;
  actor->device = inode ? inode->i_sb->s_dev : 0;
  actor->inode = inode ? inode->i_ino : 0;
  actor->cgroup_id = task->cgroups->dfl_cgrp->kn->id;
}

static __always_inline void DescribeCurrent(struct Actor* actor) {
  Describe(actor, bpf_get_current_task_btf());
}

static __always_inline int IsSameActor(const struct Actor* one, const struct Actor* other) {
  return one->kernel_pid == other->kernel_pid && one->start_time == other->start_time &&
         one->exec_number == other->exec_number;
}

static __always_inline int RunSameProgram(const struct Actor* one, const struct Actor* other) {
  return one->inode == other->inode && one->device == other->device;
}

/* Is `task` still running the program that `actor` names? Cheaper than a new description. */
static __always_inline int IsActor(const struct Actor* actor, struct task_struct* task) {
  return actor->kernel_pid == (u32)task->tgid && actor->exec_number == task->self_exec_id &&
         actor->start_time == task->group_leader->start_boottime &&
         actor->uid == task->cred->euid.val;
}
