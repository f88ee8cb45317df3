package connector

import (
	"crypto/rand"
	"fmt"
	"strings"
)

// NewID returns an id that was never used before. Secrets are named by it, and a deleted secret's name must not be
// used again.
func NewID() string { return strings.ToLower(rand.Text()[:20]) }

// ParseID accepts what NewID makes.
func ParseID(given string) (string, error) {
	if len(given) != 20 || strings.Trim(given, lowerCase+"234567") != "" {
		return "", fmt.Errorf("must be a connector's id: 20 lower-case letters and digits")
	}
	return given, nil
}

// ParseTenant accepts the name of a tenant.
func ParseTenant(given string) (string, error) {
	if len(given) > 63 || strings.HasPrefix(given, "-") || given == "" || strings.Trim(given, lowerCase+"0123456789-") != "" {
		return "", fmt.Errorf("must be 1 to 63 lower-case letters, digits and hyphens, beginning with a letter or digit")
	}
	return given, nil
}

const lowerCase = "abcdefghijklmnopqrstuvwxyz"
