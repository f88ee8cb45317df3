package connector

import (
	"crypto/rand"
	"fmt"
	"regexp"
	"strings"
)

// NewID returns an id that was never used before. Secrets are named by it, and a deleted secret's name must not be
// used again.
func NewID() string { return strings.ToLower(rand.Text()[:20]) }

var idPattern = regexp.MustCompile(`^[a-z2-7]{20}$`)

// ParseID accepts what NewID makes.
func ParseID(given string) (string, error) {
	if !idPattern.MatchString(given) {
		return "", fmt.Errorf("must be a connector's id: 20 lower-case letters and digits")
	}
	return given, nil
}

var tenantPattern = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,62}$`)

// ParseTenant accepts the name of a tenant.
func ParseTenant(given string) (string, error) {
	if !tenantPattern.MatchString(given) {
		return "", fmt.Errorf("must be 1 to 63 lower-case letters, digits and hyphens, beginning with a letter or digit")
	}
	return given, nil
}
