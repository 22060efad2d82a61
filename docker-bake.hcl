// docker buildx bake: the image for both processors; with --push it goes to the registry of IMAGE.
variable "IMAGE" {
  default = "segferry"
}

variable "VERSION" {
  default = "dev"
}

group "default" {
  targets = ["segferry"]
}

target "segferry" {
  context   = "."
  platforms = ["linux/amd64", "linux/arm64"]
  tags      = ["${IMAGE}:${VERSION}", "${IMAGE}:latest"]
  attest    = ["type=provenance,mode=max", "type=sbom"]
  output    = ["type=image,oci-mediatypes=true,compression=zstd,compression-level=9,force-compression=true"]
  labels = {
    "org.opencontainers.image.version" = VERSION
  }
}
