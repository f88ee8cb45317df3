package platform

// release is the newest release in CHANGELOG.md and the output Version of template.yaml. A test compares the three.
const release = "0.2.0"

// sources is a fingerprint of the program's sources. The Makefile sets it.
var sources = "unknown"

// Version returns the release and, after a plus sign, the fingerprint of the sources.
func Version() string { return release + "+" + sources }
