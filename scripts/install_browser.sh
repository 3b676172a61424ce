#!/bin/sh
# Gets the browser in which the live page is tested: Debian's chromium. Without it those tests are skipped.
set -eu

if command -v chromium > /dev/null; then
  echo "chromium is installed: $(command -v chromium)"
  exit 0
fi
if ! command -v apt-get > /dev/null; then
  echo "chromium is not installed and apt-get is not here; install chromium as your system does" >&2
  exit 1
fi
if [ "$(id -u)" -ne 0 ]; then
  echo "chromium is not installed; as root: apt-get install chromium" >&2
  exit 1
fi
apt-get update -q
apt-get install -y -q --no-install-recommends chromium
