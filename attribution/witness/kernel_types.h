/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The Procwall authors */
/* The few fields of the kernel's structures that the witness reads. Their offsets are put in when
 * it is loaded, from the running kernel's own type information (CO-RE), so order and size here mean
 * nothing. */
#pragma once

#include "attribution/witness/layout.h"

#define KERNEL_TYPE __attribute__((preserve_access_index))

typedef struct {
  long long counter;
} atomic64_t;

typedef struct {
  int counter;
} atomic_t;

typedef struct {
  unsigned int val;
} kuid_t;

struct qstr {
  u32 len;
  const unsigned char* name;
} KERNEL_TYPE;

struct super_block {
  u32 s_dev;
} KERNEL_TYPE;

struct inode {
  unsigned long i_ino;
  struct super_block* i_sb;
} KERNEL_TYPE;

struct dentry {
  struct dentry* d_parent;
  struct qstr d_name;
  struct inode* d_inode;
} KERNEL_TYPE;

struct vfsmount {
  struct dentry* mnt_root;
} KERNEL_TYPE;

struct mount {
  struct mount* mnt_parent;
  struct dentry* mnt_mountpoint;
  struct vfsmount mnt;
} KERNEL_TYPE;

struct path {
  struct vfsmount* mnt;
  struct dentry* dentry;
} KERNEL_TYPE;

struct file {
  struct path f_path;
  struct inode* f_inode;
} KERNEL_TYPE;

struct mm_struct {
  struct file* exe_file;
  unsigned long arg_start;
  unsigned long arg_end;
} KERNEL_TYPE;

struct cred {
  kuid_t euid;
} KERNEL_TYPE;

struct kernfs_node {
  u64 id;
} KERNEL_TYPE;

struct cgroup {
  struct kernfs_node* kn;
} KERNEL_TYPE;

struct css_set {
  struct cgroup* dfl_cgrp;
} KERNEL_TYPE;

struct signal_struct {
  atomic_t live;
} KERNEL_TYPE;

struct ns_common {
  unsigned int inum;
} KERNEL_TYPE;

struct pid_namespace {
  struct ns_common ns;
} KERNEL_TYPE;

struct upid {
  int nr;
  struct pid_namespace* ns;
} KERNEL_TYPE;

struct pid {
  unsigned int level;
  struct upid numbers[1]; /* level + 1 of them */
} KERNEL_TYPE;

struct task_struct {
  int pid;
  int tgid;
  int exit_code;
  u64 start_boottime;
  u64 self_exec_id;
  struct task_struct* group_leader;
  struct pid* thread_pid;
  struct task_struct* real_parent;
  struct mm_struct* mm;
  struct signal_struct* signal;
  const struct cred* cred;
  struct css_set* cgroups;
} KERNEL_TYPE;

struct linux_binprm {
  struct file* file;
  const char* filename;
} KERNEL_TYPE;

struct net {
  u64 net_cookie;
} KERNEL_TYPE;

struct sock;
struct socket {
  struct file* file;
  struct sock* sk;
} KERNEL_TYPE;

struct sock_common {
  u16 skc_family;
  u16 skc_num;
  volatile unsigned char skc_state;
  atomic64_t skc_cookie;
} KERNEL_TYPE;

struct sock {
  struct sock_common __sk_common;
  u16 sk_type;
  u16 sk_protocol;
  struct socket* sk_socket;
} KERNEL_TYPE;

struct udp_sock {
  u16 encap_type;
} KERNEL_TYPE;

struct inet_connection_sock {
  void* icsk_ulp_data;
} KERNEL_TYPE;

struct tcp_sock {
  u32 segs_out;
  u8 is_mptcp;
} KERNEL_TYPE;

struct mptcp_subflow_context {
  struct sock* conn;
} KERNEL_TYPE;

struct sk_buff {
  unsigned char* head;
  u16 network_header;
} KERNEL_TYPE;

struct nf_hook_state {
  u8 pf;
  struct sock* sk;
  struct net* net;
} KERNEL_TYPE;

struct bpf_nf_ctx {
  const struct nf_hook_state* state;
  struct sk_buff* skb;
} KERNEL_TYPE;

struct bpf_iter__task_file {
  struct task_struct* task;
  struct file* file;
} KERNEL_TYPE;
