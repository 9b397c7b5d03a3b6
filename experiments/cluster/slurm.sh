#!/bin/sh
# A run on the nodes of a Slurm allocation, one process on each:
#   sbatch experiments/cluster/slurm.sh fig1 --scale paper
# from the clone (with its packages), which all nodes see at the same path. Results are written there.
#SBATCH --job-name=megaphone
#SBATCH --nodes=4
#SBATCH --ntasks-per-node=1
#SBATCH --cpus-per-task=5
#SBATCH --exclusive
set -eu
HOSTS=$(scontrol show hostnames "$SLURM_JOB_NODELIST" | paste -s -d , -)
MEGAPHONE_TOKEN=$(od -A n -N 32 -t x1 /dev/urandom | tr -d ' \n')
export HOSTS MEGAPHONE_TOKEN
exec srun --kill-on-bad-exit=0 sh -c '
  megaphone() { exec node_modules/.bin/node experiments/cli/main.ts "$@"; }
  if [ "$SLURM_PROCID" = 0 ]; then megaphone run "$@" --hosts "$HOSTS" --join; fi
  megaphone worker --process "$SLURM_PROCID" --hosts "$HOSTS"
' megaphone "$@"
