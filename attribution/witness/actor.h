/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The Procwall authors */
/* Who is at work: the process that the kernel is serving now, and the program it runs. */
#pragma once

#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

#include "attribution/witness/kernel_types.h"

static __always_inline void Describe(struct Actor* actor, struct task_struct* task) {
  struct mm_struct* mm = task->mm;
  struct file* file = mm ? mm->exe_file : 0;
  struct inode* inode = file ? file->f_inode : 0;
  actor->pid = (u32)task->tgid;
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
  return one->pid == other->pid && one->start_time == other->start_time &&
         one->exec_number == other->exec_number;
}

/* Is `task` still running the program that `actor` names? Cheaper than a new description. */
static __always_inline int IsActor(const struct Actor* actor, struct task_struct* task) {
  return actor->pid == (u32)task->tgid && actor->exec_number == task->self_exec_id &&
         actor->start_time == task->group_leader->start_boottime &&
         actor->uid == task->cred->euid.val;
}
