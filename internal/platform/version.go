package platform

// release is that of CHANGELOG.md and of the output Version of template.yaml; a test holds the three together.
const release = "0.2.0"

// sources is a fingerprint of what the program was built of. The Makefile stamps it.
var sources = "unknown"

// Version tells releases apart and, behind the plus sign, the sources that a program was built of.
func Version() string { return release + "+" + sources }
