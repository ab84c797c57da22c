# A chroot build: Packer mounts a copy of the source image and runs the play on the machine that builds, with the mount
# point as `root`. Nothing needs to be installed in the image. The same line serves every builder with a mounted image.
packer {
  required_plugins {
    amazon = {
      source  = "github.com/hashicorp/amazon"
      version = ">= 1.3.0"
    }
  }
}

variable "source_ami" {
  type = string
}

source "amazon-chroot" "web" {
  ami_name   = "web-{{timestamp}}"
  source_ami = var.source_ami

  post_mount_commands = [
    "ansible-playbook -i localhost, -c local image.yml -e image_root={{.MountPath}}",
  ]
}

build {
  sources = ["source.amazon-chroot.web"]
}
