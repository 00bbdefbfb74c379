#!/bin/sh
# libzbar is the C library behind pyzbar. It is a Debian package, so it can be installed only where
# we are root or sudo asks no password. Without it the camera reads with zxing-cpp alone.
if ldconfig -p 2>/dev/null | grep -q 'libzbar\.so\.0'; then exit 0; fi
if [ "$(id -u)" = 0 ]; then as_root=''; elif sudo -n true 2>/dev/null; then as_root='sudo -n'; else as_root='none'; fi
if [ "$as_root" != none ] && command -v apt-get >/dev/null; then
  echo "Installing libzbar0 (reads barcodes for pyzbar) ..."
  ($as_root apt-get update -qq && $as_root apt-get install -y -qq libzbar0) >/dev/null 2>&1 && exit 0
fi
echo "Note: libzbar0 is not installed; the camera will read with zxing-cpp alone. To add it: apt-get install libzbar0"
exit 0
