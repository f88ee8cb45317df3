package connector

import (
	"crypto/rand"
	"fmt"
	"strings"
)

// NewID returns a new random id. Ids are parts of secrets' names, and the name of a deleted secret must not be used again.
func NewID() string { return strings.ToLower(rand.Text()[:20]) }

// ParseID accepts exactly the form that NewID makes.
func ParseID(given string) (string, error) {
	if len(given) != 20 || strings.Trim(given, lowerCase+"234567") != "" {
		return "", fmt.Errorf("must be a connector's id: 20 lower-case letters and digits")
	}
	return given, nil
}

// ParseTenant checks the name of a tenant. The error never repeats the input.
func ParseTenant(given string) (string, error) {
	if len(given) > 63 || strings.HasPrefix(given, "-") || given == "" || strings.Trim(given, lowerCase+"0123456789-") != "" {
		return "", fmt.Errorf("must be 1 to 63 lower-case letters, digits and hyphens, beginning with a letter or digit")
	}
	return given, nil
}

const lowerCase = "abcdefghijklmnopqrstuvwxyz"
