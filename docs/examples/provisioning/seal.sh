#!/bin/sh
# For the end of an installer, inside the chroot of the new system. `/` there is the new system, but the running kernel is the
# installer's: by way of a second name for `/`, only files are changed.
#
#     seal.sh [DIRECTORY OF image.yml]
set -eu
plays=${1:-/root/provisioning}
image=/run/nodetcp-paws-image
mkdir -p "$image"
mount --bind / "$image"
trap 'umount "$image" && rmdir "$image"' EXIT
ansible-playbook -i localhost, -c local "$plays/image.yml" -e image_root="$image"
