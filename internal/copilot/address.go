package copilot

import (
	"fmt"
	"strings"
	"unicode"
)

// ParseName reads what a person enters as an account: its name, or the address of its page, such as
// https://github.com/my-org or github.com/enterprises/my-ent. Host and Scope of the result are empty unless the address
// names them. The error never repeats the input.
func ParseName(given string) (Account, error) {
	given = strings.TrimFunc(given, isBlank)
	host, path, isAddress := cutAddress(given)
	if !isAddress {
		slug, err := ParseSlug(given)
		return Account{Slug: slug}, err
	}
	scope, name := cutPath(path)
	slug, err := ParseSlug(name)
	if err != nil {
		return Account{}, fmt.Errorf("must be the name, or the address of the account's page: https://%s/NAME or https://%[1]s/enterprises/NAME", host)
	}
	return Account{Host: host, Scope: scope, Slug: slug}, nil
}

// isBlank reports whether r is white space within a line. A line break is not blank: a name never contains one.
func isBlank(r rune) bool { return r == '\t' || unicode.Is(unicode.Zs, r) }

// cutAddress splits the address of a GitHub page into host and path. ok is false if given is not such an address.
func cutAddress(given string) (host, path string, ok bool) {
	rest := given
	if scheme, after, found := strings.Cut(given, "://"); found {
		if !strings.EqualFold(scheme, "https") && !strings.EqualFold(scheme, "http") {
			return "", "", false
		}
		rest = after
	}
	name, path, found := strings.Cut(rest, "/")
	if !found || name == "" {
		return "", "", false
	}
	host, err := ParseHost(strings.TrimPrefix(strings.ToLower(name), "www."))
	return host, path, err == nil
}

// cutPath finds the account's name in the path of one of its pages. The scope is empty if the path does not show it. The
// name is empty if the path belongs to something else, such as a repository.
func cutPath(path string) (scope Scope, name string) {
	if end := strings.IndexAny(path, "?#"); end >= 0 {
		path = path[:end]
	}
	first, rest, deeper := strings.Cut(strings.TrimSuffix(path, "/"), "/")
	switch first {
	case "orgs", "organizations":
		scope = Organization
	case "enterprises":
		scope = Enterprise
	default:
		if deeper {
			return "", "" // such as a repository
		}
		return "", first
	}
	name, _, _ = strings.Cut(rest, "/")
	return scope, name
}
